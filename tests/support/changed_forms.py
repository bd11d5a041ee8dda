"""Changing the form of an app behind the back of its model, as an administrator does."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from kintone_orm.api.apps import update_app_settings
from kintone_orm.api.form import (
    add_form_fields,
    delete_form_fields,
    get_form_fields,
    update_form_fields,
)
from kintone_orm.apps import check
from support.workflows import put_into_service

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kintone_orm.connection import Connection
    from kintone_orm.http.messages import Request, Response
    from kintone_orm.models import Model

__all__ = [
    "add_fields",
    "change_field",
    "change_settings",
    "delete_fields",
    "form_of",
    "found",
    "hiding_links",
]


def form_of(connection: Connection, app: int) -> dict[str, Any]:
    properties: dict[str, Any] = get_form_fields(connection, app=app)["properties"]
    return properties


def change_field(connection: Connection, app: int, code: str, /, **settings: object) -> None:
    """Give the field these settings. A setting may be a function of its present value."""
    field = form_of(connection, app)[code]
    new = {
        name: setting(field[name]) if callable(setting) else setting
        for name, setting in settings.items()
    }
    kept = {"type": field["type"], "code": code}
    update_form_fields(connection, app=app, properties={code: kept | new})
    put_into_service(connection, app)


def add_fields(connection: Connection, app: int, **fields: Mapping[str, object]) -> None:
    """Add fields, whose labels are their codes."""
    properties = {code: {"code": code, "label": code, **field} for code, field in fields.items()}
    add_form_fields(connection, app=app, properties=properties)
    put_into_service(connection, app)


def delete_fields(connection: Connection, app: int, *codes: str) -> None:
    delete_form_fields(connection, app=app, fields=codes)
    put_into_service(connection, app)


def change_settings(connection: Connection, app: int, **settings: object) -> None:
    update_app_settings(connection, app=app, settings=settings)
    put_into_service(connection, app)


def found(model: type[Model], **only: object) -> list[tuple[str, str, bool]]:
    """Return the kind, the field and the sign of drift of the model's findings."""
    return [
        (finding.kind, finding.field, finding.is_drift)
        for finding in check(model)
        if all(getattr(finding, name) == value for name, value in only.items())
    ]


def hiding_links(send: Callable[[Request], Response], request: Request) -> Response:
    """Hide the settings of lookups and related records, as from a user without the other app.

    This is a wrapper for `Connection.wrap`.
    """
    response = send(request)
    answer = response.json()
    _hide_links(answer.get("properties", {}))
    return dataclasses.replace(response, body=json.dumps(answer).encode())


def _hide_links(properties: Mapping[str, dict[str, Any]]) -> None:
    for definition in properties.values():
        _hide_links(definition.get("fields", {}))
        for name in ("lookup", "referenceTable"):
            if name in definition:
                definition[name] = None
