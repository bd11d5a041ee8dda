"""The permission settings of an app, and the rights of the user on records and their fields.

Three lists of settings decide together: the rights on the app, on its records and on its fields. A
user has a right on a value if all three grant it. kintone reads each list from the top; the first
entry that names the user decides. The group ``everyone`` is always last.

An update replaces the whole list. It goes into the preview settings with ``preview=True``. Without
it, the list is in use at once, and **so are all other preview settings of the app**, as after a
deploy. Each change raises the revision of the settings. Reading and changing these settings needs
the right to manage the app.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.api.caller import drop_none
from kintone_orm.limits import RECORDS_PER_PERMISSION_CHECK, require_at_most

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kintone_orm.api.caller import Caller, Id
    from kintone_orm.api.form import Language

__all__ = [
    "evaluate_record_permissions",
    "get_app_permissions",
    "get_field_permissions",
    "get_record_permissions",
    "update_app_permissions",
    "update_field_permissions",
    "update_record_permissions",
]

_RECORD_RIGHTS = ("viewable", "editable", "deletable")


def evaluate_record_permissions(caller: Caller, *, app: Id, ids: Sequence[Id]) -> dict[str, Any]:
    """Return the user's rights on at most 100 records. kintone refuses API tokens here.

    The answer is ``{"rights": [{"id", "record": {"viewable", "editable", "deletable"}, "fields":
    {code: {"viewable", "editable"}}}]}``. Every right is a bool; the columns of subtables are
    listed beside the other fields. ValueError for more than 100 ids. If a record does not exist,
    the call fails. Source: "kintone REST API: Evaluate Record Permissions".
    """
    way_out = "Ask for 100 at a time."
    require_at_most(ids, limit=RECORDS_PER_PERMISSION_CHECK, name="ids", way_out=way_out)
    answer = caller.request("GET", "records/acl/evaluate", {"app": app, "ids": ids})
    if "rights" in answer:
        return answer
    return {"rights": [_nest(rights) for rights in answer["evaluate"]]}


def _nest(flat: Mapping[str, object]) -> dict[str, Any]:
    """Return flat rights in the nested form. One public description shows the flat form."""
    return {
        "id": flat["id"],
        "record": {right: flat[right] for right in _RECORD_RIGHTS},
        "fields": flat.get("fields", {}),
    }


def get_app_permissions(caller: Caller, *, app: Id, preview: bool = False) -> dict[str, Any]:
    """Return the rights on the app: ``{"rights": [...], "revision"}``.

    An item of `rights` is ``{"entity": {"type", "code"}, "includeSubs", "appEditable",
    "recordViewable", "recordAddable", "recordEditable", "recordDeletable", "recordImportable",
    "recordExportable"}``. The type is USER, GROUP, ORGANIZATION or CREATOR. With `preview`, return
    the preview settings. Source: "kintone REST API: Get App Permissions".
    """
    return caller.request("GET", _endpoint("app", preview=preview), {"app": app})


def update_app_permissions(
    caller: Caller,
    *,
    app: Id,
    rights: Sequence[Mapping[str, Any]],
    revision: Id | None = None,
    preview: bool = False,
) -> dict[str, Any]:
    """Replace the rights on the app and return the new ``{"revision"}``.

    `rights` have the shape that `get_app_permissions` returns; a right left out is not granted. At
    least one entry needs ``appEditable``, else InvalidInput. ConflictError if `revision` is not the
    current one.
    Source: "kintone REST API: Update App Permissions".
    """
    return _update(caller, "app", preview=preview, app=app, rights=rights, revision=revision)


def get_record_permissions(
    caller: Caller, *, app: Id, lang: Language | None = None, preview: bool = False
) -> dict[str, Any]:
    """Return the rights on the records: ``{"rights": [...], "revision"}``.

    An item of `rights` is ``{"filterCond", "entities": [{"entity": {"type", "code"},
    "includeSubs", "viewable", "editable", "deletable"}]}`` and is about the records that the query
    ``filterCond`` finds. The type is USER, GROUP, ORGANIZATION or FIELD_ENTITY. `lang` chooses the
    language of names in the queries. With `preview`, return the preview settings.
    Source: "kintone REST API: Get Record Permissions".
    """
    return caller.request(
        "GET", _endpoint("record", preview=preview), drop_none(app=app, lang=lang)
    )


def update_record_permissions(
    caller: Caller,
    *,
    app: Id,
    rights: Sequence[Mapping[str, Any]],
    revision: Id | None = None,
    preview: bool = False,
) -> dict[str, Any]:
    """Replace the rights on the records and return the new ``{"revision"}``.

    `rights` have the shape that `get_record_permissions` returns; an empty list lifts all
    restrictions. ConflictError if `revision` is not the current one.
    Source: "kintone REST API: Update Record Permissions".
    """
    return _update(caller, "record", preview=preview, app=app, rights=rights, revision=revision)


def get_field_permissions(caller: Caller, *, app: Id, preview: bool = False) -> dict[str, Any]:
    """Return the rights on the fields: ``{"rights": [...], "revision"}``.

    An item of `rights` is ``{"code", "entities": [{"entity": {"type", "code"}, "includeSubs",
    "accessibility"}]}``. ``code`` is a field code, and ``accessibility`` is READ, WRITE or NONE.
    The type is USER, GROUP, ORGANIZATION or FIELD_ENTITY. With `preview`, return the preview
    settings.
    Source: "kintone REST API: Get Field Permissions".
    """
    return caller.request("GET", _endpoint("field", preview=preview), {"app": app})


def update_field_permissions(
    caller: Caller,
    *,
    app: Id,
    rights: Sequence[Mapping[str, Any]],
    revision: Id | None = None,
    preview: bool = False,
) -> dict[str, Any]:
    """Replace the rights on the fields and return the new ``{"revision"}``.

    `rights` have the shape that `get_field_permissions` returns; everybody may read and write the
    fields left out. ConflictError if `revision` is not the current one.
    Source: "kintone REST API: Update Field Permissions".
    """
    return _update(caller, "field", preview=preview, app=app, rights=rights, revision=revision)


def _endpoint(subject: str, *, preview: bool) -> str:
    return f"preview/{subject}/acl" if preview else f"{subject}/acl"


def _update(caller: Caller, subject: str, *, preview: bool, **params: object) -> dict[str, Any]:
    return caller.request("PUT", _endpoint(subject, preview=preview), drop_none(**params))
