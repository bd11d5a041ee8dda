"""deploy(): the apps that models need, made or completed through kintone's own API.

It adds and never deletes, and never changes a type. Lookups come in a round of their own, after
every app and every other field is in service, so that models may look each other up.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from kintone_orm.api.apps import add_app, get_app_settings, update_app_settings
from kintone_orm.api.deploy import deploy_apps, get_deploy_status
from kintone_orm.api.form import add_form_fields, get_form_fields, update_form_fields
from kintone_orm.apps.form import missing
from kintone_orm.connection import connections
from kintone_orm.exceptions import DeployError, ImproperlyConfigured

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kintone_orm.connection import Connection
    from kintone_orm.models.base import Model

__all__ = ["deploy"]

_FIRST_PAUSE = 0.002  # seconds; an emulated domain is ready at once
_LONGEST_PAUSE = 2.0


def deploy(
    *models: type[Model], using: Connection | str | None = None, timeout: float = 300.0
) -> dict[type[Model], int]:
    """The ids of the models' apps, which now have every field that the models declare.

    A model whose `Meta.app` is a key that the connection does not know gets a new app, named by
    `Meta.verbose_name`, and the connection learns its id; pass the ids to `connect(apps=...)`
    next time, or another app is made. `timeout` is in seconds, for each of at most two rounds.
    Needs a password: kintone lets no API token make apps. DeployError if an app contradicts its
    model or kintone does not put it into service; APIError for anything else it refuses.

    Source: kintone REST API, "Add Preview App", "Add Form Fields", "Deploy App Settings".
    """
    connection = _one_connection(models, using)
    new = {app_id for model in models if (app_id := _make_app(connection, model)) is not None}
    ids = {model: model._meta.app_id(connection) for model in models}
    by_app: dict[int, list[type[Model]]] = {}
    for model, app in ids.items():
        by_app.setdefault(app, []).append(model)

    changed, lookups = set(new), {}
    for app, sharing in by_app.items():
        form = get_form_fields(connection, app=app, preview=True)["properties"]
        lacks = missing(
            sharing, form, is_new=app in new, app_id=lambda m: _source_app(connection, m)
        )
        if lacks.plain:
            add_form_fields(connection, app=app, properties=lacks.plain)
        if lacks.renamed:
            update_form_fields(connection, app=app, properties=lacks.renamed)
        if _set_precision(connection, app, sharing) or lacks.plain or lacks.renamed:
            changed.add(app)
        if lacks.lookups:
            lookups[app] = lacks.lookups

    _put_into_service(connection, sorted(changed), timeout)
    for app, properties in lookups.items():
        add_form_fields(connection, app=app, properties=properties)
    _put_into_service(connection, sorted(lookups), timeout)
    return ids


def _one_connection(models: Sequence[type[Model]], using: Connection | str | None) -> Connection:
    found = {id(c): c for m in models for c in [connections.resolve(using, default=m._meta.using)]}
    if len(found) > 1:
        aliases = ", ".join(repr(connection.alias) for connection in found.values())
        raise ImproperlyConfigured(
            f"The models live on several connections ({aliases}): deploy them in several calls."
        )
    return next(iter(found.values()), None) or connections.resolve(using)


def _make_app(connection: Connection, model: type[Model]) -> int | None:
    """The id of a new app, or None where the connection knows one already."""
    key = model._meta.app
    if not isinstance(key, str) or key in connection.apps:
        return None
    app = int(add_app(connection, name=model._meta.verbose_name)["app"])
    connection.apps[key] = app
    return app


def _source_app(connection: Connection, model: type[Model]) -> int:
    try:
        return model._meta.app_id(connection)
    except ImproperlyConfigured as error:
        raise DeployError(
            f"A lookup needs the app of {model.__name__}, which this connection does not know: "
            f"give {model.__name__} to the same deploy()."
        ) from error


def _set_precision(connection: Connection, app: int, models: Iterable[type[Model]]) -> bool:
    """Whether the app's number precision had to be changed."""
    declared = {given for m in models if (given := m._meta.number_precision) is not None}
    if not declared:
        return False
    if len(declared) > 1:
        raise ImproperlyConfigured(
            f"Models of app {app} declare different Meta.number_precision: an app has only one."
        )
    (precision,) = declared
    wanted = {
        "digits": str(precision.digits),
        "decimalPlaces": str(precision.decimal_places),
        "roundingMode": precision.rounding_mode,
    }
    settings: Mapping[str, Any] = get_app_settings(connection, app=app, preview=True)
    if settings.get("numberPrecision") == wanted:
        return False
    update_app_settings(connection, app=app, settings={"numberPrecision": wanted})
    return True


def _put_into_service(connection: Connection, apps: Sequence[int], timeout: float) -> None:
    if not apps:
        return
    deploy_apps(connection, apps=[{"app": app} for app in apps])
    deadline = time.monotonic() + timeout
    pause = _FIRST_PAUSE
    while True:
        statuses = {
            each["app"]: each["status"] for each in get_deploy_status(connection, apps=apps)["apps"]
        }
        if "PROCESSING" not in statuses.values():
            break
        if time.monotonic() > deadline:
            raise DeployError(
                f"kintone has not put the apps {_listed(apps)} into service within "
                f"{timeout:g} seconds; it may still do so."
            )
        time.sleep(pause)
        pause = min(pause * 4, _LONGEST_PAUSE)
    if set(statuses.values()) != {"SUCCESS"}:
        told = ", ".join(f"{app}: {status}" for app, status in statuses.items())
        raise DeployError(f"kintone did not put the apps into service ({told}).")


def _listed(apps: Iterable[int]) -> str:
    return ", ".join(map(str, apps))
