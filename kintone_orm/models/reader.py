"""How a plan is carried out: pages of records, one request after the other.

A cursor is closed when reading ends, fails or is abandoned: ten of them are all that a whole
domain has.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from kintone_orm.api.cursors import create_cursor, delete_cursor, get_cursor
from kintone_orm.api.records import get_records
from kintone_orm.exceptions import APIError, CursorExpired, ServerBusy, TransportError
from kintone_orm.limits import RECORDS_PER_PAGE
from kintone_orm.query.compiler import OrderKey, compile_query
from kintone_orm.query.conditions import NOTHING, Condition, Predicate, all_of, settled
from kintone_orm.query.literals import quote
from kintone_orm.query.planner import Paging, choose_paging

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

    from kintone_orm.connection import Connection

__all__ = ["RecordIterator", "Selection", "count", "read"]

T = TypeVar("T")

Page: TypeAlias = "list[dict[str, Any]]"

_logger = logging.getLogger("kintone_orm")


@dataclass(frozen=True, slots=True)
class Selection:
    """Which records of an app, in which order, from which row to which, and which fields.

    `order` is total: it ends with `$id`. `stop` None means to the end. A page has `size` records;
    `paging` is the way to read them, if not the cheapest.
    """

    app: int
    condition: Condition
    order: tuple[OrderKey, ...]
    fields: Sequence[str]
    start: int = 0
    stop: int | None = None
    size: int = RECORDS_PER_PAGE
    paging: Paging | None = None

    def way(self) -> Paging:
        """How it is read; NotSupportedError if it cannot be, or not in the way that is wanted."""
        return choose_paging(
            self.order, start=self.start, stop=self.stop, size=self.size, wanted=self.paging
        )


class RecordIterator(Generic[T]):
    """Records read page by page; `close()`, or the end of a `with` block, stops reading."""

    def __init__(self, stream: Iterator[T]) -> None:
        self._stream: Any = stream

    def __iter__(self) -> RecordIterator[T]:
        return self

    def __next__(self) -> T:
        record: T = next(self._stream)
        return record

    def close(self) -> None:
        """Nothing more is read, and a cursor is given back; calling it twice is fine."""
        self._stream.close()

    def __enter__(self) -> RecordIterator[T]:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def read(connection: Connection, selection: Selection) -> Iterator[Page]:
    """The pages of a selection; the first request is sent when the first one is asked for.

    What the condition waits for, of other querysets, is read before. No page is empty.
    NotSupportedError for a slice that kintone cannot reach.
    """
    way, condition = selection.way(), _settled(connection, selection.condition)
    if condition == NOTHING:
        return
    for page in _WAYS[way](connection, replace(selection, condition=condition)):
        if page:
            yield page


def count(connection: Connection, app: int, condition: Condition) -> int:
    """How many records satisfy the condition, in one request that carries no record."""
    condition = _settled(connection, condition)
    if condition == NOTHING:
        return 0
    query = compile_query(condition, limit=0)
    answer = get_records(connection, app=app, query=query, fields=["$id"], total_count=True)
    return int(answer["totalCount"])


def _settled(connection: Connection, condition: Condition) -> Condition:
    return settled(condition, using=connection, zone=lambda: connection.timezone)


def _get(
    connection: Connection,
    selection: Selection,
    *,
    limit: int,
    offset: int,
    condition: Condition | None = None,
) -> Page:
    query = compile_query(
        selection.condition if condition is None else condition,
        order=selection.order,
        limit=limit,
        offset=offset,
    )
    answer = get_records(connection, app=selection.app, query=query, fields=selection.fields)
    page: Page = answer["records"]
    return page


def _sizes(selection: Selection) -> Iterator[int]:
    """How many rows to ask for in each page: full ones, and what is left in the last."""
    if selection.stop is None:
        while True:
            yield selection.size
    for first in range(selection.start, selection.stop, selection.size):
        yield min(selection.size, selection.stop - first)


def _all_offset_pages(connection: Connection, selection: Selection) -> Iterator[Page]:
    # Read before the first row is handed out: a loop that writes would move the later pages.
    yield from list(_offset_pages(connection, selection))


def _offset_pages(connection: Connection, selection: Selection) -> Iterator[Page]:
    offset = selection.start
    for size in _sizes(selection):
        page = _get(connection, selection, limit=size, offset=offset)
        yield page
        if len(page) < size:
            return
        offset += size


def _seek(connection: Connection, selection: Selection) -> Iterator[Page]:
    (key,) = selection.order
    condition, offset = selection.condition, selection.start
    for size in _sizes(selection):
        page = _get(connection, selection, limit=size, offset=offset, condition=condition)
        yield page
        if len(page) < size:
            return
        last = quote(page[-1]["$id"]["value"])
        beyond = Predicate("$id", "<" if key.descending else ">", last)
        condition, offset = all_of([selection.condition, beyond]), 0


def _cursor(connection: Connection, selection: Selection) -> Iterator[Page]:
    first = _get(connection, selection, limit=selection.size, offset=selection.start)
    if len(first) < selection.size:
        yield first
        return
    # The cursor has a state of the app of its own, so it delivers the first page again.
    row = 0
    for page in _cursor_pages(connection, selection):
        stop = None if selection.stop is None else max(0, selection.stop - row)
        yield page[max(0, selection.start - row) : stop]
        row += len(page)
        if selection.stop is not None and row >= selection.stop:
            return


class _PageLost(Exception):
    """A page was asked for, and did not come; its cursor has moved on, or is gone."""


def _cursor_pages(connection: Connection, selection: Selection) -> Iterator[Page]:
    """The pages of a cursor; if one of them is lost, of another cursor, from there on.

    A cursor that is made again has a newer state of the app. It goes on exactly where the first
    one stopped only if it begins with the same records; if not, the error is raised.
    """
    delivered, digest = 0, blake2b()
    try:
        for page in _one_cursor(connection, selection):
            delivered += len(page)
            _note(digest, page)
            yield page
        return
    except _PageLost as lost:
        error = lost.__cause__
    _logger.warning("A page of a cursor was lost, so its records are read again: %s", error)
    left, again = delivered, blake2b()
    try:
        for page in _one_cursor(connection, selection):
            known, fresh = page[:left], page[left:]
            _note(again, known)
            left -= len(known)
            if not left and again.digest() != digest.digest():
                break
            if fresh:
                yield fresh
        if not left and again.digest() == digest.digest():
            return
    except _PageLost as lost:
        error = lost.__cause__
    raise TransportError(
        f"A page of records was lost after {delivered:,} of them, and reading cannot go on exactly "
        "where it stopped: the records have changed meanwhile, or it was lost again. Read once "
        "more from the beginning.",
        method="GET",
        path=connection.path("records/cursor"),
    ) from error


def _note(digest: blake2b, page: Page) -> None:
    for record in page:
        digest.update(f"{record['$id']['value']},".encode())


def _one_cursor(connection: Connection, selection: Selection) -> Iterator[Page]:
    app = selection.app
    query = compile_query(selection.condition, order=selection.order)
    cursor = create_cursor(
        connection, app=app, query=query, fields=selection.fields, size=selection.size
    )["id"]
    unread = True
    try:
        while unread:
            try:
                # Asked for once only: when an answer is lost, the cursor has moved on all the same.
                answer = get_cursor(connection, id=cursor, app=app)
            except (TransportError, ServerBusy, CursorExpired) as error:
                raise _PageLost from error
            unread = answer["next"]
            yield answer["records"]
    finally:
        if unread:
            _close(connection, cursor, app)


def _close(connection: Connection, cursor: str, app: int) -> None:
    try:
        delete_cursor(connection, id=cursor, app=app)
    except APIError as error:
        # It ends by itself after ten minutes; what made us stop is the error to tell.
        _logger.debug("A cursor could not be closed: %s", error)


_WAYS = {
    Paging.SINGLE: _offset_pages,
    Paging.SEEK: _seek,
    Paging.OFFSET: _all_offset_pages,
    Paging.CURSOR: _cursor,
}
