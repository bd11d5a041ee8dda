"""Turning a formula's value into the text of its field: the seven formats, and calculated text.

Source: kintone REST API, "Field types" (Calculated); kintone help, "Formula errors". Observed: the
API gives "" where the screen shows #CONVERT!, #PRECISION!, #VALUE! or #ERROR!.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from ..values import minute
from .arithmetic import plain_digits
from .columns import EPOCH
from .data_types import number, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from .arithmetic import Arithmetic
    from .data_types import Scalar, Value

__all__ = ["Result", "result_of"]


class Result(NamedTuple):
    """The text of a calculated field, and the value that other formulas read from the field."""

    text: str
    value: Scalar


def result_of(value: Value, arithmetic: Arithmetic, *, shown_as: str | None) -> Result:
    """Return the result of a CALC with the format `shown_as`; None means a calculated text.

    Raises ArithmeticError for a value that the format cannot show: a text in a CALC, a number with
    too many digits, a truth value as a date. A blank gives "".
    """
    if value is None:
        return Result("", None if shown_as else "")
    if shown_as is None:
        cell_text = _TRUTH[value] if isinstance(value, bool) else text(value)
        return Result(cell_text, cell_text)
    if shown_as in _SPELLINGS:
        seconds = arithmetic.to_precision(number(value))
        return Result(_SPELLINGS[shown_as](int(seconds)), seconds)
    rounded = arithmetic.to_precision(Decimal(value) if isinstance(value, bool) else number(value))
    return Result(plain_digits(rounded), rounded)


_TRUTH = {True: "1", False: "0"}


def _date(seconds: int) -> str:
    return (EPOCH + timedelta(seconds=seconds)).date().isoformat()


def _instant(seconds: int) -> str:
    return minute(EPOCH + timedelta(seconds=seconds))


def _time(seconds: int) -> str:
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours % 24:02}:{minutes:02}"


def _duration(seconds: int) -> str:
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"{'-' if seconds <= -60 else ''}{hours}:{minutes:02}"


# The formats that show a number of seconds; NUMBER and NUMBER_DIGIT show the number itself.
_SPELLINGS: dict[str, Callable[[int], str]] = {
    "DATETIME": _instant,
    "DATE": _date,
    "TIME": _time,
    "HOUR_MINUTE": _duration,
    "DAY_HOUR_MINUTE": _duration,
}
