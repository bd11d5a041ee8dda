"""The changes that an app's form needs to have all fields of its models.

The functions are pure: they take a form as kintone describes it, and return the changes to send.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from kintone_orm.apps.deploying.code_places import require_one_place
from kintone_orm.apps.deploying.lookups import lookup_problems
from kintone_orm.exceptions import DeployError
from kintone_orm.fields.lookup import LookupField
from kintone_orm.fields.reference_table import ReferenceTableField
from kintone_orm.fields.subtable import SubtableField
from kintone_orm.models.ground.form_definitions import BUILT_IN_TYPES, copies
from kintone_orm.query.comparable import require_no_keyword

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kintone_orm.apps.app_ids import AppIds
    from kintone_orm.fields.base import Field
    from kintone_orm.models.base import Model
    from kintone_orm.models.ground.form_definitions import Form

__all__ = [
    "Changes",
    "FormChanges",
    "contains",
    "find_changes",
    "find_foreign",
    "require_only_ours",
]

Definition: TypeAlias = "dict[str, Any]"
"""A field as kintone's API describes it, to be sent."""

# The new fields of the models so far, by subtable (None is the form) and code.
_Planned: TypeAlias = "dict[tuple[str | None, str], Definition]"


@dataclass(slots=True)
class Changes:
    """The fields to add and the existing fields to change: their definitions by code."""

    added: dict[str, Definition] = field(default_factory=dict)
    changed: dict[str, Definition] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed)


@dataclass(slots=True)
class FormChanges:
    """The changes that a form needs: changes to make now, and changes of later rounds.

    `now` has the plain fields and kintone's built-in fields. `later` has the other fields, by the
    number of the round.
    """

    now: Changes = field(default_factory=Changes)
    later: dict[int, Changes] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.now or self.later)

    def in_round(self, number: int) -> Changes:
        """Return the changes of the round `number`; those of round 0 are in the attribute `now`."""
        return self.later.setdefault(number, Changes()) if number else self.now


_LAST_ROUND = sys.maxsize


def _round_of(field: Field, path: frozenset[Field] = frozenset()) -> int:
    """Return the number of the round that adds a field.

    A lookup comes after the fields that it copies into, which are plain, and after the fields that
    it names of another app, which may be lookups. Related records may name any field, so they come
    last. `path` holds the lookups that led to this field, so that a cycle ends.
    """
    if isinstance(field, ReferenceTableField):
        return _LAST_ROUND
    if not isinstance(field, LookupField) or field in path:
        return 0
    return 1 + max((_round_of(source, path | {field}) for source in _sources(field)), default=0)


def _sources(lookup: LookupField[Any]) -> list[Field]:
    """Return the fields of the other app that the lookup copies, shows, filters or sorts by.

    The filter and the order are texts: each field whose code occurs in them may be meant.
    """
    definition = lookup.definition()
    codes = {*copies(definition).values(), *definition["lookup"].get("lookupPickerFields", ())}
    texts = f"{lookup.filter_cond} {lookup.sort}"
    return [
        source
        for source in lookup.target._meta.fields.values()
        if source.has_value and (source.code in codes or source.code in texts)
    ]


def find_changes(
    models: Sequence[type[Model]], form: Form | None, *, is_new: bool, ids: AppIds
) -> FormChanges:
    """Return the changes that the app with `form` needs for `models`, which share the app.

    `form` is None for an app that does not exist yet. `ids` knows the apps that lookups and related
    records refer to. kintone's built-in fields exist from the start; in a new app they get the
    codes and labels that the models declare. DeployError for a field that has another type or
    contradicts the app's field or another model's, for a code that the app or another model has in
    another place, and for a built-in field that has another code in an app that is in use.
    """
    changes = FormChanges()
    planned: _Planned = {}
    for model in models:
        for declared in model._meta.fields.values():
            existing = None if form is None else form.get(declared.code)
            if declared.built_in:
                if form is not None:
                    _match_built_in(declared, form, changes.now, is_new)
            elif existing is not None:
                _require_the_same(declared, existing, model._meta.fields, ids)
            if isinstance(declared, SubtableField):
                _complete_table(declared, existing, changes, planned, ids)
            elif existing is None and not declared.built_in:
                require_no_keyword(declared)
                definition = _plan(declared, model._meta.fields, planned, ids)
                if definition is not None:
                    changes.in_round(_round_of(declared)).added[declared.code] = definition
    require_one_place(models, form or {})
    return changes


def find_foreign(models: Iterable[type[Model]], form: Form) -> list[str]:
    """Return the codes of the form's fields that are neither the models' nor kintone's built-in."""
    declared = _declared_codes(models)
    return sorted(
        code
        for code, definition in form.items()
        if definition["type"] not in BUILT_IN_TYPES
        and (code not in declared or not declared[code].issuperset(definition.get("fields", ())))
    )


def contains(form: Form, properties: Form) -> bool:
    """Return True if the form has these fields: those that a request has added or changed."""
    for code, definition in properties.items():
        current = form.get(definition.get("code", code))
        if current is None or current["type"] != definition["type"]:
            return False
        if not current.get("fields", {}).keys() >= definition.get("fields", {}).keys():
            return False
    return True


def require_only_ours(models: Iterable[type[Model]], live: Form, preview: Form) -> None:
    """Raise DeployError if the preview has changes other than new fields of the models.

    An interrupted deploy() leaves new fields in the preview.
    """
    declared = _declared_codes(models)
    different = {code for code in {*live, *preview} if live.get(code) != preview.get(code)}
    foreign = sorted(
        code
        for code in different
        if code not in declared
        or (code in live and not _only_adds(declared[code], preview.get(code), live[code]))
    )
    if foreign or not different:
        where = f"of {', '.join(map(repr, foreign))}" if foreign else "of its settings"
        raise DeployError(
            f"the app has changes {where} that are not live, and deploy() would make them live. "
            "Deploy or discard them in the app's settings."
        )


def _declared_codes(models: Iterable[type[Model]]) -> dict[str, set[str]]:
    """Return the codes of each declared field's columns, by the code of the field."""
    declared: dict[str, set[str]] = {}
    for model in models:
        for own in model._meta.fields.values():
            columns = own.columns if isinstance(own, SubtableField) else {}
            declared.setdefault(own.code, set()).update(column.code for column in columns.values())
    return declared


def _only_adds(columns: set[str], table: Mapping[str, Any] | None, live: Mapping[str, Any]) -> bool:
    """Return True if the preview's subtable is the live subtable plus some of `columns`."""
    if not table or "fields" not in table or "fields" not in live:
        return False
    new = columns - set(live["fields"])
    old_columns = {code: column for code, column in table["fields"].items() if code not in new}
    return bool({**table, "fields": old_columns} == live)


def _definition(field: Field, ids: AppIds) -> Definition:
    definition = field.definition()
    if isinstance(field, LookupField):
        definition["lookup"]["relatedApp"] = {"app": ids.to_send(field.target)}
    if isinstance(field, ReferenceTableField):
        definition["referenceTable"]["relatedApp"] = {"app": ids.to_send(field.target)}
    return definition


def _complete_table(
    table: SubtableField[Any],
    existing: Mapping[str, Any] | None,
    changes: FormChanges,
    planned: _Planned,
    ids: AppIds,
) -> None:
    """Add the missing columns of a subtable.

    The plain columns come first; later rounds add the lookups to the subtable. A subtable that
    exists keeps its label.
    """
    exists = existing is not None
    existing_columns = {} if existing is None else existing["fields"]
    new_table = {} if exists else table.definition(columns={})
    if not exists:
        _require_same_type(table, planned.setdefault((None, table.code), new_table))
    by_round: dict[int, dict[str, Definition]] = {}
    for column in table.columns.values():
        require_no_keyword(column)
        if column.code in existing_columns:
            _require_the_same(column, existing_columns[column.code], table.columns, ids)
            continue
        definition = _plan(column, table.columns, planned, ids)
        if definition is not None:
            by_round.setdefault(_round_of(column), {})[column.code] = definition
    for number, columns in sorted(by_round.items()):
        of_round = changes.in_round(number)
        tables = of_round.changed if exists else of_round.added
        empty = {"type": table.kintone_type, "code": table.code} if exists else new_table
        tables.setdefault(table.code, {**empty, "fields": {}})["fields"].update(columns)
        exists = True


def _plan(
    field: Field, siblings: Mapping[str, Field], planned: _Planned, ids: AppIds
) -> Definition | None:
    """Return the definition of a new field, or None if another model of the app adds the field.

    `siblings` are the fields of the same model or subtable by name. DeployError if the other model
    declares the field in another way.
    """
    place = (field.table, field.code)
    other = planned.get(place)
    if other is None:
        definition = planned[place] = _definition(field, ids)
        return definition
    _require_same_type(field, other)
    for problem in _problems(field, other, siblings, ids):
        raise DeployError(
            f"{field} {problem}, as another model of the app declares it. Declare the same in both "
            "models."
        )
    return None


def _require_same_type(field: Field, other: Definition) -> None:
    kintone_type = field.typed().kintone_type
    if other["type"] != kintone_type:
        raise DeployError(
            f"{field} is a {kintone_type}, but another model of the app declares "
            f"{field.code!r} as a {other['type']}. Declare the same type in both models."
        )


def _match_built_in(field: Field, form: Form, changes: Changes, is_new: bool) -> None:
    code = next((code for code, other in form.items() if other["type"] == field.kintone_type), None)
    if code is None or (code != field.code and not is_new):
        raise DeployError(
            f"{field} has the code {field.code!r}, but the code of the app's {field.kintone_type} "
            f"field is {code!r}. "
            f"Declare {field.name} = {type(field).__name__}({code!r})."
        )
    # Without a verbose_name, the field keeps kintone's label, which is in the domain's language.
    label = field.verbose_name or form[code]["label"]
    if is_new and (code, form[code]["label"]) != (field.code, label):
        changes.changed[code] = {"type": field.kintone_type, "code": field.code, "label": label}


def _require_the_same(
    field: Field, existing: Mapping[str, Any], siblings: Mapping[str, Field], ids: AppIds
) -> None:
    """Raise DeployError if the app's field contradicts `field`.

    `siblings` are the fields of the same model or subtable by name.
    """
    if not field.is_kept_as(existing["type"]):
        raise DeployError(
            f"{field} is a {field.typed().kintone_type}, but the app's field {field.code!r} is "
            f"a {existing['type']}. deploy() never changes a type. Change the model or the app."
        )
    for problem in _problems(field, existing, siblings, ids):
        raise DeployError(
            f"{field} {problem}. deploy() never changes a field. Change the model or the app."
        )


def _problems(
    field: Field, existing: Mapping[str, Any], siblings: Mapping[str, Field], ids: AppIds
) -> Iterator[str]:
    yield from field.form_problems(existing)
    # kintone may hide the lookup of an app that the user may not view; it is not compared then.
    if isinstance(field, LookupField) and existing.get("lookup"):
        source = ids.to_compare(field.target)
        yield from lookup_problems(field, existing, siblings.values(), source)
