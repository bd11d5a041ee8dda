"""Dates, times, and instants in UTC that keep no seconds."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Any, ClassVar

from .base import Field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .base import Precision, Writing

__all__ = ["Date", "DateTime", "Time", "instant", "minute"]

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_TIME = re.compile(r"([0-9]{2}):([0-9]{2})")
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:T([0-9]{2}:[0-9]{2})(?::[0-5][0-9](?:\.[0-9]+)?)?(?:Z|([+-])([0-9]{2}):([0-9]{2})))?"
)


def minute(moment: datetime) -> str:
    """An aware datetime as a record keeps it: "2024-02-06T12:59:00Z"."""
    return moment.astimezone(timezone.utc).isoformat(timespec="minutes")[:16] + ":00Z"


def _parse_date(text: str) -> date:
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    year, month, day = match.groups(default="1")
    return date(int(year), int(month), int(day))


def _parse_time(text: str) -> time:
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return time(int(match[1]), int(match[2]))


def instant(text: str) -> str:
    """The minute that a sent datetime falls in. ValueError or OverflowError when it is none."""
    match = _INSTANT.fullmatch(text)
    if match is None:
        raise ValueError(text)
    day, clock, sign, hours, minutes = match.groups()
    moment = datetime.combine(
        _parse_date(day), _parse_time(clock) if clock else time(), timezone.utc
    )
    if sign:
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        moment += -offset if sign == "+" else offset
    return minute(moment)


class _Temporal(Field):
    """What the three share: a text that must parse, and a default of "now"."""

    empty: ClassVar[Any] = None
    message: ClassVar[str]

    def __init__(self, definition: Mapping[str, Any], precision: Precision) -> None:
        super().__init__(definition, precision)
        self.preset_is_now = bool(definition.get("defaultNowValue"))

    def parse(self, text: str) -> str:
        """The text as it is kept; ValueError or OverflowError when it is none of this type's."""
        raise NotImplementedError

    def now(self, moment: datetime) -> str:
        """This moment, in the user's time zone, as a text of this type."""
        raise NotImplementedError

    def read(self, value: Any, prefix: str, writing: Writing) -> str | None:
        if value in (None, ""):
            return self.empty  # type: ignore[no-any-return]
        try:
            return self.parse(value)
        except (TypeError, ValueError, OverflowError):
            self.report(prefix, writing.problems, self.message)
            return self.empty  # type: ignore[no-any-return]

    def initial(self, writing: Writing) -> Any:
        if self.preset_is_now:
            return self.now(writing.now.astimezone(writing.user.timezone))
        return self.preset


class Date(_Temporal):
    """DATE: a missing month or day becomes 01."""

    message = "date"

    def parse(self, text: str) -> str:
        return _parse_date(text).isoformat()

    def now(self, moment: datetime) -> str:
        return moment.date().isoformat()


class Time(_Temporal):
    """TIME: hours and minutes of no particular zone."""

    message = "time"

    def parse(self, text: str) -> str:
        return _parse_time(text).isoformat("minutes")

    def now(self, moment: datetime) -> str:
        return moment.time().isoformat("minutes")


class DateTime(_Temporal):
    """DATETIME: kept in UTC, the seconds cut. Empty is "" here and null in its siblings."""

    empty = ""
    message = "datetime"

    def parse(self, text: str) -> str:
        return instant(text)

    def now(self, moment: datetime) -> str:
        return minute(moment)
