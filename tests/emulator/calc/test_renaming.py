"""Formulas follow the codes of their fields."""

from __future__ import annotations

import pytest

from kintone_orm.emulator.calc.renaming import with_new_codes


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
def test_codes_are_replaced_and_nothing_else(before, after):
    assert with_new_codes(before, {"a": "x", "b": "y", "SUM": "total"}) == after


def test_two_codes_may_change_places():
    assert with_new_codes("a - b", {"a": "b", "b": "a"}) == "b - a"
