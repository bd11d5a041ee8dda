"""Values that the fields of any model take, and values that differ from them."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kintone_orm.fields import Group, LookupField, Organization, SubtableField, User
from kintone_orm.files import File

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kintone_orm import Model
    from kintone_orm.fields import Field

__all__ = ["changed", "plain", "values_for"]

_LINKS = {"WEB": "https://example.com/", "CALL": "0312345678", "MAIL": "info@example.com"}


def values_for(
    fields: Iterable[Field], sources: Mapping[type[Model], Model] | None = None
) -> dict[str, Any]:
    """Return a value for each field that a program writes, by name.

    A lookup takes the key of its model's record in `sources`, and none without one.
    """
    return {
        field.name: _value(field, sources or {})
        for field in fields
        if field.writable and field.filled_by is None
    }


def changed(fields: Iterable[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return other values for the texts and numbers among the values."""
    others: dict[str, Any] = {}
    for field in fields:
        if field.name in values and not isinstance(field, LookupField):
            value = values[field.name]
            if field.kintone_type in ("SINGLE_LINE_TEXT", "MULTI_LINE_TEXT"):
                others[field.name] = value[:-1] + "改"
            elif field.kintone_type == "NUMBER":
                others[field.name] = value + 1
    return others


def plain(record: Any, names: Iterable[str]) -> dict[str, Any]:
    """Return the values of a record or a row, with the names of files and with cells of rows."""
    return {name: _plain(getattr(record, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if hasattr(value, "_fields"):
        return plain(value, value._fields)
    return getattr(value, "name", value) if hasattr(value, "content_type") else value


def _value(field: Any, sources: Mapping[type[Model], Model]) -> Any:
    kind = field.kintone_type
    if isinstance(field, LookupField):
        source = sources.get(field.target)
        key = field.target._meta.fields[field.key]
        if source is None:
            return field.empty_value()
        return source.pk if key.kintone_type == "RECORD_NUMBER" else getattr(source, field.key)
    if isinstance(field, SubtableField):
        return [field.row(**values_for(field.columns.values(), sources)) for _ in range(2)]
    if kind == "SINGLE_LINE_TEXT":
        return "値" * max(field.min_length or 0, 1)
    if kind == "LINK":
        return _LINKS[field.protocol]
    if kind == "NUMBER":
        return Decimal(field.min_value or 0)
    if kind in ("RADIO_BUTTON", "DROP_DOWN", "CHECK_BOX", "MULTI_SELECT"):
        options = [field.members.get(option, option) for option in field.choices]
        return options[-1] if kind in ("RADIO_BUTTON", "DROP_DOWN") else options[:1]
    return {
        "MULTI_LINE_TEXT": lambda: "一行目\n二行目",
        "RICH_TEXT": lambda: "<div>本文</div>",
        "DATE": lambda: date(2026, 4, 1),
        "TIME": lambda: time(9, 30),
        "DATETIME": lambda: datetime(2026, 4, 1, 0, 30, tzinfo=timezone.utc),
        "FILE": lambda: [File(io.BytesIO(b"content"), name="資料.txt")],
        "USER_SELECT": lambda: [User("sato")],
        "ORGANIZATION_SELECT": lambda: [Organization("sales")],
        "GROUP_SELECT": lambda: [Group("managers")],
    }[kind]()
