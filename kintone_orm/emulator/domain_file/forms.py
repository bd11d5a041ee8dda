"""The forms of a domain file. Their lookups and related records name apps by key, in any order.

So the fields of all forms are there before any of these references is checked, and all apps are
deployed at once.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from ..forms.definitions import EXISTING, complete
from ..ground.choices import SYSTEM_FIELDS
from ..ground.problems import Problems
from ..settings.apps import definitions
from ..settings.dependents import follow_fields
from ..settings.form_editing import add_fields, delete_fields
from ..settings.lookup_rules import complete_lookups
from ..settings.reference_table_rules import complete_related_records
from .refusals import refusals

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from ..settings.apps import App
    from .complaints import Path
    from .setting_up import SettingUp

__all__ = ["add_forms"]

_BUILT_IN = frozenset(kind for kind, _, _ in SYSTEM_FIELDS)
_DELETABLE = _BUILT_IN - {"STATUS", "STATUS_ASSIGNEE", "CATEGORY"}


def add_forms(setting: SettingUp, numbers: Mapping[str, int]) -> None:
    """Give each app the fields of its form, before it is deployed. `numbers` are the apps' ids."""
    for key, number in numbers.items():
        properties = copy.deepcopy(setting.section("apps", key, "form", "properties"))
        where: Path = ("apps", key, "form", "properties")
        for code, definition in properties.items():
            _name(definition, code)
            for path, related in _references(definition, (*where, code)):
                _resolve(setting, path, related, numbers)
        setting.document.complaints.check()
        with refusals(setting.document, where[:-1]):
            _add_fields(setting, number, properties)
    for key, number in numbers.items():
        app, problems = setting.domain.app(number), Problems()
        if app is not None:
            where = ("apps", key, "form")
            with refusals(setting.document, where, lambda: setting.names(*numbers.values())):
                complete_lookups(setting.domain, app, problems)
                complete_related_records(setting.domain, app, problems)
                problems.check()
            setting.domain.save_app(app)


def _name(definition: Any, code: str) -> None:
    """A definition's code and label are its key, unless it says otherwise."""
    if isinstance(definition, dict):
        definition.setdefault("code", code)
        definition.setdefault("label", code)
        columns = definition.get("fields")
        if definition.get("type") == "SUBTABLE" and isinstance(columns, dict):
            for inner, column in columns.items():
                _name(column, inner)


def _references(definition: Any, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Each `relatedApp` of a definition and of its columns, with its place."""
    if not isinstance(definition, dict):
        return
    for part in ("lookup", "referenceTable"):
        settings = definition.get(part)
        related = settings.get("relatedApp") if isinstance(settings, dict) else None
        if isinstance(related, dict) and related.get("app"):
            yield (*path, part, "relatedApp", "app"), related
    columns = definition.get("fields")
    for code, column in columns.items() if isinstance(columns, dict) else ():
        yield from _references(column, (*path, "fields", code))


def _resolve(
    setting: SettingUp, path: Path, related: dict[str, Any], numbers: Mapping[str, int]
) -> None:
    """Put the id of an app in the place of its key. A form of a real app may name a fixed id."""
    named = str(related["app"])
    fixed = {str(app["id"]): key for key, app in setting.section("apps").items() if "id" in app}
    key = named if named in numbers else fixed.get(named)
    if key is None:
        setting.document.complaints.unknown(path, "app", named, numbers)
    else:
        related["app"] = str(numbers[key])


def _add_fields(setting: SettingUp, number: int, properties: dict[str, Any]) -> None:
    app, problems = setting.domain.app(number), Problems()
    if app is None:
        return
    kinds = {
        code: str(definition.get("type")) if isinstance(definition, dict) else ""
        for code, definition in properties.items()
    }
    for code, kind in kinds.items():
        if kind in _BUILT_IN:
            _put_built_in(app, code, properties[code], problems)
    own = {code: field for code, field in properties.items() if kinds[code] not in _BUILT_IN}
    # Related records have a condition on a field that is there before them.
    last = {code: own.pop(code) for code, kind in kinds.items() if kind == "REFERENCE_TABLE"}
    for fields in (own, last):
        add_fields(app, fields, problems)
    problems.check()
    delete_fields(app, _deleted(app, kinds.values()), {})
    follow_fields(app["preview"], {})
    setting.domain.save_app(app)


def _deleted(app: App, kinds: Collection[str]) -> list[str]:
    """The codes of the built-in fields that were deleted from a form: it has others of the five.

    A form that was written by hand has none of the five, and gets all.
    """
    if not _DELETABLE.intersection(kinds):
        return []
    missing = _DELETABLE.difference(kinds)
    fields = app["preview"]["properties"].items()
    return [code for code, field in fields if field["type"] in missing]


def _put_built_in(app: App, code: str, definition: dict[str, Any], problems: Problems) -> None:
    """Let a built-in field be as the form has it: its code is another one in each language."""
    properties, path = app["preview"]["properties"], f"properties[{code}]"
    before = next(c for c, field in properties.items() if field["type"] == definition["type"])
    found = complete(definition, path, problems, types=EXISTING)
    if found and found["code"] != code:
        problems.add(f"{path}.code", "code_differs")
    if code != before and code in properties:
        problems.add(f"{path}.code", "code_taken", code=code)
    elif found:
        app["preview"]["properties"] = {
            code if each == before else each: found if each == before else field
            for each, field in properties.items()
        }
        app["origins"] = dict.fromkeys(c for c, _ in definitions(app["preview"]["properties"]))
