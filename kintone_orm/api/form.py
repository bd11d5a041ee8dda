"""The form of an app: its fields, and how they are laid out.

Changes wait in the preview until `kintone_orm.api.deploy.deploy_apps` puts them in service. Each
raises the settings' revision; ConflictError if a `revision` is given that is not the latest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from kintone_orm.api.caller import given, settings_endpoint
from kintone_orm.limits import FIELDS_PER_DELETE, require_at_most

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kintone_orm.api.caller import Caller, Id

__all__ = [
    "add_form_fields",
    "delete_form_fields",
    "get_form_fields",
    "get_form_layout",
    "update_form_fields",
    "update_form_layout",
]

Language = Literal["default", "user", "ja", "en", "zh"]


def get_form_fields(
    caller: Caller, *, app: Id, lang: Language | None = None, preview: bool = False
) -> dict[str, Any]:
    """The fields, ``{"properties": {code: {"type", "code", "label", ...}}, "revision"}``.

    With `preview`, as the next deploy puts them in service; this needs the right to manage the
    app. Source: "kintone REST API: Get Form Fields".
    """
    endpoint = settings_endpoint("form/fields", preview=preview)
    return caller.request("GET", endpoint, given(app=app, lang=lang))


def add_form_fields(
    caller: Caller, *, app: Id, properties: Mapping[str, Any], revision: Id | None = None
) -> dict[str, Any]:
    """The preview's new ``{"revision"}``; `properties` are as `get_form_fields` shows them.

    InvalidInput if a code is taken. Source: "kintone REST API: Add Form Fields".
    """
    params = given(app=app, properties=properties, revision=revision)
    return caller.request("POST", "preview/app/form/fields", params)


def update_form_fields(
    caller: Caller, *, app: Id, properties: Mapping[str, Any], revision: Id | None = None
) -> dict[str, Any]:
    """The preview's new ``{"revision"}``; fields and properties left out stay as they are.

    The key is a field's code now, a ``"code"`` within its new one. Options are sent all
    together; a type cannot be changed. Source: "kintone REST API: Update Form Fields".
    """
    params = given(app=app, properties=properties, revision=revision)
    return caller.request("PUT", "preview/app/form/fields", params)


def delete_form_fields(
    caller: Caller, *, app: Id, fields: Sequence[str], revision: Id | None = None
) -> dict[str, Any]:
    """The preview's new ``{"revision"}``, without up to 100 fields and, once deployed, their data.

    Source: "kintone REST API: Delete Form Fields".
    """
    require_at_most(
        fields, limit=FIELDS_PER_DELETE, name="fields", way_out="delete them in hundreds"
    )
    params = given(app=app, fields=fields, revision=revision)
    return caller.request("DELETE", "preview/app/form/fields", params)


def get_form_layout(caller: Caller, *, app: Id, preview: bool = False) -> dict[str, Any]:
    """Rows, subtables and groups from top to bottom, ``{"layout": [...], "revision"}``.

    A row is ``{"type": "ROW", "fields": [...]}``, a subtable has a ``"code"`` too, and a group a
    ``"code"`` and a ``"layout"`` of rows. Source: "kintone REST API: Get Form Layout".
    """
    return caller.request("GET", settings_endpoint("form/layout", preview=preview), {"app": app})


def update_form_layout(
    caller: Caller, *, app: Id, layout: Sequence[Mapping[str, Any]], revision: Id | None = None
) -> dict[str, Any]:
    """The preview's new ``{"revision"}``; `layout` is all of it, as `get_form_layout` shows it.

    Source: "kintone REST API: Update Form Layout".
    """
    params = given(app=app, layout=layout, revision=revision)
    return caller.request("PUT", "preview/app/form/layout", params)
