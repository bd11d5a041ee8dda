"""Finding the apps to inspect, and reading them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from kintone_orm.api.answers import checked
from kintone_orm.api.apps import get_apps
from kintone_orm.apps.description import AppDescription, read_app
from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.limits import APPS_PER_FILTER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kintone_orm.connection import Connection

__all__ = ["read_apps", "require_listing"]


class _AppId(NamedTuple):
    """The id of an app, and the app as apps.json lists it; None if it was not listed."""

    id: int
    about: Mapping[str, Any] | None = None


def read_apps(
    connection: Connection, apps: Sequence[int | str | AppDescription]
) -> list[AppDescription]:
    """Return the apps in the order of `apps`: ids, keys of the connection, or app codes.

    An app that is named twice is read once. Each app takes four requests, or three if it is named
    by its code; one more looks up a hundred app codes. ImproperlyConfigured for app codes without a
    password, and for codes that no app has that the user may see. NotFound, PermissionDenied and
    other errors of kintone name the app.
    """
    names = [app for app in apps if not isinstance(app, AppDescription)]
    ids = _find_apps(connection, dict.fromkeys(names))
    descriptions: dict[object, AppDescription] = {}
    for app in apps:
        if isinstance(app, AppDescription):
            descriptions.setdefault(object() if app.id is None else app.id, app)
        elif ids[app].id not in descriptions:
            number, about = ids[app]
            descriptions[number] = read_app(connection, number, about=about)
    return list(descriptions.values())


def _find_apps(connection: Connection, names: Iterable[int | str]) -> dict[int | str, _AppId]:
    numbers = {name: name if isinstance(name, int) else connection.find_app(name) for name in names}
    ids: dict[int | str, _AppId] = {
        name: _AppId(number) for name, number in numbers.items() if number is not None
    }
    codes = [str(name) for name, number in numbers.items() if number is None]
    if not codes:
        return ids
    require_listing(connection, f"The app code {codes[0]!r}")
    for start in range(0, len(codes), APPS_PER_FILTER):
        page = get_apps(checked(connection), codes=codes[start : start + APPS_PER_FILTER])
        ids.update((about["code"], _AppId(int(about["appId"]), about)) for about in page["apps"])
    if unknown := [code for code in codes if code not in ids]:
        listed = ", ".join(map(repr, unknown))
        raise ImproperlyConfigured(
            f"The connection may see no app with the app code {listed}, and there is no key of "
            "this name. Give the app's id: it is in the app's address, /k/<id>/."
        )
    return ids


def require_listing(connection: Connection, subject: str) -> None:
    """Raise ImproperlyConfigured if the connection's login cannot list apps."""
    if connection.settings.credentials.by_token:
        raise ImproperlyConfigured(
            f"{subject} needs the list of apps, which kintone shows to users only, not to API "
            "tokens. Give the ids of the apps, or use a password."
        )
