"""Deploying preview settings, and waiting until they are live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.api.deploy import deploy_apps
from kintone_orm.apps.deploying.deploy_status import is_deploying, wait_for_deploy
from kintone_orm.exceptions import DeployError
from kintone_orm.limits import APPS_PER_DEPLOY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kintone_orm.apps.deploying.settings_writes import SettingsWrites

__all__ = ["deploy_previews"]


def deploy_previews(writes: SettingsWrites, apps: Sequence[int]) -> None:
    """Deploy the preview settings of the apps and wait until they are live.

    Up to 300 apps are deployed together, all or none. The next 300 follow. One request starts a
    deploy, and more requests ask for its progress. DeployError if kintone fails, or if 300 apps
    take longer than the timeout of `writes`. Without apps, no request is sent.
    """
    for start in range(0, len(apps), APPS_PER_DEPLOY):
        _deploy_together(writes, apps[start : start + APPS_PER_DEPLOY])


def _deploy_together(writes: SettingsWrites, apps: Sequence[int]) -> None:
    connection = writes.connection

    def start() -> dict[str, Any]:
        return deploy_apps(connection, apps=[{"app": app} for app in apps])

    def read_result() -> dict[str, Any] | None:
        # A running deploy is ours, or has all our changes: kintone refuses changes during a deploy,
        # and ours were made before this request. If none is running, ours is over or never
        # started. The statuses do not tell which, because SUCCESS or FAIL may be of an earlier
        # deploy. Starting it again is right in both cases: a deploy makes the preview settings
        # live as they are, and a second one finds no difference, or fails for the same reason.
        return {} if is_deploying(connection, apps) else None

    writes.send(apps, start, read_result)
    statuses = wait_for_deploy(connection, apps, writes.timeout)
    if set(statuses.values()) != {"SUCCESS"}:
        listed = ", ".join(f"{app}: {status}" for app, status in statuses.items())
        raise DeployError(f"kintone did not deploy the apps ({listed}). Deploy again.")
