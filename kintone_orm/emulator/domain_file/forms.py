"""Adding the fields of a domain file's forms.

Lookups and related records may refer to any other app of the file. So the fields of all apps are
added first, then the references are checked. All apps are deployed together later.
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
from ..settings.reference_table_rules import complete_reference_tables
from .refusals import translating_refusals

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from ..settings.apps import App
    from .file_problems import Path
    from .setup import Setup

__all__ = ["add_forms"]

_BUILT_IN = frozenset(kind for kind, _, _ in SYSTEM_FIELDS)
_DELETABLE = _BUILT_IN - {"STATUS", "STATUS_ASSIGNEE", "CATEGORY"}


def add_forms(setup: Setup, numbers: Mapping[str, int]) -> None:
    """Add the fields of each form to its app's preview settings. `numbers` are the apps' ids."""
    for key, number in numbers.items():
        properties = copy.deepcopy(setup.section("apps", key, "form", "properties"))
        where: Path = ("apps", key, "form", "properties")
        for code, definition in properties.items():
            _set_default_names(definition, code)
            for path, related in _references(definition, (*where, code)):
                _resolve_app(setup, path, related, numbers)
        setup.document.problems.check()
        with translating_refusals(setup.document, where[:-1]):
            _add_fields(setup, number, properties)
    for key, number in numbers.items():
        app, problems = setup.domain.app(number), Problems()
        if app is not None:
            where = ("apps", key, "form")
            with translating_refusals(
                setup.document, where, lambda: setup.names(*numbers.values())
            ):
                complete_lookups(setup.domain, app, problems)
                complete_reference_tables(setup.domain, app, problems)
                problems.check()
            setup.domain.save_app(app)


def _set_default_names(definition: object, code: str) -> None:
    """Use the field's key for a code or a label that is missing in the definition."""
    if isinstance(definition, dict):
        definition.setdefault("code", code)
        definition.setdefault("label", code)
        columns = definition.get("fields")
        if definition.get("type") == "SUBTABLE" and isinstance(columns, dict):
            for column_code, column in columns.items():
                _set_default_names(column, column_code)


def _references(definition: object, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield each `relatedApp` of a definition and of its columns, with its path."""
    if not isinstance(definition, dict):
        return
    for key in ("lookup", "referenceTable"):
        settings = definition.get(key)
        related = settings.get("relatedApp") if isinstance(settings, dict) else None
        if isinstance(related, dict) and related.get("app"):
            yield (*path, key, "relatedApp", "app"), related
    columns = definition.get("fields")
    for code, column in columns.items() if isinstance(columns, dict) else ():
        yield from _references(column, (*path, "fields", code))


def _resolve_app(
    setup: Setup, path: Path, related: dict[str, Any], numbers: Mapping[str, int]
) -> None:
    """Replace an app's key by its id. A form exported from kintone may also have a fixed id."""
    reference = str(related["app"])
    fixed = {str(app["id"]): key for key, app in setup.section("apps").items() if "id" in app}
    key = reference if reference in numbers else fixed.get(reference)
    if key is None:
        setup.document.problems.add_unknown(path, "app", reference, numbers)
    else:
        related["app"] = str(numbers[key])


def _add_fields(setup: Setup, number: int, properties: dict[str, Any]) -> None:
    app, problems = setup.domain.app(number), Problems()
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
    # Related records refer to other fields of the app in their condition, so they are added last.
    last = {code: own.pop(code) for code, kind in kinds.items() if kind == "REFERENCE_TABLE"}
    for fields in (own, last):
        add_fields(app, fields, problems)
    problems.check()
    delete_fields(app, _deleted_built_ins(app, kinds.values()), {})
    follow_fields(app["preview"], {})
    setup.domain.save_app(app)


def _deleted_built_ins(app: App, kinds: Collection[str]) -> list[str]:
    """Return the codes of the deletable built-in fields that a form does not have.

    A form without any of these five fields was written by hand, and keeps all of them. An exported
    form has at least one, unless all were deleted.
    """
    if not _DELETABLE.intersection(kinds):
        return []
    missing = _DELETABLE.difference(kinds)
    fields = app["preview"]["properties"].items()
    return [code for code, field in fields if field["type"] in missing]


def _put_built_in(app: App, code: str, definition: dict[str, Any], problems: Problems) -> None:
    """Replace a built-in field by the field of the form, whose code may be in another language."""
    properties, path = app["preview"]["properties"], f"properties[{code}]"
    before = next(c for c, field in properties.items() if field["type"] == definition["type"])
    completed = complete(definition, path, problems, types=EXISTING)
    if completed and completed["code"] != code:
        problems.add(f"{path}.code", "code_differs")
    if code != before and code in properties:
        problems.add(f"{path}.code", "code_taken", code=code)
    elif completed:
        app["preview"]["properties"] = {
            code if old_code == before else old_code: completed if old_code == before else field
            for old_code, field in properties.items()
        }
        app["origins"] = dict.fromkeys(c for c, _ in definitions(app["preview"]["properties"]))
