"""Which apps an exported form names, and how a domain file names them: by key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["name_apps", "related_apps"]


def related_apps(properties: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each `relatedApp` of a form, those of lookups in subtables included."""
    for definition in properties.values():
        for settings in (definition.get("lookup"), definition.get("referenceTable")):
            if settings:
                yield settings["relatedApp"]
        if definition["type"] == "SUBTABLE":
            yield from related_apps(definition["fields"])


def name_apps(app: str, form: dict[str, Any], numbers: dict[str, str], remarks: list[str]) -> None:
    """Put keys in the place of ids. A field that names an app that is left out is one no more."""
    _without_unknown(app, form, form["properties"], numbers, remarks)
    for related in related_apps(form["properties"]):
        key = numbers[related["app"]]
        related.clear()
        related["app"] = key


def _without_unknown(
    app: str,
    form: dict[str, Any],
    properties: dict[str, Any],
    numbers: dict[str, str],
    remarks: list[str],
) -> None:
    for code, definition in list(properties.items()):
        lookup, table = definition.get("lookup"), definition.get("referenceTable")
        settings = lookup or table
        if settings and settings["relatedApp"]["app"] not in numbers:
            if lookup:
                del definition["lookup"]
                remarks.append(f"Of the app {app}, the field {code} is no lookup any more.")
            else:
                del properties[code]
                remarks.append(f"Of the app {app}, the field {code} is left out.")
                _take_out(form.get("layout", []), code)
        if definition["type"] == "SUBTABLE":
            _without_unknown(app, form, definition["fields"], numbers, remarks)


def _take_out(layout: list[dict[str, Any]], code: str) -> None:
    """Take a field out of a layout."""
    for line in layout:
        _take_out(line.get("layout", []), code)
        if "fields" in line:
            line["fields"] = [each for each in line["fields"] if each.get("code") != code]
