from __future__ import annotations

import sys

import pytest

from kintone_orm.emulator import choices
from kintone_orm.emulator.ground.choices import CALCULATED_TEXT_LENGTH, FORMULA_NESTING
from kintone_orm.emulator.values import Precision


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("2 - -3", "5"),
        ("--2", "2"),
        ("+2", "2"),
        ("8 / 2 / 2", "2"),
        ("8 / 2 * 4", "16"),
        ("2 * 3 ^ 2", "18"),
        ("(2 * 3) ^ 2", "36"),
        ("2 ^ -1", "0.5"),
        ("-2 ^ 2", "4"),
        ("-(2 ^ 2)", "-4"),
        ("2 ^ 2 ^ 3", "256"),
        ("4 - 3 - 1 = 0", "1"),
        ("0.00004", "0"),
        ("0.00006 * 2", "0.0002"),
        ("a * b * c", "6000"),
        ("007", "7"),
    ],
)
def test_an_operation(calc, expression, result):
    assert calc(expression, a="10", b="20", c="30") == result


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ('s = "x"', "1"),
        ('s = "X"', "0"),
        ('s != "X"', "1"),
        ('s <> "x"', "0"),
        ('"1" = 1', "0"),
        ('"1" <> 1', "1"),
        ("2.0 = 2", "1"),
        ("a = 10.0", "1"),
        ("(a > 1) = (b > 1)", "1"),
        ("(a > 1) = 1", "0"),
        ('(a > 1) = "1"', "0"),
        ("(a > 1) != 1", "1"),
        ('"" = 0', "0"),
        ("st = s", "1"),
        ('radio = ""', "1"),
    ],
)
def test_equality(calc, expression, result):
    assert calc(expression, s="x", a="10", b="20", st="x", radio=None) == result


@pytest.mark.parametrize("code", ["a", "d", "t", "dt"])
@pytest.mark.parametrize("blank", ["", None])
@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("{} + 1", "1"),
        ("-{}", "0"),
        ("{} ^ 0", "1"),
        ("1 / {}", ""),
        ("{} < 1", "1"),
        ("{} = 0", "1"),
        ("{} != 0", "0"),
        ('{} = ""', "1"),
        ('{} != ""', "0"),
        ('{} = "x"', "0"),
        ("{} = 1", "0"),
        ("{} = b", "1"),
        ("{} = (1 > 2)", "0"),
        ("SUM({}, 2)", "2"),
        ("ROUND({})", "0"),
        ("IF(1 = 1, {}, 1) + 2", "2"),
        ("{}", ""),
        ("IF(1 = 1, {}, 1)", ""),
    ],
)
def test_a_blank_number(calc, code, blank, expression, result):
    """Measured: SonicGarden, 2026-09-26 (fact sheet "calc", section 4)."""
    assert calc(expression.format(code), **{code: blank}) == result


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("a", ""),
        ('a & "-" & s', "-"),
        ('a & "-" & st', "-"),
        ("YEN(a, 0)", "¥0"),
        ("a + 0", "0"),
        ('IF(s = "", "none", s)', "none"),
        ('maker & ""', ""),
    ],
)
def test_a_blank_in_calculated_text(calc, expression, result):
    """Measured: SonicGarden, 2026-09-26 (fact sheet "calc", section 4)."""
    assert calc(expression, None, a="", s=None, st=None, maker=None) == result


@pytest.mark.parametrize(("filled", "result"), [("5", "0"), ("0", "0"), ("", "1")])
def test_a_number_equals_an_empty_text_when_it_is_blank(calc, filled, result):
    assert calc('a = ""', a=filled) == result


def test_whether_a_blank_number_equals_an_empty_text_is_a_choice(calc, monkeypatch):
    monkeypatch.setattr(choices, "BLANK_NUMBER_EQUALS_EMPTY_TEXT", False)
    assert calc('a = ""', a="") == "0"
    assert calc("a = 0", a="") == "1"


def test_a_field_that_the_record_lacks_is_blank(calc):
    assert calc("a & s & d & SUM(a) & maker", None) == "0"


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ('1.50 & ""', "1.5"),
        ('a & ""', "1234567.5"),
        ('-a & "x"', "-1234567.5x"),
        ('1 / 3 & ""', "0.3333"),
        ("1 & 2", "12"),
        ('d & ""', "86400"),
        ("s & s", "yy"),
    ],
)
def test_a_number_in_a_text_is_in_plain_digits(calc, expression, result):
    assert calc(expression, None, a="1234567.50", d="1970-01-02", s="y") == result


def test_a_field_value_is_rounded_to_the_current_precision(calc):
    coarse = Precision(digits=16, decimal_places=1, rounding="ROUND_HALF_EVEN")
    assert calc("a * 10", a="0.26", precision=coarse) == "3"


@pytest.mark.parametrize(
    "expression",
    ["IF(a = 1, s, 1) + 1", "IF(a = 1, s, a) * 1", "IF(a = 1, s, 1) > 0", "-IF(a = 1, s, 1)"]
    + ["AND(IF(a = 1, s, a = 2))", "SUM(IF(a = 1, s, 1))", "IF(IF(a = 1, s, a = 2), 1, 2)"]
    + ["ROUND(IF(a = 1, s, 1))", "NOT(IF(a = 1, 1, a = 2))"],
)
def test_a_branch_that_does_not_fit_fails_when_it_is_taken(calc, expression):
    assert calc(expression, a="1", s="text") == ""
    assert calc(expression, a="2", s="text") != ""


def test_a_truth_value_in_a_text_is_a_word(calc):
    """Measured: SonicGarden, 2026-09-26 (fact sheet "calc", section 4)."""
    assert calc('IF(a = 1, a = 1, "x") & "y" & (a = 2)', None, a="1") == "trueyfalse"


def test_a_blank_result_is_a_blank_to_other_formulas(form, calc):
    """Measured: SonicGarden, 2026-09-26."""
    form["c"] = {"type": "CALC", "code": "c", "label": "c", "expression": "n", "format": "NUMBER"}
    assert calc("c", n="") == ""
    assert calc("c + 1", n="") == "1"
    assert calc('c & "x"', None, n="") == "x"


def test_a_text_has_a_greatest_length(calc):
    piece = "x" * 1_000
    most = CALCULATED_TEXT_LENGTH // 1_000
    assert len(calc(" & ".join(["s"] * most), None, s=piece)) == CALCULATED_TEXT_LENGTH
    assert calc(" & ".join(["s"] * most) + ' & "y"', None, s=piece) == ""


@pytest.mark.parametrize("operator", ["+", "*", "-", "&", "^"])
def test_a_long_formula_does_not_recurse(calc, operator):
    assert calc(f" {operator} ".join(["a"] * 3_000), None, a="1") != ""


def _nested(opening: str) -> str:
    return opening * FORMULA_NESTING + "a" + ")" * FORMULA_NESTING


@pytest.mark.parametrize(
    ("opening", "format_"),
    [("(", "NUMBER"), ("SUM(", "NUMBER"), ("a + a * a ^ -(", "NUMBER"), ("-ROUND(", "NUMBER")]
    + [("a = 1 & 0 + 1 * 1 ^ -IF(a = b, 1, ", None)],
)
def test_the_deepest_formula_leaves_room_on_the_stack(calc, opening, format_):
    def deeper(levels: int) -> str:
        return deeper(levels - 1) if levels else calc(_nested(opening), format_, a="1")

    assert sys.getrecursionlimit() >= 1_000
    assert deeper(350) is not None


def test_conditions_nest_as_deep_as_the_limit(calc):
    depth = FORMULA_NESTING
    expression = "".join(f'IF(a = {at}, "{at}", ' for at in range(depth)) + '"none"' + ")" * depth
    assert calc(expression, None, a=str(depth - 1)) == str(depth - 1)
    assert calc(expression, None, a="-1") == "none"
