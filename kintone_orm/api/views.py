"""The views of an app: lists, calendars and custom pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.api.caller import drop_none, settings_endpoint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kintone_orm.api.caller import Caller, Id

__all__ = ["get_views", "update_views"]


def get_views(caller: Caller, *, app: Id, preview: bool = False) -> dict[str, Any]:
    """Return the views: ``{"views": {name: {"type", "id", "name", "index", ...}}, "revision"}``.

    With `preview`, return the preview settings; this needs the right to manage the app.
    Source: "kintone REST API: Get Views".
    """
    return caller.request("GET", settings_endpoint("views", preview=preview), {"app": app})


def update_views(
    caller: Caller, *, app: Id, views: Mapping[str, object], revision: Id | None = None
) -> dict[str, Any]:
    """Replace the views of the preview; return the views and the new ``{"revision"}``.

    `views` has the shape that `get_views` returns. kintone deletes the views that are left out. The
    view of process management (with a ``"builtinType"``) must be included. ConflictError if
    `revision` is not the current one. Source: "kintone REST API: Update Views".
    """
    params = drop_none(app=app, views=views, revision=revision)
    return caller.request("PUT", "preview/app/views", params)
