"""The values of a record as text: short for a list of records, complete for the record's page.

The texts hold no markup; the templates escape them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..ground.choices import SYSTEM_FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..ground.json_types import Cell, Definition, Properties

__all__ = ["FieldView", "brief_text", "columns_of", "field_view"]

# The largest number of characters in a brief text.
_BRIEF_LENGTH = 80
_BUILT_IN = frozenset(kind for kind, *_ in SYSTEM_FIELDS)
# The field types that have no value.
_WITHOUT_VALUE = frozenset(("GROUP", "REFERENCE_TABLE", "CATEGORY"))


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field of one record: its values as `texts`, or a table with `columns` and `rows`.

    A column has a code and a label. A row has an id and the text of each of its cells.
    """

    code: str
    label: str
    type: str
    texts: Sequence[str]
    columns: Sequence[tuple[str, str]] | None = None
    rows: Sequence[tuple[str, Sequence[str]]] = ()


def columns_of(properties: Properties) -> list[tuple[str, str]]:
    """Return the codes and labels of fields with values, the built-in fields at the end."""
    fields = [
        (code, field) for code, field in properties.items() if field["type"] not in _WITHOUT_VALUE
    ]
    fields.sort(key=lambda item: item[1]["type"] in _BUILT_IN)
    return [(code, field.get("label", "")) for code, field in fields]


def brief_text(cell: Cell | None) -> str:
    """Return a cell as one short line."""
    if cell is None:
        return ""
    if cell["type"] == "SUBTABLE":
        count = len(cell["value"])
        return f"{count} row{'' if count == 1 else 's'}"
    text = ", ".join(_texts(cell)).replace("\n", " ")
    return text if len(text) <= _BRIEF_LENGTH else f"{text[: _BRIEF_LENGTH - 1]}…"


def field_view(code: str, definition: Definition, cell: Cell) -> FieldView:
    """Return a field and its cell with all values, for the page of a record."""
    label = definition.get("label", "")
    if cell["type"] != "SUBTABLE":
        return FieldView(code, label, cell["type"], _texts(cell))
    columns = [(name, column.get("label", "")) for name, column in definition["fields"].items()]
    rows = [
        (row["id"], ["\n".join(_texts(row["value"][name])) for name, _ in columns])
        for row in cell["value"]
    ]
    return FieldView(code, label, cell["type"], (), columns, rows)


def _texts(cell: Cell) -> list[str]:
    """Return the text of each value of a cell; an empty list for a blank."""
    value = cell["value"]
    if isinstance(value, list):
        return [_text(item) for item in value]
    return [] if value in (None, "") else [_text(value)]


def _text(value: str | Mapping[str, str]) -> str:
    """Return the text of a value: a text, an entity with name and code, or a file."""
    if not isinstance(value, dict):
        return str(value)
    if "fileKey" in value:
        return f"{value['name']} ({value['contentType']}, {int(value['size']):,} bytes)"
    name, code = value["name"], value["code"]
    return name if name == code else f"{name} ({code})"
