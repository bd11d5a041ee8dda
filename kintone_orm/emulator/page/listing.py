"""The page of an app: its records in pages, filtered by a typed query."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from ..ground.errors import KintoneError
from ..records.search import Search
from ..store.record_text import stored
from .full_access import administrator_call, open_app
from .values import brief_text, columns_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..settings.apps import LiveApp
    from ..settings.domain import Domain

__all__ = ["listing_view"]

_PAGE_SIZE = 50


def listing_view(
    domain: Domain, app: int, parameters: Mapping[str, str]
) -> dict[str, object] | None:
    """Return the values for the page of an app, or None if there is no such app.

    `parameters` may hold a `query` and the number of a `page`. For a wrong query, the page has no
    records, and `refusal` is kintone's error message.
    """
    live = open_app(domain, app)
    if live is None:
        return None
    query, page = parameters.get("query", ""), _page_number(parameters.get("page"))
    ids: Sequence[int] = ()
    refusal = None
    try:
        ids = _matching_ids(domain, live, query)
    except KintoneError as error:
        refusal = _message(error)
    pages = max(1, -(-len(ids) // _PAGE_SIZE))
    page = min(page, pages)
    columns = columns_of(live.form.properties)
    texts = domain.store.some_records(app, ids[_PAGE_SIZE * (page - 1) : _PAGE_SIZE * page])
    records = [
        (record.id, [brief_text(record.get(code)) for code, _ in columns])
        for record in map(stored, texts)
    ]
    return {
        "app": app,
        "name": live.settings["general"]["name"],
        "query": query,
        "refusal": refusal,
        "columns": columns,
        "records": records,
        "found": len(ids),
        "page": page,
        "pages": pages,
        "before": _link(query, page - 1) if page > 1 else None,
        "after": _link(query, page + 1) if page < pages else None,
    }


def _matching_ids(domain: Domain, live: LiveApp, query: str) -> Sequence[int]:
    """Return the ids of the matching records, within the query's own limit and offset."""
    search = Search(administrator_call(domain), live, query)
    start, limit = search.query.offset or 0, search.query.limit
    return search.ids()[start : None if limit is None else start + limit]


def _message(error: KintoneError) -> str:
    body = error.body("en", "")
    details = [text for entry in body.get("errors", {}).values() for text in entry["messages"]]
    return " ".join([f"{body['code']}: {body['message']}", *details])


def _page_number(text: str | None) -> int:
    """Return the number of a page, from 1. A text that is not a number gives 1."""
    return max(1, int(text)) if text and text.isdecimal() and len(text) < 10 else 1


def _link(query: str, page: int) -> str:
    return "?" + urlencode({"query": query, "page": page} if query else {"page": page})
