"""app/status.json, live and preview. Source: kintone REST API, "Process Management Settings"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..ground.parameters import array, boolean, integer, mapping, one_of, optional, required
from ..requests.endpoint import endpoint
from ..settings.process_editing import ACTION
from ..settings.process_editing import update_process as update_settings
from ..settings.views import with_own_work

if TYPE_CHECKING:
    from ..ground.json_types import Sent
    from ..requests.endpoint import Answer, Call
    from ..settings.apps import Settings

_APP = required(integer())
_LANGUAGE = optional(one_of("default", "user", "ja", "en", "zh"))


@endpoint({"app": _APP, "lang": _LANGUAGE})
def get_process(call: Call, sent: Sent) -> Answer:
    """Get Process Management Settings. Names are not localized."""
    return _answer(call.live_app(sent["app"], "view", "add", "manage").settings)


@endpoint({"app": _APP, "lang": _LANGUAGE})
def get_preview_process(call: Call, sent: Sent) -> Answer:
    """Get Process Management Settings of the preview settings."""
    return _answer(call.app(sent["app"])["preview"])


@endpoint(
    {
        "app": _APP,
        "enable": optional(boolean),
        "states": optional(mapping),
        "actions": optional(array(ACTION)),
        "revision": optional(integer(least=-1)),
    }
)
def update_process(call: Call, sent: Sent) -> Answer:
    """Update Process Management Settings. Settings that are not sent are kept.

    An app whose process is enabled has the view "(Assigned to me)".
    """
    app, domain = call.editable_app(sent["app"], sent["revision"]), call.domain
    preview = app["preview"]
    names = update_settings(preview, sent, domain.directory)
    preview["views"] = with_own_work(
        preview["views"],
        preview["properties"],
        lambda: domain.store.take_numbers("view", 1)[0],
        language=domain.language,
        enabled=preview["process"]["enable"],
    )
    origins = app.get("state_origins", {})
    app["state_origins"] = {new: origins.get(old, old) for old, new in names.items()}
    return call.save_settings(app)


def _answer(settings: Settings) -> Answer:
    return {**settings["process"], "revision": str(settings["revision"])}
