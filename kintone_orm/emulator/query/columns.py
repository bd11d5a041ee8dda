"""What a code in a query stands for in one app's form."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..errors import fault
from .kinds import Kind, kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Column", "columns_of", "find_column"]


@dataclass(frozen=True, slots=True)
class Column:
    """One field that a query may name.

    `key` is where its value is in a record, or in a row of the table with the code `table`.
    `options` are the names a choice may have and the places they take in an order; None for a
    field that is no choice. `disabled`: process management is off, and this is part of it.
    """

    code: str
    type: str
    label: str
    key: str
    kind: Kind
    table: str | None = None
    options: Mapping[str, int] | None = field(default=None, repr=False)
    disabled: bool = False


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


def find_column(code: str, *, columns: Mapping[str, Column]) -> Column:
    """The column with this code. Raises GAIA_IQ11 (unknown), GAIA_IR02 (dotted) or GAIA_ST02."""
    if "." in code:
        raise fault("GAIA_IR02", code=code)
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
