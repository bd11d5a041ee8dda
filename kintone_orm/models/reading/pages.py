"""Reading records page by page, in each of the ways that the planner picks."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from kintone_orm.api.answers import checked
from kintone_orm.api.records import get_records
from kintone_orm.models.ground.answer_checks import refuse_answer
from kintone_orm.models.reading.cursor_pages import read_by_cursor, rows_between
from kintone_orm.models.reading.offset_pages import read_by_offset
from kintone_orm.models.reading.parallel.parallel_pages import read_in_parallel
from kintone_orm.models.reading.send_ahead import AnswersInTurn, last_id
from kintone_orm.query.compiler import compile_query
from kintone_orm.query.conditions import Condition, Predicate, all_of, is_nothing
from kintone_orm.query.literals import quote
from kintone_orm.query.planner import Paging

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from types import TracebackType

    from kintone_orm.connection import Connection
    from kintone_orm.models.reading.page_request import PageRequest, ReadPage, Source
    from kintone_orm.models.reading.selection import Selection

__all__ = ["RecordIterator", "count", "read"]

T = TypeVar("T")


class RecordIterator(Generic[T]):
    """An iterator over records that reads page by page.

    `close()`, or the end of a `with` block, stops reading and deletes an open cursor.
    """

    def __init__(self, stream: Generator[T, None, None]) -> None:
        self._stream = stream

    def __iter__(self) -> RecordIterator[T]:
        return self

    def __next__(self) -> T:
        return next(self._stream)

    def close(self) -> None:
        """Stop reading, and delete an open cursor; a second call does nothing."""
        self._stream.close()

    def __reduce__(self) -> str:
        raise TypeError(
            "A RecordIterator cannot be copied or pickled: like a generator, it is read only once. "
            "Copy or pickle the queryset, or list(queryset)."
        )

    def __enter__(self) -> RecordIterator[T]:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def read(source: Source) -> Iterator[ReadPage]:
    """Read the pages of a source; the first request is sent for the first page.

    The condition has no inner querysets. Empty pages are left out. TransportError for an answer
    that is not a page of these records.
    """
    selection = source.selection
    if is_nothing(selection.condition):
        return
    read_pages = _WAYS[selection.way] if source.workers == 1 else read_in_parallel
    for page in read_pages(source):
        if page.ids:
            yield page


def count(connection: Connection, app: int, condition: Condition) -> int:
    """Return the number of records that satisfy the condition; one request, without records.

    The condition has no inner querysets.
    """
    if is_nothing(condition):
        return 0
    query = compile_query(condition, limit=0)
    answer = get_records(
        checked(connection), app=app, query=query, fields=["$id"], total_count=True
    )
    return int(answer["totalCount"])


def _read_single(source: Source) -> Iterator[ReadPage]:
    selection = source.selection
    limit = cast("int", selection.stop) - selection.start  # only slices with a stop are read here
    yield _get_page(source, limit)


def _get_page(source: Source, limit: int) -> ReadPage:
    """Read the first page of a source."""
    request = source.request(limit=limit, offset=source.selection.start)
    return source.page(request, source.answer(request))


def _read_by_seek(source: Source) -> Iterator[ReadPage]:
    # Each request asks for the ids beyond the last id of the page before. Records that others add
    # or delete in between shift no page, and no offset grows beyond kintone's limit. The start of a
    # slice is an offset of the first page only.
    selection, answers = source.selection, AnswersInTurn(source)
    (key,) = selection.order
    sizes = _sizes(selection)
    last: list[str] = []  # the last id of the page before; empty for the first page
    size, following = next(sizes), next(sizes, None)
    request = source.request(limit=size, offset=selection.start)
    while True:
        guess = partial(_guess_next, source, size, following)
        page = source.page(request, answers.answer(request, guess))
        if not _in_order([*last, *page.ids], key.descending):
            # A server that ignores the condition would send the same page for ever.
            why = "its records do not follow those of the page before"
            refuse_answer(source.connection, why)
        yield page
        if len(page) < size or following is None:
            return
        last = page.ids[-1:]
        request = _beyond(source, last[0], following)
        size, following = following, next(sizes, None)


def _guess_next(
    source: Source, size: int, following: int | None, body: bytes
) -> PageRequest | None:
    """Return the request for the page after the one with this body, if that page looks full."""
    id_ = None if following is None else last_id(body, size)
    return None if id_ is None or following is None else _beyond(source, id_, following)


def _beyond(source: Source, id_: str, limit: int) -> PageRequest:
    """Return the request for the page after the record with this id."""
    selection = source.selection
    operator = "<" if selection.order[0].descending else ">"
    condition = all_of([selection.condition, Predicate("$id", operator, quote(id_))])
    return source.request(limit=limit, condition=condition, after=id_)


def _in_order(ids: list[str], descending: bool) -> bool:
    """Return True if every id is greater (with `descending`: less) than the id before it."""
    # Ids of the same length can be compared as texts, which is several times faster.
    if ids and len(ids[0]) != len(ids[-1]):
        whole = list(map(int, ids))
        return whole == sorted(set(whole), reverse=descending)
    in_order = ids == sorted(ids, reverse=descending)
    return in_order and (len(ids) < 2 or ids[0] != ids[1])


def _sizes(selection: Selection) -> Iterator[int]:
    """Yield the size of each page to ask for. The last page of a slice may be smaller."""
    if selection.stop is None:
        while True:
            yield selection.size
    for first in range(selection.start, selection.stop, selection.size):
        yield min(selection.size, selection.stop - first)


def _read_page_then_cursor(source: Source) -> Iterator[ReadPage]:
    selection = source.selection
    first = _get_page(source, selection.size)
    if len(first) < selection.size:
        yield first
        return
    # The cursor has a later state of the app than the first page, so every row is taken from the
    # cursor.
    pages = read_by_cursor(source)
    yield from rows_between(pages, selection.start, selection.stop)


_WAYS = {
    Paging.SINGLE: _read_single,
    Paging.SEEK: _read_by_seek,
    Paging.OFFSET: read_by_offset,
    Paging.CURSOR: _read_page_then_cursor,
}
