"""Whether an app has the fields that are about to be written.

kintone ignores the value of a field that it does not have, without a word. So the app's form is
looked at once, before the first write of a program to it; `deploy` knows it anyway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kintone_orm.api.form import get_form_fields
from kintone_orm.exceptions import FieldDoesNotExist, PermissionDenied

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kintone_orm.connection import Connection
    from kintone_orm.models.options import Options

__all__ = ["look_at_form", "require_fields"]


def look_at_form(connection: Connection, app: int) -> None:
    """Keep the codes of the app's fields in `connection.forms`, in one request."""
    try:
        properties = get_form_fields(connection, app=app)["properties"]
    except PermissionDenied:
        connection.forms[app] = None
    else:
        inner = (code for each in properties.values() for code in each.get("fields", ()))
        connection.forms[app] = frozenset([*properties, *inner])


def require_fields(meta: Options, connection: Connection, names: Iterable[str]) -> None:
    """FieldDoesNotExist if the app lacks one of the fields `names`; at most one request."""
    app = meta.app_id(connection)
    written = [meta.fields[name] for name in names]
    written += [column for field in written for column in (field.columns or {}).values()]
    wanted = {field.code: field for field in written}
    if _lacking(connection, app, wanted):
        look_at_form(connection, app)
    for code in _lacking(connection, app, wanted):
        raise FieldDoesNotExist(
            f"{wanted[code]} is the field {code!r}, which app {app} does not have: "
            f"kintone would ignore its value. Give the field its code, or deploy({meta.label})."
        )


def _lacking(connection: Connection, app: int, wanted: Iterable[str]) -> list[str]:
    """The codes that the form does not have, as far as it is known: not at all, all of them."""
    known = connection.forms.get(app, frozenset())
    return [] if known is None else [code for code in wanted if code not in known]
