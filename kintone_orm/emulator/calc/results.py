"""What becomes of a formula's value in its field: the seven formats, and calculated text.

Source: kintone REST API, "Field types" (Calculated); kintone help, "Formula errors": what the
screen marks with #CONVERT!, #PRECISION!, #VALUE! and #ERROR! is "" in the API (observed).
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from ..values import minute
from .arithmetic import plain
from .columns import EPOCH
from .data_types import number, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from .arithmetic import Arithmetic
    from .data_types import Scalar, Value

__all__ = ["Result", "result_of"]


class Result(NamedTuple):
    """The text in the field, and the value that other formulas find in it."""

    text: str
    value: Scalar


def result_of(value: Value, arithmetic: Arithmetic, *, shown_as: str | None) -> Result:
    """What a CALC holds that is shown in this format, or a calculated text when it is None.

    ArithmeticError for a value that cannot be shown so: a text in a CALC, too many digits, a
    truth value as a date. A blank is shown as one.
    """
    if value is None:
        return Result("", None if shown_as else "")
    if shown_as is None:
        shown = _TRUTH[value] if isinstance(value, bool) else text(value)
        return Result(shown, shown)
    if shown_as in _SPELLINGS:
        seconds = arithmetic.kept(number(value))
        return Result(_SPELLINGS[shown_as](int(seconds)), seconds)
    kept = arithmetic.kept(Decimal(value) if isinstance(value, bool) else number(value))
    return Result(plain(kept), kept)


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


# The formats that read a number as seconds; NUMBER and NUMBER_DIGIT show it.
_SPELLINGS: dict[str, Callable[[int], str]] = {
    "DATETIME": _instant,
    "DATE": _date,
    "TIME": _time,
    "HOUR_MINUTE": _duration,
    "DAY_HOUR_MINUTE": _duration,
}
