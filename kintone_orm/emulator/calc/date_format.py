"""The DATE_FORMAT function: an instant as text, by a pattern and in a time zone.

Source: kintone help, "DATE_FORMAT"; the pattern letters are those of Joda-Time.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from .arithmetic import NotComputable
from .columns import EPOCH

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

__all__ = ["date_format"]

# The Unix seconds of 1000-01-01T00:00:00Z and of 9999-12-31T23:59:59Z.
FIRST_SECOND = -30_610_224_000
LAST_SECOND = 253_402_300_799

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_WEEK_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# An element of a pattern is a quoted text (in which '' is one quote), a run of the same letter, or
# any other character.
_ELEMENT = re.compile(
    r"'(?P<quoted>(?:[^']|'')*)'|(?P<letters>([A-Za-z])\3*)|(?P<other>[^'])", re.DOTALL
)


def date_format(seconds: Decimal, pattern: str, zone: str, *, system: tzinfo) -> str:
    """Return the text of an instant, in this pattern and in this IANA time zone.

    `seconds` are Unix seconds. The zone "system" stands for `system`. Raises ArithmeticError for a
    pattern or a zone that kintone does not know, and for an instant outside the years 1000 to 9999.
    """
    if not FIRST_SECOND <= int(seconds) <= LAST_SECOND:
        raise NotComputable(f"{seconds} seconds are outside the years 1000 to 9999.")
    moment = (EPOCH + timedelta(seconds=int(seconds))).astimezone(
        system if zone == "system" else _zone(zone)
    )
    texts = []
    position = 0
    while position < len(pattern):
        match = _ELEMENT.match(pattern, position)
        if match is None:
            raise NotComputable(f"A quote in the pattern {pattern!r} is not closed.")
        texts.append(_text(match, moment))
        position = match.end()
    return "".join(texts)


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        # For a wrong name, ZoneInfo raises any of these errors.
        raise NotComputable(f"{name!r} is not a time zone.") from error


def _text(match: re.Match[str], moment: datetime) -> str:
    if match["letters"]:
        if match["letters"] not in _LETTERS:
            raise NotComputable(f"The letters {match['letters']!r} have no meaning in a pattern.")
        return _LETTERS[match["letters"]](moment)
    if match["quoted"] is not None:
        return match["quoted"].replace("''", "'") or "'"
    return match["other"]


def _digits(width: int, count: Callable[[datetime], int]) -> Callable[[datetime], str]:
    return lambda moment: f"{count(moment):0{width}}"


def _offset(separator: str) -> Callable[[datetime], str]:
    def show(moment: datetime) -> str:
        offset = moment.utcoffset() or timedelta()
        hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
        return f"{'-' if offset < timedelta() else '+'}{hours:02}{separator}{minutes:02}"

    return show


def _month(length: int | None) -> Callable[[datetime], str]:
    return lambda moment: _MONTHS[moment.month - 1][:length]


def _week_day(length: int | None) -> Callable[[datetime], str]:
    return lambda moment: _WEEK_DAYS[moment.weekday()][:length]


# The letters for numbers. A single letter gives a number without leading zeros, two letters give at
# least two digits.
_NUMBERS: dict[str, Callable[[datetime], int]] = {
    "M": lambda moment: moment.month,
    "d": lambda moment: moment.day,
    "D": lambda moment: moment.timetuple().tm_yday,
    "H": lambda moment: moment.hour,
    "k": lambda moment: moment.hour or 24,
    "K": lambda moment: moment.hour % 12,
    "h": lambda moment: moment.hour % 12 or 12,
    "m": lambda moment: moment.minute,
    "s": lambda moment: moment.second,
}

_LETTERS: dict[str, Callable[[datetime], str]] = {
    **{letter: _digits(1, count) for letter, count in _NUMBERS.items()},
    **{letter * 2: _digits(2, count) for letter, count in _NUMBERS.items()},
    "DDD": _digits(3, _NUMBERS["D"]),
    "YYYY": _digits(4, lambda moment: moment.year),
    "MMM": _month(3),
    "MMMM": _month(None),
    "E": _week_day(3),
    "EE": _week_day(3),
    "EEE": _week_day(3),
    "EEEE": _week_day(None),
    "a": lambda moment: "AM" if moment.hour < 12 else "PM",
    "Z": _offset(""),
    "ZZ": _offset(":"),
    "ZZZ": lambda moment: str(moment.tzinfo),
}
