"""Finding the apps to inspect, and reading them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from kintone_orm.api.answers import checked
from kintone_orm.api.apps import get_apps
from kintone_orm.apps.description import AppDescription, read_app
from kintone_orm.exceptions import APIError, ImproperlyConfigured, PermissionDenied
from kintone_orm.http.codes import Meaning, meaning_of
from kintone_orm.limits import APPS_PER_FILTER, APPS_PER_PAGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kintone_orm.connection import Connection

__all__ = [
    "AppToRead",
    "find_apps",
    "list_apps",
    "read_apps",
    "read_listed_apps",
    "require_listing",
]


class AppToRead(NamedTuple):
    """An app by its id. `about` is the app as apps.json lists it, or None if it was not listed."""

    id: int
    about: Mapping[str, Any] | None = None


def find_apps(
    connection: Connection, apps: Sequence[int | str], keys: Mapping[str, int]
) -> list[AppToRead]:
    """Return the apps in the order of `apps`: ids, keys of apps in `keys`, or app codes.

    One request looks up a hundred app codes; ids and keys need none. ImproperlyConfigured for app
    codes without a password, and for codes that no app has that the user may see.
    """
    ids = {app: app if isinstance(app, int) else keys.get(app) for app in apps}
    codes = [str(app) for app, number in ids.items() if number is None]
    listed = _look_up(connection, codes)
    if unknown := [code for code in codes if code not in listed]:
        raise ImproperlyConfigured(
            f"The connection may see no app with the app code {_quoted(unknown)}, and there is no "
            "key of this name. Give the app's id: it is in the app's address, /k/<id>/."
        )
    chosen: dict[int, AppToRead] = {}
    for app, number in ids.items():
        to_read = listed[str(app)] if number is None else AppToRead(number)
        chosen.setdefault(to_read.id, to_read)
    return list(chosen.values())


def _look_up(connection: Connection, codes: Sequence[str]) -> dict[str, AppToRead]:
    """Return the apps with these app codes."""
    if not codes:
        return {}
    require_listing(connection, f"An app code, such as {codes[0]!r},")
    pages = (
        get_apps(checked(connection), codes=codes[start : start + APPS_PER_FILTER])["apps"]
        for start in range(0, len(codes), APPS_PER_FILTER)
    )
    return {
        about["code"]: AppToRead(int(about["appId"]), about) for page in pages for about in page
    }


def require_listing(connection: Connection, subject: str) -> None:
    """Raise ImproperlyConfigured if the connection's login cannot list apps."""
    if connection.settings.credentials.by_token:
        raise ImproperlyConfigured(
            f"{subject} is looked up in the list of apps, which kintone shows to users only, not "
            "to API tokens. Give the ids of the apps, or use a password."
        )


def list_apps(
    connection: Connection, *, name: str | None = None, space: int | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the apps that the user may see, as "kintone REST API: Get Apps" describes them.

    `name` matches a part of the name in any letter case. `space` is the id of a space. A request
    returns a hundred apps. Apps in guest spaces are included, but they can only be read over a
    connection to their guest space.
    """
    spaces = None if space is None else [space]
    offset = 0
    while True:
        page = get_apps(
            checked(connection), name=name, space_ids=spaces, limit=APPS_PER_PAGE, offset=offset
        )["apps"]
        yield from page
        if len(page) < APPS_PER_PAGE:
            return
        offset += APPS_PER_PAGE


def read_apps(connection: Connection, apps: Sequence[AppToRead]) -> list[AppDescription]:
    """Read apps that the caller named. Raise the error of the first one that cannot be read."""
    return [read_app(connection, app.id, about=app.about) for app in apps]


def read_listed_apps(
    connection: Connection, listed: Iterable[Mapping[str, Any]]
) -> tuple[list[AppDescription], list[str]]:
    """Read apps of `list_apps`. Return those that can be read, and a remark for each other one."""
    apps: list[AppDescription] = []
    remarks: list[str] = []
    guest_spaces: set[object] = set()
    for about in listed:
        number, name, space = int(about["appId"]), about["name"], about["spaceId"]
        if space not in guest_spaces:
            try:
                apps.append(read_app(connection, number, about=about))
                continue
            except PermissionDenied as error:
                remarks.append(f"The app {name!r} is left out. {error}")
                continue
            except APIError as error:
                if meaning_of(error) is not Meaning.IN_A_GUEST_SPACE:
                    raise
                guest_spaces.add(space)
        remarks.append(
            f"The app {name!r} ({number}) is left out: it is in the guest space {space}, whose "
            "apps need a connection of their own."
        )
    return apps, remarks


def _quoted(codes: Sequence[str]) -> str:
    return ", ".join(map(repr, codes))
