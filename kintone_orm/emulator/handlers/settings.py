"""app/settings.json, live and preview. Source: kintone REST API, "General Settings"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..ground import limits
from ..ground.choices import TITLE_TYPES
from ..ground.errors import invalid
from ..ground.parameters import (
    boolean,
    integer,
    one_of,
    optional,
    required,
    sized_text,
    structure,
    text,
)
from ..requests.endpoint import endpoint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..ground.json_types import Properties, Sent
    from ..ground.problems import Problems
    from ..requests.endpoint import Answer, Call
    from ..settings.apps import Settings

_APP = required(integer())
_LANGUAGE = optional(one_of("default", "user", "ja", "en", "zh"))
_PRECISION = {
    "digits": optional(integer(least=1, most=limits.DIGITS_MAX)),
    "decimalPlaces": optional(integer(least=0, most=limits.DECIMAL_PLACES_MAX)),
    "roundingMode": optional(one_of("HALF_EVEN", "UP", "DOWN")),
}
_ICON = re.compile(r"APP[0-9]{1,3}")


def _icon(value: object, path: str, problems: Problems) -> str:
    """Return the key of an icon. kintone's list is not published; keys look like "APP72"."""
    key = text(value, path, problems)
    if not _ICON.fullmatch(key):
        problems.add(path, "icon")
    return key


_THEMES = ("WHITE", "RED", "GREEN", "BLUE", "YELLOW", "BLACK") + (
    "CLIPBOARD",
    "BINDER",
    "PENCIL",
    "CLIPS",
)


@endpoint({"app": _APP, "lang": _LANGUAGE})
def get_settings(call: Call, sent: Sent) -> Answer:
    """Get General Settings."""
    return _answer(call.live_app(sent["app"], "view", "add", "manage").settings)


@endpoint({"app": _APP, "lang": _LANGUAGE})
def get_preview_settings(call: Call, sent: Sent) -> Answer:
    """Get General Settings of the preview settings."""
    return _answer(call.app(sent["app"])["preview"])


@endpoint(
    {
        "app": _APP,
        "name": optional(sized_text(1, limits.APP_NAME_LENGTH, message="app_name")),
        "description": optional(sized_text(0, limits.APP_DESCRIPTION_LENGTH)),
        "theme": optional(one_of(*_THEMES)),
        "icon": optional(structure({"type": required(one_of("PRESET")), "key": required(_icon)})),
        "titleField": optional(
            structure(
                {"selectionMode": required(one_of("AUTO", "MANUAL")), "code": optional(text)},
            )
        ),
        "enableThumbnails": optional(boolean),
        "enableBulkDeletion": optional(boolean),
        "enableComments": optional(boolean),
        "enableDuplicateRecord": optional(boolean),
        "enableInlineRecordEditing": optional(boolean),
        "numberPrecision": optional(structure(_PRECISION)),
        "firstMonthOfFiscalYear": optional(integer(least=1, most=12)),
        "revision": optional(integer(least=-1)),
    }
)
def update_settings(call: Call, sent: Sent) -> Answer:
    """Update General Settings. Settings that are not sent are kept. Numbers are stored as texts."""
    app = call.editable_app(sent.pop("app"), sent.pop("revision"))
    general = app["preview"]["general"]
    _check_title(sent["titleField"], app["preview"]["properties"])
    for name, value in sent.items():
        if isinstance(value, dict):
            general[name] |= {
                key: _setting(setting) for key, setting in value.items() if setting is not None
            }
        elif value is not None:
            general[name] = _setting(value)
    return call.save_settings(app)


def _check_title(sent: Mapping[str, Any] | None, properties: Properties) -> None:
    """Raise CB_VA01 if the chosen title field cannot be a title."""
    if sent and sent["selectionMode"] == "MANUAL":
        definition = properties.get(sent["code"] or "")
        if definition is None or definition["type"] not in TITLE_TYPES:
            raise invalid({"titleField.code": ["title_field"]})


def _setting(value: object) -> str | bool:
    return value if isinstance(value, (str, bool)) else str(value)


def _answer(settings: Settings) -> Answer:
    return {**settings["general"], "revision": str(settings["revision"])}
