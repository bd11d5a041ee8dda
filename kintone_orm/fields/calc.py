"""CalcField: the result of a formula, typed by the format of the result."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Literal, NoReturn, TypedDict, TypeVar, overload

from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.fields.base import Field
from kintone_orm.fields.declaring.bounds import unit_settings
from kintone_orm.fields.number import NumberField
from kintone_orm.fields.temporal import DateField, DateTimeField, TimeField
from kintone_orm.fields.text import formula_problems
from kintone_orm.fields.wire_values import text_or_none

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import tzinfo
    from decimal import Decimal

    from typing_extensions import Unpack

    from kintone_orm.query.comparable import Zone

    class CalcOptions(TypedDict, total=False):
        """The keyword arguments of calculated fields, besides `format`."""

        expression: str | None
        unit: str
        unit_position: Literal["BEFORE", "AFTER"] | None
        verbose_name: str | None


__all__ = ["CalcField", "DurationField"]

N = TypeVar("N")

_HOURS_AND_MINUTES = re.compile(r"(-?)(\d+):(\d\d)")


def read_duration(text: str) -> timedelta:
    """Return the duration in a text such as "49:30"; ValueError for any other text."""
    match = _HOURS_AND_MINUTES.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r:.80} is not hours and minutes")
    duration = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return -duration if match[1] else duration


class DurationField(Field["timedelta | None", NoReturn]):
    """The field that reads results in hours and minutes for a `CalcField`."""

    kintone_type = "CALC"
    decode_expression = "read_duration(x) if (x := {v}) else None"

    def to_python(self, raw: object, zone: tzinfo | None = None) -> timedelta | None:
        del zone
        text = text_or_none(raw)
        return None if text is None else read_duration(text)

    def to_api(self, value: timedelta | None) -> str | None:
        if value is None:
            return None
        minutes = abs(value) // timedelta(minutes=1)
        return f"{'-' if value < timedelta() else ''}{minutes // 60}:{minutes % 60:02}"

    def coerce(self, value: object, zone: Zone) -> timedelta | None:
        del zone
        if value is not None and not isinstance(value, timedelta):
            raise self._wrong_type(value, "a timedelta")
        return value

    def decoder_names(self, zone: tzinfo | None) -> Mapping[str, object]:
        del zone
        return {"read_duration": read_duration}


_READERS: dict[str, type[Field]] = {
    "NUMBER": NumberField,
    "NUMBER_DIGIT": NumberField,
    "DATETIME": DateTimeField,
    "DATE": DateField,
    "TIME": TimeField,
    "HOUR_MINUTE": DurationField,
    "DAY_HOUR_MINUTE": DurationField,
}


class CalcField(Field[N, NoReturn]):
    """A calculated value, in the type of its `format`; None if kintone could not calculate it.

    "NUMBER" and "NUMBER_DIGIT" are `Decimal`, "DATETIME" an aware `datetime`, "DATE" a `date`,
    "TIME" a `time`, "HOUR_MINUTE" and "DAY_HOUR_MINUTE" a `timedelta`. The value cannot be set and
    is read again after every save. `expression` is the formula that `deploy` gives to the app, and
    `unit` and `unit_position` ("BEFORE" or "AFTER") are the unit that the app shows.

    Source: kintone REST API, "Field Types", calculated.
    """

    kintone_type = "CALC"
    read_only = True
    changes_by_itself = True
    why_absent = (
        "The app has no such field, or you may not view it, or the record was written before the "
        "field was added: saving the record calculates it."
    )

    @overload
    def __init__(
        self: CalcField[Decimal | None],
        code: str | None = ...,
        *,
        format: Literal["NUMBER", "NUMBER_DIGIT"] = ...,
        **options: Unpack[CalcOptions],
    ) -> None: ...
    @overload
    def __init__(
        self: CalcField[datetime | None],
        code: str | None = ...,
        *,
        format: Literal["DATETIME"],
        **options: Unpack[CalcOptions],
    ) -> None: ...
    @overload
    def __init__(
        self: CalcField[date | None],
        code: str | None = ...,
        *,
        format: Literal["DATE"],
        **options: Unpack[CalcOptions],
    ) -> None: ...
    @overload
    def __init__(
        self: CalcField[time | None],
        code: str | None = ...,
        *,
        format: Literal["TIME"],
        **options: Unpack[CalcOptions],
    ) -> None: ...
    @overload
    def __init__(
        self: CalcField[timedelta | None],
        code: str | None = ...,
        *,
        format: Literal["HOUR_MINUTE", "DAY_HOUR_MINUTE"],
        **options: Unpack[CalcOptions],
    ) -> None: ...
    def __init__(
        self,
        code: str | None = None,
        *,
        format: str = "NUMBER",  # noqa: A002 - kintone's term
        expression: str | None = None,
        unit: str = "",
        unit_position: Literal["BEFORE", "AFTER"] | None = None,
        verbose_name: str | None = None,
    ) -> None:
        super().__init__(code, verbose_name=verbose_name)
        if format not in _READERS:
            raise ImproperlyConfigured(
                f"CalcField: the format must be one of {', '.join(_READERS)}, not {format!r}."
            )
        self.format = format
        self.formula = expression
        self.unit = unit
        self.unit_position = unit_position
        self.unit_settings = unit_settings(type(self).__name__, unit, unit_position)
        self.reader = _READERS[format](code)
        # A record does not say in which format the app calculates. So dates and times are read by
        # `to_python`, which checks the text.
        is_moment = isinstance(self.reader, (DateField, DateTimeField, TimeField))
        self.decode_expression = None if is_moment else self.reader.decode_expression
        self.copy_expression = self.reader.copy_expression

    def bind(self) -> None:
        self.reader = self.reader.attach(self.model, self.name)
        self.reader.code, self.reader.table = self.code, self.table
        self.reader.message_name = self.message_name

    def to_python(self, raw: object, zone: tzinfo | None = None) -> Any:
        return self.reader.to_python(raw, zone)

    def to_api(self, value: object) -> Any:
        return self.reader.to_api(value)

    def snapshot(self, value: object) -> Any:
        return self.reader.snapshot(value)

    def from_snapshot(self, snapshot: object, zone: tzinfo | None) -> Any:
        return self.reader.from_snapshot(snapshot, zone)

    def coerce(self, value: object, zone: Zone) -> Any:
        return self.reader.coerce(value, zone)

    @property
    def asked_as(self) -> str:
        return "CALC" if isinstance(self.reader, NumberField) else "CALC of a time"

    def operand(self, lookup: str, value: object, zone: Zone) -> str:
        return self.reader.operand(lookup, value, zone)

    def decoder_names(self, zone: tzinfo | None) -> Mapping[str, object]:
        return self.reader.decoder_names(zone)

    def form_problems(self, definition: Mapping[str, Any]) -> Iterable[str]:
        yield from super().form_problems(definition)
        if _READERS.get(definition["format"]) is not type(self.reader):
            yield f"has the format {self.format}, but the app's field has {definition['format']}"
        if self.formula is not None:
            yield from formula_problems(self, self.formula, definition)

    def definition(self) -> dict[str, Any]:
        if self.formula is None:
            raise ImproperlyConfigured(
                f"{self} has no formula, so its field cannot be created. Write "
                'CalcField(expression="price * 2").'
            )
        formula = {"expression": self.formula, "format": self.format}
        return super().definition() | formula | self.unit_settings
