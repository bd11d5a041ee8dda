"""Records: read, add, change and delete them, one or up to a hundred in a request.

Every write of several records is all or nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kintone_orm.api.caller import given
from kintone_orm.limits import (
    FIELDS_PER_READ,
    MAX_OFFSET,
    RECORDS_PER_PAGE,
    RECORDS_PER_WRITE,
    require_at_most,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kintone_orm.api.caller import Caller, Id, Record

__all__ = [
    "add_record",
    "add_records",
    "delete_records",
    "get_record",
    "get_records",
    "update_record",
    "update_records",
]

# At the end of a query; a text literal there would end in a quote mark.
_PAGE = re.compile(r"(?:\blimit\s+(\d+))?\s*(?:\boffset\s+(\d+))?\s*\Z")


def get_record(caller: Caller, *, app: Id, id: Id) -> dict[str, Any]:  # noqa: A002 - kintone's name
    """One record with all its fields: ``{"record": {code: {"type", "value"}}}``.

    NotFound (GAIA_RE01) if there is none. Source: "kintone REST API: Get Record".
    """
    return caller.request("GET", "record", {"app": app, "id": id})


def get_records(
    caller: Caller,
    *,
    app: Id,
    query: str | None = None,
    fields: Sequence[str] | None = None,
    total_count: bool = False,
) -> dict[str, Any]:
    """One page of records: ``{"records": [{code: {"type", "value"}}], "totalCount"}``.

    A page has 100 records unless `query` ends in a `limit`, of 500 at most; `offset` may be
    10,000 at most. `totalCount` is None unless asked for, then the number, as text, of all
    records that `query` finds. QueryError if kintone refuses the query, or gave up and left
    records out. Source: "kintone REST API: Get Records".
    """
    _require_page(query or "")
    require_at_most(
        fields or (), limit=FIELDS_PER_READ, name="fields", way_out="read in two queries"
    )
    params = given(app=app, query=query, fields=fields, totalCount=total_count or None)
    return caller.request("GET", "records", params)


def add_record(caller: Caller, *, app: Id, record: Record | None = None) -> dict[str, Any]:
    """The new record's ``{"id", "revision"}``; fields left out get the form's defaults.

    Source: "kintone REST API: Add Record".
    """
    return caller.request("POST", "record", given(app=app, record=record))


def add_records(caller: Caller, *, app: Id, records: Sequence[Record]) -> dict[str, Any]:
    """The new records' ``{"ids", "revisions"}``, in the order given; at most 100 records.

    Source: "kintone REST API: Add Records".
    """
    _require_write(records, "records")
    return caller.request("POST", "records", {"app": app, "records": records})


def update_record(
    caller: Caller,
    *,
    app: Id,
    id: Id | None = None,  # noqa: A002 - kintone's name
    update_key: Mapping[str, Any] | None = None,
    record: Record | None = None,
    revision: Id | None = None,
) -> dict[str, Any]:
    """The record's new ``{"revision"}``; fields left out stay as they are.

    The record is named by `id`, or by `update_key`, ``{"field": code, "value": value}``, of a
    field that prohibits duplicates. ConflictError if `revision` is not its latest; without one
    nothing is compared. Source: "kintone REST API: Update Record".
    """
    if (id is None) == (update_key is None):
        message = "update_record: name the record by id or by update_key, one of the two"
        raise ValueError(message)
    params = given(app=app, id=id, updateKey=update_key, record=record, revision=revision)
    return caller.request("PUT", "record", params)


def update_records(
    caller: Caller, *, app: Id, records: Sequence[Mapping[str, Any]], upsert: bool = False
) -> dict[str, Any]:
    """The records' ``{"records": [{"id", "revision"}]}``, in the order given; at most 100.

    Each of `records` is ``{"id" or "updateKey", "record", "revision"}`` as `update_record`
    takes them. With `upsert`, those that do not exist are added (an id is then ignored), and
    each answer has an ``"operation"``, INSERT or UPDATE.
    Source: "kintone REST API: Update Records".
    """
    _require_write(records, "records")
    params = given(app=app, records=records, upsert=upsert or None)
    return caller.request("PUT", "records", params)


def delete_records(
    caller: Caller, *, app: Id, ids: Sequence[Id], revisions: Sequence[Id] | None = None
) -> dict[str, Any]:
    """``{}``, once all of 1 to 100 records are gone; if one does not exist, none is.

    `revisions` go with `ids` by position, -1 for a record that is not compared; ConflictError if
    one is not the latest. Source: "kintone REST API: Delete Records".
    """
    _require_write(ids, "ids")
    if not ids:
        message = "ids: none given, kintone wants 1 to 100"
        raise ValueError(message)
    if revisions is not None and len(revisions) != len(ids):
        message = f"revisions: {len(revisions)} for {len(ids)} ids; -1 leaves a record unchecked"
        raise ValueError(message)
    return caller.request("DELETE", "records", given(app=app, ids=ids, revisions=revisions))


def _require_write(records: Sequence[Any], name: str) -> None:
    way_out = "send them in hundreds; twenty requests fit into a bulk_request"
    require_at_most(records, limit=RECORDS_PER_WRITE, name=name, way_out=way_out)


def _require_page(query: str) -> None:
    page = _PAGE.search(query)
    limit, offset = page.groups(default="0") if page else ("0", "0")
    if int(limit) > RECORDS_PER_PAGE:
        message = f"limit {limit}: a page has at most {RECORDS_PER_PAGE} records; use a cursor"
        raise ValueError(message)
    if int(offset) > MAX_OFFSET:
        message = (
            f"offset {offset}: kintone goes to {MAX_OFFSET:,}; use a cursor, "
            "or a condition on $id in the order of $id"
        )
        raise ValueError(message)
