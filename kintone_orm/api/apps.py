"""Apps: find them, create them, and change their general settings.

An app is a dict of ``{"appId", "code", "name", "description", "spaceId", "threadId", "createdAt",
"creator", "modifiedAt", "modifier"}``. `code` is "" if the app has none. `spaceId` and `threadId`
are None for an app outside spaces.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.api.caller import drop_none, settings_endpoint
from kintone_orm.limits import APPS_PER_FILTER, APPS_PER_PAGE, require_at_most

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kintone_orm.api.caller import Caller, Id

__all__ = ["add_app", "get_app", "get_app_settings", "get_apps", "update_app_settings"]


def get_app(caller: Caller, *, id: Id) -> dict[str, Any]:  # noqa: A002 - kintone's name
    """Return one deployed app by its id.

    NotFound (GAIA_AP01) if there is no such app. Source: "kintone REST API: Get App".
    """
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
    """Return a page of the apps that the user may see: ``{"apps": [...]}``.

    `ids`, `codes`, `name` and `space_ids` narrow the search. `codes` match exactly; `name` matches
    a part of the name in any letter case. Each list holds at most 100 values. `limit` is 1 to 100.
    The answer has no count: if a page is full, read the next one with `offset`. Needs a password.
    Source: "kintone REST API: Get Apps".
    """
    for label, values in (("ids", ids), ("codes", codes), ("space_ids", space_ids)):
        require_at_most(
            values or (), limit=APPS_PER_FILTER, name=label, way_out="Ask for 100 at a time."
        )
    if not 1 <= limit <= APPS_PER_PAGE:
        message = (
            f"'limit' is {limit}, but a page has 1 to {APPS_PER_PAGE} apps. "
            "Use 'offset' to read on."
        )
        raise ValueError(message)
    params = drop_none(
        ids=ids, codes=codes, name=name, spaceIds=space_ids, limit=limit, offset=offset
    )
    return caller.request("GET", "apps", params)


def add_app(
    caller: Caller, *, name: str, space: Id | None = None, thread: Id | None = None
) -> dict[str, Any]:
    """Create an app and return ``{"app": id, "revision"}``. It is in use only after a deploy.

    Pass both `space` and `thread`, or neither: then the app is outside spaces. Needs a password.
    The API cannot delete an app. Source: "kintone REST API: Add App".
    """
    if (space is None) != (thread is None):
        message = "add_app() needs 'space' and 'thread' together. Pass both or neither."
        raise ValueError(message)
    return caller.request("POST", "preview/app", drop_none(name=name, space=space, thread=thread))


def get_app_settings(caller: Caller, *, app: Id, preview: bool = False) -> dict[str, Any]:
    """Return the general settings: name, description, icon, theme, titleField, numberPrecision, ...

    With `preview`, return the preview settings, which the next deploy makes live. This needs the
    right to manage the app. Source: "kintone REST API: Get General Settings".
    """
    return caller.request("GET", settings_endpoint("settings", preview=preview), {"app": app})


def update_app_settings(
    caller: Caller, *, app: Id, settings: Mapping[str, object], revision: Id | None = None
) -> dict[str, Any]:
    """Change general settings of the preview and return the new ``{"revision"}``.

    `settings` has the keys that `get_app_settings` returns; keys left out keep their values. Deploy
    the app to make the change live. ConflictError if `revision` is not the current one.
    Source: "kintone REST API: Update General Settings".
    """
    params = {**settings, **drop_none(app=app, revision=revision)}
    return caller.request("PUT", "preview/app/settings", params)
