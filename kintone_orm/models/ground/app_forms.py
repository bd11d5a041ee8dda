"""The forms of apps, looked at once and kept on the connection.

Source: kintone REST API, "Get Form Fields".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.api.answers import checked
from kintone_orm.api.form import get_form_fields
from kintone_orm.connection import KnownField
from kintone_orm.exceptions import PermissionDenied
from kintone_orm.http.codes import Meaning, meaning_of
from kintone_orm.query.long_texts import COMPARED_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kintone_orm.connection import Connection

__all__ = ["keep_form", "look_at_form"]


def look_at_form(connection: Connection, app: int) -> None:
    """Keep what the app's fields are in `connection.forms`, in one request.

    Only a refusal of kintone's own says that the form may not be seen. The page of a gate says
    nothing about the form: it is raised, and the next write asks again.
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
    """Keep what the app's fields are, which kintone has told as `properties`."""
    found: dict[str, KnownField] = {}
    short: set[str] = set()
    for table, fields in _by_table(properties):
        copied = {
            mapping["field"]: code
            for code, each in fields.items()
            for mapping in each.get("lookup", {}).get("fieldMappings", ())
        }
        for code, each in fields.items():
            calculated = each["type"] == "CALC" or each.get("expression")
            lookup = None if calculated else copied.get(code)
            made = f"is copied by the lookup {lookup!r}" if lookup is not None else None
            made = "is calculated" if calculated else made
            found[code] = KnownField(each["type"], table, made, lookup, "lookup" in each)
            if each.get("unique") or 0 < int(each.get("maxLength") or 0) <= COMPARED_CHARACTERS:
                short.add(code)
    connection.forms[app], connection.short_texts[app] = found, frozenset(short)
    connection.uniques[app] = frozenset(
        code for code, each in properties.items() if each.get("unique")
    )


def _by_table(properties: Mapping[str, Any]) -> Iterable[tuple[str | None, Mapping[str, Any]]]:
    yield None, properties
    for code, each in properties.items():
        if each["type"] == "SUBTABLE":
            yield code, each["fields"]
