"""app.json, apps.json and preview/app.json. Source: kintone REST API, "Apps"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..ground import limits
from ..ground.errors import fault, invalid
from ..ground.parameters import Parameter, array, integer, optional, required, sized_text, text
from ..requests.endpoint import endpoint
from ..requests.guest_paths import check_place
from ..settings.apps import new_app, timestamp

if TYPE_CHECKING:
    from ..ground.json_types import Sent
    from ..requests.endpoint import Answer, Call
    from ..settings.apps import App
    from ..store.spaces import Space


@endpoint({"id": required(integer())})
def get_app(call: Call, sent: Sent) -> Answer:
    """Get App. An API token needs the right to view."""
    is_user = call.caller.rights is None
    call.live_app(sent["id"], "view", *(("add", "edit", "delete", "manage") if is_user else ()))
    app = call.domain.app(sent["id"])
    if app is None:
        raise fault("GAIA_AP01", id=sent["id"])
    return app_answer(app)


@endpoint(
    {
        "ids": optional(array(integer(), high=limits.APPS_PER_LIST)),
        "codes": optional(array(text, high=limits.APPS_PER_LIST)),
        "name": Parameter(text, blanks=(None, [])),
        "spaceIds": optional(array(integer(), high=limits.APPS_PER_LIST)),
        "limit": optional(integer(most=limits.APPS_PER_LIST)),
        "offset": optional(integer(least=0, most=limits.APPS_OFFSET_MAX)),
    },
    tokens=False,
)
def get_apps(call: Call, sent: Sent) -> Answer:
    """Get Apps: the deployed apps that the caller may use and that match all parameters, by id.

    The path of a guest space gives the apps of the space; the plain path, the apps of all spaces.
    """
    ids, codes, spaces = sent["ids"], sent["codes"], sent["spaceIds"]
    name = (sent["name"] or "").lower()
    apps = [
        app_answer(app)
        for app in call.domain.apps()
        if app["live"]
        and (not ids or app["id"] in ids)
        and (not spaces or app["space"] in spaces)
        and (call.space is None or app["space"] == call.space)
        and (not codes or app["code"] in codes)
        and name in app["live"]["general"]["name"].lower()
        and may_see(call, app["id"])
    ]
    start = sent["offset"] or 0
    return {"apps": apps[start : start + (sent["limit"] or limits.APPS_PER_LIST)]}


@endpoint(
    {
        "name": required(sized_text(1, limits.APP_NAME_LENGTH, message="app_name")),
        "space": optional(integer()),
        "thread": optional(integer()),
    },
    tokens=False,
)
def add_app(call: Call, sent: Sent) -> Answer:
    """Add App. The app has an id at once, and is visible after its first deploy."""
    space = _space(call, sent)
    (number,) = call.domain.store.take_numbers("app", 1)
    created = timestamp(call.now)
    user, language = call.caller.user, call.domain.language
    app = new_app(number, sent["name"], user, created, language=language, space=space)
    call.domain.save_app(app)
    return {"app": str(number), "revision": "2"}


def _space(call: Call, sent: Sent) -> Space | None:
    """Return the space for the new app; None for an app outside of spaces.

    Even on the path of a guest space, kintone requires the parameter `space`.
    """
    number, thread = sent["space"], sent["thread"]
    if number is not None and thread is None:
        raise invalid({"thread": ["thread_required"]})
    if number is None and (thread is not None or call.space is not None):
        raise invalid({"space": ["space_required"]})
    if number is None:
        return None
    space = call.domain.store.space(number)
    if space is None:
        raise fault("OC_NO01", id=number)
    check_place(space.path, call.space)
    if thread != space.thread:
        raise fault("OC_NO02", id=thread)
    return space


def may_see(call: Call, number: int) -> bool:
    """Return True if the app is deployed and the caller has a right on it."""
    app = call.domain.live_app(number)
    return app is not None and any(call.may(app, right) for right in ("view", "add", "manage"))


def app_answer(app: App) -> dict[str, Any]:
    """Return the answer of Get App for this app."""
    general = app["live"]["general"] if app["live"] else app["preview"]["general"]
    return {
        "appId": str(app["id"]),
        "code": app["code"],
        "name": general["name"],
        "description": general["description"],
        "spaceId": None if app["space"] is None else str(app["space"]),
        "threadId": None if app["thread"] is None else str(app["thread"]),
        "createdAt": app["createdAt"],
        "creator": app["creator"],
        "modifiedAt": app["modifiedAt"],
        "modifier": app["modifier"],
    }
