"""The layout of a form: rows, subtables and groups, from top to bottom.

A layout holds every field of its form once. It may leave out the fields that every app has.
Source: kintone REST API, "Get Form Layout", "Update Form Layout".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..ground.choices import FIELD_WIDTH, SYSTEM_FIELDS
from ..ground.errors import fault
from ..ground.parameters import array, one_of, optional, required, structure, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..ground.problems import Problems

__all__ = ["Layout", "check_layout", "layout_for_form", "layout_parameter"]

Layout = list[dict[str, Any]]

# The elements of a row that are not fields, with their settings: a text, or an id for scripts.
_DECORATIONS = {"LABEL": ("label", "elementId"), "SPACER": ("elementId",), "HR": ("elementId",)}
_NEVER_PLACED = ("STATUS", "STATUS_ASSIGNEE", "CATEGORY", "SUBTABLE", "GROUP")
_IN_EVERY_APP = frozenset(kind for kind, _, _ in SYSTEM_FIELDS)
_PIXELS = re.compile(r"[0-9]{1,5}")


def _pixels(value: object, path: str, problems: Problems) -> str:
    if isinstance(value, bool) or not _PIXELS.fullmatch(str(value)):
        problems.add(path, "integer")
    return str(value)


_SIZE = {"width": optional(_pixels), "height": optional(_pixels), "innerHeight": optional(_pixels)}
_ELEMENT = {
    "type": required(text),
    "code": optional(text),
    "label": optional(text),
    "elementId": optional(text),
    "size": optional(structure(_SIZE)),
}
_FIELDS = array(structure(_ELEMENT))
_ROW = {"type": required(one_of("ROW")), "fields": required(_FIELDS)}
_LINE = {
    "type": required(one_of("ROW", "SUBTABLE", "GROUP")),
    "code": optional(text),
    "fields": optional(_FIELDS),
    "layout": optional(array(structure(_ROW))),
}

layout_parameter = array(structure(_LINE))
"""The check of a layout parameter. It checks the form of each line; `check_layout` the fields."""


def check_layout(
    sent: Sequence[Mapping[str, Any]],
    before: Layout,
    properties: Mapping[str, object],
    problems: Problems,
) -> Layout:
    """Return the sent layout with all settings. Missing sizes are taken from the layout `before`.

    A field that is missing, occurs twice or is in the wrong place is a problem. Raises GAIA_FC01
    for a code that does not exist.
    """
    arrangement = _Arrangement(before, properties, problems)
    layout = [arrangement.line(line, f"layout[{at}]") for at, line in enumerate(sent)]
    arrangement.check_complete()
    return layout


def layout_for_form(
    layout: Layout, properties: Mapping[str, Any], new_codes: Mapping[str, str]
) -> Layout:
    """Return the layout for a form that changed. Each new field gets a row at the end.

    `new_codes` maps old codes to new codes.
    """
    rows: Layout = []
    for line in layout:
        old = line.get("code", "")
        code = new_codes.get(old, old)
        if line["type"] == "GROUP":
            inner = [_row_for_form(row, properties, new_codes) for row in line["layout"]]
            inner = [row for row in inner if row["fields"]]
            if code in properties:
                rows.append({**line, "code": code, "layout": inner})
        elif line["type"] == "SUBTABLE":
            if code in properties:
                columns = properties[code]["fields"]
                row = _row_for_form(line, columns, new_codes)
                present = {field["code"] for field in row["fields"]}
                added = [_element(columns[name]) for name in columns if name not in present]
                rows.append({**row, "code": code, "fields": row["fields"] + added})
        else:
            row = _row_for_form(line, properties, new_codes)
            rows += [row] if row["fields"] else []
    placed = _codes(rows)
    return rows + [
        _line(definition)
        for code, definition in properties.items()
        if code not in placed and definition["type"] not in _IN_EVERY_APP
    ]


def _row_for_form(
    row: dict[str, Any], properties: Mapping[str, object], new_codes: Mapping[str, str]
) -> dict[str, Any]:
    fields = []
    for element in row["fields"]:
        if element["type"] in _DECORATIONS:
            fields.append(element)
            continue
        code = new_codes.get(element["code"], element["code"])
        if code in properties:
            fields.append({**element, "code": code})
    return {**row, "fields": fields}


def _codes(layout: Layout) -> set[str]:
    """Return the codes of the fields, subtables and groups in a layout, without columns."""
    codes: set[str] = set()
    for line in layout:
        if line["type"] == "ROW":
            codes.update(field["code"] for field in line["fields"] if "code" in field)
        else:
            codes.add(line["code"])
            codes |= _codes(line.get("layout", []))
    return codes


def _line(definition: Mapping[str, Any]) -> dict[str, Any]:
    if definition["type"] == "SUBTABLE":
        columns = [_element(column) for column in definition["fields"].values()]
        return {"type": "SUBTABLE", "code": definition["code"], "fields": columns}
    if definition["type"] == "GROUP":
        return {"type": "GROUP", "code": definition["code"], "layout": []}
    return {"type": "ROW", "fields": [_element(definition)]}


def _element(definition: Mapping[str, object]) -> dict[str, Any]:
    size = {"width": FIELD_WIDTH}
    return {"type": definition["type"], "code": definition["code"], "size": size}


class _Arrangement:
    """The state of reading a layout: the fields placed so far, and the sizes in the old layout."""

    def __init__(
        self, before: Layout, properties: Mapping[str, object], problems: Problems
    ) -> None:
        self._properties = properties
        self._problems = problems
        self._sizes = _sizes(before)
        self._placed: set[str] = set()

    def line(self, sent: Mapping[str, Any], path: str) -> dict[str, Any]:
        """Return a complete row, subtable or group."""
        if sent["type"] == "ROW":
            return {"type": "ROW", "fields": self._fields(sent, self._properties, path)}
        code = sent["code"]
        if code is None:
            self._problems.add(f"{path}.code", "required")
            return {**sent}
        definition = self._placed_field(code, sent["type"], self._properties, path)
        if sent["type"] == "SUBTABLE":
            columns = definition.get("fields", {})
            fields = self._fields(sent, columns, path)
            self._check_all(columns, path)
            return {"type": "SUBTABLE", "code": code, "fields": fields}
        rows = [
            {"type": "ROW", "fields": self._fields(row, self._properties, f"{path}.layout[{at}]")}
            for at, row in enumerate(sent["layout"] or ())
        ]
        return {"type": "GROUP", "code": code, "layout": rows}

    def check_complete(self) -> None:
        """Add a problem for each field of the form that was not placed."""
        self._check_all(self._properties, "layout")

    def _check_all(self, properties: Mapping[str, Any], path: str) -> None:
        for code, definition in properties.items():
            if code not in self._placed and definition["type"] not in _IN_EVERY_APP:
                self._problems.add(path, "not_placed", code=code)

    def _fields(
        self, sent: Mapping[str, Any], properties: Mapping[str, Any], path: str
    ) -> list[dict[str, Any]]:
        return [
            self._field(element, properties, f"{path}.fields[{at}]")
            for at, element in enumerate(sent["fields"] or ())
        ]

    def _field(
        self, sent: Mapping[str, Any], properties: Mapping[str, Any], path: str
    ) -> dict[str, Any]:
        kind, code = str(sent["type"]), str(sent["code"] or "")
        size = {name: pixels for name, pixels in (sent["size"] or {}).items() if pixels}
        if kind in _DECORATIONS:
            if properties is not self._properties:
                self._problems.add(f"{path}.type", "enum")
            texts = {name: sent[name] or "" for name in _DECORATIONS[kind]}
            return {"type": kind, **texts, "size": size}
        if not code:
            self._problems.add(f"{path}.code", "required")
        elif kind in _NEVER_PLACED:
            self._problems.add(f"{path}.type", "enum")
        else:
            self._placed_field(code, kind, properties, path)
        return {"type": kind, "code": code, "size": {**self._sizes.get(code, {}), **size}}

    def _placed_field(
        self, code: str, kind: str, properties: Mapping[str, Any], path: str
    ) -> Mapping[str, Any]:
        """Record that a field is placed in the layout, and return the field's definition."""
        if code not in properties:
            raise fault("GAIA_FC01", code=code)
        definition: Mapping[str, Any] = properties[code]
        if definition["type"] != kind:
            self._problems.add(f"{path}.type", "enum")
        if code in self._placed:
            self._problems.add(f"{path}.code", "placed_twice", code=code)
        self._placed.add(code)
        return definition


def _sizes(layout: Layout) -> dict[str, dict[str, str]]:
    sizes: dict[str, dict[str, str]] = {}
    for line in layout:
        sizes |= _sizes(line.get("layout", []))
        sizes |= {
            field["code"]: field["size"] for field in line.get("fields", ()) if "code" in field
        }
    return sizes
