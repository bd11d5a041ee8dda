"""Putting an app's settings in service, and asking whether it is done.

kintone deploys on its own time, seconds to tens of seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.api.caller import given
from kintone_orm.limits import APPS_PER_DEPLOY, require_at_most

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kintone_orm.api.caller import Caller, Id

__all__ = ["deploy_apps", "get_deploy_status"]


def deploy_apps(
    caller: Caller, *, apps: Sequence[Mapping[str, Any]], revert: bool = False
) -> dict[str, Any]:
    """``{}`` as soon as kintone has begun; `get_deploy_status` tells how it went.

    Each of up to 300 `apps` is ``{"app": id}``, with a ``"revision"`` if the preview must not
    have changed since; they succeed or fail together. With `revert`, the previews' changes are
    thrown away instead. Source: "kintone REST API: Deploy App Settings".
    """
    require_at_most(apps, limit=APPS_PER_DEPLOY, name="apps", way_out="deploy them in groups")
    return caller.request("POST", "preview/app/deploy", given(apps=apps, revert=revert or None))


def get_deploy_status(caller: Caller, *, apps: Sequence[Id]) -> dict[str, Any]:
    """How the latest deploy of each app stands, ``{"apps": [{"app", "status"}]}``.

    A status is PROCESSING, SUCCESS, FAIL, or CANCEL (another app of the same call failed). At
    most 300 apps. Source: "kintone REST API: Get App Deploy Status".
    """
    require_at_most(apps, limit=APPS_PER_DEPLOY, name="apps", way_out="ask in groups")
    return caller.request("GET", "preview/app/deploy", {"apps": apps})
