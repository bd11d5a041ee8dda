"""Updating the settings that name fields, when a code changes or a field is deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..forms.layout import layout_for_form
from ..forms.new_codes import formula_with_codes
from .apps import definitions
from .views import views_for_form

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .apps import Settings

__all__ = ["follow_fields"]


def follow_fields(settings: Settings, new_codes: Mapping[str, str]) -> None:
    """Adapt formulas, layout, views and the title to the current fields of preview settings.

    `new_codes` maps old codes to new codes.
    """
    properties, general = settings["properties"], settings["general"]
    if new_codes:
        for _, definition in definitions(properties):
            if "expression" in definition:
                definition["expression"] = formula_with_codes(definition["expression"], new_codes)
    settings["layout"] = layout_for_form(settings["layout"], properties, new_codes)
    settings["views"] = views_for_form(settings["views"], properties, new_codes)
    title = general["titleField"]["code"]
    code = new_codes.get(title, title)
    if code in properties:
        general["titleField"]["code"] = code
    else:
        general["titleField"] = {"selectionMode": "AUTO", "code": ""}
