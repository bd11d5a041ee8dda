"""The apps that an exported form names: by id in kintone, by key in a domain file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["name_apps", "related_apps"]


def related_apps(properties: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield each `relatedApp` of a form, also those of lookups in its subtables."""
    for definition in properties.values():
        for settings in (definition.get("lookup"), definition.get("referenceTable")):
            if settings:
                yield settings["relatedApp"]
        if definition["type"] == "SUBTABLE":
            yield from related_apps(definition["fields"])


def name_apps(app: str, form: dict[str, Any], numbers: dict[str, str], remarks: list[str]) -> None:
    """Replace ids by keys. Drop lookups and related records that refer to apps not exported."""
    _drop_unknown(app, form, form["properties"], numbers, remarks)
    for related in related_apps(form["properties"]):
        key = numbers[related["app"]]
        related.clear()
        related["app"] = key


def _drop_unknown(
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
                remarks.append(
                    f"App {app}: the field {code} is exported without its lookup, because the app "
                    "that the lookup names is not exported."
                )
            else:
                del properties[code]
                remarks.append(
                    f"App {app}: the field {code} is left out, because the app that it names is "
                    "not exported."
                )
                _remove_from_layout(form.get("layout", []), code)
        if definition["type"] == "SUBTABLE":
            _drop_unknown(app, form, definition["fields"], numbers, remarks)


def _remove_from_layout(layout: list[dict[str, Any]], code: str) -> None:
    """Remove a field from a layout."""
    for line in layout:
        _remove_from_layout(line.get("layout", []), code)
        if "fields" in line:
            line["fields"] = [field for field in line["fields"] if field.get("code") != code]
