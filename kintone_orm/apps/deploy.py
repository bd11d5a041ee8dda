"""deploy(): create the apps of models, or complete them, through kintone's API.

deploy() adds fields. It never deletes a field, never changes a type, and does not make anybody
else's preview settings live. Models may refer to each other, so deploy() works in rounds, and
deploys each round before the next: first all apps and plain fields, then lookups, then lookups that
copy lookups, and last the related records.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from kintone_orm.api.answers import checked
from kintone_orm.api.form import add_form_fields, get_form_fields, update_form_fields
from kintone_orm.apps.creation import create_apps
from kintone_orm.apps.deploy_status import is_deploying, wait_for_deploy
from kintone_orm.apps.form_changes import contains, find_changes, require_only_ours
from kintone_orm.apps.naming import extend_text, labels, naming_models
from kintone_orm.apps.precision import declared_precision, is_precision_unfinished, set_precision
from kintone_orm.apps.preview import deploy_previews
from kintone_orm.apps.settings_writes import SettingsWrites
from kintone_orm.apps.unfinished import find_unfinished, read_live_form, require_free_names
from kintone_orm.argument_checks import require_seconds
from kintone_orm.connection import connections
from kintone_orm.exceptions import DeployError, ImproperlyConfigured, KintoneORMError
from kintone_orm.models.ground.app_forms import keep_form, read_form

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from kintone_orm.apps.form_changes import Changes, Definition, Form, FormChanges
    from kintone_orm.connection import Connection
    from kintone_orm.models.base import Model

    # A function that returns the apps of an interrupted deploy(), by key: see `find_unfinished`.
    _Find: TypeAlias = Callable[[Connection, Mapping[str, Sequence[type[Model]]]], dict[str, int]]

__all__ = ["deploy", "deploy_to_new_emulator"]

_logger = logging.getLogger("kintone_orm")


@dataclass(frozen=True, slots=True)
class _App:
    """An app with its models and its forms before the deploy: preview, and live if there is one."""

    id: int
    models: Sequence[type[Model]]
    preview: dict[str, Any]
    live: dict[str, Any] | None

    @property
    def is_new(self) -> bool:
        """True if the app was never deployed, so that nobody uses it yet."""
        return self.live is None

    @property
    def is_live(self) -> bool:
        """True if the preview has no changes that are not live."""
        return self.live is not None and self.live["revision"] == self.preview["revision"]

    def named(self) -> AbstractContextManager[None]:
        """Name the app and its models in errors of the block."""
        return naming_models({self.id: self.models})


def deploy(
    *models: type[Model], using: Connection | str | None = None, timeout: float = 300.0
) -> dict[str, int]:
    """Create or complete the models' apps, and return their ids by key for `connect(apps=...)`.

    Afterwards each app has every field that its models declare, and their number precision. A model
    whose `Meta.app` is a key that the connection does not know gets a new app. The app's name is
    `Meta.verbose_name`, and the connection learns its id. On a connection to a guest space, the app
    is created in the first thread of that space. The connection needs a password, because kintone
    does not let an API token create apps.

    A deploy of the same app that is running already is waited for. `timeout` is the number of
    seconds that it may take, or that each round of 300 apps may take.

    DeployError, before any app is created or changed, if another app has the name, if an app
    contradicts its model, or if its preview has somebody else's changes. ImproperlyConfigured if
    `timeout` is not a finite number above 0.

    If kintone's answer to a change is lost, the settings show whether the change was made, and the
    deploy goes on. After any other failure, deploy again: fields and apps that exist are not made
    again. A new app is not listed by kintone before its first deploy, so an error names its id. If
    the id is unknown, or not passed to `connect()`, deploy() tries the ids near the newest app. It
    takes an app with the model's name that was never deployed and has no other fields.

    `carried_out` of the error says whether this deploy() has changed anything: `UNKNOWN` if an
    answer was lost and the settings do not show the change.

    Source: kintone REST API, "Add Preview App", "Add Form Fields", "Deploy App Settings".
    """
    return _deploy_all(_one_connection(models, using), models, timeout, find_unfinished)


def deploy_to_new_emulator(connection: Connection, models: Sequence[type[Model]]) -> None:
    """Do the same as deploy(), without the search for apps of an interrupted deploy().

    No deploy() was interrupted in a new emulator, and the search would take a quarter of the time
    of a small test.
    """

    def find_none(
        connection: Connection, models_by_key: Mapping[str, Sequence[type[Model]]]
    ) -> dict[str, int]:
        require_free_names(connection, models_by_key)
        return {}

    _deploy_all(connection, models, 300.0, find_none)


def _deploy_all(
    connection: Connection, models: Sequence[type[Model]], timeout: float, find: _Find
) -> dict[str, int]:
    keys = [model._meta.app for model in models if isinstance(model._meta.app, str)]
    new_keys = [key for key in keys if connection.find_app(key) is None]
    writes = SettingsWrites(connection, require_seconds(timeout, "'timeout'"))
    try:
        _deploy(writes, models, find)
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
    return {key: connection.app_id(key) for key in keys}


def _deploy(writes: SettingsWrites, models: Sequence[type[Model]], find: _Find) -> None:
    """Check everything that can be checked without a change. Then create and complete the apps."""
    connection = writes.connection
    to_create = _without_an_app(connection, models)
    by_app: dict[int, list[type[Model]]] = {}
    for model in models:
        if model._meta.app not in to_create:
            by_app.setdefault(model._meta.app_id(connection), []).append(model)
    apps = _read_apps(writes, by_app)
    _check(connection, apps, to_create)
    for sharing in to_create.values():
        with naming_models({}, sharing):
            _find_changes(connection, sharing, None, is_new=True, to_create=to_create)
            declared_precision(sharing)
    if to_create:
        apps += _take_up_or_create(writes, to_create, find)
    _complete(writes, apps)


def _read_apps(writes: SettingsWrites, by_app: Mapping[int, Sequence[type[Model]]]) -> list[_App]:
    """Read the apps' forms. Wait for running deploys first, because they change the live forms."""
    connection = writes.connection
    apps = {app: _read_app(connection, app, models) for app, models in by_app.items()}
    not_live = {app.id: app.models for app in apps.values() if not app.is_live}
    with naming_models(not_live):
        if not_live and is_deploying(connection, [*not_live]):
            wait_for_deploy(connection, [*not_live], writes.timeout)
            apps |= {app: _read_app(connection, app, models) for app, models in not_live.items()}
    return [*apps.values()]


def _read_app(connection: Connection, app: int, models: Sequence[type[Model]]) -> _App:
    with naming_models({app: models}):
        preview = get_form_fields(checked(connection), app=app, preview=True)
        return _App(app, models, preview, read_live_form(connection, app))


def _read_created(connection: Connection, app: int, models: Sequence[type[Model]]) -> _App:
    with naming_models({app: models}):
        preview = get_form_fields(checked(connection), app=app, preview=True)
    return _App(app, models, preview, live=None)


def _check(connection: Connection, apps: Iterable[_App], to_create: Container[object]) -> None:
    """Raise DeployError for problems that can be found before a change."""
    for app in apps:
        preview = app.preview["properties"]
        with app.named():
            _find_changes(connection, app.models, preview, is_new=app.is_new, to_create=to_create)
            if app.live is not None and not app.is_live:
                _require_only_ours(connection, app, app.live["properties"])
        declared_precision(app.models)


def _require_only_ours(connection: Connection, app: _App, live: Form) -> None:
    """Raise DeployError if the preview has changes that an interrupted deploy() did not make."""
    preview = app.preview["properties"]
    if preview != live or not is_precision_unfinished(connection, app.id, app.models):
        require_only_ours(app.models, live, preview)


def _take_up_or_create(
    writes: SettingsWrites, to_create: Mapping[str, Sequence[type[Model]]], find: _Find
) -> list[_App]:
    """Return the apps that an interrupted deploy() has made, and new apps for the other models.

    The connection learns their ids.
    """
    connection = writes.connection
    unfinished = find(connection, to_create)
    apps = _read_apps(writes, {app: to_create[key] for key, app in unfinished.items()})
    _check(connection, apps, to_create)
    for key, app in unfinished.items():
        _logger.warning(
            "The app %d is in preparation under the name of %s. deploy() completes it for %r.",
            app,
            labels(to_create[key]),
            key,
        )
    connection.apps.update(unfinished)
    missing = {key: models for key, models in to_create.items() if key not in unfinished}
    for key, app in create_apps(writes, missing):
        connection.apps[key] = app
        apps.append(_read_created(connection, app, missing[key]))
    return apps


def _complete(writes: SettingsWrites, apps: Sequence[_App]) -> None:
    """Add the missing fields and set the precision, and deploy each round before the next."""
    connection = writes.connection
    changes = {
        app.id: _find_changes(connection, app.models, app.preview["properties"], is_new=app.is_new)
        for app in apps
    }
    changed: dict[int, _App] = {}
    for app in apps:
        now = changes[app.id].now
        with app.named():
            _change_form(writes, app.id, now, revision=app.preview["revision"])
            if set_precision(writes, app.id, app.models) or now or not app.is_live:
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


def _deploy_round(writes: SettingsWrites, apps: Iterable[_App]) -> None:
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


def _without_an_app(
    connection: Connection, models: Iterable[type[Model]]
) -> dict[str, list[type[Model]]]:
    """Return the models that need a new app, by the key of the app."""
    by_key: dict[str, list[type[Model]]] = {}
    for model in models:
        key = model._meta.app
        if isinstance(key, str) and connection.find_app(key) is None:
            by_key.setdefault(key, []).append(model)
    return by_key


def _find_changes(
    connection: Connection,
    models: Sequence[type[Model]],
    form: Form | None,
    *,
    is_new: bool,
    to_create: Container[object] = (),
) -> FormChanges:
    return find_changes(
        models,
        form,
        is_new=is_new,
        app_id=lambda model: 0 if model._meta.app in to_create else _source_app(connection, model),
    )


def _one_connection(models: Sequence[type[Model]], using: Connection | str | None) -> Connection:
    used = [connections.resolve(using, default=model._meta.using) for model in models]
    different = {id(connection): connection for connection in used}
    if len(different) > 1:
        aliases = ", ".join(repr(connection.alias) for connection in different.values())
        raise ImproperlyConfigured(
            f"The models use several connections ({aliases}). Deploy them in several calls."
        )
    return used[0] if used else connections.resolve(using)


def _source_app(connection: Connection, model: type[Model]) -> int:
    try:
        return model._meta.app_id(connection)
    except ImproperlyConfigured as error:
        raise DeployError(
            f"A field needs the app of {model.__name__}, which this connection does not know. "
            f"Pass {model.__name__} to the same deploy()."
        ) from error
