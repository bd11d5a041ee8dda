"""DATE_FORMAT: a moment as a text, by a pattern and in a time zone.

Source: kintone help, "DATE_FORMAT"; the letters of patterns are those of Joda-Time.
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

FIRST_SECOND = -30_610_224_000  # 1000-01-01T00:00:00Z
LAST_SECOND = 253_402_300_799  # 9999-12-31T23:59:59Z

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

# Text in single quotes, in which two are one; a run of one letter; any other character.
_PART = re.compile(
    r"'(?P<quoted>(?:[^']|'')*)'|(?P<letters>([A-Za-z])\3*)|(?P<other>[^'])", re.DOTALL
)


def date_format(seconds: Decimal, pattern: str, zone: str, *, system: tzinfo) -> str:
    """This moment in Unix seconds as the pattern spells it, in the zone with this IANA name.

    "system" names the zone `system`. ArithmeticError when the moment, the pattern or the zone is
    none that kintone knows.
    """
    if not FIRST_SECOND <= int(seconds) <= LAST_SECOND:
        raise NotComputable(f"{seconds} is outside the years 1000 to 9999")
    place = system if zone == "system" else _zone(zone)
    moment = (EPOCH + timedelta(seconds=int(seconds))).astimezone(place)
    shown = []
    at = 0
    while at < len(pattern):
        match = _PART.match(pattern, at)
        if match is None:
            raise NotComputable(f"a quote in {pattern!r} is not closed")
        shown.append(_part(match, moment))
        at = match.end()
    return "".join(shown)


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # what it raises depends on the spelling
        raise NotComputable(f"{name!r} is no time zone") from error


def _part(match: re.Match[str], moment: datetime) -> str:
    if match["letters"]:
        if match["letters"] not in _LETTERS:
            raise NotComputable(f"{match['letters']} stands for nothing in a pattern")
        return _LETTERS[match["letters"]](moment)
    if match["quoted"] is not None:
        return match["quoted"].replace("''", "'") or "'"
    return match["other"]


def _digits(width: int, part: Callable[[datetime], int]) -> Callable[[datetime], str]:
    return lambda moment: f"{part(moment):0{width}}"


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


# What one letter, and two, stand for: a number without and with a leading zero.
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
    **{letter: _digits(1, part) for letter, part in _NUMBERS.items()},
    **{letter * 2: _digits(2, part) for letter, part in _NUMBERS.items()},
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
