"""The fields of a form, by the names that queries use for them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from ..ground.errors import fault
from .kinds import Kind, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..ground.json_types import Cell, Definition, Properties

__all__ = ["Cells", "Column", "Related", "columns_of", "find_column", "related_columns"]


class Cells(Protocol):
    """The cells of a record or of a table's row, by code. A cell is {"type": ..., "value": ...}."""

    def get(self, code: str, /) -> Cell | None:
        """Return the cell of this field, or None if the record has none."""


@dataclass(frozen=True, slots=True)
class Column:
    """One field that a query may name.

    `key` is the code of its cell in a record, or in a row of the table with the code `table`.
    `options` has the rank in a sort order for each option of a choice field. It is None for any
    other field. `disabled` is true for a field of process management while the process is off. For
    a dotted name, `rows` gives the related records of a record, and `table` is the code of the
    field of related records.
    """

    code: str
    type: str
    label: str
    key: str
    kind: Kind
    table: str | None = None
    options: Mapping[str, int] | None = field(default=None, repr=False)
    disabled: bool = False
    rows: Callable[[Cells], Iterable[Cells]] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Related:
    """A field of related records: the other app's form, and a function that finds the records."""

    properties: Properties
    rows: Callable[[Cells], Iterable[Cells]]


def columns_of(properties: Properties) -> dict[str, Column]:
    """Return every column of a form by code: its fields, the fields inside its tables, and `$id`.

    `properties` are the field definitions of kintone's Get Form Fields. The definition of STATUS
    may also hold the "states" of Get Process Management Settings, {name: {"index": "0"}}.
    """
    columns = {"$id": _column("$id", {"type": "__ID__"})}
    for code, definition in properties.items():
        columns[code] = _column(code, definition)
        for cell_code, cell_definition in definition.get("fields", {}).items():
            columns[cell_code] = _column(cell_code, cell_definition, table=code)
    return columns


def related_columns(
    codes: Iterable[str], properties: Properties, related: Callable[[str], Related]
) -> dict[str, Column]:
    """Return the columns of the dotted codes among `codes`: related.field, related.$id.

    `related` opens a field of related records by its code. Raises GAIA_IR02 if the name before the
    dot is not such a field, or the name after it is in a table. Raises GAIA_IQ11 if the other app
    has no field with the name after the dot.
    """
    columns: dict[str, Column] = {}
    for code in codes:
        table, dot, related_code = code.partition(".")
        if not dot:
            continue
        if properties.get(table, {}).get("type") != "REFERENCE_TABLE":
            raise fault("GAIA_IR02", code=code)
        other = related(table)
        column = find_column(related_code, columns=columns_of(other.properties))
        if column.table is not None:
            raise fault("GAIA_IR02", code=code)
        columns[code] = replace(column, code=code, table=table, rows=other.rows)
    return columns


def find_column(code: str, *, columns: Mapping[str, Column]) -> Column:
    """Return the column with this code.

    Raises GAIA_IQ11 if the form has no such column, and GAIA_ST02 for a column of process
    management while the process is off.
    """
    column = columns.get(code)
    if column is None:
        raise fault("GAIA_IQ11", code=code)
    if column.disabled:
        raise fault("GAIA_ST02")
    return column


def _column(code: str, definition: Definition, *, table: str | None = None) -> Column:
    field_type = definition["type"]
    return Column(
        code=code,
        type=field_type,
        label=definition.get("label", code),
        # A record number is the record's id, with the app's code before it if the app has a code.
        # So the cell to compare is the id.
        key="$id" if field_type == "RECORD_NUMBER" else code,
        kind=kind_of(definition),
        table=table,
        options=_options(definition),
        disabled=field_type in {"STATUS", "STATUS_ASSIGNEE"} and not definition.get("enabled"),
    )


def _options(definition: Definition) -> dict[str, int] | None:
    key = "states" if definition["type"] == "STATUS" else "options"
    options = definition.get(key)
    if options is None:
        return {} if key == "states" else None
    return {name: int(option["index"]) for name, option in options.items()}
