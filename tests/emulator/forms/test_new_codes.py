"""Formulas, conditions and orders follow the codes of their fields."""

from __future__ import annotations

import pytest

from kintone_orm.emulator.forms.new_codes import formula_with_codes, query_with_codes


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a + 1", "x + 1"),
        (" a*a -b ", " x*x -y "),
        ("SUM(a, b)", "SUM(x, y)"),
        ('a & "a b"', 'x & "a b"'),
        ("aa + a_", "aa + a_"),
        ("SUM(SUM)", "SUM(total)"),
        ("", ""),
        ("a ＋ 1", "a ＋ 1"),
    ],
)
def test_only_codes_are_replaced(before, after):
    assert formula_with_codes(before, {"a": "x", "b": "y", "SUM": "total"}) == after


def test_two_codes_may_change_places():
    assert formula_with_codes("a - b", {"a": "b", "b": "a"}) == "b - a"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('a = "a" and (b > 1)', 'x = "a" and (y > 1)'),
        ("a.b in (1)", "x.b in (1)"),
        ("a desc, b asc, $id asc", "x desc, y asc, $id asc"),
        ("aa = TODAY()", "aa = TODAY()"),
        ("a = 'no query'", "a = 'no query'"),
        ("", ""),
    ],
)
def test_conditions_and_orders_follow_too(before, after):
    assert query_with_codes(before, {"a": "x", "b": "y", "TODAY": "z"}) == after
