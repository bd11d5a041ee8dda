"""The page of a record: its fields and table rows, comments, status, and the latest writes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ..store.record_text import parse
from .exchanges import exchange_line
from .full_access import open_app
from .values import columns_of, field_view

if TYPE_CHECKING:
    from ..serving.journal import Journal
    from ..settings.domain import Domain
    from .values import FieldView

__all__ = ["record_view"]


def record_view(
    domain: Domain, journal: Journal, app: int, record: int
) -> dict[str, object] | None:
    """Return the values for the page of a record.

    Return None if the record does not exist and the log has no request that wrote it.
    """
    live = open_app(domain, app)
    if live is None:
        return None
    text = domain.store.record(app, record)
    writes = [exchange_line(exchange) for exchange in journal.writes_of(app, record)]
    if text is None and not writes:
        return None
    fields: list[FieldView] = []
    cells = {} if text is None else parse(text)
    for code, _ in columns_of(live.form.properties):
        if code in cells:
            fields.append(field_view(code, live.form.properties[code], cells[code]))
    return {
        "app": app,
        "name": live.settings["general"]["name"],
        "record": record,
        "exists": text is not None,
        "revision": cells["$revision"]["value"] if cells else "",
        "status": _text_of_type(fields, "STATUS"),
        "assignees": _text_of_type(fields, "STATUS_ASSIGNEE"),
        "fields": fields,
        "comments": [json.loads(text) for text in reversed(domain.store.comments(app, record))],
        "writes": writes,
    }


def _text_of_type(fields: list[FieldView], kind: str) -> str | None:
    """Return the text of the field of this type, or None if the form has no such field."""
    return next((", ".join(field.texts) for field in fields if field.type == kind), None)
