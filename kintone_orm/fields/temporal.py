"""Dates, times of day and instants. A blank is None.

`fromisoformat` reads kintone's values. dateutil reads other ISO 8601 texts that a program assigns.
"""

from __future__ import annotations

import re
import sys
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from kintone_orm.exceptions import FieldError
from kintone_orm.fields.base import Field, is_missing, is_nothing
from kintone_orm.fields.wire_values import text_or_none
from kintone_orm.query.functions import Function, Now, Today

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from typing_extensions import Unpack

    from kintone_orm.fields.base import FieldOptions
    from kintone_orm.query.comparable import Zone

__all__ = ["DateField", "DateTimeField", "InstantField", "TimeField"]

T = TypeVar("T")
V = TypeVar("V")
I = TypeVar("I")  # noqa: E741 - as in `Field`

if sys.version_info >= (3, 11):
    _read_instant = datetime.fromisoformat
else:

    def _read_instant(text: str) -> datetime:
        # Before Python 3.11, fromisoformat cannot read the Z at the end of kintone's instants.
        return datetime.fromisoformat(f"{text[:-1]}+00:00" if text[-1:] == "Z" else text)


# Since 3.11, fromisoformat also reads weeks, days of the year and texts without separators.
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"\d\d:\d\d(:\d\d(\.\d{3}(\d{3})?)?)?([+-]\d\d:\d\d)?", re.ASCII)


def _read_date(text: str) -> date:
    if not _DATE.fullmatch(text):
        raise ValueError(f"{text!r:.80} is not a date")
    return date.fromisoformat(text)


def _read_time(text: str) -> time:
    if not _TIME.fullmatch(text):
        raise ValueError(f"{text!r:.80} is not a time")
    return time.fromisoformat(text)


def _is_to_the_minute(value: time) -> bool:
    return value.tzinfo is None and not value.second and not value.microsecond


def parse_instant(text: str) -> datetime:
    """Return the instant in an ISO 8601 text; naive if the text has no zone."""
    try:
        return _read_instant(text)
    except ValueError:
        from dateutil.parser import isoparse

        return isoparse(text)


def instant_reader(zone: tzinfo | None) -> Callable[[str], datetime]:
    """Return a function that reads kintone's instants as aware datetimes in `zone` or UTC."""
    if zone is None:
        return _read_instant
    return lambda text: _read_instant(text).astimezone(zone)


class _MomentField(Field[V, I]):
    """A field for which kintone can fill in the time at which a record is added."""

    def default_setting(self) -> dict[str, Any]:
        if isinstance(self.default, Function):
            return {"defaultNowValue": True}
        return super().default_setting()


class DateField(_MomentField[T, "date | str | None"]):
    """A day, as `date`; None if blank. Also takes ISO 8601 text.

    With ``default=Today()``, kintone enters the day on which a record is added.
    """

    kintone_type = "DATE"
    default_function = Today
    can_be_unique = True
    decode_expression = "read_date(x) if (x := {v}) else None"

    @overload
    def __init__(
        self: DateField[date],
        code: str | None = ...,
        *,
        required: Literal[True],
        **options: Unpack[FieldOptions],
    ) -> None: ...
    @overload
    def __init__(
        self: DateField[date | None],
        code: str | None = ...,
        *,
        required: bool = ...,
        **options: Unpack[FieldOptions],
    ) -> None: ...
    def __init__(
        self, code: str | None = None, *, required: bool = False, **options: Unpack[FieldOptions]
    ) -> None:
        super().__init__(code, required=required, **options)

    def to_python(self, raw: object, zone: tzinfo | None = None) -> Any:
        del zone
        text = text_or_none(raw)
        return None if text is None else _read_date(text)

    def to_api(self, value: Any) -> str | None:
        return None if value is None else value.isoformat()

    def coerce(self, value: object, zone: Zone) -> Any:
        del zone
        if is_nothing(value):
            return None
        if isinstance(value, str):
            try:
                return _read_date(value)
            except ValueError:
                raise self._wrong_type(value, 'a date such as "2026-02-06"') from None
        if is_missing(value):
            raise self._wrong_type(value, "a date")
        if isinstance(value, datetime):
            raise self._wrong_type(value, "a date (choose the day with .date())")
        if not isinstance(value, date):
            raise self._wrong_type(value, "a date")
        return value

    def decoder_names(self, zone: tzinfo | None) -> Mapping[str, object]:
        del zone
        return {"read_date": date.fromisoformat}


class TimeField(_MomentField[T, "time | str | None"]):
    """A time of day to the minute, as `time` without a zone; None if blank.

    With ``default=Now()``, kintone enters the time at which a record is added.
    """

    kintone_type = "TIME"
    default_function = Now
    decode_expression = "read_time(x) if (x := {v}) else None"

    @overload
    def __init__(
        self: TimeField[time],
        code: str | None = ...,
        *,
        required: Literal[True],
        **options: Unpack[FieldOptions],
    ) -> None: ...
    @overload
    def __init__(
        self: TimeField[time | None],
        code: str | None = ...,
        *,
        required: bool = ...,
        **options: Unpack[FieldOptions],
    ) -> None: ...
    def __init__(
        self, code: str | None = None, *, required: bool = False, **options: Unpack[FieldOptions]
    ) -> None:
        super().__init__(code, required=required, **options)

    def to_python(self, raw: object, zone: tzinfo | None = None) -> Any:
        del zone
        text = text_or_none(raw)
        moment = None if text is None else _read_time(text)
        if moment is not None and not _is_to_the_minute(moment):
            raise ValueError(f"{text!r:.80} is not a time of day to the minute")
        return moment

    def to_api(self, value: Any) -> str | None:
        return None if value is None else value.strftime("%H:%M")

    def coerce(self, value: object, zone: Zone) -> Any:
        del zone
        if is_nothing(value):
            return None
        moment = value
        if isinstance(value, str):
            try:
                moment = _read_time(value)
            except ValueError:
                raise self._wrong_type(value, 'a time such as "09:30"') from None
        if not isinstance(moment, time):
            raise self._wrong_type(value, "a time")
        if not _is_to_the_minute(moment):
            raise self._wrong_type(value, "a time of day to the minute, without a zone")
        return moment

    def decoder_names(self, zone: tzinfo | None) -> Mapping[str, object]:
        del zone
        return {"read_time": time.fromisoformat}


class InstantField(_MomentField[T, I]):
    """The base of fields whose value is an instant."""

    decode_expression = "read_instant(x) if (x := {v}) else None"
    # Snapshots are in UTC: Python compares instants of one zone by clock time, which is ambiguous
    # in the hour that repeats when clocks are set back.
    copy_expression = "{v} and {v}.astimezone(UTC)"

    def to_python(self, raw: object, zone: tzinfo | None = None) -> Any:
        text = text_or_none(raw)
        if text is None:
            return None
        moment = parse_instant(text)
        if moment.tzinfo is None:
            raise ValueError(f"{text!r:.80} has no time zone")
        return moment.astimezone(zone or timezone.utc)

    def to_api(self, value: Any) -> str | None:
        if value is None:
            return None
        utc: datetime = value.astimezone(timezone.utc).replace(tzinfo=None)
        return f"{utc.isoformat(timespec='minutes')}:00Z"

    def coerce(self, value: object, zone: Zone) -> Any:
        moment = self._moment(value, zone)
        return None if moment is None else moment.replace(second=0, microsecond=0)

    def operand(self, lookup: str, value: object, zone: Zone) -> str:
        """Return the literal of an instant; its seconds count, although kintone stores none.

        Stored instants are whole minutes. So "at or after 12:59:30" means "at or after 13:00",
        "at or before 12:59:30" means "at or before 12:59", and no instant equals 12:59:30.
        """
        moment = self._moment(value, zone)
        if moment is None:
            return super().operand(lookup, value, zone)
        try:
            # Add the minute in UTC: a minute later on a local clock can be an hour later in fact.
            utc = moment.astimezone(timezone.utc)
            between_minutes = bool(utc.second or utc.microsecond)
            if between_minutes and lookup in ("gte", "lt"):
                utc += timedelta(minutes=1)
        except OverflowError:
            raise self._wrong_type(value, "an instant in the years 1 to 9999") from None
        if between_minutes and lookup in ("exact", "in"):
            raise FieldError(
                f"{self} never equals {value!r}: kintone stores whole minutes. "
                "Use .replace(second=0, microsecond=0), or a range."
            )
        return super().operand(lookup, utc, zone)

    def decoder_names(self, zone: tzinfo | None) -> Mapping[str, object]:
        return {"read_instant": instant_reader(zone)}

    def snapshot(self, value: Any) -> Any:
        return value and value.astimezone(timezone.utc)

    def from_snapshot(self, snapshot: Any, zone: tzinfo | None) -> Any:
        return snapshot and snapshot.astimezone(zone or timezone.utc)

    def _moment(self, value: object, zone: Zone) -> datetime | None:
        if is_nothing(value):
            return None
        moment = value
        if isinstance(value, str):
            try:
                moment = parse_instant(value)
            except ValueError:
                raise self._wrong_type(value, "an ISO 8601 date and time") from None
        if not isinstance(moment, datetime) or is_missing(moment):
            raise self._wrong_type(value, "a datetime")
        if moment.tzinfo is None:
            local = zone()
            if local is None:
                expected = "an aware datetime, or a naive one on a connection with a timezone="
                if zone is getattr(self.model, "_zone", None):
                    expected += (
                        " (this row is in no record, so it has no connection: put a dict into the "
                        "subtable)"
                    )
                raise self._wrong_type(value, expected)
            moment = moment.replace(tzinfo=local)
        try:
            moment.astimezone(timezone.utc)
        except OverflowError:
            raise self._wrong_type(value, "an instant in the years 1 to 9999") from None
        return moment


class DateTimeField(InstantField[T, "datetime | str | None"]):
    """An instant to the minute, as an aware `datetime`; None if blank.

    The value is in the connection's `timezone`, or in UTC. A naive datetime is taken as a time in
    that zone, and is refused if the connection has no zone. kintone stores whole minutes: assigning
    removes the seconds, as saving would. With ``default=Now()``, kintone enters the minute in which
    a record is added.
    """

    kintone_type = "DATETIME"
    default_function = Now
    can_be_unique = True

    @overload
    def __init__(
        self: DateTimeField[datetime],
        code: str | None = ...,
        *,
        required: Literal[True],
        **options: Unpack[FieldOptions],
    ) -> None: ...
    @overload
    def __init__(
        self: DateTimeField[datetime | None],
        code: str | None = ...,
        *,
        required: bool = ...,
        **options: Unpack[FieldOptions],
    ) -> None: ...
    def __init__(
        self, code: str | None = None, *, required: bool = False, **options: Unpack[FieldOptions]
    ) -> None:
        super().__init__(code, required=required, **options)
