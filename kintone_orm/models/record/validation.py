"""Problems of values, found before a request or reported by kintone, by the model's field names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kintone_orm import exceptions
from kintone_orm.exceptions import DecodeError
from kintone_orm.fields.base import UNSET

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kintone_orm.exceptions import InvalidInput
    from kintone_orm.fields.base import Field
    from kintone_orm.models.ground.protocols import Meta
    from kintone_orm.models.record.instance import Instance

__all__ = [
    "cannot_decode",
    "messages_by_field",
    "problems_of_new",
    "problems_of_values",
    "require_sent",
    "validate",
    "validate_many",
]

# Matches kintone's places of errors:
# `record.code.value`, `record[code].value`, `record.code.values[0].value`, `records[3].code.value`,
# and in a subtable `record.code.value[2].value.column.value`.
_PATH = (
    r"records?(?:\[(?P<index>\d+)\])?[.\[](?P<code>[^.\[\]]+)\]?\.values?\b"
    r"(?:\[(?P<row>\d+)\]\.value[.\[](?P<column>[^.\[\]]+))?"
)


def problems_of_values(
    meta: Meta, values: Mapping[str, object], bases: Mapping[str, object] | None = None
) -> dict[str, list[str]]:
    """Return the problems of values that are about to be sent, in sentences, by field name.

    `bases` are snapshots by name. The cells of a subtable that equal its snapshot are not sent, so
    they are not checked.
    """
    known = bases or {}
    return {
        f"{name}{place}": texts
        for name, value in values.items()
        for place, texts in meta.fields[name]
        .problems_by_place(value, known.get(name, UNSET))
        .items()
        if texts
    }


def problems_of_new(instance: Instance, values: Mapping[str, object]) -> dict[str, list[str]]:
    """Return the problems of a new record: of its values, and of missing values."""
    problems = problems_of_values(instance._meta, values)
    for name, field in instance._meta.fields.items():
        if field.needs_value and field.writable and name not in values:
            problems[name] = field.all_problems(field.empty_value())
    return problems


def validate(problems: Mapping[str, Iterable[str]], *, where: str) -> None:
    """Raise ValidationError if there are any problems."""
    if problems:
        raise exceptions.ValidationError(
            {name: list(texts) for name, texts in problems.items()}, where=where
        )


def validate_many(problems: Iterable[tuple[int, Mapping[str, list[str]]]], *, where: str) -> None:
    """Raise one ValidationError for many objects, if any of them has problems.

    `problems` holds a pair for each object: its place, and its problems by field name.
    """
    validate(
        {f"[{place}].{name}": texts for place, own in problems for name, texts in own.items()},
        where=where,
    )


def require_sent(instance: Instance, values: Mapping[str, object]) -> None:
    """Raise DecodeError for a value of a field that kintone omitted when the record was read.

    Without the error, kintone would ignore the value silently: the app may lack the field.
    """
    for name, raw in (instance._state.undecoded or {}).items():
        if name in values and raw is None:
            raise DecodeError(cannot_decode(instance, instance._meta.fields[name], None))


def cannot_decode(instance: Instance, field: Field, sent: object) -> str:
    """Return the message of a DecodeError for the field; `sent` is its JSON, None if omitted."""
    return f"{instance!r}: {field.unreadable(sent)}"


def messages_by_field(
    meta: Meta, error: InvalidInput, key: str = ""
) -> dict[tuple[int, str], list[str]]:
    """Return kintone's messages by (index in the request, field name in the model).

    `key` is the field that an upsert finds records by, which kintone calls `updateKey`.
    """
    fields = {field.code: field for field in meta.fields.values()}
    messages: dict[tuple[int, str], list[str]] = {}
    for path, texts in error.errors.items():
        match = re.match(_PATH, path)
        index = int(match["index"] or 0) if match else 0
        name = _our_name(fields, match) if match else path
        if key and name == "updateKey":
            name = key
        messages.setdefault((index, name), []).extend(texts)
    return messages


def _our_name(fields: Mapping[str, Field], match: re.Match[str]) -> str:
    """Return the place of a message in the model's names: "rank", or "lines[2].qty"."""
    field = fields.get(match["code"])
    name = match["code"] if field is None else field.name
    if match["column"] is None:
        return name
    columns = {} if field is None or field.columns is None else field.columns
    by_code = {column.code: column_name for column_name, column in columns.items()}
    return f"{name}[{match['row']}].{by_code.get(match['column'], match['column'])}"
