"""The form of an app: its fields and their layout.

A change goes into the preview settings; `kintone_orm.api.deploy.deploy_apps` makes it live. Each
change raises the revision of the settings. A call with a `revision` that is not the current one
raises ConflictError.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from kintone_orm.api.caller import drop_none, settings_endpoint
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
    """Return the fields: ``{"properties": {code: {"type", "code", "label", ...}}, "revision"}``.

    `lang` chooses the language of the labels. With `preview`, return the preview settings; this
    needs the right to manage the app. Source: "kintone REST API: Get Form Fields".
    """
    endpoint = settings_endpoint("form/fields", preview=preview)
    return caller.request("GET", endpoint, drop_none(app=app, lang=lang))


def add_form_fields(
    caller: Caller, *, app: Id, properties: Mapping[str, object], revision: Id | None = None
) -> dict[str, Any]:
    """Add fields to the preview and return the new ``{"revision"}``.

    `properties` have the shape that `get_form_fields` returns. InvalidInput if a code is already in
    use. Source: "kintone REST API: Add Form Fields".
    """
    params = drop_none(app=app, properties=properties, revision=revision)
    return caller.request("POST", "preview/app/form/fields", params)


def update_form_fields(
    caller: Caller, *, app: Id, properties: Mapping[str, object], revision: Id | None = None
) -> dict[str, Any]:
    """Change fields of the preview and return the new ``{"revision"}``.

    The keys of `properties` are the current field codes; a ``"code"`` inside is the new one. Fields
    and properties left out keep their values. The options of a field must be sent completely.
    kintone cannot change a type. Source: "kintone REST API: Update Form Fields".
    """
    params = drop_none(app=app, properties=properties, revision=revision)
    return caller.request("PUT", "preview/app/form/fields", params)


def delete_form_fields(
    caller: Caller, *, app: Id, fields: Sequence[str], revision: Id | None = None
) -> dict[str, Any]:
    """Delete up to 100 fields of the preview and return the new ``{"revision"}``.

    The next deploy deletes their values. ValueError for more than 100 fields.
    Source: "kintone REST API: Delete Form Fields".
    """
    require_at_most(fields, limit=FIELDS_PER_DELETE, name="fields", way_out="Delete 100 at a time.")
    params = drop_none(app=app, fields=fields, revision=revision)
    return caller.request("DELETE", "preview/app/form/fields", params)


def get_form_layout(caller: Caller, *, app: Id, preview: bool = False) -> dict[str, Any]:
    """Return the layout from top to bottom: ``{"layout": [...], "revision"}``.

    An item is a row, a subtable or a group. A row is ``{"type": "ROW", "fields": [...]}``. A
    subtable also has a ``"code"``. A group has a ``"code"`` and a ``"layout"`` of rows. With
    `preview`, return the preview settings. Source: "kintone REST API: Get Form Layout".
    """
    return caller.request("GET", settings_endpoint("form/layout", preview=preview), {"app": app})


def update_form_layout(
    caller: Caller, *, app: Id, layout: Sequence[Mapping[str, Any]], revision: Id | None = None
) -> dict[str, Any]:
    """Replace the layout of the preview and return the new ``{"revision"}``.

    `layout` is the whole layout, in the shape that `get_form_layout` returns.
    Source: "kintone REST API: Update Form Layout".
    """
    params = drop_none(app=app, layout=layout, revision=revision)
    return caller.request("PUT", "preview/app/form/layout", params)
