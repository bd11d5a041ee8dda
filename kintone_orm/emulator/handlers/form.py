"""app/form/fields.json and app/form/layout.json, live and preview.

Source: kintone REST API, "Form Fields", "Form Layout".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..forms.layout import check_layout, layout_parameter
from ..ground import limits
from ..ground.parameters import array, integer, mapping, one_of, optional, required, text
from ..ground.problems import Problems
from ..requests.endpoint import endpoint
from ..settings.dependents import follow_fields
from ..settings.form_editing import add_fields as add_to_form
from ..settings.form_editing import delete_fields as delete_from_form
from ..settings.form_editing import update_fields as update_form
from ..settings.lookup_rules import complete_lookups, looked_up_fields, refusals_to_delete
from ..settings.reference_table_rules import complete_reference_tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..ground.json_types import Sent
    from ..requests.endpoint import Answer, Call
    from ..settings.apps import App, Settings

_APP = required(integer())
_LANGUAGE = optional(one_of("default", "user", "ja", "en", "zh"))
_REVISION = optional(integer(least=-1))


@endpoint({"app": _APP, "lang": _LANGUAGE})
def get_fields(call: Call, sent: Sent) -> Answer:
    """Get Form Fields. The names are always in the default language, whatever `lang` is."""
    app = call.live_app(sent["app"], "view", "add", "manage")
    access = call.access(app)
    properties = access.visible(app.settings["properties"])
    return {"properties": properties, "revision": str(app.settings["revision"])}


@endpoint({"app": _APP, "lang": _LANGUAGE})
def get_preview_fields(call: Call, sent: Sent) -> Answer:
    """Get Form Fields of the preview settings."""
    settings = call.app(sent["app"])["preview"]
    return {"properties": settings["properties"], "revision": str(settings["revision"])}


@endpoint({"app": _APP, "properties": required(mapping), "revision": _REVISION})
def add_fields(call: Call, sent: Sent) -> Answer:
    """Add Form Fields."""
    app, problems = call.editable_app(sent["app"], sent["revision"]), Problems()
    add_to_form(app, sent["properties"], problems)
    return _save(call, app, problems, {})


@endpoint({"app": _APP, "properties": required(mapping), "revision": _REVISION})
def update_fields(call: Call, sent: Sent) -> Answer:
    """Update Form Fields."""
    app, problems = call.editable_app(sent["app"], sent["revision"]), Problems()
    looked_up = looked_up_fields(call.domain, app)
    new_codes = update_form(app, sent["properties"], looked_up, problems)
    return _save(call, app, problems, new_codes)


@endpoint(
    {
        "app": _APP,
        "fields": required(array(text, low=1, high=limits.FIELDS_PER_DELETE)),
        "revision": _REVISION,
    }
)
def delete_fields(call: Call, sent: Sent) -> Answer:
    """Delete Form Fields."""
    app = call.editable_app(sent["app"], sent["revision"])
    delete_from_form(app, sent["fields"], refusals_to_delete(call.domain, app))
    return _save(call, app, Problems(), {})


@endpoint({"app": _APP})
def get_layout(call: Call, sent: Sent) -> Answer:
    """Get Form Layout."""
    return _layout_answer(call.live_app(sent["app"], "view", "add", "manage").settings)


@endpoint({"app": _APP})
def get_preview_layout(call: Call, sent: Sent) -> Answer:
    """Get Form Layout of the preview settings."""
    return _layout_answer(call.app(sent["app"])["preview"])


@endpoint({"app": _APP, "layout": required(layout_parameter), "revision": _REVISION})
def update_layout(call: Call, sent: Sent) -> Answer:
    """Update Form Layout. The sent layout replaces the old one as a whole."""
    app, problems = call.editable_app(sent["app"], sent["revision"]), Problems()
    preview = app["preview"]
    layout = check_layout(sent["layout"], preview["layout"], preview["properties"], problems)
    problems.check()
    preview["layout"] = layout
    return call.save_settings(app)


def _save(call: Call, app: App, problems: Problems, new_codes: Mapping[str, str]) -> Answer:
    problems.check()
    follow_fields(app["preview"], new_codes)
    complete_lookups(call.domain, app, problems)
    complete_reference_tables(call.domain, app, problems)
    problems.check()
    return call.save_settings(app)


def _layout_answer(settings: Settings) -> Answer:
    return {"layout": settings["layout"], "revision": str(settings["revision"])}
