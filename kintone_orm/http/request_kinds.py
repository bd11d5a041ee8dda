"""The kinds of requests, by the effect of sending one of them twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any

from kintone_orm.outcomes import CarriedOut

if TYPE_CHECKING:
    from kintone_orm.http.messages import Request
    from kintone_orm.outcomes import Outcome

__all__ = ["Kind", "carried_out", "creates_cursor", "is_read", "kind_of"]


class Kind(Enum):
    """The kind of a request. The value is its name in the documentation's tables."""

    READ = "read"
    """Any number of these requests has the effect of one. Closing a cursor counts as a read."""
    NEW_CURSOR = "create a cursor"
    """A second request takes a second of the domain's ten cursors."""
    CURSOR_PAGE = "read a page of a cursor"
    """A second request reads the next page."""
    VERSIONED = "write with the revision of every record"
    """kintone refuses the second request if it carried out the first."""
    DELETE_ONE = "delete a record with its revision"
    """kintone does not find the record the second time."""
    UNVERSIONED = "write without revisions, or upsert"
    """The second request may undo a write of somebody else."""
    UPLOAD = "upload a file"
    """A second request leaves an unused file, which kintone deletes after three days."""
    ONCE = "add, change a status, delete many, or any other write"
    """The second request may act a second time."""


_READS = frozenset({Kind.READ, Kind.NEW_CURSOR, Kind.CURSOR_PAGE, Kind.UPLOAD})
_CURSOR, _BULK, _FILE = "/records/cursor.json", "/bulkRequest.json", "/file.json"
_STATUS = ("/record/status.json", "/records/status.json")


def creates_cursor(request: Request) -> bool:
    """Return True if the kind is NEW_CURSOR, without looking at the records that it contains."""
    return request.method == "POST" and request.path.endswith(_CURSOR)


def kind_of(request: Request) -> Kind:
    """Return the kind of a request. A GET that is sent as a POST is a read.

    For a write, this looks at each value of each record. So call it after a failure, and not before
    each request.
    """
    method, path, params = request.method, request.path, request.params
    if creates_cursor(request):
        return Kind.NEW_CURSOR
    if path.endswith(_CURSOR):
        return Kind.CURSOR_PAGE if method == "GET" else Kind.READ
    if method == "GET":
        return Kind.READ
    if path.endswith(_FILE):
        return Kind.UPLOAD
    if path.endswith(_BULK):
        return _kind_of_bulk(params.get("requests", ()))
    return _kind_of_write(method, path, params)


def is_read(request: Request) -> bool:
    """Return True if the request changes no record: a read, a cursor, or an upload.

    An upload has no effect, because no record has the file yet.
    """
    return kind_of(request) in _READS


def carried_out(request: Request, outcome: Outcome) -> CarriedOut:
    """Return the value of an error's `carried_out` after an attempt with this outcome.

    A read has no effect, so it is never unknown.
    """
    if not outcome.is_lost_answer or is_read(request):
        return CarriedOut.NO
    return CarriedOut.UNKNOWN


def _kind_of_bulk(requests: object) -> Kind:
    if not isinstance(requests, Sequence) or not all(map(_is_inner_request, requests)):
        return Kind.ONCE
    inner = {_kind_of_write(each["method"], each["api"], each["payload"]) for each in requests}
    if inner <= {Kind.VERSIONED} and not _contains_file(requests):
        return Kind.VERSIONED
    # A deletion inside a bulkRequest cannot be told from a refusal of another request in it.
    return Kind.UNVERSIONED if inner <= {Kind.VERSIONED, Kind.UNVERSIONED} else Kind.ONCE


def _is_inner_request(request: object) -> bool:
    return (
        isinstance(request, Mapping)
        and isinstance(request.get("method"), str)
        and isinstance(request.get("api"), str)
        and isinstance(request.get("payload"), Mapping)
    )


def _kind_of_write(method: str, path: str, params: Mapping[str, Any]) -> Kind:
    # A program may send any parameters by `Connection.request`. kintone refuses wrong ones.
    if method == "DELETE" and path.endswith("/records.json"):
        ids, revisions = _items(params.get("ids")), _items(params.get("revisions"))
        one = len(ids) == 1 and list(map(_is_compared, revisions)) == [True]
        return Kind.DELETE_ONE if one else Kind.ONCE
    if method != "PUT" or path.endswith(_STATUS):
        return Kind.ONCE
    if "records" not in params:
        return Kind.VERSIONED if _is_compared(params.get("revision")) else Kind.UNVERSIONED
    records = _items(params["records"])
    compared = all(
        isinstance(record, Mapping) and _is_compared(record.get("revision")) for record in records
    )
    # kintone takes an uploaded file once. A second request with the upload's key is refused for
    # that reason, and not as a conflict.
    if compared and not params.get("upsert") and not _contains_file(records):
        return Kind.VERSIONED
    return Kind.UNVERSIONED


def _items(value: object) -> Sequence[Any]:
    return value if isinstance(value, Sequence) and not isinstance(value, (str, bytes)) else ()


def _is_compared(revision: object) -> bool:
    return revision is not None and str(revision) != "-1"


def _contains_file(value: object) -> bool:
    """Return True if the value contains the key of a file, at any depth."""
    if isinstance(value, (str, bytes)):
        return False
    if isinstance(value, Mapping):
        return "fileKey" in value or any(map(_contains_file, value.values()))
    return isinstance(value, Sequence) and any(map(_contains_file, value))
