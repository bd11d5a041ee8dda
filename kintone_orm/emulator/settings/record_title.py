"""The title of a record, in notifications and at the top of the record's page.

Source: kintone help, "Set record titles"; kintone REST API, "Get General Settings" (titleField).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..store.record_text import Record
    from .apps import LiveApp

__all__ = ["record_title"]


def record_title(app: LiveApp, record: Record) -> str:
    """Return the value of the title field, or the record number if the value is blank.

    If the settings name no title field, the first text field of the form is the title field.
    """
    setting = app.settings["general"]["titleField"]
    if setting["selectionMode"] == "MANUAL":
        code = setting["code"]
    else:
        texts = (c for c, field in app.form.properties.items() if field["type"] == _AUTOMATIC)
        code = next(texts, "")
    title = _text_of(record[code]["value"]) if code in record else ""
    return title or app.record_number(int(record["$id"]["value"]))


_AUTOMATIC = "SINGLE_LINE_TEXT"


def _text_of(value: object) -> str:
    if isinstance(value, dict):
        return str(value["name"])
    return "" if value is None else str(value)
