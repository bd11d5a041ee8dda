from __future__ import annotations

from decimal import Decimal

import pytest

from kintone_orm.emulator.calc.parser import parse
from kintone_orm.emulator.calc.reasons import WrongFormula
from kintone_orm.emulator.calc.syntax import Call, Field, Number, Operation, Sign, Text, walk
from kintone_orm.emulator.ground.choices import FORMULA_NESTING

A, B, C, D = map(Field, "abcd")


def of(operators: str, *operands: object) -> Operation:
    return Operation(tuple(operators.split()), operands)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a", A),
        ("1.50", Number(Decimal("1.50"))),
        ('"x"', Text("x")),
        ("((a))", A),
        ("-a", Sign("-", A)),
        ("+a", Sign("+", A)),
        ("--a", Sign("+", A)),
        ("-+-+-a", Sign("-", A)),
        ("SUM(a, b)", Call("SUM", (A, B))),
        ("SUM()", Call("SUM", ())),
        ("SUM (a)", Call("SUM", (A,))),
        ("NOT(a = b)", Call("NOT", (of("=", A, B),))),
    ],
)
def test_a_value(text, tree):
    assert parse(text) == tree


@pytest.mark.parametrize("operator", ["=", "!=", "<>", "<", "<=", ">", ">="])
def test_a_comparison(operator):
    assert parse(f"a {operator} b") == of(operator, A, B)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a + b - c", of("+ -", A, B, C)),
        ("a * b / c", of("* /", A, B, C)),
        ("a & b & c", of("& &", A, B, C)),
        ("a ^ b ^ c", of("^ ^", A, B, C)),
        ("a + b * c", of("+", A, of("*", B, C))),
        ("a * b + c", of("+", of("*", A, B), C)),
        ("(a + b) * c", of("*", of("+", A, B), C)),
        ("a * b ^ c", of("*", A, of("^", B, C))),
        ("a & b + c", of("&", A, of("+", B, C))),
        ("a = b & c", of("=", A, of("&", B, C))),
        ("a - b < c + d", of("<", of("-", A, B), of("+", C, D))),
        ("-a ^ b", of("^", Sign("-", A), B)),
        ("a ^ -b", of("^", A, Sign("-", B))),
        ("a - -b", of("-", A, Sign("-", B))),
        ("-a * b", of("*", Sign("-", A), B)),
        ("(a = b) = c", of("=", of("=", A, B), C)),
    ],
)
def test_precedence_of_operators(text, tree):
    assert parse(text) == tree


@pytest.mark.parametrize(
    "text",
    ["", " ", "a +", "+", "* a", "a b", "a (b)c", "(a + b", "a + b)", "()", "a,", "SUM(a,)"]
    + ["SUM(,a)", "SUM(a", "SUM(a b)", "a < b < c", "a = b = c", "=a", "1e3", "1.2.3", "2a", "a !"]
    + ["a && b", "a < > b", "(a, b)", "{1}", "a ** b", '"a" "b"', "1 2"],
)
def test_bad_syntax_is_refused(text):
    with pytest.raises(WrongFormula) as caught:
        parse(text)
    assert caught.value.ja == "計算式の文法が正しくありません。"


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("(a+b", "Character 5: expected ')', found the end of the formula."),
        ("a b", "Character 3: expected the end of the formula, found 'b'."),
        ("a+*b", "Character 3: expected a value: a field, a number, text in quotes or a function"),
    ],
)
def test_the_detail_names_the_expected_token(text, detail):
    with pytest.raises(WrongFormula) as caught:
        parse(text)
    assert caught.value.detail.startswith(detail)


@pytest.mark.parametrize("opening", ["(", "SUM(", "-(", "a = a & a + a * a ^ -("])
def test_parentheses_nest_as_deep_as_the_limit(opening):
    assert parse(opening * FORMULA_NESTING + "a" + ")" * FORMULA_NESTING)


@pytest.mark.parametrize("opening", ["(", "SUM("])
@pytest.mark.parametrize("depth", [FORMULA_NESTING + 1, 10_000])
def test_deeper_parentheses_are_refused(opening, depth):
    with pytest.raises(WrongFormula, match="parentheses"):
        parse(opening * depth + "a" + ")" * depth)


def test_parentheses_side_by_side_are_not_nested():
    tree = parse(" + ".join(["(a)"] * 1_000))
    assert tree == Operation(("+",) * 999, (A,) * 1_000)


@pytest.mark.parametrize("sign", ["+", "-"])
def test_signs_in_a_row_are_not_nested(sign):
    assert parse(sign * 10_000 + "a") == Sign("+", A)


def test_a_walk_goes_from_parents_to_operands_and_from_left_to_right():
    tree = parse("a + SUM(b, -c)")
    operation = Call("SUM", (B, Sign("-", C)))
    assert walk(tree) == [tree, A, operation, B, Sign("-", C), C]
