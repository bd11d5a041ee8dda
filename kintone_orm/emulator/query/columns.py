"""What a code in a query stands for in one app's form."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ..errors import fault
from .kinds import Kind, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["Column", "Related", "columns_of", "find_column", "related_columns"]


@dataclass(frozen=True, slots=True)
class Column:
    """One field that a query may name.

    `key` is where its value is in a record, or in a row of the table with the code `table`.
    `options` are the names a choice may have and the places they take in an order; None for a
    field that is no choice. `disabled`: process management is off, and this is part of it.
    `rows` gives the related records of a record, in which a dotted name is looked for: `table` is
    then the code of the field that relates them.
    """

    code: str
    type: str
    label: str
    key: str
    kind: Kind
    table: str | None = None
    options: Mapping[str, int] | None = field(default=None, repr=False)
    disabled: bool = False
    rows: Callable[[Any], Iterable[Any]] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Related:
    """What is behind a field of related records: the other app's form, and a record's rows."""

    properties: Mapping[str, Any]
    rows: Callable[[Any], Iterable[Any]]


def columns_of(properties: Mapping[str, Any]) -> dict[str, Column]:
    """Every column of a form by code: its fields, the fields inside its tables, and `$id`.

    `properties` is what Get Form Fields gives (Any: JSON). A STATUS may hold "states" besides,
    {name: {"index": "0"}}, as Get Process Management Settings gives them.
    """
    columns = {"$id": _column("$id", {"type": "__ID__"})}
    for code, definition in properties.items():
        columns[code] = _column(code, definition)
        for inner, inner_definition in definition.get("fields", {}).items():
            columns[inner] = _column(inner, inner_definition, table=code)
    return columns


def related_columns(
    codes: Iterable[str], properties: Mapping[str, Any], related: Callable[[str], Related]
) -> dict[str, Column]:
    """The columns behind those of these codes that are dotted: related.field, related.$id.

    `related` opens a field of related records by its code. Raises GAIA_IR02 when the first part
    is no such field, or the second is in a table; GAIA_IQ11 when the other app has no such field.
    """
    found: dict[str, Column] = {}
    for code in codes:
        table, dot, inner = code.partition(".")
        if not dot:
            continue
        if properties.get(table, {}).get("type") != "REFERENCE_TABLE":
            raise fault("GAIA_IR02", code=code)
        other = related(table)
        column = find_column(inner, columns=columns_of(other.properties))
        if column.table is not None:
            raise fault("GAIA_IR02", code=code)
        found[code] = replace(column, code=code, table=table, rows=other.rows)
    return found


def find_column(code: str, *, columns: Mapping[str, Column]) -> Column:
    """The column with this code. Raises GAIA_IQ11 when there is none, or GAIA_ST02."""
    column = columns.get(code)
    if column is None:
        raise fault("GAIA_IQ11", code=code)
    if column.disabled:
        raise fault("GAIA_ST02")
    return column


def _column(code: str, definition: Mapping[str, Any], *, table: str | None = None) -> Column:
    field_type = definition["type"]
    return Column(
        code=code,
        type=field_type,
        label=definition.get("label", code),
        # The record number is the id in other words: with the app's code in front of it.
        key="$id" if field_type == "RECORD_NUMBER" else code,
        kind=kind_of(definition),
        table=table,
        options=_options(definition),
        disabled=field_type in {"STATUS", "STATUS_ASSIGNEE"} and not definition.get("enabled"),
    )


def _options(definition: Mapping[str, Any]) -> dict[str, int] | None:
    key = "states" if definition["type"] == "STATUS" else "options"
    options = definition.get(key)
    if options is None:
        return {} if key == "states" else None
    return {name: int(option["index"]) for name, option in options.items()}
