"""How data that is there already differs from a domain file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..settings.apps import definitions
from ..store.record_text import dump

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from ..settings.apps import App
    from ..settings.domain import Domain
    from .complaints import Path
    from .result import Made
    from .setting_up import SettingUp

__all__ = ["compare"]

_LONGEST = 60
_NOTHING = object()

# Where the file has what an app's settings consist of.
_PLACES: dict[str, Path] = {
    "general": ("settings",),
    "properties": ("form", "properties"),
    "layout": ("form", "layout"),
    "views": ("views",),
    "process": ("process",),
    "permissions": ("permissions",),
}


def compare(setting: SettingUp, wanted: Domain, made: Made, *, extra_fields: bool) -> None:
    """Complain of each difference between the data and `wanted`, what the file alone would make.

    Spaces, and the settings that are in service, are compared; records are not, nor apps and
    spaces of which the file says nothing. With `extra_fields`, the data's apps may have fields
    that the file's have not.
    """
    said = setting.document.data.get("language", "en")
    if setting.domain.language != said:
        _add(setting, ("language",), setting.domain.language, said)
    for key, space in made.spaces.items():
        there = setting.domain.store.space(space.id)
        for part in ("id", "guest", "name"):
            if getattr(there, part, None) != getattr(space, part):
                _add(
                    setting,
                    ("spaces", key, part),
                    getattr(there, part, _NOTHING),
                    getattr(space, part),
                )
    for key, number in made.apps.items():
        kept, expected = _described(setting.domain.app(number)), _described(wanted.app(number))
        if extra_fields and kept:
            kept["form"] = _without_extra(kept["form"], expected["form"])
        for path, old, new in _differences(kept, expected):
            _add(setting, ("apps", key, *path), old, new)


def _described(app: App | None) -> dict[Any, Any]:
    """What is compared of an app, as the file has it; nothing of one that is not in service."""
    if app is None or app["live"] is None:
        return {}
    live: Mapping[str, Any] = app["live"]
    described: dict[Any, Any] = {"id": app["id"], "code": app["code"], "space": app["space"]}
    for part, place in _PLACES.items():
        inside = described
        for each in place[:-1]:
            inside = inside.setdefault(each, {})
        inside[place[-1]] = live[part]
    described["views"] = {
        name: {key: value for key, value in view.items() if key != "id"}
        for name, view in live["views"].items()
        if "builtinType" not in view
    }
    return described


def _without_extra(form: dict[str, Any], expected: Mapping[str, Any]) -> dict[str, Any]:
    """A form without the fields and columns that `expected` has not."""
    known = {code for code, _ in definitions(expected["properties"])}
    return {
        "properties": {
            code: {**field, "fields": _of(known, field["fields"])} if "fields" in field else field
            for code, field in _of(known, form["properties"]).items()
        },
        "layout": list(_lines_of(known, form["layout"])),
    }


def _of(known: Collection[str], fields: Mapping[str, Any]) -> dict[str, Any]:
    return {code: field for code, field in fields.items() if code in known}


def _lines_of(known: Collection[str], lines: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The lines of a layout without other fields than these, and without what then is empty."""
    for line in lines:
        if line.get("code") and line["code"] not in known:
            continue
        left = dict(line)
        if "layout" in line:
            left["layout"] = list(_lines_of(known, line["layout"]))
        if "fields" in line:
            fields = line["fields"]
            left["fields"] = [it for it in fields if not it.get("code") or it["code"] in known]
        if left.get("fields") or not line.get("fields"):
            yield left


def _differences(there: Any, wanted: Any) -> Iterator[tuple[Path, Any, Any]]:
    """Each smallest difference: its path, the value there and the wanted one."""
    if isinstance(there, dict) and isinstance(wanted, dict) and there:
        for key in {**wanted, **there}:
            old, new = there.get(key, _NOTHING), wanted.get(key, _NOTHING)
            for path, was, becomes in _differences(old, new):
                yield (key, *path), was, becomes
    elif isinstance(there, list) and isinstance(wanted, list) and len(there) == len(wanted):
        for position, (old, new) in enumerate(zip(there, wanted, strict=True)):
            for path, was, becomes in _differences(old, new):
                yield (position, *path), was, becomes
    elif there != wanted:
        yield (), there, wanted


def _add(setting: SettingUp, path: Path, there: Any, wanted: Any) -> None:
    sentence = f"The data has {_shown(there)}, the file makes {_shown(wanted)}."
    setting.document.complaints.add(path, sentence)


def _shown(value: Any) -> str:
    if value is _NOTHING or value == {}:
        return "nothing"
    text = dump(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
