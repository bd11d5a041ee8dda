"""Whether kintone would take what is about to be written.

kintone ignores the value of a field that the app does not have, that it works out itself, or that
stands elsewhere, without a word. So the app's form is looked at once, before the first write of a
program to it; `deploy` knows it anyway.

Source: kintone REST API, "Get Form Fields"; "Field Types", table, lookup and calculated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import FieldDoesNotExist, FieldError
from kintone_orm.models.ground.app_forms import look_at_form
from kintone_orm.models.ground.read_refusals import told_of_reading

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from kintone_orm.connection import Connection
    from kintone_orm.fields.base import Field
    from kintone_orm.models.definition.options import Options

__all__ = ["require_fields"]


def require_fields(
    meta: Options,
    connection: Connection,
    names: Iterable[str],
    columns: Callable[[], Mapping[str, Collection[str]]],
) -> None:
    """FieldError if kintone would ignore one of the fields `names`; at most one request.

    Of the tables among them, `columns` tells which columns are sent, by the table's name. It is
    asked only if kintone would ignore one of any.
    """
    app = meta.app_id(connection)
    named = [meta.fields[name] for name in names]
    tables = {field.name: field.columns for field in named if field.columns}
    every = [*named, *(column for each in tables.values() for column in each.values())]
    if not _ignored(connection, app, every):
        return
    sent = columns() if tables else {}
    written = [*named, *(tables[table][name] for table in tables for name in sent.get(table, ()))]
    if _ignored(connection, app, written):
        with told_of_reading(meta, app):
            look_at_form(connection, app)
    for field, why in _ignored(connection, app, written).items():
        if why is None:
            raise FieldDoesNotExist(
                f"{field} is the field {field.code!r}, which app {app} does not have, or which you "
                "may not see: kintone would ignore its value. If it is there, you need the right "
                f"to see it; if not, give the field its code, or deploy({meta.label})."
            )
        raise FieldError(
            f"{field} is the field {field.code!r}, which in app {app} {why}: kintone would ignore "
            "its value. Declare it as what it is there, or give the field another code."
        )


def _ignored(
    connection: Connection, app: int, written: Iterable[Field[Any, Any]]
) -> dict[Field[Any, Any], str | None]:
    """The fields whose values kintone would ignore, and why; None: there is no such field."""
    form = connection.forms.get(app, {})
    if form is None:  # it may not be seen
        return {}
    found: dict[Field[Any, Any], str | None] = {}
    for field in filter(lambda each: each.writable, written):
        there = form.get(field.code)
        if there is None:
            found[field] = None
        elif there.table != field.table:
            table = there.table
            found[field] = f"stands in the subtable {table!r}" if table else "stands in no subtable"
        elif there.made is not None:
            found[field] = there.made
        elif not field.is_kept_as(there.type):
            found[field] = f"is a {there.type}, not a {field.typed().kintone_type}"
    return found
