"""app/form/fields.json, live and pre-live. Source: kintone REST API, "Form Fields"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import limits
from ..endpoint import endpoint
from ..form_editing import add_fields as add_to_form
from ..form_editing import delete_fields as delete_from_form
from ..form_editing import update_fields as update_form
from ..lookup_rules import complete_lookups, looked_up_fields
from ..parameters import array, integer, mapping, one_of, optional, required, text
from ..problems import Problems
from ..related_apps import complete_related_records

if TYPE_CHECKING:
    from ..apps import App, Settings
    from ..endpoint import Answer, Call

_APP = required(integer())
_LANGUAGE = optional(one_of("default", "user", "ja", "en", "zh"))
_REVISION = optional(integer(least=-1))


@endpoint({"app": _APP, "lang": _LANGUAGE})
def get_fields(call: Call, sent: dict[str, Any]) -> Answer:
    """Get Form Fields. Names are not localized: every language gets the default one."""
    app = call.live_app(sent["app"], "view", "add", "manage")
    access = call.access(app)
    properties = access.visible(app.settings["properties"])
    return {"properties": properties, "revision": str(app.settings["revision"])}


@endpoint({"app": _APP, "lang": _LANGUAGE})
def get_preview_fields(call: Call, sent: dict[str, Any]) -> Answer:
    """Get Form Fields, before they are deployed."""
    return _described(call.app(sent["app"])["preview"])


@endpoint({"app": _APP, "properties": required(mapping), "revision": _REVISION})
def add_fields(call: Call, sent: dict[str, Any]) -> Answer:
    """Add Form Fields."""
    app, problems = call.editable_app(sent["app"], sent["revision"]), Problems()
    add_to_form(app, sent["properties"], problems)
    return _saved(call, app, problems)


@endpoint({"app": _APP, "properties": required(mapping), "revision": _REVISION})
def update_fields(call: Call, sent: dict[str, Any]) -> Answer:
    """Update Form Fields."""
    app, problems = call.editable_app(sent["app"], sent["revision"]), Problems()
    update_form(app, sent["properties"], looked_up_fields(call.domain, app), problems)
    return _saved(call, app, problems)


@endpoint(
    {
        "app": _APP,
        "fields": required(array(text, low=1, high=limits.FIELDS_PER_DELETE)),
        "revision": _REVISION,
    }
)
def delete_fields(call: Call, sent: dict[str, Any]) -> Answer:
    """Delete Form Fields."""
    app = call.editable_app(sent["app"], sent["revision"])
    delete_from_form(app, sent["fields"], looked_up_fields(call.domain, app))
    return _saved(call, app, Problems())


def _saved(call: Call, app: App, problems: Problems) -> Answer:
    problems.check()
    complete_lookups(call.domain, app, problems)
    complete_related_records(call.domain, app, problems)
    problems.check()
    return call.save_settings(app)


def _described(settings: Settings) -> Answer:
    return {"properties": settings["properties"], "revision": str(settings["revision"])}
