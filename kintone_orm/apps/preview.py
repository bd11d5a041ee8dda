"""Deploying preview settings, and waiting until they are live."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from kintone_orm.api.answers import checked
from kintone_orm.api.deploy import deploy_apps, get_deploy_status
from kintone_orm.exceptions import DeployError
from kintone_orm.limits import APPS_PER_DEPLOY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kintone_orm.connection import Connection

__all__ = ["deploy_previews"]

# In seconds. The first pause is short, because an emulator deploys at once.
_FIRST_PAUSE = 0.002
_LONGEST_PAUSE = 2.0


def deploy_previews(connection: Connection, apps: Sequence[int], timeout: float) -> None:
    """Deploy the preview settings of the apps and wait until they are live.

    Up to 300 apps are deployed together, all or none. The next 300 follow. One request starts a
    deploy, and more requests ask for its progress. DeployError if kintone fails, or if 300 apps
    take longer than `timeout` seconds. Without apps, no request is sent.
    """
    for start in range(0, len(apps), APPS_PER_DEPLOY):
        _deploy_together(connection, apps[start : start + APPS_PER_DEPLOY], timeout)


def _deploy_together(connection: Connection, apps: Sequence[int], timeout: float) -> None:
    deploy_apps(connection, apps=[{"app": app} for app in apps])
    deadline = time.monotonic() + timeout
    pause = _FIRST_PAUSE
    while True:
        answer = get_deploy_status(checked(connection), apps=apps)
        statuses = {status["app"]: status["status"] for status in answer["apps"]}
        if "PROCESSING" not in statuses.values():
            break
        if time.monotonic() > deadline:
            listed = ", ".join(map(str, apps))
            raise DeployError(
                f"kintone did not deploy the apps {listed} within {timeout:g} seconds, but may "
                "still do so. Deploy again, or with a longer timeout=."
            )
        time.sleep(pause)
        pause = min(pause * 4, _LONGEST_PAUSE)
    if set(statuses.values()) != {"SUCCESS"}:
        listed = ", ".join(f"{app}: {status}" for app, status in statuses.items())
        raise DeployError(f"kintone did not deploy the apps ({listed}). Deploy again.")
