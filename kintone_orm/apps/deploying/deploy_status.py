"""The progress of deploys. kintone deploys in the background and refuses other changes meanwhile.

Source: kintone REST API, "Get App Deploy Status".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kintone_orm.api.answers import checked
from kintone_orm.api.deploy import get_deploy_status
from kintone_orm.exceptions import DeployError
from kintone_orm.limits import APPS_PER_DEPLOY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kintone_orm.connection import Connection

__all__ = ["DEPLOY_SECONDS", "is_deploying", "wait_for_deploy"]

DEPLOY_SECONDS: Final = 300.0
"""The seconds that a deploy may take if the caller sets no limit."""

# In seconds. The first pause is short, because an emulator deploys at once.
_FIRST_PAUSE = 0.002
_LONGEST_PAUSE = 2.0


def is_deploying(connection: Connection, apps: Sequence[int]) -> bool:
    """Return True if a deploy of one of the apps is running, whoever started it."""
    return "PROCESSING" in _read_statuses(connection, apps).values()


def wait_for_deploy(connection: Connection, apps: Sequence[int], timeout: float) -> dict[str, str]:
    """Wait until no deploy of the apps is running. Return the status of each latest deploy, by id.

    DeployError after `timeout` seconds.
    """
    deadline = connection.clock.now() + timeout
    pause = _FIRST_PAUSE
    while True:
        statuses = _read_statuses(connection, apps)
        if "PROCESSING" not in statuses.values():
            return statuses
        if connection.clock.now() > deadline:
            listed = ", ".join(map(str, apps))
            raise DeployError(
                f"kintone did not deploy the apps {listed} within {timeout:g} seconds, but may "
                "still do so. Deploy again, or with a longer timeout=."
            )
        connection.clock.sleep(pause)
        pause = min(pause * 4, _LONGEST_PAUSE)


def _read_statuses(connection: Connection, apps: Sequence[int]) -> dict[str, str]:
    statuses: dict[str, str] = {}
    for start in range(0, len(apps), APPS_PER_DEPLOY):
        group = apps[start : start + APPS_PER_DEPLOY]
        answer = get_deploy_status(checked(connection), apps=group)
        statuses |= {str(status["app"]): status["status"] for status in answer["apps"]}
    return statuses
