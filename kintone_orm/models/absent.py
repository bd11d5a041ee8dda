"""Calculated fields that kintone left out of a record.

It does so in records that were written before the field was there: nothing was calculated for them
yet. Such a field reads None, and is fetched after the next save, which calculates it. But kintone
also leaves out what the app does not have, and what one may not see. So it has to be known from
elsewhere that the field is there: from another record of the answer, or from the app's form.

Source: kintone REST API, "Get Records"; left out records were seen on kintone by others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import KintoneORMError
from kintone_orm.fields.base import UNSET
from kintone_orm.fields.subtable import SubtableField
from kintone_orm.models.fetch_modes import FETCH_RAISE
from kintone_orm.models.seen_forms import look_at_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kintone_orm.connection import Connection
    from kintone_orm.fields.base import Field
    from kintone_orm.fields.row import Row
    from kintone_orm.models.base import Model

__all__ = ["read_absent"]


def read_absent(
    instances: Sequence[Model], connection: Connection | None, page: Iterable[Model] = ()
) -> None:
    """Let calculated fields that these records lack read None, if the `page` or the form has them.

    A form that nobody has looked at yet is one request, once.
    """
    for instance in instances:
        undecoded = instance._state.undecoded or {}
        for name in [name for name, sent in undecoded.items() if sent is None]:
            field = instance._meta.fields[name]
            if field.kintone_type == "CALC" and (
                any(field.peek(each) is not UNSET for each in page)
                or _form_has(instance, connection, field)
            ):
                _put_none(instance, field)
        for table in instance._meta.fields.values():
            if isinstance(table, SubtableField):
                _read_absent_cells(instance, table, connection, page)


def _put_none(instance: Model, field: Field[Any, Any]) -> None:
    field.put(instance, None)
    undecoded = instance._state.undecoded or {}
    undecoded.pop(field.name)
    instance._state.undecoded = undecoded or None


def _read_absent_cells(
    instance: Model,
    table: SubtableField[Any],
    connection: Connection | None,
    page: Iterable[Model],
) -> None:
    odd = [row for row in _rows(instance, table) if getattr(row, "_undecoded", None)]
    if not odd:
        return
    others = [row for each in (*page, instance) for row in _rows(each, table)]
    for row in odd:
        for name in row._absent_cells():
            column, cell = table.columns[name], row._fields[name]
            if column.kintone_type == "CALC" and (
                any(cell.peek(other) is not UNSET for other in others)
                or _form_has(instance, connection, column)
            ):
                cell.put(row, None)


def _rows(instance: Model, table: SubtableField[Any]) -> Iterator[Row]:
    rows = table.peek(instance)
    yield from () if rows is UNSET else rows


def _form_has(instance: Model, connection: Connection | None, field: Field[Any, Any]) -> bool:
    """Whether the app's form has the field as calculated; it is looked at once."""
    if connection is None:
        return False
    try:
        app = instance._meta.app_id(connection)
        if app not in connection.forms and instance._state.fetch_mode is not FETCH_RAISE:
            look_at_form(connection, app)
    except KintoneORMError:  # then nobody knows, and the next one asks again
        return False
    known = (connection.forms.get(app) or {}).get(field.code)
    return known is not None and (known.type, known.table) == ("CALC", field.table)
