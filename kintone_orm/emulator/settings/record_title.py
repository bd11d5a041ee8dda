"""The title of a record: what kintone calls it in a notification and at the head of its page.

Source: kintone help, "Set record titles"; kintone REST API, "Get General Settings" (titleField).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..store.record_text import Record
    from .apps import LiveApp

__all__ = ["record_title"]


def record_title(app: LiveApp, record: Record) -> str:
    """The value of the field that was chosen, or else of the first text of the form.

    The record number where that is blank, or the form has no text.
    """
    chosen = app.settings["general"]["titleField"]
    if chosen["selectionMode"] == "MANUAL":
        code = chosen["code"]
    else:
        texts = (c for c, field in app.form.properties.items() if field["type"] == _AUTOMATIC)
        code = next(texts, "")
    title = _spelled(record[code]["value"]) if code in record else ""
    return title or app.record_number(int(record["$id"]["value"]))


_AUTOMATIC = "SINGLE_LINE_TEXT"


def _spelled(value: Any) -> str:
    if isinstance(value, dict):
        return str(value["name"])
    return "" if value is None else str(value)
