"""How a plan is carried out: pages of records, one request after the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from kintone_orm.api.answers import checked
from kintone_orm.api.records import get_records
from kintone_orm.models.ground.answer_checks import not_what_was_asked
from kintone_orm.models.reading.cursor_pages import cursor_pages, rows_between
from kintone_orm.models.reading.offset_pages import offset_pages
from kintone_orm.models.reading.selection import Selection, get_page
from kintone_orm.query.compiler import compile_query
from kintone_orm.query.conditions import NOTHING, Condition, Predicate, all_of, settled
from kintone_orm.query.literals import quote
from kintone_orm.query.planner import Paging

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from kintone_orm.connection import Connection
    from kintone_orm.models.ground.answer_checks import Page

__all__ = ["RecordIterator", "Selection", "count", "read"]

T = TypeVar("T")


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
    NotSupportedError for a slice that kintone cannot reach; TransportError for an answer that is
    no page of these records.
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
    answer = get_records(
        checked(connection), app=app, query=query, fields=["$id"], total_count=True
    )
    return int(answer["totalCount"])


def _settled(connection: Connection, condition: Condition) -> Condition:
    return settled(condition, using=connection, zone=lambda: connection.timezone)


def _single(connection: Connection, selection: Selection) -> Iterator[Page]:
    limit = cast("int", selection.stop) - selection.start  # or it would not fit into one page
    yield get_page(connection, selection, limit=limit, offset=selection.start)


def _seek(connection: Connection, selection: Selection) -> Iterator[Page]:
    (key,) = selection.order
    condition, offset = selection.condition, selection.start
    last: list[str] = []  # the last id that was given, once there is one
    for size in _sizes(selection):
        page = get_page(connection, selection, limit=size, offset=offset, condition=condition)
        ids = [*last, *(record["$id"]["value"] for record in page)]
        if not _in_order(ids, key.descending):
            # It may even be the same page: for ever.
            not_what_was_asked(connection, "its records do not follow those of the page before")
        yield page
        if len(page) < size:
            return
        last = ids[-1:]
        beyond = Predicate("$id", "<" if key.descending else ">", quote(ids[-1]))
        condition, offset = all_of([selection.condition, beyond]), 0


def _in_order(ids: list[str], descending: bool) -> bool:
    """True if the ids rise, or fall, all of them."""
    if ids and len(ids[0]) != len(ids[-1]):
        whole = list(map(int, ids))
        return whole == sorted(set(whole), reverse=descending)
    in_order = ids == sorted(ids, reverse=descending)
    return in_order and (len(ids) < 2 or ids[0] != ids[1])


def _sizes(selection: Selection) -> Iterator[int]:
    """How many rows to ask for in each page: full ones, and what is left in the last."""
    if selection.stop is None:
        while True:
            yield selection.size
    for first in range(selection.start, selection.stop, selection.size):
        yield min(selection.size, selection.stop - first)


def _cursor(connection: Connection, selection: Selection) -> Iterator[Page]:
    first = get_page(connection, selection, limit=selection.size, offset=selection.start)
    if len(first) < selection.size:
        yield first
        return
    # The cursor has a state of the app of its own, so it delivers the first page again.
    pages = cursor_pages(connection, selection)
    yield from rows_between(pages, selection.start, selection.stop)


_WAYS = {
    Paging.SINGLE: _single,
    Paging.SEEK: _seek,
    Paging.OFFSET: offset_pages,
    Paging.CURSOR: _cursor,
}
