"""space.json. Source: kintone REST API, "Get Space".

The answer has the values that clients read before they make an app in a space. Every account is a
member of every space.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..ground.errors import fault
from ..ground.parameters import integer, required
from ..requests.endpoint import endpoint
from ..requests.guest_paths import check_place
from .apps import app_answer, may_see

if TYPE_CHECKING:
    from ..ground.json_types import Sent
    from ..requests.endpoint import Answer, Call

# The settings that only a space with several threads has.
_PORTAL = (
    ("showAnnouncement", "showThreadList", "showAppList")
    + ("showMemberList", "showRelatedLinkList")
)  # fmt: skip
_APP_KEYS = ("code", "name", "description", "createdAt", "creator", "modifiedAt", "modifier")


@endpoint({"id": required(integer())}, tokens=False)
def get_space(call: Call, sent: Sent) -> Answer:
    """Get Space. Raises OC_NO01 for an unknown space, GAIA_IL23 or CB_NO02 on the wrong path."""
    space = call.domain.store.space(sent["id"])
    if space is None:
        raise fault("OC_NO01", id=sent["id"])
    check_place(space.path, call.space)
    administrator = call.domain.directory.administrator.entity
    members = [user for user in call.domain.directory.users.values() if user.password is not None]
    return {
        "id": str(space.id),
        "name": space.name,
        "defaultThread": str(space.thread),
        "isPrivate": space.guest,
        "creator": administrator,
        "modifier": administrator,
        "memberCount": str(len(members)),
        "coverType": "PRESET",
        "coverKey": "GREEN",
        "coverUrl": "",
        "body": None,
        "useMultiThread": False,
        "isGuest": space.guest,
        "attachedApps": _attached_apps(call, space.id),
        "fixedMember": False,
        **dict.fromkeys(_PORTAL),
    }


def _attached_apps(call: Call, space: int) -> list[dict[str, Any]]:
    """Return the deployed apps of a space that the caller may see, by id."""
    apps = []
    for app in call.domain.apps():
        if app["space"] == space and may_see(call, app["id"]):
            answer = app_answer(app)
            ids = {"threadId": answer["threadId"], "appId": answer["appId"]}
            apps.append({**ids, **{key: answer[key] for key in _APP_KEYS}})
    return apps
