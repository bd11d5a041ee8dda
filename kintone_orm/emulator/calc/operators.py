"""The operators of formulas: the data types they take and give, and what they do.

Source: kintone help, "Operators and functions".
"""

from __future__ import annotations

import operator as compare
from typing import TYPE_CHECKING, NamedTuple

from .. import choices
from .data_types import DataType, Value, number

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from .arithmetic import Arithmetic

__all__ = ["OPERATORS", "Operator", "operation"]


class Operator(NamedTuple):
    """The data types that both operands may have, and that of the result."""

    takes: DataType
    gives: DataType


OPERATORS: dict[str, Operator] = {
    # A deploy lets truth values pass in arithmetic, which then has no value: observed.
    **dict.fromkeys(
        ("+", "-", "*", "/", "^"), Operator(DataType.NUMBER | DataType.BOOLEAN, DataType.NUMBER)
    ),
    "&": Operator(DataType.SCALAR, DataType.STRING),
    **dict.fromkeys(("=", "!=", "<>"), Operator(DataType.SCALAR, DataType.BOOLEAN)),
    **dict.fromkeys(("<", "<=", ">", ">="), Operator(DataType.NUMBER, DataType.BOOLEAN)),
}


def operation(operator: str, arithmetic: Arithmetic) -> Callable[[Value, Value], Value]:
    """What this operator, which is not "&", makes of two values. ArithmeticError: nothing."""
    if operator in _COMPARISONS:
        return _COMPARISONS[operator]
    return lambda left, right: arithmetic.calculate(operator, number(left), number(right))


def _equal(left: Value, right: Value) -> bool:
    """Whether both are equal: values of different types are not, but a blank is 0 and "" alike."""
    if left is None or right is None:
        return _is_nothing(left) and _is_nothing(right)
    return type(left) is type(right) and left == right


def _is_nothing(value: Value) -> bool:
    if isinstance(value, str):
        return not value and choices.BLANK_NUMBER_EQUALS_EMPTY_TEXT
    return not value and not isinstance(value, bool)


def _ordered(passes: Callable[[Decimal, Decimal], bool]) -> Callable[[Value, Value], bool]:
    return lambda left, right: passes(number(left), number(right))


_COMPARISONS: dict[str, Callable[[Value, Value], bool]] = {
    "=": _equal,
    "!=": lambda left, right: not _equal(left, right),
    "<>": lambda left, right: not _equal(left, right),
    "<": _ordered(compare.lt),
    "<=": _ordered(compare.le),
    ">": _ordered(compare.gt),
    ">=": _ordered(compare.ge),
}
