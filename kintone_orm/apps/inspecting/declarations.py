"""The declarations of an app's fields: their expressions, and comments above them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kintone_orm.apps.field_classes import CLASS_NAMES
from kintone_orm.apps.inspecting.links import is_declared, link_lookup, link_reference
from kintone_orm.apps.inspecting.plain_field import Choices, Plain
from kintone_orm.apps.inspecting.settings import RULES, label, required, settings
from kintone_orm.apps.inspecting.source_text import (
    Text,
    argument,
    assignment,
    call,
    comment,
    dict_of,
    list_of,
    string,
)
from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.fields.declaring.naming import checked_code
from kintone_orm.models.ground.form_definitions import copied_fields

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kintone_orm.apps.inspecting.naming import NamedApp
    from kintone_orm.apps.inspecting.source_text import Expression

__all__ = ["Declarations", "declare", "has_rows"]

_INDENT = "    "


@dataclass(slots=True)
class Declarations:
    """The lines of the fields in a class body."""

    lines: list[str] = field(default_factory=list)

    def add(self, name: str, value: Expression, remarks: Sequence[str] = ()) -> None:
        """Add a field with its comments above it."""
        for remark in remarks:
            self.lines += comment(remark, _INDENT)
        self.lines += assignment(name, value, _INDENT)

    def leave_out(self, code: str, reason: str) -> None:
        """Add a comment in the place of a field."""
        self.lines += comment(f"No field for {code!r}: {reason}", _INDENT)


def declare(own: NamedApp, apps: Sequence[NamedApp], *, table: str | None = None) -> Declarations:
    """Return the declarations of an app's fields, or of the columns of its `table`."""
    declarations = Declarations()
    if table is None:
        definitions, names, codes = own.app.fields, own.names.fields, own.codes
    else:
        definitions = own.app.fields[table]["fields"]
        names, codes = own.names.columns[table], own.columns[table]
    copied = copied_fields(definitions)
    for code in codes:
        definition, name = {"code": code, **definitions[code]}, names[code]
        if not is_declared(definition):
            if reason := _why_not(definition):
                declarations.leave_out(code, reason)
            continue
        try:
            checked_code(code)
        except ImproperlyConfigured as error:
            declarations.leave_out(code, str(error))
            continue
        positional = [] if code == name else [Text(code)]
        if "lookup" in definition:
            _declare_lookup(declarations, definition, positional, definitions, names, own, apps)
        elif definition["type"] == "REFERENCE_TABLE":
            _declare_reference(declarations, definition, positional, own, apps)
        elif definition["type"] == "SUBTABLE":
            if not has_rows(own, code):
                declarations.leave_out(code, "none of its columns can be declared.")
                continue
            row = own.names.rows[code]
            value = call("fields.SubtableField", row, *positional, *label(Plain(definition)))
            declarations.add(name, value)
        else:
            _declare_plain(declarations, definition, positional, name, own, code in copied)
    return declarations


def has_rows(own: NamedApp, table: str) -> bool:
    """Return True if a table has a column that a class of rows can declare."""
    columns = own.app.fields[table]["fields"].values()
    return any(is_declared(column) for column in columns)


def _why_not(definition: Mapping[str, Any]) -> str:
    """Return why a model has no such field; "" if its absence needs no comment."""
    if definition.get("enabled") is False:
        return ""
    if "enabled" not in definition and definition.get("type") in RULES:
        return "The form does not say whether it is enabled, and reading it fails if it is not."
    return f"kintone_orm does not know the type {definition.get('type')}."


def _declare_plain(
    declarations: Declarations,
    definition: Mapping[str, Any],
    positional: list[Text],
    name: str,
    own: NamedApp,
    is_filled: bool,
) -> None:
    code = definition["code"]
    choices = None
    if code in own.names.enums and code in own.names.members:
        choices = Choices(own.names.enums[code], own.names.members[code])
    options, remarks = settings(Plain(definition, choices), is_filled=is_filled)
    declarations.add(name, call(_class(definition), *positional, *options), remarks)


def _declare_lookup(
    declarations: Declarations,
    definition: Mapping[str, Any],
    positional: list[Text],
    beside: Mapping[str, Mapping[str, Any]],
    names: Mapping[str, str],
    own: NamedApp,
    apps: Sequence[NamedApp],
) -> None:
    code, lookup = definition["code"], definition["lookup"]
    name = names[code]
    linked = link_lookup(definition, beside, names, apps)
    common = [*required(Plain(definition)), *label(Plain(definition))]
    if isinstance(linked, str):
        declarations.add(name, call(_class(definition), *positional, *common), [linked])
        return
    remarks = list(linked.remarks)
    if definition.get("unique"):
        remarks.append("The form says unique, which a LookupField cannot be.")
    class_ = "fields.LookupField" + (f"[{linked.value_type}]" if linked.value_type else "")
    options = [argument("key", string(linked.key))]
    if linked.copies:
        copies: dict[str, Expression] = {ours: string(to) for ours, to in linked.copies.items()}
        options.append(argument("copies", dict_of(copies)))
    options += _picker(lookup, linked.display)
    value = call(class_, string(linked.model), *positional, *options, *common)
    declarations.add(name, value, remarks)
    if relation := own.names.relations.get(code):
        related = call(f'fields.RelatedRecord["{linked.model}"]', string(name))
        declarations.add(relation, related)


def _declare_reference(
    declarations: Declarations,
    definition: Mapping[str, Any],
    positional: list[Text],
    own: NamedApp,
    apps: Sequence[NamedApp],
) -> None:
    code, table = definition["code"], definition["referenceTable"]
    linked = link_reference(definition, own, apps)
    if isinstance(linked, str):
        declarations.leave_out(code, linked)
        return
    options = [
        argument("key", string(linked.key)),
        argument("related", string(linked.related)),
        *_picker(table, linked.display),
    ]
    size = str(table.get("size") or "5")
    if size != "5":
        options.append(argument("size", size))
    class_ = f'fields.ReferenceTableField["QuerySet[{linked.model}]"]'
    value = call(class_, string(linked.model), *positional, *options, *label(Plain(definition)))
    declarations.add(own.names.fields[code], value, linked.remarks)


def _picker(settings: Mapping[str, Any], display: Sequence[str]) -> list[tuple[str, Expression]]:
    """Return the options of a list of records: the fields it shows, its condition and order."""
    options: list[tuple[str, Expression]] = []
    if display:
        options.append(argument("display", list_of([string(name) for name in display])))
    for option, setting in (("filter_cond", "filterCond"), ("sort", "sort")):
        if settings.get(setting):
            options.append(argument(option, Text(settings[setting])))
    return options


def _class(definition: Mapping[str, Any]) -> str:
    return f"fields.{CLASS_NAMES[definition['type']]}"
