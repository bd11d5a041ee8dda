"""Apps as they are in kintone: their forms, and their settings where they could be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from kintone_orm.api.answers import checked
from kintone_orm.api.apps import get_app, get_app_settings
from kintone_orm.api.form import get_form_fields, get_form_layout
from kintone_orm.apps.naming import extend_text
from kintone_orm.exceptions import APIError, PermissionDenied
from kintone_orm.models.ground.app_forms import keep_precision

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kintone_orm.connection import Connection

__all__ = ["AppDescription", "read_app"]

PartT = TypeVar("PartT")


@dataclass(frozen=True, slots=True, kw_only=True)
class AppDescription:
    """An app of kintone as it is now: its form, and its settings where they could be read.

    - `id`: None for a form from a file.
    - `code`: the app code; "" if the app has none.
    - `name`: the app's name; "" if it is unknown.
    - `description`: the text that kintone shows above the records. It may be HTML.
    - `fields`: the `properties` of "kintone REST API: Get Form Fields", by field code.
    - `layout`: the `layout` of "kintone REST API: Get Form Layout"; None if it was not read.
    - `settings`: the answer of "kintone REST API: Get General Settings"; None if it was not read.
    - `remarks`: a sentence for each part that the connection may not read.
    """

    id: int | None
    code: str = ""
    name: str = ""
    description: str = ""
    fields: Mapping[str, Mapping[str, Any]]
    layout: Sequence[Mapping[str, Any]] | None = None
    settings: Mapping[str, Any] | None = None
    remarks: tuple[str, ...] = ()

    @property
    def has_process(self) -> bool | None:
        """True if process management is on; None if the form does not show it."""
        for definition in self.fields.values():
            if definition["type"] == "STATUS":
                enabled = definition.get("enabled")
                return enabled if isinstance(enabled, bool) else None
        return None


def read_app(
    connection: Connection,
    app: int,
    *,
    about: Mapping[str, Any] | None = None,
) -> AppDescription:
    """Read an app with four requests: app.json, and the form's fields, layout and settings.

    `about` is the app as `get_app` or `get_apps` has returned it, which saves a request. A part
    that the connection may not read becomes a remark. APIError, which names the app, if the fields
    cannot be read: NotFound, PermissionDenied, ...
    """
    caller = checked(connection)
    remarks: list[str] = []

    def try_to_read(part: str, read: Callable[[], PartT]) -> PartT | None:
        try:
            return read()
        except PermissionDenied as error:
            # Without the id of the answer, which differs on each run.
            reason = f"{error.message} [{error.code}]"
            remarks.append(f"App {app}: its {part} cannot be read. {reason}")
            return None

    try:
        fields = get_form_fields(caller, app=app)["properties"]
    except APIError as error:
        extend_text(error, before=f"App {app}: ")
        raise
    if about is None:
        about = try_to_read("app code", lambda: get_app(caller, id=app)) or {}
    rows = try_to_read("layout", lambda: get_form_layout(caller, app=app))
    general = try_to_read("settings", lambda: get_app_settings(caller, app=app))
    keep_precision(connection, app, general or {})
    return AppDescription(
        id=app,
        code=about.get("code") or "",
        name=about.get("name") or (general or {}).get("name") or "",
        description=about.get("description") or (general or {}).get("description") or "",
        fields=fields,
        layout=None if rows is None else rows["layout"],
        settings=general,
        remarks=tuple(remarks),
    )
