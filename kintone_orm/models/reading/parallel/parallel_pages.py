"""Reading records in the order of their ids over several network connections at once.

    this thread:  page 1 ──────▶ decode   decode page 2, use, decode page 3, use ...
    thread 1:     highest id ──▶ ids 501 to 1000 ──▶ ids 2501 to 3000 ...
    thread 2:                    ids 1001 to 1500 ──▶ ...
    thread 3:                    ids 1501 to 2000 ──▶ ...

The threads make the first attempt of each request. This thread decodes the answers, sends failed
requests again, and delivers the pages. It reads answers in the order in which they come, so that
the next ranges are chosen early. What is wrong with a page is raised when the reader needs it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from kintone_orm.exceptions import NotSupportedError
from kintone_orm.models.ground.answer_checks import refuse_answer
from kintone_orm.models.reading.parallel.id_ranges import IdRanges
from kintone_orm.models.reading.parallel.sending_threads import SendingThreads
from kintone_orm.query.compiler import OrderKey
from kintone_orm.query.conditions import Predicate, all_of
from kintone_orm.query.literals import quote
from kintone_orm.query.planner import Paging

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kintone_orm.http.sent_ahead import SentAhead
    from kintone_orm.models.reading.page_request import PageRequest, ReadPage, Source
    from kintone_orm.models.reading.parallel.id_ranges import IdRange
    from kintone_orm.models.reading.selection import Selection

__all__ = ["read_in_parallel", "require_ranges"]


def require_ranges(selection: Selection, workers: int) -> None:
    """Raise NotSupportedError if ranges of ids would not read exactly these records."""
    iterator = f"iterator(workers={workers})"
    if selection.order[0].code != "$id":
        raise NotSupportedError(
            f"{iterator} reads ranges of ids, so it reads in the order of the ids only. Order the "
            'records by .order_by("pk") or .order_by("-pk"), or leave out workers.'
        )
    if selection.start or selection.stop is not None:
        raise NotSupportedError(
            f"{iterator} cannot read a slice: it does not know how many records the ranges of ids "
            "before it have. Filter by pk__gt and pk__lte instead, or leave out workers."
        )
    if selection.paging not in (None, Paging.SEEK):
        raise NotSupportedError(
            f"{iterator} reads by seeking ids, not by Paging.{selection.paging.name}. Leave out "
            "the paging or workers."
        )


def read_in_parallel(source: Source) -> Iterator[ReadPage]:
    """Read the pages of a source, at most `source.workers` at once.

    When reading ends, fails or is abandoned, the requests that are under way are waited for.
    """
    reading = _Reading(source)
    try:
        yield from reading.pages()
    finally:
        reading.stop()


class _Reading:
    """One read: the plan, and the pages that are under way or wait for the reader."""

    def __init__(self, source: Source) -> None:
        (self._key,) = source.selection.order
        self._source = source
        self._ranges = IdRanges(
            source.selection.size, most=2 * source.workers, in_order=source.in_order
        )
        self._threads: SendingThreads[IdRange | None] = SendingThreads(source.workers)
        self._requests: dict[IdRange, PageRequest] = {}
        self._failed: dict[IdRange, SentAhead | Exception] = {}
        self._pages: dict[IdRange, ReadPage] = {}

    def stop(self) -> None:
        """End the threads."""
        self._threads.stop()

    def pages(self) -> Iterator[ReadPage]:
        """Yield the pages that are not empty."""
        self._read_first()
        while not self._ranges.is_done:
            self._send_more()
            ready = self._ranges.next_to_deliver()
            if ready is None:
                self._receive()
                continue
            self._ranges.deliver(ready)
            self._send_more()
            yield self._pages.pop(ready)

    def _read_first(self) -> None:
        """Read the first page and, at the same time, the id of the last record."""
        first = self._ranges.take()
        assert first is not None  # noqa: S101
        self._requests[first] = self._request(first)
        selection = self._source.selection
        backwards = (OrderKey("$id", not self._key.descending),)
        only_id = replace(selection, order=backwards, fields=["$id"])
        last_first = replace(self._source, selection=only_id, reader=None)
        request = last_first.request(limit=1)
        self._threads.submit(None, partial(last_first.send_ahead, request))
        self._settle(first, None)
        if self._ranges.is_asked:
            return
        _, sent = self._threads.next()
        page = last_first.page(request, last_first.answer(request, sent))
        if page.ids:
            self._ranges.farthest = self._position(page.ids[0])

    def _send_more(self) -> None:
        while (asked := self._ranges.take()) is not None:
            request = self._requests[asked] = self._request(asked)
            self._threads.submit(asked, partial(self._source.send_ahead, request))

    def _request(self, asked: IdRange) -> PageRequest:
        beyond, until = ("<", ">=") if self._key.descending else (">", "<=")
        conditions = [self._source.selection.condition]
        for operator, bound in ((beyond, asked.after), (until, asked.last)):
            if bound is not None:
                conditions.append(Predicate("$id", operator, quote(str(abs(bound)))))
        return self._source.request(limit=self._source.selection.size, condition=all_of(conditions))

    def _receive(self) -> None:
        """Take the answer that the reader needs first, or else the next one that comes."""
        needed = self._ranges.next_asked()
        failed = None if needed is None else self._failed.pop(needed, None)
        if isinstance(failed, Exception):
            raise failed
        if failed is not None and needed is not None:
            self._settle(needed, failed)
            return
        asked, sent = self._threads.next()
        assert asked is not None  # noqa: S101
        if asked is needed:
            self._settle(asked, sent)
        elif sent.body is None:
            self._failed[asked] = sent
        else:
            try:
                self._settle(asked, sent)
            except Exception as error:  # noqa: BLE001 - it is raised after the rows before it
                self._failed[asked] = error

    def _settle(self, asked: IdRange, sent: SentAhead | None) -> None:
        """Read the page of a range; `sent` is the first attempt, if it was made already."""
        request = self._requests.pop(asked)
        page = self._source.page(request, self._source.answer(request, sent))
        self._ranges.answer(asked, self._checked(asked, page))
        if page.ids:
            self._pages[asked] = page

    def _checked(self, asked: IdRange, page: ReadPage) -> list[int]:
        """Return the positions of the records; TransportError if they are not of this range."""
        positions = list(map(self._position, page.ids))
        if positions != sorted(positions):
            refuse_answer(self._source.connection, "its records are not in the order of their ids")
        for position in positions[:1] + positions[-1:]:
            is_before = asked.after is not None and position <= asked.after
            if is_before or (asked.last is not None and position > asked.last):
                why = f"the answer has the record {abs(position)}, which was not requested"
                refuse_answer(self._source.connection, why)
        return positions

    def _position(self, id_: str) -> int:
        """Return a number that grows in the order of reading."""
        return -int(id_) if self._key.descending else int(id_)
