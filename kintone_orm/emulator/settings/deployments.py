"""Deploying: preview settings become the live settings, for several apps at once.

The emulator carries out a deploy when its status is first read. This first answer is still
PROCESSING. So a program that does not wait for the end of a deploy finds the old settings, as on
kintone.
Source: kintone REST API, "Deploy App Settings", "Get App Deploy Status".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from .apps import Deployment, LiveApp, definitions
from .lookup_rules import check_keys
from .record_migration import DoesNotFit, migrate_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .apps import App
    from .domain import Domain

__all__ = ["begin_deploy", "finish_deploy", "revert"]


def begin_deploy(domain: Domain, apps: Sequence[App]) -> None:
    """Start the deploy of these apps.

    Raises GAIA_LO03 if the key field of a lookup would not be unique, GAIA_IL01 for an invalid
    formula, and GAIA_IQ11 or GAIA_FC01 if the process or a permission names a deleted field.
    """
    check_keys(apps, domain)
    for app in apps:
        LiveApp(app, app["preview"])
    numbers = [app["id"] for app in apps]
    for app in apps:
        app["deployment"] = Deployment(status="PROCESSING", apps=numbers)
        domain.save_app(app)


def finish_deploy(domain: Domain, numbers: Iterable[int]) -> None:
    """Make the preview settings of these apps live, or of no app if one app fails.

    If the records of an app do not fit its new form, its deploy fails (FAIL), and the
    deploys of the other apps are canceled (CANCEL).
    """
    apps = [app for app in map(domain.app, numbers) if app is not None]
    failed: int | None = None
    try:
        with domain.store.savepoint():
            for app in apps:
                if _form_changed(app):
                    migrate_records(domain, app, LiveApp(app, app["preview"]))
    except DoesNotFit as refusal:
        failed = refusal.app
    for app in apps:
        if failed is None:
            _go_live(app)
            app["deployment"] = Deployment(status="SUCCESS", apps=[])
        else:
            status: Literal["FAIL", "CANCEL"] = "FAIL" if app["id"] == failed else "CANCEL"
            app["deployment"] = Deployment(status=status, apps=[])
        domain.save_app(app)


def revert(domain: Domain, apps: Iterable[App]) -> None:
    """Discard changes: the preview settings become the live settings again."""
    for app in apps:
        if app["live"] is not None:
            app["preview"] = {**app["live"], "revision": app["preview"]["revision"] + 1}
            app["origins"] = _origins_of_live(app)
            app["state_origins"] = {}
            domain.save_app(app)


def _go_live(app: App) -> None:
    app["live"] = app["preview"]
    app["origins"] = _origins_of_live(app)
    app["state_origins"] = {}


def _origins_of_live(app: App) -> dict[str, str | None]:
    properties = app["live"]["properties"] if app["live"] else {}
    return {code: code for code, _ in definitions(properties)}


def _form_changed(app: App) -> bool:
    """Return True if the records must be migrated.

    For example, they must be migrated if a field was deleted and added again, even with the same
    definition.
    """
    live = app["live"]
    return live is not None and (
        live["properties"] != app["preview"]["properties"]
        or live["process"] != app["preview"]["process"]
        or app["origins"] != _origins_of_live(app)
    )
