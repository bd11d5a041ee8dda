"""Lookups and reference tables between the apps of a module: what their fields can say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kintone_orm.apps.inspecting.naming import find_app
from kintone_orm.apps.inspecting.settings import RULES, kind_of
from kintone_orm.models.ground.form_definitions import FEATURE_TYPES, copies

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kintone_orm.apps.inspecting.naming import NamedApp

__all__ = ["Lookup", "Reference", "is_declared", "link_lookup", "link_reference"]

_KEY_TYPES = ("SINGLE_LINE_TEXT", "NUMBER", "LINK")
_NUMBER_HOLDERS = ("NUMBER", "SINGLE_LINE_TEXT")
_HIDDEN = "The form does not show the other app, perhaps because you may not view it."


@dataclass(frozen=True, slots=True)
class Lookup:
    """A lookup whose source app is in the module: the names that its field says."""

    model: str
    key: str
    value_type: str  # the type parameter; "" for a text
    copies: Mapping[str, str]
    display: Sequence[str]
    remarks: Sequence[str]


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference table whose app is in the module: the names that its field says."""

    model: str
    key: str
    related: str
    display: Sequence[str]
    remarks: Sequence[str]


def is_declared(definition: Mapping[str, Any]) -> bool:
    """Return True if a model declares the field, as far as its own definition says."""
    kind = definition.get("type")
    if kind in FEATURE_TYPES:
        return definition.get("enabled") is True
    return kind in RULES or kind in ("SUBTABLE", "REFERENCE_TABLE")


def link_lookup(
    definition: Mapping[str, Any],
    beside: Mapping[str, Mapping[str, Any]],
    names: Mapping[str, str],
    apps: Sequence[NamedApp],
) -> Lookup | str:
    """Return the lookup, or the reason why it has to be a plain field.

    `beside` has the definitions of the lookup's own fields or columns, and `names` their names.
    """
    lookup = definition["lookup"]
    if not lookup:
        return f"A lookup. {_HIDDEN}"
    related = lookup.get("relatedApp") or {}
    source = find_app(apps, related)
    if source is None:
        filled = copies(definition)
        fills = f" kintone copies {_listed([*filled])} from there." if filled else ""
        return (
            f"A lookup of {_app(related)}, which is not inspected here.{fills} "
            f"Add {_argument(related)} to the apps to get a LookupField."
        )
    key_code = lookup["relatedKeyField"]
    key = source.app.fields.get(key_code)
    if key is None or not is_declared(key):
        return f"A lookup of {source.names.class_} by its field {key_code!r}, which is not there."
    if problem := _key_problem(definition["type"], key):
        return f"A lookup of {source.names.class_} by its field {key_code!r}, {problem}."
    copied, remarks = _link_copies(definition, beside, names, source)
    shown, hidden = _shown(lookup.get("lookupPickerFields", ()), source)
    remarks += hidden
    by_number = key["type"] == "RECORD_NUMBER"
    if by_number and definition["type"] != "NUMBER":
        remarks.append("In the app this is a text; deploy() makes a number for a record number.")
    value_type = "int" if by_number else "Decimal" if key["type"] == "NUMBER" else ""
    if value_type and not definition.get("required"):
        value_type += " | None"
    return Lookup(
        model=source.names.class_,
        key=source.names.fields[key_code],
        value_type=value_type,
        copies=copied,
        display=shown,
        remarks=remarks,
    )


def link_reference(
    definition: Mapping[str, Any], own: NamedApp, apps: Sequence[NamedApp]
) -> Reference | str:
    """Return the reference table, or the reason why there is no field for it."""
    table = definition["referenceTable"]
    if not table:
        return f"Related records. {_HIDDEN}"
    related_app = table.get("relatedApp") or {}
    other = find_app(apps, related_app)
    if other is None:
        return (
            f"The records of {_app(related_app)}, which is not inspected here. "
            f"Add {_argument(related_app)} to the apps to get a ReferenceTableField."
        )
    condition = table["condition"]
    for one, code in ((own, condition["field"]), (other, condition["relatedField"])):
        if not _has_value(one.app.fields.get(code)):
            return f"It compares {code!r}, which {one.names.class_} does not declare."
    shown, remarks = _shown(table.get("displayFields", ()), other)
    related = other.names.fields[condition["relatedField"]]
    return Reference(
        model=other.names.class_,
        key=own.names.fields[condition["field"]],
        related=related,
        display=() if shown == [related] else shown,
        remarks=remarks,
    )


def _key_problem(holder_type: str, key: Mapping[str, Any]) -> str:
    if key["type"] == "RECORD_NUMBER":
        return "" if holder_type in _NUMBER_HOLDERS else "a record number"
    if kind_of(key) not in _KEY_TYPES or "lookup" in key:
        return f"which is a {kind_of(key)}"
    if key["type"] != holder_type:
        return f"which is a {key['type']} while this field is a {holder_type}"
    return "" if key.get("unique") else "which allows duplicates"


def _link_copies(
    definition: Mapping[str, Any],
    beside: Mapping[str, Mapping[str, Any]],
    names: Mapping[str, str],
    source: NamedApp,
) -> tuple[dict[str, str], list[str]]:
    """Return the copies that a LookupField can have, and a remark for each other pair."""
    linked: dict[str, str] = {}
    remarks = []
    for ours, theirs in copies(definition).items():
        target = beside.get(ours)
        if target is None:
            why = "there is no such field beside it"
        elif "lookup" in target:
            why = "which is a lookup itself"
        elif kind_of(target) not in RULES or kind_of(target) in _NOT_COPIED_INTO:
            why = f"into which a model cannot copy ({kind_of(target)})"
        elif not _has_value(source.app.fields.get(theirs)):
            why = f"because {source.names.class_} does not declare {theirs!r}"
        else:
            linked[names[ours]] = source.names.fields[theirs]
            continue
        remarks.append(f"The app also copies {theirs!r} into {ours!r}: {why}.")
    return linked, remarks


_NOT_COPIED_INTO = frozenset(
    ("CALC", "CATEGORY", "CREATED_TIME", "CREATOR", "FILE", "MODIFIER", "RECORD_NUMBER", "STATUS")
    + ("STATUS_ASSIGNEE", "UPDATED_TIME", "calculated text")
)


def _shown(codes: Sequence[str], other: NamedApp) -> tuple[list[str], list[str]]:
    """Return the names of the fields that a list shows, and a remark on the others."""
    fields, model = other.app.fields, other.names.class_
    shown = [other.names.fields[code] for code in codes if _has_value(fields.get(code))]
    hidden = [code for code in codes if not _has_value(fields.get(code))]
    if not hidden:
        return shown, []
    return shown, [f"The list also shows {_listed(hidden)}, which {model} does not declare."]


def _has_value(definition: Mapping[str, Any] | None) -> bool:
    """Return True if a model declares the field and it is neither a table nor a reference table."""
    return definition is not None and is_declared(definition) and definition["type"] in RULES


def _app(related: Mapping[str, Any]) -> str:
    code = f" ({related['code']})" if related.get("code") else ""
    return f"app {related['app']}{code}" if related.get("app") else f"an app{code}"


def _argument(related: Mapping[str, Any]) -> str:
    return str(related.get("app") or related.get("code") or "that app")


def _listed(codes: Sequence[str]) -> str:
    return ", ".join(map(repr, codes))
