from __future__ import annotations

import pytest

from kintone_orm.emulator.calc.functions import FUNCTIONS


def test_there_are_eleven_functions():
    assert sorted(FUNCTIONS) == sorted(
        ["SUM", "IF", "AND", "OR", "NOT", "ROUND", "ROUNDUP", "ROUNDDOWN", "YEN", "DATE_FORMAT"]
        + ["CONTAINS"]
    )


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("SUM(a)", "2.5"),
        ("SUM(-a, a)", "0"),
        ("SUM(a * 2, 1)", "6"),
        ("SUM(d)", "86400"),
        ("SUM(qty)", "6"),
        ("SUM(qty, qty, price)", "72"),
        ("SUM(day)", "86400"),
        ("SUM(far)", ""),
        ("SUM(far, 1)", ""),
    ],
)
def test_sum(calc, expression, result):
    columns = {"qty": ["1", "2", "3"], "price": ["10", "20", "30"]}
    days = {"day": ["1970-01-02", None, "1970-01-01"]}
    assert calc(expression, a="2.5", d="1970-01-02", **columns, **days) == result


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("IF(a > 1, 10, 20)", "10"),
        ("IF(a > 2, 10, 20)", "20"),
        ("IF(a > 1, 10, 1 / 0)", "10"),
        ("IF(a > 2, 1 / 0, 20)", "20"),
        ("IF(a > 2, 10, 1 / 0)", ""),
        ("IF(1 / 0 > 1, 10, 20)", ""),
        ("IF(a > 1, a > 1, 0)", "1"),
        ("IF(IF(a > 1, a < 3, a > 3), 1, 2)", "1"),
    ],
)
def test_if(calc, expression, result):
    assert calc(expression, a="2") == result


# Three conditions: one is true, one is false, and one cannot be computed.
@pytest.mark.parametrize(
    ("conditions", "both", "either"),
    [("t", "1", "1"), ("f", "0", "0"), ("e", "", ""), ("tt", "1", "1"), ("tf", "0", "1")]
    + [("ft", "0", "1"), ("ff", "0", "0"), ("fe", "0", ""), ("te", "", "1"), ("ef", "", "")]
    + [("et", "", ""), ("ttf", "0", "1"), ("fft", "0", "1"), ("t" * 32, "1", "1")],
)
def test_and_and_or_stop_when_they_know(calc, conditions, both, either):
    spelled = {"t": "1 = 1", "f": "1 = 2", "e": "1 / 0 = 1"}
    arguments = ", ".join(spelled[argument] for argument in conditions)
    assert calc(f"AND({arguments})") == both
    assert calc(f"OR({arguments})") == either


@pytest.mark.parametrize(("condition", "result"), [("1 = 1", "0"), ("1 = 2", "1"), ("1/0 = 1", "")])
def test_not(calc, condition, result):
    assert calc(f"NOT({condition})") == result


@pytest.mark.parametrize(
    ("arguments", "nearest", "up", "down"),
    [
        ("2.5", "3", "3", "2"),
        ("-2.5", "-3", "-3", "-2"),
        ("2.4", "2", "3", "2"),
        ("-2.4", "-2", "-3", "-2"),
        ("0.00005 * 1", "0", "0", "0"),
        ("1.005, 2", "1.01", "1.01", "1"),
        ("1.0049, 2", "1", "1.01", "1"),
        ("1250, -2", "1300", "1300", "1200"),
        ("49, -2", "0", "100", "0"),
        ("1.2345, 10", "1.2345", "1.2345", "1.2345"),
        ("7, 0", "7", "7", "7"),
        ("7, 100", "7", "7", "7"),
        ("1.26, 1.9", "1.3", "1.3", "1.2"),
        ("0, -100", "0", "0", "0"),
        ("7, 101", "", "", ""),
        ("7, 1 / 0", "", "", ""),
    ],
)
def test_rounding(calc, arguments, nearest, up, down):
    assert calc(f"ROUND({arguments})") == nearest
    assert calc(f"ROUNDUP({arguments})") == up
    assert calc(f"ROUNDDOWN({arguments})") == down


@pytest.mark.parametrize(
    ("arguments", "result"),
    [
        ("0, 0", "¥0"),
        ("999, 0", "¥999"),
        ("1000, 0", "¥1,000"),
        ("1234567.891, 2", "¥1,234,567.89"),
        ("5, 2", "¥5.00"),
        ("0.5, 0", "¥1"),
        ("-0.5, 0", "-¥1"),
        ("-0.4, 0", "¥0"),
        ("-1234.5, 1", "-¥1,234.5"),
        ("1250, -2", "¥1,300"),
        ("1, 101", ""),
    ],
)
def test_yen(calc, arguments, result):
    assert calc(f"YEN({arguments})", None) == result


def test_the_yen_sign_is_the_half_width_one(calc):
    assert calc("YEN(1, 0)", None)[0] == "\u00a5"


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ('CONTAINS(tags, "x")', "1"),
        ('CONTAINS(tags, "X")', "0"),
        ('CONTAINS(tags, "")', "0"),
        ("CONTAINS(tags, s)", "1"),
        ('CONTAINS(tags, s & "y")', "0"),
        ('CONTAINS(multi, "x")', "0"),
        ('CONTAINS(name, "x")', "1"),
        ('CONTAINS(name, "")', "1"),
        ('CONTAINS(farname, "x")', "0"),
        ('CONTAINS(s, "x")', ""),
        ('CONTAINS(radio, "x")', ""),
    ],
)
def test_contains(calc, expression, result):
    values = {"tags": ["x", "z"], "multi": [], "s": "x", "radio": "x", "name": ["x", ""]}
    assert calc(expression, **values) == result
