"""The forms of apps, read once and kept on the connection.

Source: kintone REST API, "Get Form Fields".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.api.answers import checked
from kintone_orm.api.apps import get_app_settings
from kintone_orm.api.form import get_form_fields
from kintone_orm.connection import KnownField
from kintone_orm.exceptions import ImproperlyConfigured, PermissionDenied
from kintone_orm.http.codes import Meaning, meaning_of
from kintone_orm.models.ground.form_definitions import (
    copied_fields,
    field_rules,
    number_precision,
)
from kintone_orm.query.long_texts import COMPARED_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kintone_orm.connection import Connection
    from kintone_orm.models.ground.protocols import Meta

__all__ = ["keep_form", "keep_precision", "known_form", "read_form", "read_precision"]


def known_form(meta: Meta, connection: Connection) -> Mapping[str, KnownField] | None:
    """Return the fields of the model's app by code, or None if they are not known; no request."""
    try:
        return connection.forms.get(meta.app_id(connection))
    except ImproperlyConfigured:  # the connection does not know the app
        return None


def read_form(connection: Connection, app: int) -> None:
    """Read the app's fields into `connection.forms`, in one request.

    If kintone refuses the request, the user may not see the form, and None is kept for it. A
    proxy's refusal says nothing about the form: the refusal is raised, and the next write asks
    again.
    """
    try:
        properties = get_form_fields(checked(connection), app=app)["properties"]
    except PermissionDenied as error:
        if meaning_of(error) is not Meaning.NO_RIGHT:
            raise
        connection.forms[app], connection.short_texts[app] = None, frozenset()
    else:
        keep_form(connection, app, properties)


def keep_form(connection: Connection, app: int, properties: Mapping[str, Any]) -> None:
    """Keep the app's fields, given as the `properties` of kintone's answer."""
    known: dict[str, KnownField] = {}
    short: set[str] = set()
    for table, fields in _by_table(properties):
        copied = copied_fields(fields)
        for code, field in fields.items():
            calculated = field["type"] == "CALC" or field.get("expression")
            lookup = None if calculated else copied.get(code)
            made = f"is copied by the lookup {lookup!r}" if lookup is not None else None
            made = "is calculated" if calculated else made
            rules = field_rules(field, is_column=table is not None)
            known[code] = KnownField(field["type"], table, made, lookup, "lookup" in field, rules)
            if field.get("unique") or 0 < int(field.get("maxLength") or 0) <= COMPARED_CHARACTERS:
                short.add(code)
    connection.forms[app], connection.short_texts[app] = known, frozenset(short)
    connection.uniques[app] = frozenset(
        code for code, field in properties.items() if field.get("unique")
    )


def read_precision(connection: Connection, app: int) -> None:
    """Read the app's number precision, in one request; forget it if the user may not read it."""
    try:
        settings = get_app_settings(checked(connection), app=app)
    except PermissionDenied as error:
        if meaning_of(error) is not Meaning.NO_RIGHT:
            raise
        connection.number_precisions.pop(app, None)
    else:
        keep_precision(connection, app, settings)


def keep_precision(connection: Connection, app: int, settings: Mapping[str, Any]) -> None:
    """Keep the number precision in the app's settings, as kintone's API describes them."""
    if precision := number_precision(settings):
        connection.number_precisions[app] = precision


def _by_table(properties: Mapping[str, Any]) -> Iterable[tuple[str | None, Mapping[str, Any]]]:
    yield None, properties
    for code, field in properties.items():
        if field["type"] == "SUBTABLE":
            yield code, field["fields"]
