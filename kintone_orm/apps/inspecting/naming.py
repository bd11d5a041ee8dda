"""The names of everything in a module of models: first the kept names, then new ones.

A new name depends on codes alone, not on their order in a form. A field whose code is a name
already gets that name; among others with the same name, the first code in the alphabet does. So a
new field seldom changes the name of an old one, and with a names.toml it never does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kintone_orm.apps.inspecting.form_order import codes_in_order, columns_in_order
from kintone_orm.apps.inspecting.identifiers import (
    attribute_name,
    class_name,
    distinct,
    is_reserved_attribute,
    is_reserved_class,
    is_reserved_member,
    member_name,
)
from kintone_orm.apps.inspecting.name_scope import Scope
from kintone_orm.apps.inspecting.names_file import AppNames, Names
from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.models.ground.form_definitions import option_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kintone_orm.apps.description import AppDescription

__all__ = ["NamedApp", "find_app", "name_apps"]

# The ends of a lookup's name that say "key": without them, the name is that of the record.
_KEY_ENDINGS = ("_code", "_id", "_key", "_no", "_number", "コード", "番号", "ID", "No")


@dataclass(frozen=True, slots=True)
class NamedApp:
    """An app with the names of its class and its fields."""

    app: AppDescription
    identity: str  # the app in names.toml: its id, or the code or name of a form from a file
    codes: tuple[str, ...]  # in the order of the layout
    columns: Mapping[str, tuple[str, ...]]  # the codes of columns by table
    names: AppNames

    def definitions(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the code and definition of each field, each table followed by its columns."""
        for code in self.codes:
            yield code, self.app.fields[code]
            for column in self.columns.get(code, ()):
                yield column, self.app.fields[code]["fields"][column]


def find_app(apps: Iterable[NamedApp], related: Mapping[str, Any]) -> NamedApp | None:
    """Return the app that a lookup or a reference table names by id, or else by code, or None."""
    listed = list(apps)
    for one in listed:
        if one.app.id is not None and str(one.app.id) == str(related.get("app") or ""):
            return one
    code = related.get("code")
    return next((one for one in listed if code and one.app.code == code), None)


def name_apps(
    apps: Sequence[AppDescription],
    names: Names,
    *,
    enums: bool,
    keys: Mapping[int, str] | None,
) -> list[NamedApp]:
    """Return the apps with all their names; ImproperlyConfigured for a kept name that cannot be."""
    named: list[NamedApp] = []
    for app in apps:
        identity = str(app.id) if app.id is not None else app.code or app.name or "form"
        others = {one.identity for one in named}
        named.append(_begin(app, distinct(identity, others.__contains__)))
    attributes = {name for one in named for name in _kept_attributes(one, _kept(names, one))}
    classes = Scope(lambda name: is_reserved_class(name) or name in attributes, separator="")
    _name_classes(named, names, classes, enums=enums)
    for one in named:
        _name_attributes(one, named, names, classes)
        if enums:
            _name_members(one, names)
    _name_keys(named, names, keys)
    return named


def _begin(app: AppDescription, identity: str) -> NamedApp:
    """Return the app without names."""
    codes = codes_in_order(app.fields, app.layout)
    columns = {
        code: tuple(columns_in_order(code, app.fields[code].get("fields", {}), app.layout))
        for code in codes
        if app.fields[code].get("type") == "SUBTABLE"
    }
    return NamedApp(app, identity, tuple(codes), columns, AppNames())


def _kept(names: Names, one: NamedApp) -> AppNames:
    return names.apps.get(one.identity) or AppNames()


def _kept_attributes(one: NamedApp, kept: AppNames) -> Iterator[str]:
    for code in one.codes:
        yield from (names[code] for names in (kept.fields, kept.relations) if code in names)
        columns = kept.columns.get(code, {})
        yield from (columns[column] for column in one.columns.get(code, ()) if column in columns)


def _name_classes(named: Sequence[NamedApp], names: Names, classes: Scope, *, enums: bool) -> None:
    """Name the models, and then the classes of rows and options, which may get a model's name."""
    for one in named:
        kept, path = _kept(names, one), f"apps.{one.identity}"
        if kept.class_:
            classes.keep(kept.class_, f"{path}.class")
            one.names.class_ = kept.class_
        for kind, codes in _class_entries(one, enums=enums).items():
            for code in codes:
                if name := getattr(kept, kind).get(code):
                    classes.keep(name, f'{path}.{kind}."{code}"')
                    getattr(one.names, kind)[code] = name
    in_order = sorted(named, key=lambda one: (one.app.id is None, one.app.id or 0, one.identity))
    for one in in_order:
        if not one.names.class_:
            name = _model_name(one)
            entry = f"apps.{one.identity}.class"
            one.names.class_ = classes.choose(name, entry, reserved=f"{name}App")
    for one in in_order:
        for kind, codes in _class_entries(one, enums=enums).items():
            chosen: dict[str, str] = getattr(one.names, kind)
            for code in sorted(codes):
                if code not in chosen:
                    name = class_name(code, "Table" if kind == "rows" else "Field")
                    name += "Row" if kind == "rows" else "Choice"
                    entry = f'apps.{one.identity}.{kind}."{code}"'
                    other = f"{one.names.class_}{name}"
                    chosen[code] = classes.choose(name, entry, reserved=other, taken=other)
            in_form = {code: chosen[code] for code in codes}
            chosen.clear()
            chosen.update(in_form)


def _model_name(one: NamedApp) -> str:
    app, default = one.app, f"App{one.app.id or ''}"
    return class_name(app.code, "") or class_name(app.name, "") or default


def _class_entries(one: NamedApp, *, enums: bool) -> dict[str, list[str]]:
    """Return the codes of the fields that have classes: tables, and fields with options."""
    entries = {"rows": [code for code in one.codes if code in one.columns]}
    if enums:
        entries["enums"] = [code for code, field in one.definitions() if field.get("options")]
    return entries


def _name_attributes(
    one: NamedApp, named: Sequence[NamedApp], names: Names, classes: Scope
) -> None:
    kept, path = _kept(names, one), f"apps.{one.identity}"

    def is_reserved(name: str) -> bool:
        return is_reserved_attribute(name) or name in classes.names

    scope = Scope(is_reserved)
    proposed = {code: attribute_name(code) for code in one.codes}
    one.names.fields.update(
        scope.name_all(proposed, kept.fields, f"{path}.fields", reserved="{}_field")
    )
    relations = {}
    for code in one.codes:
        lookup = one.app.fields[code].get("lookup")
        source = find_app(named, lookup.get("relatedApp") or {}) if lookup else None
        if source is not None:
            relations[code] = _relation_name(one.names.fields[code])
    one.names.relations.update(
        scope.name_all(
            relations, kept.relations, f"{path}.relations", reserved="{}_record", taken="{}_record"
        )
    )
    for table, columns in one.columns.items():
        one.names.columns[table] = Scope(is_reserved).name_all(
            {code: attribute_name(code) for code in columns},
            kept.columns.get(table, {}),
            f'{path}.columns."{table}"',
            reserved="{}_field",
        )


def _relation_name(attribute: str) -> str:
    """Return the name of the record whose key a lookup has: customer for customer_code."""
    for ending in _KEY_ENDINGS:
        name = attribute.removesuffix(ending).rstrip("_")
        if name not in ("", attribute):
            return name
    return f"{attribute}_record"


def _name_members(one: NamedApp, names: Names) -> None:
    kept, path = _kept(names, one), f"apps.{one.identity}.members"
    for code, definition in one.definitions():
        if definition.get("options"):
            one.names.members[code] = Scope(is_reserved_member).name_all(
                {option: member_name(option) for option in option_names(definition)},
                kept.members.get(code, {}),
                f'{path}."{code}"',
                reserved="{}_OPTION",
            )


def _name_keys(named: Sequence[NamedApp], names: Names, keys: Mapping[int, str] | None) -> None:
    """Give each app its key, if the models have keys. A form from a file has no id, but a key."""
    taken = set() if keys is None else set(keys.values())
    for one in named:
        if key := _kept(names, one).key:
            if any(key == other.names.key for other in named):
                raise ImproperlyConfigured(
                    f"names.toml: apps.{one.identity}.key = {key!r} is also the key of another "
                    "app. Write another key, or delete the entry."
                )
            one.names.key = key
    taken |= {one.names.key for one in named}
    for one in named:
        app = one.app
        if one.names.key or (keys is None and app.id is not None):
            continue
        if keys is not None and app.id is not None and app.id in keys:
            one.names.key = keys[app.id]
        else:
            proposed = attribute_name(app.code, "") or attribute_name(app.name, "")
            one.names.key = distinct(proposed or f"app_{app.id}", taken.__contains__)
            taken.add(one.names.key)
