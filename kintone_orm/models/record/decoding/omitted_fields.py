"""Calculated fields that kintone omits from a record.

kintone omits a calculated field from records that were written before the app had the field: no
value was calculated for them yet. Such a field reads None, and is fetched after the next save. But
kintone also omits fields that the app does not have, and fields that the user may not see. So
another source must say that the field exists: another record of the same page, or the app's form.

Source: kintone REST API, "Get Records"; the omission of fields was observed by others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import KintoneORMError
from kintone_orm.fields.base import UNSET
from kintone_orm.fields.subtable import SubtableField
from kintone_orm.models.ground.app_forms import read_form
from kintone_orm.models.ground.fetch_modes import FETCH_RAISE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kintone_orm.connection import Connection
    from kintone_orm.fields.base import Field
    from kintone_orm.fields.subtable_row import Row
    from kintone_orm.models.record.instance import Instance

__all__ = ["read_absent"]


def read_absent(
    instances: Sequence[Instance], connection: Connection | None, page: Sequence[Instance] = ()
) -> None:
    """Set omitted calculated fields to None if another record of `page`, or the form, has them.

    Each field is looked up once. A form that was not read yet takes one request.
    """
    known: dict[Field, bool] = {}

    def exists(field: Field, values: Iterable[object]) -> bool:
        if field not in known:
            known[field] = any(value is not UNSET for value in values) or _form_has(
                instances[0], connection, field
            )
        return known[field]

    for instance in instances:
        undecoded = instance._state.undecoded or {}
        for name in [name for name, sent in undecoded.items() if sent is None]:
            field = instance._meta.fields[name]
            if field.kintone_type == "CALC" and exists(field, map(field.peek, page)):
                _put_none(instance, field)
        for table in instance._meta.fields.values():
            if isinstance(table, SubtableField):
                for row in _rows(instance, table):
                    for name in row._absent_cells():
                        column, cell = table.columns[name], row._fields[name]
                        rows = (row for record in page or instances for row in _rows(record, table))
                        if column.kintone_type == "CALC" and exists(column, map(cell.peek, rows)):
                            cell.put(row, None)


def _put_none(instance: Instance, field: Field) -> None:
    field.put(instance, None)
    undecoded = instance._state.undecoded or {}
    undecoded.pop(field.name)
    instance._state.undecoded = undecoded or None


def _rows(instance: Instance, table: SubtableField[Any]) -> Iterator[Row]:
    rows: Any = table.peek(instance)
    # The program may have put items into the list that are no rows. They are skipped here, because
    # the next save refuses them.
    yield from () if rows is UNSET else (row for row in rows if type(row) is table.row)


def _form_has(instance: Instance, connection: Connection | None, field: Field) -> bool:
    """Return True if the app's form, which is read once, has the field as a calculated field."""
    if connection is None:
        return False
    try:
        app = instance._meta.app_id(connection)
        if app not in connection.forms and instance._state.fetch_mode is not FETCH_RAISE:
            read_form(connection, app)
    # The form stays unknown, and the next page asks for it again.
    except KintoneORMError:
        return False
    known = (connection.forms.get(app) or {}).get(field.code)
    return known is not None and (known.type, known.table) == ("CALC", field.table)
