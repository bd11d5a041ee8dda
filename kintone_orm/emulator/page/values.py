"""A record's values for a person: what stands in a line of a list, and what on a page of its own.

Everything is text here, never markup: the templates escape it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..ground.choices import SYSTEM_FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["ShownField", "brief", "columns_of", "shown_field"]

_BRIEF = 80  # characters
_BUILT_IN = frozenset(kind for kind, *_ in SYSTEM_FIELDS)
# Parts of a form that hold nothing.
_WITHOUT_VALUE = frozenset(("GROUP", "REFERENCE_TABLE", "CATEGORY"))


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field of one record: `texts` are its values, or it is a table with `columns` and `rows`.

    A row is its id and the text of each of its cells.
    """

    code: str
    label: str
    type: str
    texts: Sequence[str]
    columns: Sequence[tuple[str, str]] | None = None
    rows: Sequence[tuple[str, Sequence[str]]] = ()


def columns_of(properties: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The codes and labels of the fields that hold something, those of every app at the end."""
    found = [
        (code, field) for code, field in properties.items() if field["type"] not in _WITHOUT_VALUE
    ]
    found.sort(key=lambda each: each[1]["type"] in _BUILT_IN)
    return [(code, field.get("label", "")) for code, field in found]


def brief(cell: Mapping[str, Any] | None) -> str:
    """A cell in one short line."""
    if cell is None:
        return ""
    if cell["type"] == "SUBTABLE":
        count = len(cell["value"])
        return f"{count} row{'' if count == 1 else 's'}"
    text = ", ".join(_texts(cell)).replace("\n", " ")
    return text if len(text) <= _BRIEF else f"{text[: _BRIEF - 1]}…"


def shown_field(code: str, definition: Mapping[str, Any], cell: Mapping[str, Any]) -> ShownField:
    """A cell as a whole."""
    label = definition.get("label", "")
    if cell["type"] != "SUBTABLE":
        return ShownField(code, label, cell["type"], _texts(cell))
    columns = [(inner, each.get("label", "")) for inner, each in definition["fields"].items()]
    rows = [
        (row["id"], ["\n".join(_texts(row["value"][inner])) for inner, _ in columns])
        for row in cell["value"]
    ]
    return ShownField(code, label, cell["type"], (), columns, rows)


def _texts(cell: Mapping[str, Any]) -> list[str]:
    """Each value of a cell that may hold several; one or none for the others."""
    value = cell["value"]
    if isinstance(value, list):
        return [_text(each) for each in value]
    return [] if value in (None, "") else [_text(value)]


def _text(value: Any) -> str:
    """A value: a text, somebody with name and code, or a file."""
    if not isinstance(value, dict):
        return str(value)
    if "fileKey" in value:
        return f"{value['name']} ({value['contentType']}, {int(value['size']):,} bytes)"
    name, code = value["name"], value["code"]
    return name if name == code else f"{name} ({code})"
