"""A model's fields beside the form of its app: what is missing, and what contradicts it.

Pure: it is given the form as kintone describes it and says what to send.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from kintone_orm.exceptions import DeployError
from kintone_orm.fields.lookup import LookupField
from kintone_orm.fields.reference_table import ReferenceTableField
from kintone_orm.fields.subtable import SubtableField
from kintone_orm.query.comparable import require_no_keyword

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from kintone_orm.fields.base import Field
    from kintone_orm.models.base import Model

__all__ = ["Changes", "Missing", "Properties", "missing", "require_ours"]

Properties: TypeAlias = "dict[str, dict[str, Any]]"


@dataclass(slots=True)
class Changes:
    """Definitions by code: fields to add, and changes of fields that are there."""

    added: Properties = field(default_factory=dict)
    changed: Properties = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed)


@dataclass(slots=True)
class Missing:
    """Changes that a form lacks: those to make now, and those that wait for other fields."""

    now: Changes = field(default_factory=Changes)
    later: dict[int, Changes] = field(default_factory=dict)
    """By the number of the round. kintone's own fields, and plain ones, are round 0, `now`."""

    def round_of(self, wanted: Field) -> Changes:
        """When the field is added."""
        number = _round(wanted)
        return self.later.setdefault(number, Changes()) if number else self.now


_LAST = sys.maxsize


def _round(wanted: Field, seen: frozenset[Field] = frozenset()) -> int:
    """The number of the round in which a field is added.

    A lookup comes after the fields that it copies to, which are plain, and after those of the other
    app that it copies, which may be lookups. Related records may name any field.
    """
    if isinstance(wanted, ReferenceTableField):
        return _LAST
    if not isinstance(wanted, LookupField) or wanted in seen:
        return 0
    copied = [wanted.target._meta.get_field(their) for their in wanted.copies.values()]
    return 1 + max((_round(each, seen | {wanted}) for each in copied), default=0)


def missing(
    models: Iterable[type[Model]],
    form: Mapping[str, Mapping[str, Any]] | None,
    *,
    is_new: bool,
    app_id: Callable[[type[Model]], int],
) -> Missing:
    """What the app with `form` lacks for `models`, which all live in it.

    `form` is None for an app that is not made yet, whose built-in fields have no codes. kintone's
    built-in fields are there from the start; in a new app they get the codes that the
    models declare. DeployError for a field that has another type, or a built-in field that
    has another code in an app that others may use already.
    """
    found = Missing()
    for model in models:
        for each in model._meta.fields.values():
            there = None if form is None else form.get(each.code)
            if each.built_in:
                if form is not None:
                    _match_built_in(each, form, found.now, is_new)
            elif there is not None:
                _require_the_same(each, there)
            if isinstance(each, SubtableField):
                _complete_table(each, there, found, app_id)
            elif there is None and not each.built_in:
                require_no_keyword(each)
                _add(each, found.round_of(each), app_id)
    return found


def require_ours(
    models: Iterable[type[Model]],
    live: Mapping[str, Any],
    preview: Mapping[str, Any],
) -> None:
    """DeployError if what is not in service yet is more than fields that the models declare.

    Such fields are what an interrupted deploy() leaves behind.
    """
    declared: dict[str, set[str]] = {}  # by code the columns, if it is a subtable
    for wanted in (each for model in models for each in model._meta.fields.values()):
        columns = wanted.columns if isinstance(wanted, SubtableField) else {}
        declared.setdefault(wanted.code, set()).update(each.code for each in columns.values())
    different = {code for code in {*live, *preview} if live.get(code) != preview.get(code)}
    others = sorted(
        code
        for code in different
        if code not in declared
        or (code in live and not _adds_only(declared[code], preview.get(code), live[code]))
    )
    if others or not different:
        what = f"of {', '.join(map(repr, others))}" if others else "of its settings"
        raise DeployError(
            f"the app has changes {what} that are not in service yet, and deploy() would put "
            "them into service: do so in the app's settings, or discard them there."
        )


def _adds_only(columns: set[str], table: Any, live: Mapping[str, Any]) -> bool:
    """Whether the subtable is the one in service, and some of `columns` besides."""
    if not table or "fields" not in table or "fields" not in live:
        return False
    new = columns - set(live["fields"])
    kept = {code: inner for code, inner in table["fields"].items() if code not in new}
    return bool(table | {"fields": kept} == live)


def _definition(wanted: Field, app_id: Callable[[type[Model]], int]) -> dict[str, Any]:
    definition = wanted.definition()
    if isinstance(wanted, LookupField):
        definition["lookup"]["relatedApp"] = {"app": app_id(wanted.target)}
    if isinstance(wanted, ReferenceTableField):
        definition["referenceTable"]["relatedApp"] = {"app": app_id(wanted.target)}
    return definition


def _complete_table(
    table: SubtableField[Any],
    there: Mapping[str, Any] | None,
    found: Missing,
    app_id: Callable[[type[Model]], int],
) -> None:
    """What the subtable lacks; its lookups come later than the rest of it."""
    inner = {} if there is None else there["fields"]
    lacking: dict[int, Properties] = {}
    for column in table.columns.values():
        require_no_keyword(column)
        if column.code in inner:
            _require_the_same(column, inner[column.code])
        else:
            columns = lacking.setdefault(_round(column), {})
            columns[column.code] = _definition(column, app_id)
    exists = there is not None
    for number, columns in sorted(lacking.items()):
        changes = found.later.setdefault(number, Changes()) if number else found.now
        properties = changes.changed if exists else changes.added
        definition = table.definition(columns={})
        properties.setdefault(table.code, definition)["fields"].update(columns)
        exists = True


def _add(wanted: Field, changes: Changes, app_id: Callable[[type[Model]], int]) -> None:
    definition = _definition(wanted, app_id)
    other = changes.added.setdefault(wanted.code, definition)
    if other["type"] != definition["type"]:
        raise DeployError(
            f"{wanted} is a {definition['type']}, but another model of the app declares "
            f"{wanted.code!r} as a {other['type']}. Declare the same in both."
        )


def _match_built_in(
    wanted: Field,
    form: Mapping[str, Mapping[str, Any]],
    found: Changes,
    is_new: bool,
) -> None:
    code = next((code for code, it in form.items() if it["type"] == wanted.kintone_type), None)
    if code == wanted.code:
        return
    if code is None or not is_new:
        raise DeployError(
            f"{wanted} is {wanted.code!r}, but the app's {wanted.kintone_type} field is {code!r}: "
            f"declare {wanted.name} = {type(wanted).__name__}({code!r})."
        )
    found.changed[code] = {"type": wanted.kintone_type, "code": wanted.code}


def _require_the_same(wanted: Field, there: Mapping[str, Any]) -> None:
    if not wanted.is_kept_as(there["type"]):
        raise DeployError(
            f"{wanted} is a {wanted.typed().kintone_type}, but the app's field {wanted.code!r} is "
            f"a {there['type']}. deploy() never changes a type: change the model, or the app."
        )
    for found in wanted.form_problems(there):
        raise DeployError(
            f"{wanted} {found}. deploy() never changes a field: change the model, or the app."
        )
