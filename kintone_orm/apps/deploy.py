"""deploy(): create the apps of models, or complete them, through kintone's API.

deploy() adds fields. It never deletes a field, never changes a type, and does not make anybody
else's preview settings live. Models may refer to each other, so deploy() works in rounds, and
deploys each round before the next: first all apps and plain fields, then lookups, then lookups that
copy lookups, and last the related records.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kintone_orm.api.answers import checked
from kintone_orm.api.apps import add_app, get_apps
from kintone_orm.api.form import add_form_fields, get_form_fields, update_form_fields
from kintone_orm.api.spaces import get_space
from kintone_orm.apps.form_changes import find_changes, require_only_ours
from kintone_orm.apps.precision import declared_precision, set_precision
from kintone_orm.apps.preview import deploy_previews
from kintone_orm.connection import connections
from kintone_orm.exceptions import APIError, DeployError, ImproperlyConfigured, NotFound
from kintone_orm.http.codes import Meaning, meaning_of
from kintone_orm.models.ground.app_forms import keep_form, read_form

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from kintone_orm.apps.form_changes import Changes, Form, FormChanges
    from kintone_orm.connection import Connection
    from kintone_orm.models.base import Model

__all__ = ["deploy"]


@dataclass(frozen=True, slots=True)
class _Forms:
    """The forms of an app before the deploy: preview, and live if the app was ever deployed."""

    preview: dict[str, Any]
    live: dict[str, Any] | None

    @property
    def is_new(self) -> bool:
        """True if the app was never deployed, so that nobody uses it yet."""
        return self.live is None

    @property
    def differ(self) -> bool:
        """True if the preview has changes that are not live."""
        return self.live is not None and self.live["revision"] != self.preview["revision"]


def deploy(
    *models: type[Model], using: Connection | str | None = None, timeout: float = 300.0
) -> dict[str, int]:
    """Create or complete the models' apps, and return their ids by key for `connect(apps=...)`.

    Afterwards each app has every field that its models declare, and their number precision. A model
    whose `Meta.app` is a key that the connection does not know gets a new app. The app's name is
    `Meta.verbose_name`, and the connection learns its id. On a connection to a guest space, the app
    is created in the first thread of that space. `timeout` is the number of seconds that each round
    of 300 apps may take. The connection needs a password, because kintone
    does not let an API token create apps.

    DeployError, before any app is created or changed, if another app has the name, if an app
    contradicts its model, or if its preview has somebody else's changes.

    Source: kintone REST API, "Add Preview App", "Add Form Fields", "Deploy App Settings".
    """
    connection = _one_connection(models, using)
    to_create = _without_an_app(connection, models)
    by_app: dict[int, list[type[Model]]] = {}
    for model in models:
        if model._meta.app not in to_create:
            by_app.setdefault(model._meta.app_id(connection), []).append(model)
    forms = {app: _read_forms(connection, app, sharing) for app, sharing in by_app.items()}
    for app, sharing in by_app.items():
        _check(connection, app, sharing, forms[app], to_create)
    for sharing in to_create.values():
        with _naming_models({}, sharing):
            _require_creatable(connection, sharing, to_create)
    for app, sharing in _create_apps(connection, to_create).items():
        by_app.setdefault(app, []).extend(sharing)
        forms[app] = _read_forms(connection, app, sharing)

    changed, changes_by_app = set(), {}
    for app, sharing in by_app.items():
        is_changed, changes_by_app[app] = _complete(connection, app, sharing, forms[app])
        if is_changed:
            changed.add(app)
        if (live := forms[app].live) is not None:
            keep_form(connection, app, live["properties"])
    _deploy_round(connection, changed, by_app, timeout)
    numbers = {number for needed in changes_by_app.values() for number in needed.later}
    for number in sorted(numbers):
        of_round = {
            app: needed.later[number]
            for app, needed in changes_by_app.items()
            if number in needed.later
        }
        for app, changes in of_round.items():
            with _naming_models({app: by_app[app]}):
                _change_form(connection, app, changes)
        _deploy_round(connection, of_round, by_app, timeout)
        changed.update(of_round)
    for app in sorted(changed):
        with _naming_models({app: by_app[app]}):
            read_form(connection, app)
    keys = [model._meta.app for model in models]
    return {key: connection.apps[key] for key in keys if isinstance(key, str)}


def _deploy_round(
    connection: Connection,
    apps: Iterable[int],
    by_app: Mapping[int, Sequence[type[Model]]],
    timeout: float,
) -> None:
    """Deploy the apps. An error names all models, since kintone does not say which app failed."""
    with _naming_models({app: by_app[app] for app in sorted(apps)}):
        deploy_previews(connection, sorted(apps), timeout)


def _without_an_app(
    connection: Connection, models: Iterable[type[Model]]
) -> dict[str, list[type[Model]]]:
    """Return the models that need a new app, by the key of the app."""
    by_key: dict[str, list[type[Model]]] = {}
    for model in models:
        key = model._meta.app
        if isinstance(key, str) and key not in connection.apps:
            by_key.setdefault(key, []).append(model)
    return by_key


def _read_forms(connection: Connection, app: int, models: Sequence[type[Model]]) -> _Forms:
    with _naming_models({app: models}):
        return _Forms(
            get_form_fields(checked(connection), app=app, preview=True), _live_form(connection, app)
        )


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


def _check(
    connection: Connection,
    app: int,
    models: Sequence[type[Model]],
    forms: _Forms,
    to_create: Container[object],
) -> None:
    """Raise DeployError for problems that can be found without a request."""
    preview = forms.preview["properties"]
    with _naming_models({app: models}):
        _find_changes(connection, models, preview, is_new=forms.is_new, to_create=to_create)
        if forms.differ and forms.live is not None:
            require_only_ours(models, forms.live["properties"], preview)
    declared_precision(models)


def _require_creatable(
    connection: Connection, models: Sequence[type[Model]], to_create: Container[object]
) -> None:
    """Raise DeployError if a new app could not get all fields, or if its name is in use."""
    _find_changes(connection, models, None, is_new=True, to_create=to_create)
    declared_precision(models)
    name = _app_name(models)
    namesakes = [
        app for app in get_apps(checked(connection), name=name)["apps"] if app["name"] == name
    ]
    if namesakes:
        ids = ", ".join(app["appId"] for app in namesakes)
        model = models[0]
        raise DeployError(
            f"An app called {name!r} exists already (id {ids}). If it is the app of "
            f"{model.__name__}, use connect(..., apps={{{model._meta.app!r}: "
            f"{namesakes[0]['appId']}}}). If not, give the model another Meta.verbose_name."
        )


def _create_apps(
    connection: Connection, to_create: Mapping[str, list[type[Model]]]
) -> dict[int, list[type[Model]]]:
    """Create the apps, add them to the connection, and return the models by app id."""
    place: dict[str, Any] = {}
    if to_create and (space := connection.guest_space) is not None:
        with _naming_models({}, [model for models in to_create.values() for model in models]):
            thread = get_space(checked(connection), id=space)["defaultThread"]
        place = {"space": space, "thread": thread}
    created: dict[int, list[type[Model]]] = {}
    for key, models in to_create.items():
        with _naming_models({}, models):
            answer = add_app(checked(connection), name=_app_name(models), **place)
        connection.apps[key] = app = int(answer["app"])
        created[app] = models
    return created


def _app_name(models: Sequence[type[Model]]) -> str:
    name: str = models[0]._meta.concrete_model._meta.verbose_name
    return name


def _complete(
    connection: Connection, app: int, models: Sequence[type[Model]], forms: _Forms
) -> tuple[bool, FormChanges]:
    """Make the changes of the first round.

    Return two values: True if the app must be deployed, and the changes of all rounds.
    """
    form = forms.preview
    changes = _find_changes(connection, models, form["properties"], is_new=forms.is_new)
    must_deploy = forms.is_new or forms.differ or bool(changes.now)
    with _naming_models({app: models}):
        _change_form(connection, app, changes.now, revision=form["revision"])
        return set_precision(connection, app, models) or must_deploy, changes


def _labels(models: Iterable[type[Model]]) -> str:
    return ", ".join(dict.fromkeys(model._meta.label for model in models))


@contextmanager
def _naming_models(
    models_by_app: Mapping[int, Sequence[type[Model]]], without_app: Sequence[type[Model]] = ()
) -> Iterator[None]:
    """Name the models and their apps in a DeployError or an APIError of the block."""
    apps = [f"{_labels(models)} (app {app})" for app, models in models_by_app.items()]
    names = ", ".join(apps) or _labels(without_app)
    try:
        yield
    except APIError as error:
        error.message = f"{names}: {error.message}"
        raise
    except DeployError as error:
        error.args = (f"{names}: {error}",)
        raise


def _change_form(
    connection: Connection, app: int, changes: Changes, *, revision: str | None = None
) -> None:
    calls = ((add_form_fields, changes.added), (update_form_fields, changes.changed))
    for call, properties in calls:
        if properties:
            answer = call(checked(connection), app=app, properties=properties, revision=revision)
            revision = answer["revision"]


def _live_form(connection: Connection, app: int) -> dict[str, Any] | None:
    try:
        return get_form_fields(checked(connection), app=app)
    except NotFound as error:
        if meaning_of(error) is not Meaning.APP_GONE:
            raise
        # kintone answers so for an app that was never deployed.
        return None


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
