"""app/views.json, live and preview. Source: kintone REST API, "Views"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..ground.errors import fault
from ..ground.parameters import integer, mapping, one_of, optional, required
from ..ground.problems import Problems
from ..requests.endpoint import endpoint
from ..settings.apps import properties_of
from ..settings.views import merge_views

if TYPE_CHECKING:
    from ..ground.json_types import Sent
    from ..requests.endpoint import Answer, Call
    from ..settings.apps import Settings

_APP = required(integer())
_LANGUAGE = optional(one_of("default", "user", "ja", "en", "zh"))


@endpoint({"app": _APP, "lang": _LANGUAGE})
def get_views(call: Call, sent: Sent) -> Answer:
    """Get Views. Names are not localized."""
    return _answer(call.live_app(sent["app"], "view", "add", "manage").settings)


@endpoint({"app": _APP, "lang": _LANGUAGE})
def get_preview_views(call: Call, sent: Sent) -> Answer:
    """Get Views of the preview settings."""
    return _answer(call.app(sent["app"])["preview"])


@endpoint({"app": _APP, "views": required(mapping), "revision": optional(integer(least=-1))})
def update_views(call: Call, sent: Sent) -> Answer:
    """Update Views. Views that are not sent are deleted. An API token cannot add a custom view."""
    app, problems = call.editable_app(sent["app"], sent["revision"]), Problems()
    preview = app["preview"]
    views = merge_views(
        preview["views"],
        sent["views"],
        properties_of(preview),
        lambda: call.domain.store.take_numbers("view", 1)[0],
        problems,
    )
    problems.check()
    custom = any(view["type"] == "CUSTOM" for view in views.values())
    if custom and call.caller.rights is not None:
        raise fault("GAIA_NO01")
    preview["views"] = views
    ids = {name: {"id": view["id"]} for name, view in views.items()}
    return {"views": ids, **call.save_settings(app)}


def _answer(settings: Settings) -> Answer:
    return {"views": settings["views"], "revision": str(settings["revision"])}
