"""Apps: find them, and make new ones.

Answers are dicts of ``{"appId", "code", "name", "description", "spaceId", "threadId",
"createdAt", "creator", "modifiedAt", "modifier"}``; `code` is "" and the ids of space and thread
are None where there is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.api.caller import given, settings_endpoint
from kintone_orm.limits import APPS_PER_FILTER, APPS_PER_PAGE, require_at_most

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kintone_orm.api.caller import Caller, Id

__all__ = ["add_app", "get_app", "get_app_settings", "get_apps", "update_app_settings"]


def get_app(caller: Caller, *, id: Id) -> dict[str, Any]:  # noqa: A002 - kintone's name
    """One app in service. Source: "kintone REST API: Get App"."""
    return caller.request("GET", "app", {"id": id})


def get_apps(
    caller: Caller,
    *,
    ids: Sequence[Id] | None = None,
    codes: Sequence[str] | None = None,
    name: str | None = None,
    space_ids: Sequence[Id] | None = None,
    limit: int = APPS_PER_PAGE,
    offset: int = 0,
) -> dict[str, Any]:
    """One page of the apps that the caller may see: ``{"apps": [...]}``; a password is needed.

    `codes` are compared as they are, `name` is a part of the name in any letter case. `limit` is
    1 to 100; there is no count, so a full page means that there may be more.
    Source: "kintone REST API: Get Apps".
    """
    for label, values in (("ids", ids), ("codes", codes), ("space_ids", space_ids)):
        require_at_most(values or (), limit=APPS_PER_FILTER, name=label, way_out="ask in hundreds")
    if not 1 <= limit <= APPS_PER_PAGE:
        message = f"limit: {limit}, and a page has 1 to {APPS_PER_PAGE} apps; go on with offset="
        raise ValueError(message)
    params = given(ids=ids, codes=codes, name=name, spaceIds=space_ids, limit=limit, offset=offset)
    return caller.request("GET", "apps", params)


def add_app(
    caller: Caller, *, name: str, space: Id | None = None, thread: Id | None = None
) -> dict[str, Any]:
    """A new app's ``{"app": id, "revision"}``, not in service before it is deployed.

    A password is needed. An app cannot be deleted through the API.
    Source: "kintone REST API: Add App".
    """
    if (space is None) != (thread is None):
        message = "add_app: space and thread go together"
        raise ValueError(message)
    return caller.request("POST", "preview/app", given(name=name, space=space, thread=thread))


def get_app_settings(caller: Caller, *, app: Id, preview: bool = False) -> dict[str, Any]:
    """The general settings: name, description, icon, theme, titleField, numberPrecision, ...

    With `preview`, those that the next deploy puts in service; this needs the right to manage
    the app. Source: "kintone REST API: Get General Settings".
    """
    return caller.request("GET", settings_endpoint("settings", preview=preview), {"app": app})


def update_app_settings(
    caller: Caller, *, app: Id, settings: Mapping[str, Any], revision: Id | None = None
) -> dict[str, Any]:
    """The app's new ``{"revision"}``; settings left out stay, and nothing is in service yet.

    `settings` has the keys that `get_app_settings` returns. ConflictError if `revision` is not
    the latest. Source: "kintone REST API: Update General Settings".
    """
    params = {**settings, **given(app=app, revision=revision)}
    return caller.request("PUT", "preview/app/settings", params)
