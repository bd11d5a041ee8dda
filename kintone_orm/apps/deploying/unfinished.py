"""Finding the apps that an interrupted deploy() has left in preparation.

kintone lists only apps that were deployed. Until then, an app can be read by its id alone. A
program that lost kintone's answer, or was interrupted, does not know the id. But ids ascend: the
app has an unlisted id near the newest listed app, and deploy() tries these ids.

That is a search, not a proof. An app is missed if it is further away: for example, if kintone made
and deleted many other apps in the meantime. An app that somebody else prepares under the model's
name, with fields of the model only, cannot be told apart from ours.

Source: kintone REST API, "Add Preview App", "Get Apps", "Get General Settings".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.api.answers import checked
from kintone_orm.api.apps import get_app_settings
from kintone_orm.api.form import get_form_fields
from kintone_orm.apps.deploying.form_changes import find_foreign
from kintone_orm.apps.listing import list_apps
from kintone_orm.apps.naming import app_name, labels, naming_models
from kintone_orm.exceptions import APIError, DeployError, NotFound
from kintone_orm.http.codes import Meaning, meaning_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from kintone_orm.connection import Connection
    from kintone_orm.models.base import Model

__all__ = ["find_unfinished", "read_live_form", "require_free_names"]

# Ids below the newest listed app: other apps may have been deployed since ours was made.
_IDS_BELOW = 20
# Ids above it: the search ends after so many ids in a row that do not exist, because of apps that
# were deleted, and after so many ids at most, because of apps that belong to others.
_MISSING_IN_A_ROW = 5
_IDS_ABOVE = 50

# kintone's refusals for an app that exists, but is not ours.
_OF_OTHERS = (Meaning.NO_RIGHT, Meaning.IN_A_GUEST_SPACE)


def find_unfinished(
    connection: Connection, models_by_key: Mapping[str, Sequence[type[Model]]]
) -> dict[str, int]:
    """Return the ids of the apps in preparation that an interrupted deploy() has made, by key.

    Such an app has the name of the models' app, was never deployed, and has no fields but those of
    the models. DeployError if another app has the name, or if several apps in preparation do.
    """
    listed = require_free_names(connection, models_by_key)
    known = set(connection.known_apps.values())
    with naming_models({}, _all_models(models_by_key)):
        unlisted = {
            app: name for app, name in _search_unlisted(connection, listed) if app not in known
        }
    unfinished: dict[str, int] = {}
    for key, models in models_by_key.items():
        namesakes = _namesakes(models, unlisted)
        if len(namesakes) > 1:
            raise _name_in_use(key, models, "is in preparation", namesakes)
        for app in namesakes:
            _require_ours(connection, app, key, models)
            unfinished[key] = app
            del unlisted[app]
    return unfinished


def require_free_names(
    connection: Connection, models_by_key: Mapping[str, Sequence[type[Model]]]
) -> Mapping[int, str]:
    """Return the names of all deployed apps, by id. DeployError if one has the name of a model."""
    with naming_models({}, _all_models(models_by_key)):
        listed = {int(app["appId"]): app["name"] for app in list_apps(connection)}
    for key, models in models_by_key.items():
        if namesakes := _namesakes(models, listed):
            raise _name_in_use(key, models, "exists already", namesakes)
    return listed


def read_live_form(connection: Connection, app: int) -> dict[str, Any] | None:
    """Return the app's live form, or None if the app was never deployed."""
    try:
        return get_form_fields(checked(connection), app=app)
    except NotFound as error:
        if meaning_of(error) is not Meaning.APP_GONE:
            raise
        return None


def _all_models(models_by_key: Mapping[str, Sequence[type[Model]]]) -> list[type[Model]]:
    return [model for models in models_by_key.values() for model in models]


def _search_unlisted(connection: Connection, listed: Collection[int]) -> Iterator[tuple[int, str]]:
    """Yield the ids and names of apps near the newest listed app that kintone does not list."""
    newest = max(listed, default=0)
    for app in range(max(newest - _IDS_BELOW, 1), newest):
        if app not in listed and (name := _read_name(connection, app)):
            yield app, name
    missing = 0
    for app in range(newest + 1, newest + 1 + _IDS_ABOVE):
        name = _read_name(connection, app)
        if name:
            yield app, name
        missing = missing + 1 if name is None else 0
        if missing == _MISSING_IN_A_ROW:
            return


def _read_name(connection: Connection, app: int) -> str | None:
    """Return the name of an app, "" if the user may not manage it, or None if there is no app."""
    try:
        name: str = get_app_settings(checked(connection), app=app, preview=True)["name"]
    except APIError as error:
        meaning = meaning_of(error)
        if meaning is Meaning.APP_GONE:
            return None
        if meaning in _OF_OTHERS:
            return ""
        raise
    return name


def _namesakes(models: Sequence[type[Model]], names: Mapping[int, str]) -> list[int]:
    return [app for app, name in names.items() if name == app_name(models)]


def _require_ours(
    connection: Connection, app: int, key: str, models: Sequence[type[Model]]
) -> None:
    with naming_models({app: models}):
        # The app may have been deployed since the apps were listed.
        is_live = read_live_form(connection, app) is not None
        form = get_form_fields(checked(connection), app=app, preview=True)["properties"]
    if is_live:
        raise _name_in_use(key, models, "exists already", [app])
    if foreign := find_foreign(models, form):
        fields = ", ".join(map(repr, foreign))
        raise _name_in_use(key, models, f"is in preparation with the fields {fields}", [app])


def _name_in_use(
    key: str, models: Sequence[type[Model]], state: str, apps: Sequence[int]
) -> DeployError:
    ids = ", ".join(map(str, apps))
    return DeployError(
        f"{labels(models)}: An app called {app_name(models)!r} {state} (id {ids}). If it is the "
        f"app of {models[0].__name__}, use connect(..., apps={{{key!r}: {apps[0]}}}). If not, give "
        "the model another Meta.verbose_name."
    )
