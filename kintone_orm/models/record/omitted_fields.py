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
from kintone_orm.models.ground.app_forms import look_at_form
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
    """Let calculated fields that these records lack read None, if the `page` or the form has them.

    Each field is looked for once, as a whole page may lack it. A form that nobody has looked at yet
    is one request.
    """
    seen: dict[Field[Any, Any], bool] = {}

    def is_there(field: Field[Any, Any], values: Iterable[Any]) -> bool:
        if field not in seen:
            seen[field] = any(value is not UNSET for value in values) or _form_has(
                instances[0], connection, field
            )
        return seen[field]

    for instance in instances:
        undecoded = instance._state.undecoded or {}
        for name in [name for name, sent in undecoded.items() if sent is None]:
            field = instance._meta.fields[name]
            if field.kintone_type == "CALC" and is_there(field, map(field.peek, page)):
                _put_none(instance, field)
        for table in instance._meta.fields.values():
            if isinstance(table, SubtableField):
                for row in _rows(instance, table):
                    for name in row._absent_cells():
                        column, cell = table.columns[name], row._fields[name]
                        rows = (each for one in page or instances for each in _rows(one, table))
                        if column.kintone_type == "CALC" and is_there(column, map(cell.peek, rows)):
                            cell.put(row, None)


def _put_none(instance: Instance, field: Field[Any, Any]) -> None:
    field.put(instance, None)
    undecoded = instance._state.undecoded or {}
    undecoded.pop(field.name)
    instance._state.undecoded = undecoded or None


def _rows(instance: Instance, table: SubtableField[Any]) -> Iterator[Row]:
    rows: Any = table.peek(instance)
    # What was put into the list and is no row is refused when it is saved.
    yield from () if rows is UNSET else (row for row in rows if type(row) is table.row)


def _form_has(instance: Instance, connection: Connection | None, field: Field[Any, Any]) -> bool:
    """True if the app's form has the field as calculated; the form is looked at once."""
    if connection is None:
        return False
    try:
        app = instance._meta.app_id(connection)
        if app not in connection.forms and instance._state.fetch_mode is not FETCH_RAISE:
            look_at_form(connection, app)
    except KintoneORMError:  # then nobody knows, and the next page asks again
        return False
    known = (connection.forms.get(app) or {}).get(field.code)
    return known is not None and (known.type, known.table) == ("CALC", field.table)
