"""An app: its settings, live and pre-live, and how a new one begins."""

from __future__ import annotations

from datetime import timezone
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from ..forms.form import Form, precision_of
from ..ground.choices import JAPANESE_FIELDS, SYSTEM_FIELDS
from .permissions import check_permissions, open_to_all
from .process import Process, switched_off

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from ..forms.layout import Layout
    from ..store.people import User
    from ..store.spaces import Space
    from .permissions import PermissionSettings
    from .process import ProcessSettings
    from .views import Views

__all__ = [
    "App",
    "Deployment",
    "LiveApp",
    "Settings",
    "definitions",
    "new_app",
    "properties_of",
    "timestamp",
]


class Settings(TypedDict):
    """All that goes live together. One revision counts every change to any part of it."""

    revision: int
    general: dict[str, Any]
    properties: dict[str, dict[str, Any]]
    layout: Layout
    views: Views
    process: ProcessSettings
    permissions: PermissionSettings


class App(TypedDict):
    """One app as it is stored.

    `live` is None until it is deployed for the first time. `origins` tells which live field each
    pre-live one is, by code, and None for a new one: a code can change, and be used again.
    `state_origins` tells the same of the states that a live process has, by name. `space`
    and `thread` are None outside of spaces.
    """

    id: int
    code: str
    space: int | None
    thread: int | None
    createdAt: str
    creator: dict[str, str]
    modifiedAt: str
    modifier: dict[str, str]
    live: Settings | None
    preview: Settings
    origins: dict[str, str | None]
    state_origins: dict[str, str]
    deployment: Deployment | None


class Deployment(TypedDict):
    """The last deploy of an app, and the apps that were deployed together with it."""

    status: Literal["PROCESSING", "SUCCESS", "FAIL", "CANCEL"]
    apps: list[int]


class LiveApp:
    """The live side of an app, prepared once for many records."""

    def __init__(self, app: App, settings: Settings) -> None:
        self.id = app["id"]
        self.space = app["space"]
        self.creator = app["creator"]["code"]
        self.code = app["code"]
        self.settings = settings
        process, properties = settings["process"], properties_of(settings)
        self.process = (
            Process(process, settings["properties"], creator=self.creator)
            if process["enable"]
            else None
        )
        check_permissions(settings["permissions"], properties)
        self.form = Form(properties, precision_of(settings["general"]))

    def record_number(self, number: int) -> str:
        """What a RECORD_NUMBER field shows: "12", or "CODE-12" when the app has a code."""
        return f"{self.code}-{number}" if self.code else str(number)


def properties_of(settings: Settings) -> Mapping[str, Any]:
    """The fields of a form, the state and the assignee as process management makes them."""
    process, properties = settings["process"], settings["properties"]
    return Process(process, properties).properties if process["enable"] else properties


def definitions(properties: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every field with its code, those inside subtables included: they share one name space."""
    for code, definition in properties.items():
        yield code, definition
        yield from definition.get("fields", {}).items()


def timestamp(moment: datetime) -> str:
    """When something happened to an app: "2024-02-06T12:59:07.000Z"."""
    return f"{moment.astimezone(timezone.utc):%Y-%m-%dT%H:%M:%S}.000Z"


def new_app(
    number: int,
    name: str,
    creator: User,
    created: str,
    *,
    language: str,
    space: Space | None = None,
) -> App:
    """An app that was never deployed: the built-in fields, and the settings that kintone gives it.

    The codes of the fields are of the domain's language. The revision is 2, as kintone's is.
    Source: kintone REST API, "Get General Settings".
    """
    general = {
        "name": name,
        "description": "",
        "icon": {"type": "PRESET", "key": "APP72"},
        "theme": "WHITE",
        "titleField": {"selectionMode": "AUTO", "code": ""},
        "enableThumbnails": True,
        "enableBulkDeletion": False,
        "enableComments": True,
        "enableDuplicateRecord": True,
        "enableInlineRecordEditing": True,
        "numberPrecision": {"digits": "16", "decimalPlaces": "4", "roundingMode": "HALF_EVEN"},
        "firstMonthOfFiscalYear": "1",
    }
    fields = JAPANESE_FIELDS if language == "ja" else SYSTEM_FIELDS
    properties = {code: _system_field(kind, code, label) for kind, code, label in fields}
    return App(
        id=number,
        code="",
        space=space.id if space else None,
        thread=space.thread if space else None,
        createdAt=created,
        creator=creator.entity,
        modifiedAt=created,
        modifier=creator.entity,
        live=None,
        preview=Settings(
            revision=2,
            general=general,
            properties=properties,
            layout=[],
            views={},
            process=switched_off(),
            permissions=open_to_all(),
        ),
        origins=dict.fromkeys(properties),
        state_origins={},
        deployment=None,
    )


def _system_field(kind: str, code: str, label: str) -> dict[str, Any]:
    shown = {"noLabel": False}
    switch = {"enabled": False}
    workflow = kind in ("STATUS", "STATUS_ASSIGNEE", "CATEGORY")
    return {"type": kind, "code": code, "label": label, **(switch if workflow else shown)}
