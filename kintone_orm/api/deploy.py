"""Deploying: make an app's preview settings live, and ask for the progress.

kintone deploys in the background, in seconds to tens of seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.api.caller import drop_none
from kintone_orm.limits import APPS_PER_DEPLOY, require_at_most

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kintone_orm.api.caller import Caller, Id

__all__ = ["deploy_apps", "get_deploy_status"]


def deploy_apps(
    caller: Caller, *, apps: Sequence[Mapping[str, Any]], revert: bool = False
) -> dict[str, Any]:
    """Start to deploy up to 300 apps and return ``{}``. `get_deploy_status` reports the progress.

    Each of `apps` is ``{"app": id}``. With a ``"revision"``, kintone refuses the deploy if the
    preview has another revision now. The apps succeed or fail together. With `revert`, kintone
    discards the preview settings instead. ValueError for more than 300 apps. Source: "kintone REST
    API: Deploy App Settings".
    """
    require_at_most(apps, limit=APPS_PER_DEPLOY, name="apps", way_out="Deploy them in groups.")
    return caller.request("POST", "preview/app/deploy", drop_none(apps=apps, revert=revert or None))


def get_deploy_status(caller: Caller, *, apps: Sequence[Id]) -> dict[str, Any]:
    """Return the status of each app's latest deploy: ``{"apps": [{"app", "status"}]}``.

    A status is PROCESSING, SUCCESS, FAIL, or CANCEL (another app of the same call failed).
    ValueError for more than 300 apps. Source: "kintone REST API: Get App Deploy Status".
    """
    require_at_most(apps, limit=APPS_PER_DEPLOY, name="apps", way_out="Ask for them in groups.")
    return caller.request("GET", "preview/app/deploy", {"apps": apps})
