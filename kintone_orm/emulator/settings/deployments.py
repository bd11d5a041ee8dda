"""Deploying: a pre-live form and its settings become the live ones, for several apps at once.

Source: kintone REST API, "Deploy App Settings", "Get App Deploy Status". A deploy is carried out
when its status is first read, which still answers PROCESSING: a program that does not wait for
the end of a deploy finds the app as it was, as it would on kintone.
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
    """Put the apps on their way.

    GAIA_LO03 when a lookup's key would not be unique, GAIA_IL01 when a formula is wrong, GAIA_IQ11
    or GAIA_FC01 when the process or a permission names a field that is gone.
    """
    check_keys(apps, domain)
    for app in apps:
        LiveApp(app, app["preview"])
    numbers = [app["id"] for app in apps]
    for app in apps:
        app["deployment"] = Deployment(status="PROCESSING", apps=numbers)
        domain.save_app(app)


def finish_deploy(domain: Domain, numbers: Iterable[int]) -> None:
    """Make the pre-live settings of these apps live: all succeed, or none changes.

    An app whose records do not fit its new form FAILs, and the others are CANCELled.
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
    """Throw pre-live changes away: the pre-live settings are the live ones again."""
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
    """Whether the records have to follow: a field that was deleted and added again counts."""
    live = app["live"]
    return live is not None and (
        live["properties"] != app["preview"]["properties"]
        or live["process"] != app["preview"]["process"]
        or app["origins"] != _origins_of_live(app)
    )
