"""One record: its fields with the rows of its tables, its comments, its status, its writes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..store.record_text import parse
from .exchanges import exchange_shown
from .unrestricted import whole_app
from .values import columns_of, shown_field

if TYPE_CHECKING:
    from ..serving.journal import Journal
    from ..settings.domain import Domain
    from .values import ShownField

__all__ = ["record_view"]


def record_view(domain: Domain, journal: Journal, app: int, record: int) -> dict[str, Any] | None:
    """What the page of a record shows; None when there is none, and nothing of it in the log."""
    live = whole_app(domain, app)
    if live is None:
        return None
    text = domain.store.record(app, record)
    writes = [exchange_shown(each) for each in journal.writes_of(app, record)]
    if text is None and not writes:
        return None
    fields: list[ShownField] = []
    cells = {} if text is None else parse(text)
    for code, _ in columns_of(live.form.properties):
        if code in cells:
            fields.append(shown_field(code, live.form.properties[code], cells[code]))
    return {
        "app": app,
        "name": live.settings["general"]["name"],
        "record": record,
        "exists": text is not None,
        "revision": cells["$revision"]["value"] if cells else "",
        "status": _first(fields, "STATUS"),
        "assignees": _first(fields, "STATUS_ASSIGNEE"),
        "fields": fields,
        "comments": [json.loads(each) for each in reversed(domain.store.comments(app, record))],
        "writes": writes,
    }


def _first(fields: list[ShownField], kind: str) -> str | None:
    """The text of the field of this type; None where the form has none."""
    return next((", ".join(field.texts) for field in fields if field.type == kind), None)
