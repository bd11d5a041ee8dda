"""The fields of a form, with the data types and values that formulas read.

Source: kintone help, "Fields that can be referenced in formulas". Dates are Unix seconds, and a
DATE begins at midnight UTC (observed).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .data_types import DataType, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..ground.json_types import Definition, Properties

__all__ = ["EPOCH", "Column", "columns_of"]

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

_DAY = 86_400
_FIRST_DAY = EPOCH.date()


@dataclass(frozen=True, slots=True)
class Column:
    """One field that a formula may name.

    `table` is the code of the field's table, if any. `data_type` is UNUSABLE for a field that no
    formula can use. `read` converts a stored value to a value of formulas. `expression` is the
    formula of a calculated field, and None for any other field. `format` is the display format of a
    CALC, and None for calculated text.
    """

    code: str
    type: str
    label: str
    table: str | None
    data_type: DataType
    read: Callable[[Any], Value]
    expression: str | None
    format: str | None

    def seen_from(self, table: str | None) -> DataType:
        """Return the data type for a formula in `table`. A column of another table is an array."""
        if self.table in (None, table):
            return self.data_type
        return _AS_ARRAY[self.data_type]


_AS_ARRAY = {
    DataType.NUMBER: DataType.NUMBERS,
    DataType.STRING: DataType.STRINGS,
    DataType.STRINGS: DataType.LISTS,
}


def columns_of(properties: Properties) -> dict[str, Column]:
    """Return every field of a form by code, including the fields inside its tables.

    `properties` are the field definitions of kintone's Get Form Fields.
    """
    columns: dict[str, Column] = {}
    for code, definition in properties.items():
        if definition["type"] != "SUBTABLE":
            columns[code] = _column(code, definition, table=None)
        for cell_code, cell_definition in definition.get("fields", {}).items():
            columns[cell_code] = _column(cell_code, cell_definition, table=code)
    return columns


def _column(code: str, definition: Definition, *, table: str | None) -> Column:
    field_type = definition["type"]
    data_type, read = _TYPES.get(field_type, (DataType.UNUSABLE, _text))
    expression, format_ = None, None
    if field_type == "CALC":
        expression = definition.get("expression", "")
        format_ = definition.get("format", "NUMBER")
    elif field_type == "SINGLE_LINE_TEXT":
        expression = definition.get("expression") or None
    return Column(
        code=code,
        type=field_type,
        label=definition.get("label", code),
        table=table,
        data_type=data_type,
        read=read,
        expression=expression,
        format=format_,
    )


def _number(value: str | None) -> Decimal | None:
    return Decimal(value) if value else None


def _date(value: str | None) -> Decimal | None:
    return Decimal((date.fromisoformat(value) - _FIRST_DAY).days * _DAY) if value else None


def _time(value: str | None) -> Decimal | None:
    if not value:
        return None
    hours, minutes = value.split(":")
    return Decimal(int(hours) * 3_600 + int(minutes) * 60)


def _instant(value: str | None) -> Decimal | None:
    if not value:
        return None
    moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
    return Decimal((moment - EPOCH) // timedelta(seconds=1))


def _text(value: str | None) -> str:
    return value or ""


def _name(value: Mapping[str, str] | None) -> str:
    return value["name"] if value else ""


def _choices(value: Iterable[str] | None) -> Value:
    return list(value or ())


# Formulas cannot use a type that is missing here. The reader of a calculated field is never called,
# because Cells.value returns the result of the field's own formula, computed in the same write.
_TYPES: dict[str, tuple[DataType, Callable[[Any], Value]]] = {
    "NUMBER": (DataType.NUMBER, _number),
    "CALC": (DataType.NUMBER, _number),
    "DATE": (DataType.NUMBER, _date),
    "TIME": (DataType.NUMBER, _time),
    "DATETIME": (DataType.NUMBER, _instant),
    "CREATED_TIME": (DataType.NUMBER, _instant),
    "UPDATED_TIME": (DataType.NUMBER, _instant),
    "SINGLE_LINE_TEXT": (DataType.STRING, _text),
    "DROP_DOWN": (DataType.STRING, _text),
    "RADIO_BUTTON": (DataType.STRING, _text),
    "CREATOR": (DataType.STRING, _name),
    "MODIFIER": (DataType.STRING, _name),
    "CHECK_BOX": (DataType.STRINGS, _choices),
    "MULTI_SELECT": (DataType.STRINGS, _choices),
}
