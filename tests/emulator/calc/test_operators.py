from __future__ import annotations

from decimal import Decimal

import pytest

from kintone_orm.emulator import choices
from kintone_orm.emulator.calc.arithmetic import Arithmetic
from kintone_orm.emulator.calc.operators import OPERATORS, operation
from kintone_orm.emulator.values.base import Precision

ONE, TWO = Decimal(1), Decimal(2)
ARITHMETIC = Arithmetic(Precision(16, 4, "ROUND_HALF_EVEN"))


@pytest.fixture
def compute():
    """Computes `left operator right`."""
    return lambda left, operator, right: operation(operator, ARITHMETIC)(left, right)


@pytest.mark.parametrize(
    ("left", "operator", "right", "result"),
    [
        (ONE, "+", TWO, 3),
        (ONE, "-", None, 1),
        (TWO, "*", TWO, 4),
        (ONE, "/", TWO, Decimal("0.5")),
        (TWO, "^", TWO, 4),
        (ONE, "<", TWO, True),
        (TWO, "<=", TWO, True),
        (None, ">", ONE, False),
        (TWO, ">=", ONE, True),
    ],
)
def test_numbers_are_computed_and_compared_and_a_blank_is_zero(
    compute, left, operator, right, result
):
    assert compute(left, operator, right) == result


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        (ONE, Decimal("1.0"), True),
        ("a", "a", True),
        (ONE, "1", False),
        (True, ONE, False),
        (None, None, True),
        (None, Decimal(0), True),
        (None, "a", False),
        (None, False, False),
    ],
)
def test_values_are_equal_if_their_types_are(compute, left, right, equal):
    assert compute(left, "=", right) is equal
    assert compute(right, "=", left) is equal
    assert compute(left, "!=", right) is compute(left, "<>", right) is not equal


@pytest.mark.parametrize("switch", [True, False])
def test_whether_a_blank_number_equals_an_empty_text_can_be_switched(compute, monkeypatch, switch):
    monkeypatch.setattr(choices, "BLANK_NUMBER_EQUALS_EMPTY_TEXT", switch)
    assert compute(None, "=", "") is switch


@pytest.mark.parametrize("operator", ["+", "<", "/"])
def test_a_text_is_no_number(compute, operator):
    with pytest.raises(ArithmeticError):
        compute("1", operator, ONE)


def test_every_operator_but_the_joining_of_texts_has_a_function():
    for operator in set(OPERATORS) - {"&"}:
        assert callable(operation(operator, ARITHMETIC))
