"""Records: read, add, change and delete them, one or up to 100 in a request.

In a write of several records, kintone writes all of them or none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kintone_orm.api.caller import drop_none
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

# A limit or offset at the end of the query. The match cannot be part of a text literal, because a
# literal ends in a quotation mark.
_PAGE = re.compile(r"(?:\blimit\s+(\d+))?\s*(?:\boffset\s+(\d+))?\s*\Z")


def get_record(caller: Caller, *, app: Id, id: Id) -> dict[str, Any]:  # noqa: A002 - kintone's name
    """Return one record with all its fields: ``{"record": {code: {"type", "value"}}}``.

    NotFound (GAIA_RE01) if there is no such record. Source: "kintone REST API: Get Record".
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
    """Return a page of records: ``{"records": [{code: {"type", "value"}}], "totalCount"}``.

    A page has 100 records unless `query` ends in a `limit`, which is at most 500; `offset` is at
    most 10,000. `fields` are at most 1,000 codes; None means all. With `total_count`,
    `totalCount` is the number of all records that match, as text; otherwise None. ValueError beyond
    these limits. QueryError if kintone refuses the query, or gives up and leaves records out.
    Source: "kintone REST API: Get Records".
    """
    _require_page(query or "")
    require_at_most(
        fields or (),
        limit=FIELDS_PER_READ,
        name="fields",
        way_out="Read the others in another query.",
    )
    params = drop_none(app=app, query=query, fields=fields, totalCount=total_count or None)
    return caller.request("GET", "records", params)


def add_record(caller: Caller, *, app: Id, record: Record | None = None) -> dict[str, Any]:
    """Add a record and return its ``{"id", "revision"}``. Fields left out get the form's defaults.

    Source: "kintone REST API: Add Record".
    """
    return caller.request("POST", "record", drop_none(app=app, record=record))


def add_records(caller: Caller, *, app: Id, records: Sequence[Record]) -> dict[str, Any]:
    """Add at most 100 records and return their ``{"ids", "revisions"}``, in order.

    Fields left out get the form's defaults. ValueError for more than 100 records.
    Source: "kintone REST API: Add Records".
    """
    _require_write(records, "records")
    return caller.request("POST", "records", {"app": app, "records": records})


def update_record(
    caller: Caller,
    *,
    app: Id,
    id: Id | None = None,  # noqa: A002 - kintone's name
    update_key: Mapping[str, object] | None = None,
    record: Record | None = None,
    revision: Id | None = None,
) -> dict[str, Any]:
    """Change a record and return its new ``{"revision"}``. Fields left out keep their values.

    Name the record by `id` or by `update_key`. An `update_key` names a field that prohibits
    duplicates: ``{"field": code, "value": value}``. ValueError for both or neither. ConflictError
    if `revision` is not the current one; without `revision`, kintone does not compare. Source:
    "kintone REST API: Update Record".
    """
    if (id is None) == (update_key is None):
        message = "update_record() needs 'id' or 'update_key'. Pass one of them, not both."
        raise ValueError(message)
    params = drop_none(app=app, id=id, updateKey=update_key, record=record, revision=revision)
    return caller.request("PUT", "record", params)


def update_records(
    caller: Caller, *, app: Id, records: Sequence[Mapping[str, Any]], upsert: bool = False
) -> dict[str, Any]:
    """Change at most 100 records and return ``{"records": [{"id", "revision"}]}``, in order.

    Each of `records` is ``{"id" or "updateKey", "record", "revision"}``, as in `update_record`.
    With `upsert`, kintone adds the records that do not exist and ignores ids; each result then has
    an ``"operation"``, INSERT or UPDATE. ValueError for more than 100 records.
    Source: "kintone REST API: Update Records".
    """
    _require_write(records, "records")
    params = drop_none(app=app, records=records, upsert=upsert or None)
    return caller.request("PUT", "records", params)


def delete_records(
    caller: Caller, *, app: Id, ids: Sequence[Id], revisions: Sequence[Id] | None = None
) -> dict[str, Any]:
    """Delete 1 to 100 records and return ``{}``. If one does not exist, kintone deletes none.

    Each of `revisions` belongs to the id at the same position; -1 skips the comparison.
    ConflictError if a revision is not the current one. ValueError for no ids, more than 100, or
    another number of revisions. Source: "kintone REST API: Delete Records".
    """
    _require_write(ids, "ids")
    if not ids:
        message = "'ids' is empty, but kintone takes 1 to 100. Pass at least one."
        raise ValueError(message)
    if revisions is not None and len(revisions) != len(ids):
        message = (
            f"'revisions' has {len(revisions)} items for {len(ids)} ids. Use -1 to skip a record."
        )
        raise ValueError(message)
    return caller.request("DELETE", "records", drop_none(app=app, ids=ids, revisions=revisions))


def _require_write(records: Sequence[object], name: str) -> None:
    way_out = "Send 100 at a time; bulk_request() takes twenty of these requests."
    require_at_most(records, limit=RECORDS_PER_WRITE, name=name, way_out=way_out)


def _require_page(query: str) -> None:
    page = _PAGE.search(query)
    limit, offset = page.groups(default="0") if page else ("0", "0")
    if int(limit) > RECORDS_PER_PAGE:
        message = (
            f"'limit {limit}' is too large: a page has at most {RECORDS_PER_PAGE} records. "
            "Use a cursor."
        )
        raise ValueError(message)
    if int(offset) > MAX_OFFSET:
        message = (
            f"'offset {offset}' is too large: kintone takes at most {MAX_OFFSET:,}. Use a cursor, "
            "or sort by $id and filter by $id."
        )
        raise ValueError(message)
