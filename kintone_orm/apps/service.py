"""Puts prepared settings into service, which kintone does in its own time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from kintone_orm.api.answers import checked
from kintone_orm.api.deploy import deploy_apps, get_deploy_status
from kintone_orm.exceptions import DeployError
from kintone_orm.limits import APPS_PER_DEPLOY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kintone_orm.connection import Connection

__all__ = ["put_into_service"]

_FIRST_PAUSE = 0.002  # seconds; an emulated domain is ready at once
_LONGEST_PAUSE = 2.0


def put_into_service(connection: Connection, apps: Sequence[int], timeout: float) -> None:
    """Put what is prepared in the apps into service and wait until it is, 300 apps after another.

    Of each 300 it is all or none: one request to begin, and one for each time that it asks how far
    kintone is. DeployError if kintone fails, or takes longer than `timeout` seconds. Nothing is
    sent for no apps.
    """
    for start in range(0, len(apps), APPS_PER_DEPLOY):
        _put_together(connection, apps[start : start + APPS_PER_DEPLOY], timeout)


def _put_together(connection: Connection, apps: Sequence[int], timeout: float) -> None:
    deploy_apps(connection, apps=[{"app": app} for app in apps])
    deadline = time.monotonic() + timeout
    pause = _FIRST_PAUSE
    while True:
        statuses = {
            each["app"]: each["status"]
            for each in get_deploy_status(checked(connection), apps=apps)["apps"]
        }
        if "PROCESSING" not in statuses.values():
            break
        if time.monotonic() > deadline:
            raise DeployError(
                f"kintone has not put the apps {_listed(apps)} into service within "
                f"{timeout:g} seconds; it may still do so. Deploy again, or with a longer timeout=."
            )
        time.sleep(pause)
        pause = min(pause * 4, _LONGEST_PAUSE)
    if set(statuses.values()) != {"SUCCESS"}:
        told = ", ".join(f"{app}: {status}" for app, status in statuses.items())
        raise DeployError(f"kintone did not put the apps into service ({told}): deploy again.")


def _listed(apps: Iterable[int]) -> str:
    return ", ".join(map(str, apps))
