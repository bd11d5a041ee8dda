"""Reading apps over the API into a domain file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from kintone_orm.api.apps import get_app, get_app_settings
from kintone_orm.api.form import get_form_fields, get_form_layout
from kintone_orm.api.permissions import (
    get_app_permissions,
    get_field_permissions,
    get_record_permissions,
)
from kintone_orm.api.process import get_process
from kintone_orm.api.spaces import get_space
from kintone_orm.api.views import get_views
from kintone_orm.apps.listing import list_apps
from kintone_orm.cli.exporting.people import add_people
from kintone_orm.cli.exporting.records import records_of
from kintone_orm.cli.exporting.references import name_apps, related_apps
from kintone_orm.connection import Connection
from kintone_orm.exceptions import APIError
from kintone_orm.http.codes import Meaning, meaning_of
from kintone_orm.settings import parse_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Export", "Place", "export_apps"]

_JAPANESE = "レコード番号"


class Place(NamedTuple):
    """The app that a URL names, and its guest space. If `app` is None, all apps are meant."""

    space: int | None
    app: int | None


@dataclass
class Export:
    """A domain file, and remarks on the parts that it lacks."""

    domain: dict[str, Any] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


@dataclass
class _App:
    """One app as it was read.

    `key` is the app's key in the domain file. `about` is the app as Get App or Get Apps returns it.
    """

    key: str
    connection: Connection
    about: dict[str, Any]
    parts: dict[str, Any]

    @property
    def id(self) -> int:
        return int(self.about["appId"])


def export_apps(base_url: str, places: Sequence[Place], *, records: bool) -> Export:
    """Read the apps, and the apps that their lookups and related records name."""
    export = Export()
    apps = _Reader(base_url, export.remarks).read(places)
    numbers = {str(app.id): app.key for app in apps}
    for app in apps:
        name_apps(app.key, app.parts["form"], numbers, export.remarks)
    japanese = any(_JAPANESE in app.parts["form"]["properties"] for app in apps)
    export.domain["language"] = "ja" if japanese else "en"
    _add_spaces(export, apps)
    export.domain["apps"] = {app.key: app.parts for app in apps}
    if records:
        for app in apps:
            properties = app.parts["form"]["properties"]
            app.parts["records"] = records_of(app.connection, app.id, properties, export.remarks)
    add_people(export.domain)
    return export


class _Reader:
    """A reader that reads each app once. It adds a remark for each part that it may not read."""

    def __init__(self, base_url: str, remarks: list[str]) -> None:
        self._base_url = base_url
        self._remarks = remarks
        self._connections: dict[int | None, Connection] = {}
        self._apps: dict[int, _App] = {}

    def read(self, places: Sequence[Place]) -> list[_App]:
        """Read the apps of the places in their order, then the apps that those apps name."""
        for place in places:
            connection = self._connection(place.space)
            if place.app is not None:
                self._add(connection, get_app(connection, id=place.app))
                continue
            for about in list_apps(connection):
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
            settings = parse_settings(base_url=self._base_url, guest_space=space)
            self._connections[space] = Connection(settings, alias=f"export-{space or 'all'}")
        return self._connections[space]

    def _add_listed(self, connection: Connection, about: dict[str, Any]) -> None:
        """Add an app from the answer of apps.json, which contains apps of guest spaces too.

        An app of a guest space can only be read on the path of that space.
        """
        try:
            self._add(connection, about)
        except APIError as error:
            if meaning_of(error) is not Meaning.IN_A_GUEST_SPACE or not about["spaceId"]:
                self._remarks.append(f"The app {about['name']} is left out: {error}")
                return
            self._add_listed(self._connection(int(about["spaceId"])), about)

    def _try(self, connection: Connection, number: int) -> _App | None:
        """Add the app `number`, which another app names; return None if it cannot be read.

        The app is read over the other app's connection first, and then without a guest space. If
        kintone refuses both, a remark says that the app is left out.
        """
        for way in (connection, self._connection(None)):
            try:
                return self._add(way, get_app(way, id=number))
            except APIError as error:
                problem = error
        self._remarks.append(f"The app {number}, which another app names, is left out: {problem}")
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
        """Read the parts one by one, because kintone may refuse some. Leave refused parts out."""
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
            parts["permissions"] = {
                "app": get_app_permissions(connection, app=number)["rights"],
                "record": get_record_permissions(connection, app=number)["rights"],
                "field": get_field_permissions(connection, app=number)["rights"],
            }

        for read in (layout, settings, process, views, permissions):
            try:
                read()
            except APIError as error:
                self._remarks.append(f"App {app.key}: the {read.__name__} cannot be read: {error}")

    @staticmethod
    def _views(views: dict[str, Any]) -> dict[str, Any]:
        """Return the views without the view of process management, which kintone makes itself."""
        return {
            name: {key: value for key, value in view.items() if key != "id"}
            for name, view in views.items()
            if "builtinType" not in view
        }


def _settings(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the general settings without the revision, and without an icon that is a file."""
    kept = {key: value for key, value in answer.items() if key != "revision"}
    if kept.get("icon", {}).get("type") == "FILE":
        del kept["icon"]
    return kept


def _process(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: answer[key] for key in ("enable", "states", "actions") if answer[key] is not None}


def _add_spaces(export: Export, apps: Sequence[_App]) -> None:
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
                export.remarks.append(f"The name of the space {number} cannot be read: {error}")
        app.parts["space"] = key
    if spaces:
        export.domain["spaces"] = spaces
