"""The views of an app: lists, calendars and custom pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.api.caller import given, settings_endpoint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kintone_orm.api.caller import Caller, Id

__all__ = ["get_views", "update_views"]


def get_views(caller: Caller, *, app: Id, preview: bool = False) -> dict[str, Any]:
    """The views, ``{"views": {name: {"type", "id", "name", "index", ...}}, "revision"}``.

    With `preview`, as the next deploy puts them in service; this needs the right to manage the
    app. Source: "kintone REST API: Get Views".
    """
    return caller.request("GET", settings_endpoint("views", preview=preview), {"app": app})


def update_views(
    caller: Caller, *, app: Id, views: Mapping[str, Any], revision: Id | None = None
) -> dict[str, Any]:
    """The preview's views and new ``{"revision"}``; views left out are deleted.

    The one that an app's process made (``"builtinType"``) has to be among them.
    Each of `views` is as `get_views` shows it, under its name. ConflictError if `revision` is not
    the latest. Source: "kintone REST API: Update Views".
    """
    params = given(app=app, views=views, revision=revision)
    return caller.request("PUT", "preview/app/views", params)
