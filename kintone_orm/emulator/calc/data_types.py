"""The data types of formulas, and the values that have them.

Source: kintone help, "Data types of formulas".
"""

from __future__ import annotations

from decimal import Decimal
from enum import Flag, auto
from typing import TypeAlias

from .arithmetic import NotComputable, plain

__all__ = ["DataType", "Scalar", "Value", "boolean", "number", "text"]

Scalar: TypeAlias = Decimal | str | bool | None
"""One value; None is a blank number or date.

It stays one where nothing is done with it (`n`, a branch of IF), and is 0 or "" where an operator
or a function needs a number or a text.
"""

Value: TypeAlias = "Scalar | list[Value]"
"""A scalar, or an array of them: what a column of a table or a check box holds."""


class DataType(Flag):
    """What something in a formula can be; IF may give several, and some fields are nothing."""

    NOTHING = 0
    NUMBER = auto()
    STRING = auto()
    BOOLEAN = auto()
    NUMBERS = auto()
    STRINGS = auto()
    LISTS = auto()
    """A check box in a table, seen from outside: no function takes it."""

    SCALAR = NUMBER | STRING | BOOLEAN
    ARRAY = NUMBERS | STRINGS | LISTS


def number(value: Value) -> Decimal:
    """The number; 0 for a blank. NotComputable for any other value."""
    if value is None:
        return Decimal(0)
    if isinstance(value, Decimal):
        return value
    raise NotComputable("a text, a truth value or an array is no number")


def text(value: Value) -> str:
    """The text, a number in plain digits, "true" or "false"; "" for a blank.

    NotComputable for an array.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return plain(value)
    raise NotComputable("an array is no text")


def boolean(value: Value) -> bool:
    """The truth value. NotComputable for any other value."""
    if isinstance(value, bool):
        return value
    raise NotComputable("a number, a text or an array is neither true nor false")
