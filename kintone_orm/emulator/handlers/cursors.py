"""records/cursor.json. Source: kintone REST API, "Add Cursor", "Get Cursor", "Delete Cursor"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..ground import limits
from ..ground.errors import invalid
from ..ground.parameters import array, integer, optional, required, text
from ..records.search import Search
from ..requests.endpoint import endpoint
from ..store.record_text import list_text, stored

if TYPE_CHECKING:
    from ..ground.json_types import Sent
    from ..requests.endpoint import Answer, Call


@endpoint(
    {
        "app": required(integer()),
        "fields": optional(array(text, high=limits.FIELDS_PER_REQUEST)),
        "query": optional(text),
        "size": optional(integer(most=limits.CURSOR_SIZE_MAX)),
    }
)
def add_cursor(call: Call, sent: Sent) -> Answer:
    """Add Cursor. The cursor fixes which records are read, and in which order."""
    app = call.live_app(sent["app"], "view")
    search = Search(call, app, sent["query"] or "")
    if search.query.limit is not None or search.query.offset is not None:
        raise invalid({"query": ["cursor_paging"]})
    ids = search.ids()
    key = call.domain.cursors.open(
        app=app.id,
        fields=sent["fields"],
        ids=ids,
        size=sent["size"] or limits.CURSOR_SIZE_DEFAULT,
        owner=call.caller.identity,
        now=call.now,
    )
    return {"id": key, "totalCount": str(len(ids))}


@endpoint({"id": required(text)})
def get_cursor(call: Call, sent: Sent) -> Answer:
    """Get Cursor: the next page, with current values. The last page deletes the cursor."""
    cursors, store = call.domain.cursors, call.domain.store
    cursor = cursors.get(sent["id"], call.caller.identity, call.now)
    app = call.live_app(cursor.app, "view")
    access = call.access(app)
    page = map(stored, store.some_records(app.id, cursor.advance(call.now)))
    texts = (access.visible_text(record) for record in page if access.may_view(record))
    records = list_text(texts, cursor.fields)
    if cursor.is_exhausted:
        cursors.close(sent["id"])
        return f'{{"records":{records},"next":false}}'
    return f'{{"records":{records},"next":true}}'


@endpoint({"id": required(text)})
def delete_cursor(call: Call, sent: Sent) -> Answer:
    """Delete Cursor."""
    call.domain.cursors.get(sent["id"], call.caller.identity, call.now)
    call.domain.cursors.close(sent["id"])
    return {}
