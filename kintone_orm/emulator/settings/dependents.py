"""What in an app's settings names fields, and follows when they get new codes or are gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..forms.layout import layout_for_form
from ..forms.new_codes import formula_with_codes
from .apps import definitions
from .views import followed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .apps import Settings

__all__ = ["follow_fields"]


def follow_fields(settings: Settings, new_codes: Mapping[str, str]) -> None:
    """Bring formulas, layout, views and the title to the fields that pre-live settings have now.

    `new_codes` are those of fields by their old ones.
    """
    properties, general = settings["properties"], settings["general"]
    if new_codes:
        for _, definition in definitions(properties):
            if "expression" in definition:
                definition["expression"] = formula_with_codes(definition["expression"], new_codes)
    settings["layout"] = layout_for_form(settings["layout"], properties, new_codes)
    settings["views"] = followed(settings["views"], properties, new_codes)
    title = general["titleField"]["code"]
    code = new_codes.get(title, title)
    if code in properties:
        general["titleField"]["code"] = code
    else:
        general["titleField"] = {"selectionMode": "AUTO", "code": ""}
