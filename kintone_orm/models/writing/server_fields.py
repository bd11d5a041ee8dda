"""Values that kintone makes itself, by the app's form: more than a model declares, perhaps.

They are read again after a save. A form that nobody has looked at yet says nothing: it is looked
at before the first write (`known_fields`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kintone_orm.connection import Connection, KnownField
    from kintone_orm.models.definition.options import Options

__all__ = ["MadeThere", "made_there"]


class MadeThere(NamedTuple):
    """The names of fields that every write calculates, and of those that a lookup's key fills.

    `lookups` are the fields at the top level that are keys of lookups, declared as such or not.
    """

    calculated: frozenset[str]
    copied_by: Mapping[str, str]  # a field's name: its lookup's
    row_keys: Mapping[str, frozenset[str]]  # a table's name: those of the keys among its columns
    lookups: frozenset[str]


_NOTHING = MadeThere(frozenset(), {}, {}, frozenset())


def made_there(meta: Options, connection: Connection | None) -> MadeThere:
    """The model's fields that kintone fills in itself, by the form of the app there."""
    if connection is None:
        return _NOTHING
    form = connection.forms.get(meta.app_id(connection))
    if not form:
        return _NOTHING
    known, found = meta.made_there or (None, _NOTHING)
    if known is not form:
        found = _made(meta, form)
        meta.made_there = form, found
    return found


def _made(meta: Options, form: Mapping[str, KnownField]) -> MadeThere:
    by_code = {field.code: field.name for field in meta.fields.values()}
    calculated, copied_by = set(), {}
    row_keys: dict[str, frozenset[str]] = {}
    for code, field in form.items():
        name = by_code.get(field.table or code)
        if name is None or field.made is None:
            continue
        columns = (meta.fields[name].columns or {}).values()
        if field.table is not None and code not in {each.code for each in columns}:
            continue
        if field.copied_by is None:
            calculated.add(name)
        elif field.table is not None:
            keys = {each.name for each in columns if each.code == field.copied_by}
            row_keys[name] = row_keys.get(name, frozenset()) | keys
        elif field.copied_by in by_code:
            copied_by[name] = by_code[field.copied_by]
    lookups = {by_code[code] for code, field in form.items() if field.is_lookup and code in by_code}
    return MadeThere(frozenset(calculated), copied_by, row_keys, frozenset(lookups))
