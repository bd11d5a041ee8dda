"""Dates, times of day and instants. A blank is None.

`fromisoformat` reads what kintone sends, dateutil what `fromisoformat` cannot.
"""

from __future__ import annotations

import re
import sys
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from kintone_orm.exceptions import FieldError
from kintone_orm.fields.base import Field, is_missing, is_nothing
from kintone_orm.fields.wire_values import text_or_blank

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from typing_extensions import Unpack

    from kintone_orm.fields.base import FieldOptions
    from kintone_orm.query.comparable import Zone

__all__ = ["DateField", "DateTimeField", "InstantField", "TimeField"]

T = TypeVar("T")
I = TypeVar("I")  # noqa: E741 - what assigning takes, as in `Field`

if sys.version_info >= (3, 11):
    _read_instant = datetime.fromisoformat
else:

    def _read_instant(text: str) -> datetime:
        # Before 3.11 fromisoformat does not know the Z that kintone ends every instant with.
        return datetime.fromisoformat(f"{text[:-1]}+00:00" if text[-1:] == "Z" else text)


# Since 3.11 fromisoformat reads all of ISO 8601: weeks, days of the year, no separators.
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"\d\d:\d\d(:\d\d(\.\d{3}(\d{3})?)?)?([+-]\d\d:\d\d)?", re.ASCII)


def _read_date(text: str) -> date:
    if not _DATE.fullmatch(text):
        raise ValueError(f"no date: {text!r:.80}")
    return date.fromisoformat(text)


def _read_time(text: str) -> time:
    if not _TIME.fullmatch(text):
        raise ValueError(f"no time: {text!r:.80}")
    return time.fromisoformat(text)


def _is_to_the_minute(read: time) -> bool:
    return read.tzinfo is None and not read.second and not read.microsecond


def parse_instant(text: str) -> datetime:
    """The instant that an ISO 8601 text gives, naive if the text has no zone."""
    try:
        return _read_instant(text)
    except ValueError:
        from dateutil.parser import isoparse

        return isoparse(text)


def instant_reader(zone: tzinfo | None) -> Callable[[str], datetime]:
    """A function from kintone's text for an instant to an aware datetime in `zone`, or in UTC."""
    if zone is None:
        return _read_instant
    return lambda text: _read_instant(text).astimezone(zone)


class DateField(Field[T, "date | str | None"]):
    """A day, as `date`; None when blank. Takes ISO text, too."""

    kintone_type = "DATE"
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

    def to_python(self, raw: Any, zone: tzinfo | None = None) -> Any:
        del zone
        text = text_or_blank(raw)
        return None if text is None else _read_date(text)

    def to_api(self, value: Any) -> str | None:
        return None if value is None else value.isoformat()

    def coerce(self, value: Any, zone: Zone) -> Any:
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

    def decoder_names(self, zone: tzinfo | None) -> Mapping[str, Any]:
        del zone
        return {"read_date": date.fromisoformat}


class TimeField(Field[T, "time | str | None"]):
    """A time of day to the minute, as `time` without a zone; None when blank."""

    kintone_type = "TIME"
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

    def to_python(self, raw: Any, zone: tzinfo | None = None) -> Any:
        del zone
        text = text_or_blank(raw)
        read = None if text is None else _read_time(text)
        if read is not None and not _is_to_the_minute(read):
            raise ValueError(f"no time of day to the minute: {text!r:.80}")
        return read

    def to_api(self, value: Any) -> str | None:
        return None if value is None else value.strftime("%H:%M")

    def coerce(self, value: Any, zone: Zone) -> Any:
        del zone
        if is_nothing(value):
            return None
        read = value
        if isinstance(value, str):
            try:
                read = _read_time(value)
            except ValueError:
                raise self._wrong_type(value, 'a time such as "09:30"') from None
        if not isinstance(read, time):
            raise self._wrong_type(value, "a time")
        if not _is_to_the_minute(read):
            raise self._wrong_type(value, "a time of day to the minute, without a zone")
        return read

    def decoder_names(self, zone: tzinfo | None) -> Mapping[str, Any]:
        del zone
        return {"read_time": time.fromisoformat}


class InstantField(Field[T, I]):
    """What every field that holds an instant has in common."""

    decode_expression = "read_instant(x) if (x := {v}) else None"
    # In UTC, because within a zone Python compares clocks, and the hour that repeats is one.
    copy_expression = "{v} and {v}.astimezone(UTC)"

    def to_python(self, raw: Any, zone: tzinfo | None = None) -> Any:
        text = text_or_blank(raw)
        if text is None:
            return None
        moment = parse_instant(text)
        if moment.tzinfo is None:
            raise ValueError(f"no zone: {text!r:.80}")
        return moment.astimezone(zone or timezone.utc)

    def to_api(self, value: Any) -> str | None:
        if value is None:
            return None
        utc: datetime = value.astimezone(timezone.utc).replace(tzinfo=None)
        return f"{utc.isoformat(timespec='minutes')}:00Z"

    def coerce(self, value: Any, zone: Zone) -> Any:
        moment = self._moment(value, zone)
        return None if moment is None else moment.replace(second=0, microsecond=0)

    def operand(self, lookup: str, value: Any, zone: Zone) -> str:
        """As `Field.operand`; seconds are honoured although kintone keeps none.

        Stored instants are whole minutes. So from 12:59:30 on means from 13:00, up to 12:59:30
        means up to 12:59, and nothing can equal 12:59:30.
        """
        moment = self._moment(value, zone)
        if moment is None:
            return super().operand(lookup, value, zone)
        try:
            # In UTC, because a minute later by a clock that is put back may be an hour later.
            utc = moment.astimezone(timezone.utc)
            between_minutes = bool(utc.second or utc.microsecond)
            if between_minutes and lookup in ("gte", "lt"):
                utc += timedelta(minutes=1)
        except OverflowError:
            raise self._wrong_type(value, "an instant in the years 1 to 9999") from None
        if between_minutes and lookup in ("exact", "in"):
            raise FieldError(
                f"{self} never equals {value!r}: kintone keeps minutes. "
                "Use .replace(second=0, microsecond=0), or a range."
            )
        return super().operand(lookup, utc, zone)

    def decoder_names(self, zone: tzinfo | None) -> Mapping[str, Any]:
        return {"read_instant": instant_reader(zone)}

    def snapshot(self, value: Any) -> Any:
        return value and value.astimezone(timezone.utc)

    def from_snapshot(self, snapshot: Any, zone: tzinfo | None) -> Any:
        return snapshot and snapshot.astimezone(zone or timezone.utc)

    def _moment(self, value: Any, zone: Zone) -> datetime | None:
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
                wanted = "an aware datetime, or a naive one on a connection with a timezone="
                if zone is getattr(self.model, "_zone", None):
                    wanted += " (a row of its own has none: put a mapping into the record's list)"
                raise self._wrong_type(value, wanted)
            moment = moment.replace(tzinfo=local)
        try:
            moment.astimezone(timezone.utc)
        except OverflowError:
            raise self._wrong_type(value, "an instant in the years 1 to 9999") from None
        return moment


class DateTimeField(InstantField[T, "datetime | str | None"]):
    """An instant to the minute, as an aware `datetime`; None when blank.

    It reads in UTC, or in the connection's `timezone`. A naive datetime is taken to be in that
    zone, and refused if the connection has none. kintone keeps minutes: assigning cuts the
    seconds off, as saving would.
    """

    kintone_type = "DATETIME"
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
