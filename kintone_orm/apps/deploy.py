"""deploy(): the apps that models need, made or completed through kintone's own API.

It adds fields, never deletes one and never changes a type, and puts nothing into service that
somebody else has prepared. Lookups come in a round of their own, after every app and every plain
field is in service, those that copy lookups in one after it, and related records in the last, so
that models may refer to each other.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kintone_orm.api.answers import checked
from kintone_orm.api.apps import add_app, get_apps
from kintone_orm.api.form import add_form_fields, get_form_fields, update_form_fields
from kintone_orm.api.spaces import get_space
from kintone_orm.apps.form import missing, require_ours
from kintone_orm.apps.precision import declared_precision, set_precision
from kintone_orm.apps.service import put_into_service
from kintone_orm.connection import connections
from kintone_orm.exceptions import APIError, DeployError, ImproperlyConfigured, NotFound
from kintone_orm.http.codes import Meaning, meaning_of
from kintone_orm.models.ground.app_forms import keep_form, read_form

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from kintone_orm.apps.form import Changes, Missing
    from kintone_orm.connection import Connection
    from kintone_orm.models.base import Model

__all__ = ["deploy"]


@dataclass(frozen=True, slots=True)
class _Forms:
    """An app's forms before a deploy: the one in preparation, and the one in service if any."""

    preview: dict[str, Any]
    live: dict[str, Any] | None

    @property
    def is_new(self) -> bool:
        """It was never put into service, so that nobody uses it yet."""
        return self.live is None

    @property
    def differ(self) -> bool:
        """Something is prepared that is not in service."""
        return self.live is not None and self.live["revision"] != self.preview["revision"]


def deploy(
    *models: type[Model], using: Connection | str | None = None, timeout: float = 300.0
) -> dict[str, int]:
    """The ids of the models' apps by their keys, as `connect(apps=...)` takes them.

    Afterwards each app has every field that its models declare, and their number precision. A
    model whose `Meta.app` is a key that the connection does not know gets a new app, named by
    `Meta.verbose_name`, and the connection learns its id; over a connection to a guest space it is
    made in that space, in its first thread. `timeout` is in seconds, for 300 apps of each round:
    plain fields, lookups, lookups that copy those, related records. Needs a password: kintone lets
    no API token make apps.

    DeployError, before any app is made or changed, if an app of that name exists already, if an
    app contradicts its model, or if it has changes of somebody else's that are not in service yet.

    Source: kintone REST API, "Add Preview App", "Add Form Fields", "Deploy App Settings".
    """
    connection = _one_connection(models, using)
    to_make = _without_an_app(connection, models)
    by_app: dict[int, list[type[Model]]] = {}
    for model in models:
        if model._meta.app not in to_make:
            by_app.setdefault(model._meta.app_id(connection), []).append(model)
    forms = {app: _read_forms(connection, app, sharing) for app, sharing in by_app.items()}
    for app, sharing in by_app.items():
        _check(connection, app, sharing, forms[app], to_make)
    for sharing in to_make.values():
        with _about({}, sharing):
            _require_makeable(connection, sharing, to_make)
    for app, sharing in _make_apps(connection, to_make).items():
        by_app.setdefault(app, []).extend(sharing)
        forms[app] = _read_forms(connection, app, sharing)

    changed, lacking = set(), {}
    for app, sharing in by_app.items():
        touched, lacking[app] = _complete(connection, app, sharing, forms[app])
        if touched:
            changed.add(app)
        if (live := forms[app].live) is not None:
            keep_form(connection, app, live["properties"])
    _serve(connection, changed, by_app, timeout)
    for number in sorted({number for lacks in lacking.values() for number in lacks.later}):
        waiting = {a: lacks.later[number] for a, lacks in lacking.items() if number in lacks.later}
        for app, changes in waiting.items():
            with _about({app: by_app[app]}):
                _change_form(connection, app, changes)
        _serve(connection, waiting, by_app, timeout)
        changed.update(waiting)
    for app in sorted(changed):
        with _about({app: by_app[app]}):
            read_form(connection, app)
    keys = [model._meta.app for model in models]
    return {key: connection.apps[key] for key in keys if isinstance(key, str)}


def _serve(
    connection: Connection,
    apps: Iterable[int],
    by_app: Mapping[int, Sequence[type[Model]]],
    timeout: float,
) -> None:
    """Put the apps into service; a refusal names the models of all, for kintone says not which."""
    with _about({app: by_app[app] for app in sorted(apps)}):
        put_into_service(connection, sorted(apps), timeout)


def _without_an_app(
    connection: Connection, models: Iterable[type[Model]]
) -> dict[Any, list[type[Model]]]:
    """The models that need a new app, by its key."""
    found: dict[Any, list[type[Model]]] = {}
    for model in models:
        key = model._meta.app
        if isinstance(key, str) and key not in connection.apps:
            found.setdefault(key, []).append(model)
    return found


def _read_forms(connection: Connection, app: int, models: Sequence[type[Model]]) -> _Forms:
    with _about({app: models}):
        return _Forms(
            get_form_fields(checked(connection), app=app, preview=True), _live_form(connection, app)
        )


def _missing(
    connection: Connection,
    models: Sequence[type[Model]],
    form: Mapping[str, Any] | None,
    *,
    is_new: bool,
    to_make: Container[Any] = (),
) -> Missing:
    return missing(
        models,
        form,
        is_new=is_new,
        app_id=lambda model: 0 if model._meta.app in to_make else _source_app(connection, model),
    )


def _check(
    connection: Connection,
    app: int,
    models: Sequence[type[Model]],
    forms: _Forms,
    to_make: Container[Any],
) -> None:
    """DeployError for what is found out without changing anything. No request."""
    preview = forms.preview["properties"]
    with _about({app: models}):
        _missing(connection, models, preview, is_new=forms.is_new, to_make=to_make)
        if forms.differ and forms.live is not None:
            require_ours(models, forms.live["properties"], preview)
    declared_precision(models)


def _require_makeable(
    connection: Connection, models: Sequence[type[Model]], to_make: Container[Any]
) -> None:
    """DeployError for an app that would be left half made, or that is there already."""
    _missing(connection, models, None, is_new=True, to_make=to_make)
    declared_precision(models)
    name = _app_name(models)
    namesakes = [
        app for app in get_apps(checked(connection), name=name)["apps"] if app["name"] == name
    ]
    if namesakes:
        ids = ", ".join(app["appId"] for app in namesakes)
        model = models[0]
        raise DeployError(
            f"There is an app called {name!r} already (id {ids}). If it is {model.__name__}'s: "
            f"connect(..., apps={{{model._meta.app!r}: {namesakes[0]['appId']}}}). If not, give "
            "the model another Meta.verbose_name."
        )


def _make_apps(
    connection: Connection, to_make: Mapping[str, list[type[Model]]]
) -> dict[int, list[type[Model]]]:
    """The models by their new apps, which the connection knows from here on."""
    place: dict[str, Any] = {}
    if to_make and (space := connection.guest_space) is not None:
        with _about({}, [model for models in to_make.values() for model in models]):
            thread = get_space(checked(connection), id=space)["defaultThread"]
        place = {"space": space, "thread": thread}
    made: dict[int, list[type[Model]]] = {}
    for key, models in to_make.items():
        with _about({}, models):
            answer = add_app(checked(connection), name=_app_name(models), **place)
        connection.apps[key] = app = int(answer["app"])
        made[app] = models
    return made


def _app_name(models: Sequence[type[Model]]) -> str:
    name: str = models[0]._meta.concrete_model._meta.verbose_name
    return name


def _complete(
    connection: Connection, app: int, models: Sequence[type[Model]], forms: _Forms
) -> tuple[bool, Missing]:
    """Add what the form lacks: whether the app has to be put into service, and what waits."""
    form = forms.preview
    lacks = _missing(connection, models, form["properties"], is_new=forms.is_new)
    touched = forms.is_new or forms.differ or bool(lacks.now)
    with _about({app: models}):
        _change_form(connection, app, lacks.now, revision=form["revision"])
        return set_precision(connection, app, models) or touched, lacks


def _labels(models: Iterable[type[Model]]) -> str:
    return ", ".join(dict.fromkeys(model._meta.label for model in models))


@contextmanager
def _about(
    models_by_app: Mapping[int, Sequence[type[Model]]], without_app: Sequence[type[Model]] = ()
) -> Iterator[None]:
    """A refusal, kintone's or our own, says which models it is about, and which apps."""
    apps = [f"{_labels(models)} (app {app})" for app, models in models_by_app.items()]
    named = ", ".join(apps) or _labels(without_app)
    try:
        yield
    except APIError as error:
        error.message = f"{named}: {error.message}"
        raise
    except DeployError as error:
        error.args = (f"{named}: {error}",)
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
        return None  # it was never put into service


def _one_connection(models: Sequence[type[Model]], using: Connection | str | None) -> Connection:
    found = {id(c): c for m in models for c in [connections.resolve(using, default=m._meta.using)]}
    if len(found) > 1:
        aliases = ", ".join(repr(connection.alias) for connection in found.values())
        raise ImproperlyConfigured(
            f"The models live on several connections ({aliases}): deploy them in several calls."
        )
    return next(iter(found.values()), None) or connections.resolve(using)


def _source_app(connection: Connection, model: type[Model]) -> int:
    try:
        return model._meta.app_id(connection)
    except ImproperlyConfigured as error:
        raise DeployError(
            f"A field needs the app of {model.__name__}, which this connection does not know: "
            f"give {model.__name__} to the same deploy()."
        ) from error
