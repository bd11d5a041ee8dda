"""The fields that kintone fills in itself, by the app's form.

The form may calculate or copy into fields that the model declares as plain ones. They are read
again after a save. The form is read before the first write (`known_fields`); until then these
fields are unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kintone_orm.connection import Connection, KnownField
    from kintone_orm.models.ground.protocols import Meta

__all__ = ["MadeThere", "made_there"]


class MadeThere(NamedTuple):
    """The names of the fields that kintone fills in, grouped by what fills them."""

    # The fields that kintone fills in at every write.
    calculated: frozenset[str]
    # The lookup that fills a copied field, by the name of the copied field.
    copied_by: Mapping[str, str]
    # The columns of a table that are keys of lookups, by the name of the table.
    row_keys: Mapping[str, frozenset[str]]
    # The keys of lookups outside of tables, even if the model declares the keys as plain fields.
    lookups: frozenset[str]


_NOTHING = MadeThere(frozenset(), {}, {}, frozenset())


def made_there(meta: Meta, connection: Connection | None) -> MadeThere:
    """Return the model's fields that kintone fills in; no fields while the form is unknown."""
    if connection is None:
        return _NOTHING
    form = connection.forms.get(meta.app_id(connection))
    if not form:
        return _NOTHING
    known_form, made = meta.made_there or (None, _NOTHING)
    if known_form is not form:
        made = _made(meta, form)
        meta.made_there = form, made
    return made


def _made(meta: Meta, form: Mapping[str, KnownField]) -> MadeThere:
    by_code = {field.code: field.name for field in meta.fields.values()}
    calculated, copied_by = set(), {}
    row_keys: dict[str, frozenset[str]] = {}
    for code, field in form.items():
        name = by_code.get(field.table or code)
        if name is None or field.why_ignored is None:
            continue
        columns = (meta.fields[name].columns or {}).values()
        if field.table is not None and code not in {column.code for column in columns}:
            continue
        if field.copied_by is None:
            calculated.add(name)
        elif field.table is not None:
            keys = {column.name for column in columns if column.code == field.copied_by}
            row_keys[name] = row_keys.get(name, frozenset()) | keys
        elif field.copied_by in by_code:
            copied_by[name] = by_code[field.copied_by]
    lookups = {by_code[code] for code, field in form.items() if field.is_lookup and code in by_code}
    return MadeThere(frozenset(calculated), copied_by, row_keys, frozenset(lookups))
