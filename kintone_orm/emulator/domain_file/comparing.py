"""Finding the differences between existing data and a domain file.

The file is not compared with the data directly, because it may leave out defaults. loading.py first
makes the file's apps in an empty domain in memory. Then each app of both domains is described as a
nested dict in the shape of the domain file. The smallest differences between the two dicts are
reported. The path of a difference in the dict is also its place in the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..settings.apps import definitions
from ..store.record_text import dump

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from ..settings.apps import App
    from ..settings.domain import Domain
    from .file_problems import Path
    from .result import Made
    from .setup import Setup

__all__ = ["compare"]

_SHOWN_LENGTH = 60
_MISSING = object()

# The path in the file for each section of an app's live settings.
_PATHS: dict[str, Path] = {
    "general": ("settings",),
    "properties": ("form", "properties"),
    "layout": ("form", "layout"),
    "views": ("views",),
    "process": ("process",),
    "permissions": ("permissions",),
}


def compare(setup: Setup, expected: Domain, made: Made, *, extra_fields: bool) -> None:
    """Add a problem for each difference between the data and `expected`, the file's own domain.

    Only the apps and spaces of the file are compared. Of the apps, the live settings are compared,
    but not the records. With `extra_fields`, the data's apps may have fields that the file does not
    have.
    """
    language = setup.document.data.get("language", "en")
    if setup.domain.language != language:
        _add_problem(setup, ("language",), setup.domain.language, language)
    for key, space in made.spaces.items():
        stored = setup.domain.store.space(space.id)
        for name in ("id", "guest", "name"):
            if getattr(stored, name, None) != getattr(space, name):
                _add_problem(
                    setup,
                    ("spaces", key, name),
                    getattr(stored, name, _MISSING),
                    getattr(space, name),
                )
    for key, number in made.apps.items():
        actual_app = _describe(setup.domain.app(number))
        expected_app = _describe(expected.app(number))
        if extra_fields and actual_app:
            actual_app["form"] = _without_extra_fields(actual_app["form"], expected_app["form"])
        for path, actual_value, expected_value in _differences(actual_app, expected_app):
            _add_problem(setup, ("apps", key, *path), actual_value, expected_value)


def _describe(app: App | None) -> dict[Any, Any]:
    """Return the compared values of an app in the shape of a domain file; {} if it is not live."""
    if app is None or app["live"] is None:
        return {}
    live: Mapping[str, Any] = app["live"]
    description: dict[Any, Any] = {"id": app["id"], "code": app["code"], "space": app["space"]}
    for section, path in _PATHS.items():
        parent = description
        for key in path[:-1]:
            parent = parent.setdefault(key, {})
        parent[path[-1]] = live[section]
    description["views"] = {
        name: {key: value for key, value in view.items() if key != "id"}
        for name, view in live["views"].items()
        if "builtinType" not in view
    }
    return description


def _without_extra_fields(form: dict[str, Any], expected: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form without the fields and columns that `expected` does not have."""
    codes = {code for code, _ in definitions(expected["properties"])}
    return {
        "properties": {
            code: {**field, "fields": _pick(codes, field["fields"])} if "fields" in field else field
            for code, field in _pick(codes, form["properties"]).items()
        },
        "layout": list(_pick_rows(codes, form["layout"])),
    }


def _pick(codes: Collection[str], fields: Mapping[str, object]) -> dict[str, Any]:
    return {code: field for code, field in fields.items() if code in codes}


def _pick_rows(codes: Collection[str], rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the rows with only the fields in `codes`. Rows that become empty are left out."""
    for row in rows:
        if row.get("code") and row["code"] not in codes:
            continue
        picked = dict(row)
        # A row with a layout is a group of fields, which has its own rows.
        if "layout" in row:
            picked["layout"] = list(_pick_rows(codes, row["layout"]))
        if "fields" in row:
            picked["fields"] = [
                field for field in row["fields"] if not field.get("code") or field["code"] in codes
            ]
        if picked.get("fields") or not row.get("fields"):
            yield picked


def _differences(actual: object, expected: object) -> Iterator[tuple[Path, object, object]]:
    """Yield each smallest difference: its path, the actual value and the expected value.

    Two dicts are compared key by key, two lists of the same length item by item. Anything else is
    compared as a whole, and so are an empty dict and lists of different lengths.
    """
    if isinstance(actual, dict) and isinstance(expected, dict) and actual:
        for key in {**expected, **actual}:
            pair = actual.get(key, _MISSING), expected.get(key, _MISSING)
            for path, actual_value, expected_value in _differences(*pair):
                yield (key, *path), actual_value, expected_value
    elif isinstance(actual, list) and isinstance(expected, list) and len(actual) == len(expected):
        for position, pair in enumerate(zip(actual, expected, strict=True)):
            for path, actual_value, expected_value in _differences(*pair):
                yield (position, *path), actual_value, expected_value
    elif actual != expected:
        yield (), actual, expected


def _add_problem(setup: Setup, path: Path, actual: object, expected: object) -> None:
    sentence = f"The data has {_abbreviate(actual)}, but the file says {_abbreviate(expected)}."
    setup.document.problems.add(path, sentence)


def _abbreviate(value: object) -> str:
    if value is _MISSING or value == {}:
        return "no value"
    text = dump(value)
    return text if len(text) <= _SHOWN_LENGTH else f"{text[:_SHOWN_LENGTH]}..."
