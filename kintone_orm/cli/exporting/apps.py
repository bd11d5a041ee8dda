"""The apps of a kintone as a domain file has them, read over the API."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from kintone_orm.api.apps import get_app, get_app_settings, get_apps
from kintone_orm.api.form import get_form_fields, get_form_layout
from kintone_orm.api.process import get_process
from kintone_orm.api.spaces import get_space
from kintone_orm.api.views import get_views
from kintone_orm.cli.exporting.people import add_people
from kintone_orm.cli.exporting.records import records_of
from kintone_orm.cli.exporting.references import name_apps, related_apps
from kintone_orm.connection import Connection
from kintone_orm.exceptions import APIError
from kintone_orm.http.codes import Meaning, meaning_of
from kintone_orm.settings import given

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Exported", "Place", "exported"]

_ALL = 100  # apps in one answer
_JAPANESE = "レコード番号"


class Place(NamedTuple):
    """An app in a guest space or outside of all; all apps there are, without one."""

    space: int | None
    app: int | None


@dataclass
class Exported:
    """A domain file, and remarks on what is not in it."""

    domain: dict[str, Any] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


@dataclass
class _App:
    """One app as it was read; `key` is its name in the file."""

    key: str
    connection: Connection
    about: dict[str, Any]
    parts: dict[str, Any]

    @property
    def id(self) -> int:
        return int(self.about["appId"])


def exported(base_url: str, places: Sequence[Place], *, records: bool) -> Exported:
    """The domain file of these apps, and of those that their lookups and related records name."""
    found = Exported()
    apps = _Reader(base_url, found.remarks).read(places)
    numbers = {str(app.id): app.key for app in apps}
    for app in apps:
        name_apps(app.key, app.parts["form"], numbers, found.remarks)
    japanese = any(_JAPANESE in app.parts["form"]["properties"] for app in apps)
    found.domain["language"] = "ja" if japanese else "en"
    _add_spaces(found, apps)
    found.domain["apps"] = {app.key: app.parts for app in apps}
    if records:
        for app in apps:
            properties = app.parts["form"]["properties"]
            app.parts["records"] = records_of(app.connection, app.id, properties, found.remarks)
    add_people(found.domain)
    return found


class _Reader:
    """Reads apps, each once; what may not be read is remarked."""

    def __init__(self, base_url: str, remarks: list[str]) -> None:
        self._base_url = base_url
        self._remarks = remarks
        self._connections: dict[int | None, Connection] = {}
        self._apps: dict[int, _App] = {}

    def read(self, places: Sequence[Place]) -> list[_App]:
        """The apps that are meant, in their order, and then those that they name."""
        for place in places:
            connection = self._connection(place.space)
            if place.app is not None:
                self._add(connection, get_app(connection, id=place.app))
                continue
            for about in _all_apps(connection):
                self._add_listed(connection, about)
        waiting = list(self._apps.values())
        while waiting:
            app = waiting.pop(0)
            for related in related_apps(app.parts["form"]["properties"]):
                number = int(related["app"] or 0)
                if number and number not in self._apps:
                    added = self._try(app.connection, number)
                    waiting += [added] if added else []
        return list(self._apps.values())

    def _connection(self, space: int | None) -> Connection:
        if space not in self._connections:
            said = given(base_url=self._base_url, guest_space=space)
            self._connections[space] = Connection(said, alias=f"export-{space or 'all'}")
        return self._connections[space]

    def _add_listed(self, connection: Connection, about: dict[str, Any]) -> None:
        """An app of a list, which has those of guest spaces, too: they have paths of their own."""
        try:
            self._add(connection, about)
        except APIError as error:
            if meaning_of(error) is not Meaning.IN_A_GUEST_SPACE or not about["spaceId"]:
                self._remarks.append(f"The app {about['name']} is left out: {error}")
                return
            self._add_listed(self._connection(int(about["spaceId"])), about)

    def _try(self, connection: Connection, number: int) -> _App | None:
        """An app that another one names, on the same path or on the normal one, if it can be."""
        for each in (connection, self._connection(None)):
            try:
                return self._add(each, get_app(each, id=number))
            except APIError as error:
                problem = error
        self._remarks.append(f"The app {number}, which another one names, is left out: {problem}")
        return None

    def _add(self, connection: Connection, about: dict[str, Any]) -> _App:
        number = int(about["appId"])
        if number in self._apps:
            return self._apps[number]
        form = {"properties": get_form_fields(connection, app=number)["properties"]}
        keys = {app.key for app in self._apps.values()}
        key = about["code"] or about["name"]
        key = key if key not in keys else f"{key} {number}"
        parts: dict[str, Any] = {"id": number, "name": about["name"]}
        if about["code"]:
            parts["code"] = about["code"]
        app = self._apps[number] = _App(key, connection, about, {**parts, "form": form})
        self._read_parts(app, connection, number)
        return app

    def _read_parts(self, app: _App, connection: Connection, number: int) -> None:
        """What may be refused by itself: each is left out then."""
        parts = app.parts

        def layout() -> None:
            parts["form"]["layout"] = get_form_layout(connection, app=number)["layout"]

        def settings() -> None:
            parts["settings"] = _settings(get_app_settings(connection, app=number))

        def process() -> None:
            parts["process"] = _process(get_process(connection, app=number))

        def views() -> None:
            parts["views"] = self._views(get_views(connection, app=number)["views"])

        def permissions() -> None:
            rights = {
                part: connection.request("GET", f"{part}/acl", {"app": number})["rights"]
                for part in ("app", "record", "field")
            }
            parts["permissions"] = rights

        for read in (layout, settings, process, views, permissions):
            try:
                read()
            except APIError as error:
                what = f"the {read.__name__} cannot be read"
                self._remarks.append(f"Of the app {app.key}, {what}: {error}")

    @staticmethod
    def _views(views: dict[str, Any]) -> dict[str, Any]:
        """The views, but for the one that a process makes: it makes it where it is read, too."""
        return {
            name: {key: value for key, value in view.items() if key != "id"}
            for name, view in views.items()
            if "builtinType" not in view
        }


def _all_apps(connection: Connection) -> Iterator[dict[str, Any]]:
    offset = 0
    while True:
        page = get_apps(connection, limit=_ALL, offset=offset)["apps"]
        yield from page
        if len(page) < _ALL:
            return
        offset += _ALL


def _settings(answer: dict[str, Any]) -> dict[str, Any]:
    """General settings without their revision, and without an icon that somebody drew."""
    kept = {key: value for key, value in answer.items() if key != "revision"}
    if kept.get("icon", {}).get("type") == "FILE":
        del kept["icon"]
    return kept


def _process(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: answer[key] for key in ("enable", "states", "actions") if answer[key] is not None}


def _add_spaces(found: Exported, apps: Sequence[_App]) -> None:
    spaces: dict[str, Any] = {}
    for app in apps:
        number = app.about["spaceId"]
        if number is None:
            continue
        key = f"space {number}"
        if key not in spaces:
            guest = app.connection.guest_space is not None
            spaces[key] = {"id": int(number), "guest": guest}
            try:
                spaces[key]["name"] = get_space(app.connection, id=number)["name"]
            except APIError as error:
                found.remarks.append(f"The space {number} has no name here: {error}")
        app.parts["space"] = key
    if spaces:
        found.domain["spaces"] = spaces
