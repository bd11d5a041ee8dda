"""names.toml: the names of a module of models, written for editing and kept on the next run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.toml_text import toml_key, toml_string

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["AppNames", "Names", "names_to_toml", "read_names"]

_TABLES = ("fields", "rows", "relations", "enums")
_NESTED = ("columns", "members")
_HEADER = """\
# The names in a module that kintone-orm inspect writes, by the codes of the apps.
# Edit them, and name this file on the next run: kintone-orm inspect ... --names names.toml
"""


@dataclass(slots=True, kw_only=True)
class AppNames:
    """The names of one app's class and key, and of its fields, by field code.

    `columns` has the names of columns by the code of their table, `rows` the classes of tables,
    `relations` the names of related records by the code of their lookup. `enums` has the classes
    of options, and `members` the names of options by the code of their field.
    """

    class_: str = ""
    key: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)
    relations: dict[str, str] = field(default_factory=dict)
    enums: dict[str, str] = field(default_factory=dict)
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    members: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Names:
    """The names of apps, by id as text, or by the code of a form from a file."""

    apps: dict[str, AppNames] = field(default_factory=dict)


def read_names(document: Mapping[str, Any]) -> Names:
    """Return the names in a parsed names.toml; ImproperlyConfigured for an unknown entry."""
    _refuse_unknown("", document, ("apps",))
    return Names(
        {app: _read_app(app, entry) for app, entry in _table("apps", document, "apps").items()}
    )


def names_to_toml(names: Names) -> str:
    """Return the text of names.toml, in the order of the names. Reading it gives equal names."""
    blocks = [_HEADER]
    for app, own in names.apps.items():
        path = f"apps.{toml_key(app)}"
        lines = [f"[{path}]"]
        lines += [f"class = {toml_string(own.class_)}"] * bool(own.class_)
        lines += [f"key = {toml_string(own.key)}"] * bool(own.key)
        blocks.append("\n".join(lines) + "\n")
        for kind in _TABLES:
            blocks += _block(f"{path}.{kind}", getattr(own, kind))
        for kind in _NESTED:
            for code, entries in getattr(own, kind).items():
                blocks += _block(f"{path}.{kind}.{toml_key(code)}", entries)
    return "\n".join(blocks)


def _read_app(app: str, entry: object) -> AppNames:
    path = f"apps.{app}"
    if not isinstance(entry, Mapping):
        raise ImproperlyConfigured(f"names.toml: {path} must be a table, not {entry!r:.80}.")
    _refuse_unknown(path, entry, ("class", "key", *_TABLES, *_NESTED))
    names = AppNames(
        class_=_name(f"{path}.class", entry.get("class", "")),
        key=_name(f"{path}.key", entry.get("key", "")),
    )
    for kind in _TABLES:
        getattr(names, kind).update(_names(f"{path}.{kind}", entry, kind))
    for kind in _NESTED:
        tables = _table(f"{path}.{kind}", entry, kind)
        getattr(names, kind).update(
            {code: _names(f'{path}.{kind}."{code}"', tables, code) for code in tables}
        )
    return names


def _names(path: str, entry: Mapping[str, object], kind: str) -> dict[str, str]:
    return {
        code: _name(f'{path}."{code}"', name) for code, name in _table(path, entry, kind).items()
    }


def _table(path: str, entry: Mapping[str, object], name: str) -> Mapping[str, Any]:
    table = entry.get(name, {})
    if not isinstance(table, Mapping):
        raise ImproperlyConfigured(f"names.toml: {path} must be a table, not {table!r:.80}.")
    return table


def _name(path: str, name: object) -> str:
    if not isinstance(name, str):
        raise ImproperlyConfigured(f"names.toml: {path} must be a text, not {name!r:.80}.")
    return name


def _refuse_unknown(path: str, entry: Mapping[str, object], known: tuple[str, ...]) -> None:
    for name in entry:
        if name not in known:
            place = f"{path} has an" if path else "there is an"
            raise ImproperlyConfigured(
                f"names.toml: {place} unknown entry {name!r}. The entries are {', '.join(known)}."
            )


def _block(path: str, entries: Mapping[str, str]) -> Iterator[str]:
    if entries:
        lines = [
            f"[{path}]",
            *(f"{toml_key(code)} = {toml_string(name)}" for code, name in entries.items()),
        ]
        yield "\n".join(lines) + "\n"
