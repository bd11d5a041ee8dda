"""Refusing to write fields that kintone would ignore.

kintone silently ignores the value of a field that the app does not have, that kintone calculates
itself, or that is in another table. So a program reads the app's form once, before its first write
to the app. After `deploy` the form is known already.

Source: kintone REST API, "Get Form Fields"; "Field Types", table, lookup and calculated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kintone_orm.exceptions import FieldDoesNotExist, FieldError
from kintone_orm.models.ground.app_forms import read_form
from kintone_orm.models.ground.read_refusals import translating_read_refusals

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from kintone_orm.connection import Connection
    from kintone_orm.fields.base import Field
    from kintone_orm.models.ground.protocols import Meta

__all__ = ["require_fields"]


def require_fields(
    meta: Meta,
    connection: Connection,
    names: Iterable[str],
    columns: Callable[[], Mapping[str, Collection[str]]],
) -> None:
    """Raise FieldError if kintone would ignore one of the fields `names`; at most one request.

    `columns` returns the names of the columns with sent cells, by the table's name. It is costly,
    so it is called only if kintone would ignore one of the fields or of the tables' columns.
    """
    app = meta.app_id(connection)
    fields = [meta.fields[name] for name in names]
    tables = {field.name: field.columns for field in fields if field.columns}
    all_columns = (column for by_name in tables.values() for column in by_name.values())
    if not _ignored(connection, app, [*fields, *all_columns]):
        return
    sent = columns() if tables else {}
    written = [*fields, *(tables[table][name] for table in tables for name in sent.get(table, ()))]
    if _ignored(connection, app, written):
        with translating_read_refusals(meta, app):
            read_form(connection, app)
    for field, why in _ignored(connection, app, written).items():
        if why is None:
            raise FieldDoesNotExist(
                f"{field}: app {app} has no field {field.code!r}, or you may not view it; kintone "
                "would ignore its value. Correct the field's code, ask for the right to view the "
                f"field, or add it with deploy({meta.label})."
            )
        raise FieldError(
            f"{field}: in app {app}, the field {field.code!r} {why}; kintone would ignore its "
            "value. Declare the field as it is in the app, or correct its code."
        )


def _ignored(connection: Connection, app: int, written: Iterable[Field]) -> dict[Field, str | None]:
    """Return the fields whose values kintone would ignore, with the reason.

    The reason is None if the app has no such field.
    """
    form = connection.forms.get(app, {})
    # The user may not view the form, so the fields cannot be checked.
    if form is None:
        return {}
    ignored: dict[Field, str | None] = {}
    for field in filter(lambda field: field.writable, written):
        known = form.get(field.code)
        if known is None:
            ignored[field] = None
        elif known.table != field.table:
            table = known.table
            ignored[field] = f"is in the subtable {table!r}" if table else "is not in a subtable"
        elif known.why_ignored is not None:
            ignored[field] = known.why_ignored
        elif not field.is_kept_as(known.type):
            ignored[field] = f"is a {known.type}, not a {field.typed().kintone_type}"
    return ignored
