"""The operators of formulas: their data types and their results.

Source: kintone help, "Operators and functions".
"""

from __future__ import annotations

import operator as compare
from typing import TYPE_CHECKING, NamedTuple

from ..ground import choices
from .data_types import DataType, Value, number

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from .arithmetic import Arithmetic

__all__ = ["OPERATORS", "Operator", "operation"]


class Operator(NamedTuple):
    """The data types that both operands may have, and the data type of the result."""

    takes: DataType
    gives: DataType


OPERATORS: dict[str, Operator] = {
    # Observed: a deploy accepts truth values in arithmetic, but the formula then has no value.
    **dict.fromkeys(
        ("+", "-", "*", "/", "^"), Operator(DataType.NUMBER | DataType.BOOLEAN, DataType.NUMBER)
    ),
    "&": Operator(DataType.SCALAR, DataType.STRING),
    **dict.fromkeys(("=", "!=", "<>"), Operator(DataType.SCALAR, DataType.BOOLEAN)),
    **dict.fromkeys(("<", "<=", ">", ">="), Operator(DataType.NUMBER, DataType.BOOLEAN)),
}


def operation(operator: str, arithmetic: Arithmetic) -> Callable[[Value, Value], Value]:
    """Return the function that computes the operator, which must not be "&".

    The function raises ArithmeticError if the operands have no result.
    """
    if operator in _COMPARISONS:
        return _COMPARISONS[operator]
    return lambda left, right: arithmetic.calculate(operator, number(left), number(right))


def _equal(left: Value, right: Value) -> bool:
    """Return True if both values and their types are equal. A blank also equals 0.

    If choices.BLANK_NUMBER_EQUALS_EMPTY_TEXT is true, a blank equals "" too.
    """
    if left is None or right is None:
        return _equals_blank(left) and _equals_blank(right)
    return type(left) is type(right) and left == right


def _equals_blank(value: Value) -> bool:
    if isinstance(value, str):
        return not value and choices.BLANK_NUMBER_EQUALS_EMPTY_TEXT
    return not value and not isinstance(value, bool)


def _order_comparison(passes: Callable[[Decimal, Decimal], bool]) -> Callable[[Value, Value], bool]:
    return lambda left, right: passes(number(left), number(right))


_COMPARISONS: dict[str, Callable[[Value, Value], bool]] = {
    "=": _equal,
    "!=": lambda left, right: not _equal(left, right),
    "<>": lambda left, right: not _equal(left, right),
    "<": _order_comparison(compare.lt),
    "<=": _order_comparison(compare.le),
    ">": _order_comparison(compare.gt),
    ">=": _order_comparison(compare.ge),
}
