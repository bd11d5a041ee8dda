"""deploy(): the apps that models need, made or completed through kintone's own API.

It adds fields, never deletes one and never changes a type, and puts nothing into service that
somebody else has prepared. Lookups come in a round of their own, after every app and every plain
field is in service, and related records in a third, so that models may refer to each other.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from kintone_orm.api.apps import add_app, get_app_settings, get_apps, update_app_settings
from kintone_orm.api.deploy import deploy_apps, get_deploy_status
from kintone_orm.api.form import add_form_fields, get_form_fields, update_form_fields
from kintone_orm.apps.form import missing, require_ours
from kintone_orm.connection import connections
from kintone_orm.exceptions import DeployError, ImproperlyConfigured, NotFound
from kintone_orm.models.known_fields import keep_form, look_at_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kintone_orm.apps.form import Changes, Missing
    from kintone_orm.connection import Connection
    from kintone_orm.models.base import Model

__all__ = ["deploy"]

_FIRST_PAUSE = 0.002  # seconds; an emulated domain is ready at once
_LONGEST_PAUSE = 2.0


def deploy(
    *models: type[Model], using: Connection | str | None = None, timeout: float = 300.0
) -> dict[str, int]:
    """The ids of the models' apps by their keys, as `connect(apps=...)` takes them.

    Afterwards each app has every field that its models declare, and their number precision. A
    model whose `Meta.app` is a key that the connection does not know gets a new app, named by
    `Meta.verbose_name`, and the connection learns its id. `timeout` is in seconds, for each of at
    most three rounds. Needs a password: kintone lets no API token make apps.

    DeployError, before anything is in service, if an app of that name exists already, if an app
    contradicts its model, or if it has changes of somebody else's that are not in service yet.

    Source: kintone REST API, "Add Preview App", "Add Form Fields", "Deploy App Settings".
    """
    connection = _one_connection(models, using)
    for model in models:
        _make_app(connection, model)
    by_app: dict[int, list[type[Model]]] = {}
    for model in models:
        by_app.setdefault(model._meta.app_id(connection), []).append(model)

    changed, lacking = set(), {}
    for app, sharing in by_app.items():
        touched, lacking[app], live = _complete(connection, app, sharing)
        if touched:
            changed.add(app)
        if live is not None:
            keep_form(connection, app, live["properties"])
    _put_into_service(connection, sorted(changed), timeout)
    for kind in ("lookups", "related"):
        found = {app: getattr(lacks, kind) for app, lacks in lacking.items()}
        waiting = {app: changes for app, changes in found.items() if changes}
        for app, changes in waiting.items():
            _change_form(connection, app, changes)
        _put_into_service(connection, sorted(waiting), timeout)
        changed.update(waiting)
    for app in sorted(changed):
        look_at_form(connection, app)
    keys = [model._meta.app for model in models]
    return {key: connection.apps[key] for key in keys if isinstance(key, str)}


def _complete(
    connection: Connection, app: int, models: Sequence[type[Model]]
) -> tuple[bool, Missing, dict[str, Any] | None]:
    """Whether the app has to be put into service, what it still lacks, and its form before."""
    form = get_form_fields(connection, app=app, preview=True)
    live = _live_form(connection, app)
    lacks = missing(
        models,
        form["properties"],
        is_new=live is None,
        app_id=lambda model: _source_app(connection, model),
    )
    touched = live is None or bool(lacks.now)
    if live is not None and live["revision"] != form["revision"]:
        require_ours(app, models, live["properties"], form["properties"])
        touched = True
    _change_form(connection, app, lacks.now, revision=form["revision"])
    return _set_precision(connection, app, models) or touched, lacks, live


def _change_form(
    connection: Connection, app: int, changes: Changes, *, revision: str | None = None
) -> None:
    calls = ((add_form_fields, changes.added), (update_form_fields, changes.changed))
    for call, properties in calls:
        if properties:
            answer = call(connection, app=app, properties=properties, revision=revision)
            revision = answer["revision"]


def _live_form(connection: Connection, app: int) -> dict[str, Any] | None:
    try:
        return get_form_fields(connection, app=app)
    except NotFound as error:
        if error.code != "GAIA_AP01":
            raise
        return None  # it was never put into service


def _one_connection(models: Sequence[type[Model]], using: Connection | str | None) -> Connection:
    found = {id(c): c for m in models for c in [connections.resolve(using, default=m._meta.using)]}
    if len(found) > 1:
        aliases = ", ".join(repr(connection.alias) for connection in found.values())
        raise ImproperlyConfigured(
            f"The models live on several connections ({aliases}): deploy them in several calls."
        )
    return next(iter(found.values()), None) or connections.resolve(using)


def _make_app(connection: Connection, model: type[Model]) -> None:
    """A new app for the model, unless the connection knows one already."""
    key, name = model._meta.app, model._meta.concrete_model._meta.verbose_name
    if not isinstance(key, str) or key in connection.apps:
        return
    namesakes = [app for app in get_apps(connection, name=name)["apps"] if app["name"] == name]
    if namesakes:
        ids = ", ".join(app["appId"] for app in namesakes)
        raise DeployError(
            f"There is an app called {name!r} already (id {ids}). If it is {model.__name__}'s: "
            f"connect(..., apps={{{key!r}: {namesakes[0]['appId']}}}). If not, give the model "
            "another Meta.verbose_name."
        )
    connection.apps[key] = int(add_app(connection, name=name)["app"])


def _source_app(connection: Connection, model: type[Model]) -> int:
    try:
        return model._meta.app_id(connection)
    except ImproperlyConfigured as error:
        raise DeployError(
            f"A field needs the app of {model.__name__}, which this connection does not know: "
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
