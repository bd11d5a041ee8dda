"""The text of a module of models, from descriptions of apps."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kintone_orm.apps.inspecting.declarations import declare, has_rows
from kintone_orm.apps.inspecting.names_file import AppNames, Names
from kintone_orm.apps.inspecting.naming import name_apps
from kintone_orm.apps.inspecting.plain_text import docstring, plain_text
from kintone_orm.apps.inspecting.source_text import (
    Text,
    argument,
    assignment,
    call,
    comment,
    string,
)
from kintone_orm.models.ground.form_definitions import number_precision, option_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kintone_orm.apps.description import AppDescription
    from kintone_orm.apps.inspecting.naming import NamedApp

__all__ = ["HEADER", "Module", "write_module"]

HEADER = "# Written by kintone-orm inspect."
"""The first line of every module. A file that begins with it may be replaced."""

_NOTE = (
    "The next run with --output replaces this file. Delete the first line to keep your changes. "
    "Names are kept if you edit them in a file: --names names.toml. Settings that only change how "
    "a form looks are left out, such as the size of a picture."
)
_LIBRARY = {"dt": "import datetime as dt", "enum": "import enum"} | {
    "Decimal": "from decimal import Decimal"
}
_OWN = {
    "kintone_orm": ("Model", "Row", "fields"),
    "kintone_orm.fields.number": ("NumberPrecision",),
    "kintone_orm.functions": ("LoginUser", "Now", "PrimaryOrganization", "Today"),
}


@dataclass(frozen=True, slots=True)
class Module:
    """A module of models: its text, its names for names.toml, and the ids of its app keys."""

    text: str
    names: Names
    keys: dict[str, int]


def write_module(
    apps: Sequence[AppDescription],
    *,
    enums: bool,
    keys: Mapping[int, str] | None,
    names: Names,
    command: str,
) -> Module:
    """Return a module with a model for each app, in their order.

    With `enums`, the options of a field are an Enum. With `keys`, `Meta.app` is a key: the one in
    `keys` for the app's id, or a new one. `names` are the names to keep, and `command` is the
    command line for the header. ImproperlyConfigured for a kept name that cannot be used.
    """
    once = {id(one) if one.id is None else ("id", one.id): one for one in apps}
    named = name_apps(list(once.values()), names, enums=enums, keys=keys)
    classes: list[list[str]] = []
    for one in named:
        if enums:
            classes += _enums(one)
        classes += [_row(one, table, named) for table in one.columns if has_rows(one, table)]
        classes.append(_model(one, named, has_key=keys is not None))
    body = "\n\n\n".join("\n".join(lines) for lines in classes)
    header = [HEADER, *comment(command, ""), *comment(_NOTE, "")]
    docstring = '"""Models of apps of kintone."""'
    parts = ["\n".join(header), docstring, *_imports(body)]
    return Module(
        text="\n".join(parts[:2]) + "\n\n" + "\n\n".join(parts[2:]) + f"\n\n\n{body}\n",
        names=_with_kept(names, named),
        keys={
            one.names.key: one.app.id
            for one in named
            if keys is not None and one.app.id is not None
        },
    )


def _imports(body: str) -> Iterator[str]:
    """Yield the blocks of imports that the classes need."""
    nodes = list(ast.walk(ast.parse(body)))
    used = {node.id for node in nodes if isinstance(node, ast.Name)}
    if library := [line for name, line in _LIBRARY.items() if name in used]:
        yield "\n".join(library)
    own = [
        f"from {module} import {', '.join(names)}"
        for module, all_names in _OWN.items()
        if (names := [name for name in all_names if name in used])
    ]
    types = (ast.unparse(node.slice) for node in nodes if isinstance(node, ast.Subscript))
    if any("QuerySet[" in type_ for type_ in types):
        own.append("from kintone_orm.models import QuerySet  # noqa: F401 - named in quotes")
    yield "\n".join(own)


def _enums(one: NamedApp) -> Iterator[list[str]]:
    for code, definition in one.definitions():
        if code not in one.names.enums:
            continue
        members = one.names.members[code]
        yield [
            f"class {one.names.enums[code]}(enum.Enum):",
            *docstring([f"The options of {code}."], "    "),
            "",
            *(
                line
                for option in option_names(definition)
                for line in assignment(members[option], Text(option), "    ")
            ),
        ]


def _row(one: NamedApp, table: str, named: Sequence[NamedApp]) -> list[str]:
    columns = declare(one, named, table=table)
    return [
        f"class {one.names.rows[table]}(Row):",
        *docstring([f"A row of {table}."], "    "),
        "",
        *columns.lines,
    ]


def _model(one: NamedApp, named: Sequence[NamedApp], *, has_key: bool) -> list[str]:
    app = one.app
    description = plain_text(app.description) or [f"A record of {app.name or one.names.class_}."]
    lines = [f"class {one.names.class_}(Model):", *docstring(description, "    "), ""]
    for remark in app.remarks:
        lines += comment(remark, "    ")
    body = declare(one, named).lines
    lines += [*body, ""] if body else []
    return [*lines, "    class Meta:", *_meta(one, has_key=has_key)]


def _meta(one: NamedApp, *, has_key: bool) -> Iterator[str]:
    app, indent = one.app, " " * 8
    if app.id is None:
        yield from comment("The file does not say the app's id. Give it to this key.", indent)
    is_key = has_key or app.id is None
    yield from assignment("app", string(one.names.key) if is_key else str(app.id), indent)
    if app.name:
        yield from assignment("verbose_name", Text(app.name), indent)
    precision = number_precision(app.settings or {})
    if precision and any(field["type"] in ("NUMBER", "CALC") for _, field in one.definitions()):
        options = [
            argument("digits", str(precision.digits)),
            argument("decimal_places", str(precision.decimal_places)),
        ]
        if precision.rounding_mode != "HALF_EVEN":
            options.append(argument("rounding_mode", string(precision.rounding_mode)))
        yield from assignment("number_precision", call("NumberPrecision", *options), indent)


def _with_kept(names: Names, named: Sequence[NamedApp]) -> Names:
    """Return the names in the order of the module, followed by kept entries that match nothing."""
    apps = {one.identity: _merged(one.names, names.apps.get(one.identity)) for one in named}
    return Names(apps | {app: kept for app, kept in names.apps.items() if app not in apps})


def _merged(used: AppNames, kept: AppNames | None) -> AppNames:
    if kept is None:
        return used
    return AppNames(
        class_=used.class_,
        key=used.key,
        fields=used.fields | _others(kept.fields, used.fields),
        rows=used.rows | _others(kept.rows, used.rows),
        relations=used.relations | _others(kept.relations, used.relations),
        enums=used.enums | _others(kept.enums, used.enums),
        columns=_merged_tables(used.columns, kept.columns),
        members=_merged_tables(used.members, kept.members),
    )


def _merged_tables(
    used: Mapping[str, dict[str, str]], kept: Mapping[str, dict[str, str]]
) -> dict[str, dict[str, str]]:
    return {
        code: used.get(code, {}) | _others(kept.get(code, {}), used.get(code, {}))
        for code in dict.fromkeys([*used, *kept])
    }


def _others(kept: Mapping[str, str], used: Mapping[str, str]) -> dict[str, str]:
    return {code: name for code, name in kept.items() if code not in used}
