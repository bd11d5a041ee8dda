"""An app's records, in pages, with the query that somebody typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from ..ground.errors import KintoneError
from ..records.search import Search
from ..store.record_text import stored
from .unrestricted import call_of_page, whole_app
from .values import brief, columns_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..settings.apps import LiveApp
    from ..settings.domain import Domain

__all__ = ["listing_view"]

_PAGE = 50


def listing_view(domain: Domain, app: int, asked: Mapping[str, str]) -> dict[str, Any] | None:
    """What the page of an app shows; None when there is no such app.

    `asked` may hold a `query` and the number of a `page`. A query that is wrong finds nothing, and
    `refusal` is what kintone says to it.
    """
    live = whole_app(domain, app)
    if live is None:
        return None
    query, page = asked.get("query", ""), _number(asked.get("page"))
    ids: Sequence[int] = ()
    refusal = None
    try:
        ids = _found(domain, live, query)
    except KintoneError as error:
        refusal = _sentence(error)
    pages = max(1, -(-len(ids) // _PAGE))
    page = min(page, pages)
    columns = columns_of(live.form.properties)
    texts = domain.store.some_records(app, ids[_PAGE * (page - 1) : _PAGE * page])
    records = [
        (record.id, [brief(record.get(code)) for code, _ in columns])
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


def _found(domain: Domain, live: LiveApp, query: str) -> Sequence[int]:
    """The ids of what a query finds, within the limit and the offset that it may have."""
    search = Search(call_of_page(domain), live, query)
    start, limit = search.query.offset or 0, search.query.limit
    return search.ids()[start : None if limit is None else start + limit]


def _sentence(error: KintoneError) -> str:
    body = error.body("en", "")
    details = [text for each in body.get("errors", {}).values() for text in each["messages"]]
    return " ".join([f"{body['code']}: {body['message']}", *details])


def _number(text: str | None) -> int:
    """The number of a page, from 1; what is none is the first."""
    return max(1, int(text)) if text and text.isdecimal() and len(text) < 10 else 1


def _link(query: str, page: int) -> str:
    return "?" + urlencode({"query": query, "page": page} if query else {"page": page})
