"""The apps that the arguments of a command choose: by id, key, app code, name or space, or all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.apps.description import AppDescription, read_app
from kintone_orm.apps.inspecting.reading import read_apps, require_listing
from kintone_orm.apps.listing import list_apps
from kintone_orm.apps.naming import extend_text
from kintone_orm.exceptions import APIError, ImproperlyConfigured, PermissionDenied
from kintone_orm.http.codes import Meaning, meaning_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kintone_orm.connection import Connection

__all__ = ["choose_apps"]


def choose_apps(
    connection: Connection, texts: Sequence[str], *, name: str | None, space: int | None
) -> tuple[list[AppDescription], list[str]]:
    """Return the apps that a person names, and a remark for each part or app that is left out.

    `texts` are ids, keys or app codes. The apps that `name` and `space` choose follow; without any
    of the three, they are all apps that the user may see. An app that was named must be readable;
    of the others, those that are not are left out. ImproperlyConfigured or APIError, with the
    reason, if there is no app.
    """
    if any(text is not None and not text.strip(" ") for text in (*texts, name)):
        raise ImproperlyConfigured(
            "An app or --name is blank, perhaps from a variable without a value. Leave it out for "
            "all apps."
        )
    try:
        apps = read_apps(connection, [_id_or_text(text) for text in texts])
    except APIError as error:
        if meaning_of(error) is Meaning.IN_A_GUEST_SPACE:
            extend_text(error, after=" A command has the option --guest-space.")
        raise
    remarks: list[str] = []
    if name is not None or space is not None or not texts:
        option = "--name" if name is not None else "--space" if space is not None else ""
        require_listing(connection, option or "A command without an app")
        known = {app.id for app in apps}
        listed = list(list_apps(connection, name=name, space=space))
        others, remarks = _read_listed_apps(
            connection, [about for about in listed if int(about["appId"]) not in known]
        )
        apps += others
        if not listed:
            which = "" if name is None else f" with {name!r} in its name"
            where = "" if space is None else f" in the space {space}"
            remarks.append(f"The connection may see no app{which}{where}.")
    if not apps:
        raise ImproperlyConfigured(" ".join(remarks))
    return apps, [*remarks, *(remark for app in apps for remark in app.remarks)]


def _id_or_text(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdecimal() else text


def _read_listed_apps(
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
            f"The app {name!r} ({number}) is left out: it is in a guest space. Use --guest-space "
            f"{space} for the apps of this space."
        )
    return apps, remarks
