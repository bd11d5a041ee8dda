"""Finding the changes that a deploy() is going to make. Only GET requests are sent."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, TypeAlias

from kintone_orm.api.answers import checked
from kintone_orm.api.form import get_form_fields
from kintone_orm.api.records import get_records
from kintone_orm.apps.app_ids import AppIds
from kintone_orm.apps.deploying.deploy_status import is_deploying, wait_for_deploy
from kintone_orm.apps.deploying.deployment import App, AppChanges, Deployment, NewApp
from kintone_orm.apps.deploying.form_changes import find_changes, require_only_ours
from kintone_orm.apps.deploying.near_codes import codes_of, find_near_codes
from kintone_orm.apps.deploying.precision import (
    declared_precision,
    is_precision_unfinished,
    needs_precision,
)
from kintone_orm.apps.deploying.unfinished import read_live_form
from kintone_orm.apps.naming import naming_models
from kintone_orm.exceptions import ImproperlyConfigured, PermissionDenied
from kintone_orm.query.resolve import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kintone_orm.apps.deploying.form_changes import FormChanges
    from kintone_orm.apps.deploying.near_codes import NearCode
    from kintone_orm.connection import Connection
    from kintone_orm.models.base import Model
    from kintone_orm.models.ground.form_definitions import Form

    # A function that returns the apps of an interrupted deploy(), by key: see `find_unfinished`.
    Find: TypeAlias = Callable[[Connection, Mapping[str, Sequence[type[Model]]]], dict[str, int]]

__all__ = ["prepare_deployment", "read_created"]


def prepare_deployment(
    connection: Connection,
    models: Sequence[type[Model]],
    *,
    timeout: float,
    add: Collection[str],
    find: Find,
) -> Deployment:
    """Check everything that can be checked without a change, and return the changes to make.

    `add` holds new codes that are not typos. `find` returns the apps that an interrupted deploy()
    has made. The errors are those of deploy(), but a new code that looks like a typo is no error.
    """
    _require_codes(add, models)
    to_create = _without_an_app(connection, models)
    by_app: dict[int, list[type[Model]]] = {}
    for model in models:
        if model._meta.app not in to_create:
            by_app.setdefault(model._meta.app_id(connection), []).append(model)
    apps = _read_apps(connection, by_app, timeout)
    ids = AppIds(connection, to_create)
    forms = _find_form_changes(connection, apps, ids)
    new_apps: dict[str, NewApp] = {}
    for key, sharing in to_create.items():
        with naming_models({}, sharing):
            form = find_changes(sharing, None, is_new=True, ids=ids)
            declared_precision(sharing)
        new_apps[key] = NewApp(sharing, form)
    unfinished: dict[str, int] = {}
    if to_create:
        unfinished = find(connection, to_create)
        models_by_app = {app: to_create[key] for key, app in unfinished.items()}
        taken_up = _read_apps(connection, models_by_app, timeout)
        forms += _find_form_changes(connection, taken_up, ids)
        apps += taken_up
        for key in unfinished:
            del new_apps[key]
    changes = [
        _find_changes(connection, app, form, add) for app, form in zip(apps, forms, strict=True)
    ]
    return Deployment(new_apps, changes, unfinished)


def read_created(connection: Connection, app: int, models: Sequence[type[Model]]) -> App:
    """Return an app that was just created."""
    with naming_models({app: models}):
        preview = get_form_fields(checked(connection), app=app, preview=True)
    return App(app, models, preview, live=None)


def _require_codes(add: Collection[str], models: Sequence[type[Model]]) -> None:
    """Raise ImproperlyConfigured unless the models declare each code in `add`."""
    if isinstance(add, str) or not isinstance(add, Collection):
        codes = f": add=[{add!r}]" if isinstance(add, str) else f", not {add!r:.80}"
        raise ImproperlyConfigured(f"'add' must be a list of codes{codes}.")
    if add:
        declared = codes_of(models)
        allowed = {*declared, *map(_own_code, declared)}
        for code in add:
            if code not in allowed:
                raise ImproperlyConfigured(
                    f"'add' contains {code!r}, but no model of this deploy() declares this code. "
                    "A column is '明細.数量' or '数量'."
                    f"{nearest(code, declared) if isinstance(code, str) else ''}"
                )


def _own_code(code: str) -> str:
    """Return the code of a column without that of its subtable. It is unique in the app."""
    return code.rpartition(".")[2]


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


def _read_apps(
    connection: Connection, by_app: Mapping[int, Sequence[type[Model]]], timeout: float
) -> list[App]:
    """Read the apps' forms. Wait for running deploys first, because they change the live forms."""
    apps = {app: _read_app(connection, app, models) for app, models in by_app.items()}
    not_live = {app.id: app.models for app in apps.values() if not app.is_live}
    with naming_models(not_live):
        if not_live and is_deploying(connection, [*not_live]):
            wait_for_deploy(connection, [*not_live], timeout)
            apps |= {app: _read_app(connection, app, models) for app, models in not_live.items()}
    return [*apps.values()]


def _read_app(connection: Connection, app: int, models: Sequence[type[Model]]) -> App:
    with naming_models({app: models}):
        preview = get_form_fields(checked(connection), app=app, preview=True)
        return App(app, models, preview, read_live_form(connection, app))


def _find_form_changes(
    connection: Connection, apps: Iterable[App], ids: AppIds
) -> list[FormChanges]:
    """Return the changes that each app's form needs.

    DeployError for problems that can be found before a change.
    """
    changes = []
    for app in apps:
        preview = app.preview["properties"]
        with app.named():
            changes.append(find_changes(app.models, preview, is_new=app.is_new, ids=ids))
            if app.live is not None and not app.is_live:
                _require_only_ours(connection, app, app.live["properties"])
        declared_precision(app.models)
    return changes


def _require_only_ours(connection: Connection, app: App, live: Form) -> None:
    """Raise DeployError if the preview has changes that an interrupted deploy() did not make."""
    preview = app.preview["properties"]
    if preview != live or not is_precision_unfinished(connection, app.id, app.models):
        require_only_ours(app.models, live, preview)


def _find_changes(
    connection: Connection, app: App, form: FormChanges, add: Collection[str]
) -> AppChanges:
    """Return all changes that an app needs; `form` are those of its form."""
    with app.named():
        sets_precision = needs_precision(connection, app.id, app.models)
        return AppChanges(app, form, sets_precision, _find_near_codes(connection, app, add))


def _find_near_codes(connection: Connection, app: App, add: Collection[str]) -> list[NearCode]:
    """Return the new codes that may be typos. An app without records may have any field."""
    if app.is_new:
        return []
    near_codes = [
        near
        for near in find_near_codes(app.models, app.preview["properties"])
        if near.code not in add and _own_code(near.code) not in add
    ]
    return near_codes if near_codes and _has_records(connection, app.id) else []


def _has_records(connection: Connection, app: int) -> bool:
    """Return True if the app has records that the user may see, or if none may be read."""
    try:
        page = get_records(checked(connection), app=app, query="limit 1", fields=["$id"])
    except PermissionDenied:
        return True
    return bool(page["records"])
