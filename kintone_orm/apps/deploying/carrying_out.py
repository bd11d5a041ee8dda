"""Making the changes of a deploy(), in rounds: each round is deployed before the next."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from kintone_orm.api.answers import checked
from kintone_orm.api.form import add_form_fields, get_form_fields, update_form_fields
from kintone_orm.apps.app_ids import AppIds
from kintone_orm.apps.deploying.creation import create_apps
from kintone_orm.apps.deploying.deploy_status import DEPLOY_SECONDS
from kintone_orm.apps.deploying.form_changes import contains, find_changes
from kintone_orm.apps.deploying.precision import needs_precision, set_precision
from kintone_orm.apps.deploying.preparing import read_created
from kintone_orm.apps.deploying.preview import deploy_previews
from kintone_orm.apps.deploying.settings_writes import SettingsWrites
from kintone_orm.apps.naming import extend_text, labels, naming_models
from kintone_orm.exceptions import KintoneORMError
from kintone_orm.models.ground.app_forms import keep_form, read_form

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kintone_orm.apps.deploying.deployment import App, Deployment
    from kintone_orm.apps.deploying.form_changes import Changes, Definition
    from kintone_orm.connection import Connection

__all__ = ["carry_out"]

_logger = logging.getLogger("kintone_orm")


def carry_out(
    connection: Connection, deployment: Deployment, *, timeout: float = DEPLOY_SECONDS
) -> dict[str, int]:
    """Make the changes, and return the ids of the apps that are new to the connection, by key.

    The connection learns the ids and the forms. `timeout` and the errors are those of deploy().
    """
    writes = SettingsWrites(connection, timeout)
    new_keys = [*deployment.unfinished, *deployment.new_apps]
    try:
        _make(writes, deployment)
    except KintoneORMError as error:
        error.carried_out = writes.carried_out
        known = connection.apps
        if new_apps := {key: known[key] for key in new_keys if key in known}:
            extend_text(
                error,
                after=" The new apps are not complete. Deploy again to complete them. In another "
                f"program, use connect(..., apps={new_apps}).",
            )
        raise
    return {key: connection.apps[key] for key in new_keys}


def _make(writes: SettingsWrites, deployment: Deployment) -> None:
    connection = writes.connection
    apps = [changes.app for changes in deployment.apps]
    sets_precision = {changes.app.id: changes.sets_precision for changes in deployment.apps}
    models_by_app = {app.id: app.models for app in apps}
    for key, app in deployment.unfinished.items():
        _logger.warning(
            "The app %d is in preparation under the name of %s. deploy() completes it for %r.",
            app,
            labels(models_by_app[app]),
            key,
        )
    connection.apps.update(deployment.unfinished)
    models_by_key = {key: new.models for key, new in deployment.new_apps.items()}
    for key, app in create_apps(writes, models_by_key):
        connection.apps[key] = app
        apps.append(read_created(connection, app, models_by_key[key]))
    _complete(writes, apps, sets_precision)


def _complete(
    writes: SettingsWrites, apps: Sequence[App], sets_precision: Mapping[int, bool]
) -> None:
    """Add the missing fields and set the precision, and deploy each round before the next.

    `sets_precision` says whether an app has another precision than its models declare. It lacks
    the apps that were created now.
    """
    connection = writes.connection
    # Found again, because the ids of all apps are known now.
    changes = {
        app.id: find_changes(
            app.models, app.preview["properties"], is_new=app.is_new, ids=AppIds(connection)
        )
        for app in apps
    }
    changed: dict[int, App] = {}
    for app in apps:
        now = changes[app.id].now
        with app.named():
            _change_form(writes, app.id, now, revision=app.preview["revision"])
            if app.id in sets_precision:
                needs_it = sets_precision[app.id]
            else:
                needs_it = needs_precision(connection, app.id, app.models)
            if needs_it:
                set_precision(writes, app.id, app.models)
        if now or needs_it or not app.is_live:
            changed[app.id] = app
        if app.live is not None:
            keep_form(connection, app.id, app.live["properties"])
    _deploy_round(writes, changed.values())
    for number in sorted({number for needed in changes.values() for number in needed.later}):
        of_round = [app for app in apps if number in changes[app.id].later]
        for app in of_round:
            with app.named():
                _change_form(writes, app.id, changes[app.id].later[number])
        _deploy_round(writes, of_round)
        changed |= {app.id: app for app in of_round}
    for _, app in sorted(changed.items()):
        with app.named():
            read_form(connection, app.id)


def _deploy_round(writes: SettingsWrites, apps: Iterable[App]) -> None:
    """Deploy the apps. An error names all models, since kintone does not say which app failed."""
    models_by_app = {app.id: app.models for app in sorted(apps, key=lambda app: app.id)}
    with naming_models(models_by_app):
        deploy_previews(writes, [*models_by_app])


def _change_form(
    writes: SettingsWrites, app: int, changes: Changes, *, revision: str | None = None
) -> None:
    if changes.added:
        revision = _send_fields(writes, add_form_fields, app, changes.added, revision)
    if changes.changed:
        _send_fields(writes, update_form_fields, app, changes.changed, revision)


def _send_fields(
    writes: SettingsWrites,
    call: Callable[..., dict[str, Any]],
    app: int,
    properties: Mapping[str, Definition],
    revision: str | None,
) -> str:
    """Add or change fields and return the new revision."""
    connection = checked(writes.connection)

    def send() -> dict[str, Any]:
        return call(connection, app=app, properties=properties, revision=revision)

    def read_result() -> dict[str, Any] | None:
        form = get_form_fields(connection, app=app, preview=True)
        return form if contains(form["properties"], properties) else None

    new_revision: str = writes.send([app], send, read_result)["revision"]
    return new_revision
