"""Fields for dates, times, and instants (in UTC, without seconds)."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from .base import Field

if TYPE_CHECKING:
    from ..ground.json_types import Definition
    from .base import Precision, Writing

__all__ = ["Date", "DateTime", "Time", "instant", "minute"]

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_TIME = re.compile(r"([0-9]{2}):([0-9]{2})")
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:T([0-9]{2}:[0-9]{2})(?::[0-5][0-9](?:\.[0-9]+)?)?(?:Z|([+-])([0-9]{2}):([0-9]{2})))?"
)


# The last result is cached, because all records of one request have the same instant.
@lru_cache(maxsize=1)
def minute(moment: datetime) -> str:
    """Return the text that records store for an aware datetime: "2024-02-06T12:59:00Z"."""
    return moment.astimezone(timezone.utc).isoformat(timespec="minutes")[:16] + ":00Z"


def _date(text: str) -> str:
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    year, month, day = match.groups(default="1")
    return date(int(year), int(month), int(day)).isoformat()


def _time(text: str) -> str:
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return time(int(match[1]), int(match[2])).isoformat("minutes")


def instant(text: str) -> str:
    """Return a sent datetime without its seconds.

    Raises ValueError or OverflowError if the text is not a valid datetime with a time zone.
    """
    match = _INSTANT.fullmatch(text)
    if match is None:
        raise ValueError(text)
    day, clock, sign, hours, minutes = match.groups()
    shown = f"{day}T{_time(clock or '00:00')}"
    moment = datetime.fromisoformat(f"{shown}+00:00")
    if not sign:
        return f"{shown}:00Z"
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return minute(moment - offset if sign == "+" else moment + offset)


class _Temporal(Field):
    """The base of the three types: a text that must parse, and the default "now".

    `parse` converts a sent text to the stored text, or raises ValueError or OverflowError. `now`
    converts a datetime in the user's time zone to a stored text. `message` is the key of the
    problem if `parse` fails.
    """

    empty: ClassVar[str | None] = None
    message: ClassVar[str]
    parse: ClassVar[staticmethod[[str], str]]
    now: ClassVar[staticmethod[[datetime], str]]

    def __init__(self, definition: Definition, precision: Precision) -> None:
        super().__init__(definition, precision)
        self.preset_is_now = bool(definition.get("defaultNowValue"))

    def read(self, value: object, prefix: str, writing: Writing) -> str | None:
        """Return the date or time in the spelling that kintone stores."""
        if value not in (None, ""):
            if not isinstance(value, str):
                raise self.shape_error(prefix, "text")
            try:
                return self.parse(value)
            except (ValueError, OverflowError):
                self.report(prefix, writing.problems, self.message)
        return self.empty

    def initial(self, writing: Writing) -> Any:
        """Return the default, or the time of the request if the form's default is "now"."""
        if self.preset_is_now:
            return self.now(writing.now.astimezone(writing.user.timezone))
        return self.preset


class Date(_Temporal):
    """DATE: a missing month or day becomes 01."""

    message = "date"
    parse = staticmethod(_date)
    now = staticmethod(lambda moment: moment.date().isoformat())


class Time(_Temporal):
    """TIME: hours and minutes, without a time zone."""

    message = "time"
    parse = staticmethod(_time)
    now = staticmethod(lambda moment: moment.time().isoformat("minutes"))


class DateTime(_Temporal):
    """DATETIME: stored in UTC, without seconds. A blank is "" here, but null for DATE and TIME."""

    empty = ""
    message = "datetime"
    parse = staticmethod(instant)
    now = staticmethod(minute)
