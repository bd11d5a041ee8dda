"""Apps: live and preview settings, and the settings of a new app."""

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
    """The settings that are deployed together. `revision` counts the changes of all of them."""

    revision: int
    general: dict[str, Any]
    properties: dict[str, dict[str, Any]]
    layout: Layout
    views: Views
    process: ProcessSettings
    permissions: PermissionSettings


class App(TypedDict):
    """A stored app.

    `live` is None until the first deploy. `origins` maps the code of each preview field to its live
    code, or to None for a new field. The app needs this map because a code can change, and another
    field can then get the old code.
    `state_origins` maps the name of each preview status to its live name. `space` and
    `thread` are None for an app outside of spaces.
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
    """The last deploy of an app, and the apps deployed together with it."""

    status: Literal["PROCESSING", "SUCCESS", "FAIL", "CANCEL"]
    apps: list[int]


class LiveApp:
    """The live settings of an app, prepared once for many records."""

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
        """Return the value of RECORD_NUMBER: "12", or "CODE-12" if the app has a code."""
        return f"{self.code}-{number}" if self.code else str(number)


def properties_of(settings: Settings) -> Mapping[str, Any]:
    """Return the field definitions of a form. STATUS lists the statuses of an enabled process."""
    process, properties = settings["process"], settings["properties"]
    return Process(process, properties).properties if process["enable"] else properties


def definitions(properties: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Iterate over fields and columns as (code, definition). Codes are unique among both."""
    for code, definition in properties.items():
        yield code, definition
        yield from definition.get("fields", {}).items()


def timestamp(moment: datetime) -> str:
    """Return a time as apps store it: "2024-02-06T12:59:07.000Z"."""
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
    """Return a new app, with kintone's default settings and the built-in fields.

    The codes of the fields are in the domain's language. The revision is 2, as on kintone.
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
