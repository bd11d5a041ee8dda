"""The data types of formulas, and the values that have them.

Source: kintone help, "Data types of formulas".
"""

from __future__ import annotations

from decimal import Decimal
from enum import Flag, auto
from typing import TypeAlias

from .arithmetic import NotComputable, plain_digits

__all__ = ["DataType", "Scalar", "Value", "boolean", "number", "text"]

Scalar: TypeAlias = Decimal | str | bool | None
"""A single value; None is a blank number or date.

A blank stays None as the whole formula or as a branch of IF. It is 0 or "" where an operator or a
function needs a number or a text.
"""

Value: TypeAlias = "Scalar | list[Value]"
"""A scalar, or an array: the values of a check box, or of a column of a table."""


class DataType(Flag):
    """A set of data types: several for some results of IF, none for a field that is unusable."""

    UNUSABLE = 0
    NUMBER = auto()
    STRING = auto()
    BOOLEAN = auto()
    NUMBERS = auto()
    STRINGS = auto()
    LISTS = auto()
    """A check box in a table, read from outside the table: no function takes it."""

    SCALAR = NUMBER | STRING | BOOLEAN
    ARRAY = NUMBERS | STRINGS | LISTS


def number(value: Value) -> Decimal:
    """Return the number, or 0 for a blank. Raises NotComputable for any other value."""
    if value is None:
        return Decimal(0)
    if isinstance(value, Decimal):
        return value
    raise NotComputable("A text, a truth value or an array cannot be used as a number.")


def text(value: Value) -> str:
    """Return the value as text: plain digits, "true" or "false", "" for a blank.

    Raises NotComputable for an array.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return plain_digits(value)
    raise NotComputable("An array cannot be used as a text.")


def boolean(value: Value) -> bool:
    """Return the truth value. Raises NotComputable for any other value."""
    if isinstance(value, bool):
        return value
    raise NotComputable("A number, a text or an array cannot be used as a truth value.")
