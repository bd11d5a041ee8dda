"""Reading records with a cursor, which fixes its rows and their order when it is created.

A domain has only ten cursors, shared by all its apps. So this process counts those that it opens
(`kintone_orm.connection.limits.cursor_slots`), and a reader waits for a free one. A cursor is
deleted when reading ends, fails or is abandoned. A page whose answer was lost cannot be read again,
because the cursor has moved on.
"""

from __future__ import annotations

import logging
import os
import re
from contextlib import closing
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from kintone_orm.api.answers import checked
from kintone_orm.api.cursors import create_cursor, delete_cursor, get_cursor
from kintone_orm.connection.limits.cursor_slots import ADVICE
from kintone_orm.exceptions import (
    APIError,
    CursorExpired,
    CursorLimitError,
    ServerBusy,
    TransportError,
)
from kintone_orm.http.messages import Request
from kintone_orm.http.request_log import log_cursor, log_turn, reason_of
from kintone_orm.models.ground.answer_checks import refuse_answer
from kintone_orm.models.reading.page_request import PageRequest
from kintone_orm.models.reading.seen_ids import SeenIds
from kintone_orm.models.reading.send_ahead import AnswersInTurn
from kintone_orm.query.compiler import compile_query

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from kintone_orm.connection import Connection
    from kintone_orm.connection.limits.cursor_slots import CursorSlot
    from kintone_orm.models.reading.page_request import ReadPage, Source
    from kintone_orm.models.reading.selection import Selection

__all__ = ["read_by_cursor", "rows_between"]

# kintone documents that a page may be empty although more rows follow. Without this limit, reading
# would never end if a server only sent empty pages.
_EMPTY_PAGES = 100

# The waits for a cursor while ten are open in the domain, in seconds. Each is twice as long as the
# one before, and ends early if this process closes a cursor.
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 20.0

# The end of an answer tells if the cursor has more pages. No text of a record can look like it,
# because JSON escapes the quotation marks of a text.
_MORE, _LAST = re.compile(rb'"next"\s*:\s*true'), re.compile(rb'"next"\s*:\s*false')
_TAIL = 200

_NO_CURSOR = "no cursor of the domain was free"


def rows_between(
    pages: Generator[ReadPage, None, None], start: int, stop: int | None
) -> Iterator[ReadPage]:
    """Yield the rows from `start` up to `stop`, then close `pages`, which deletes the cursor."""
    row = 0  # the number of the first row of the page
    with closing(pages):
        for page in pages:
            end = None if stop is None else max(0, stop - row)
            yield page[max(0, start - row) : end]
            row += len(page)
            if stop is not None and row >= stop:
                return


class _PageLost(Exception):
    """The error for a page whose answer was lost. The cursor has moved on, or no longer exists."""


def read_by_cursor(source: Source) -> Generator[ReadPage, None, None]:
    """Read the pages of a cursor; if a page is lost, go on with a second cursor.

    The second cursor has a newer state of the app. It can continue exactly where the first one
    stopped only if it begins with the same records, which is checked by the ids of the records.
    TransportError if the records differ, or if a page is lost again.
    """
    connection, selection = source.connection, source.selection
    delivered, digest = 0, blake2b()
    try:
        for page in _read_cursor(source):
            delivered += len(page)
            _add_ids(digest, page)
            yield page
        return
    except _PageLost as lost:
        error = lost.__cause__
    _log(
        logging.WARNING,
        "A page of a cursor was lost, and its records are read again",
        connection,
        selection,
        error,
    )
    # Compare a digest of the ids, because the delivered rows may be too many to keep.
    left, again = delivered, blake2b()
    try:
        for page in _read_cursor(source):
            known, fresh = page[:left], page[left:]
            _add_ids(again, known)
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
        f"A page of records was lost after {delivered:,} records, and reading cannot go on exactly "
        "where it stopped: the records have changed, or a page was lost again. Read once more from "
        "the beginning.",
        method="GET",
        path=connection.path("records/cursor"),
    ) from error


def _add_ids(digest: blake2b, page: ReadPage) -> None:
    for id_ in page.ids:
        digest.update(f"{id_},".encode())


def _read_cursor(source: Source) -> Iterator[ReadPage]:
    """Create a cursor, read its pages, and delete it unless it was read to the end."""
    connection, selection = source.connection, source.selection
    begun = connection.clock.now()
    slot, process = connection.cursor_slots.acquire(), os.getpid()
    seconds = connection.clock.now() - begun
    log_turn(_request(connection, selection), seconds, reason=_NO_CURSOR)
    try:
        yield from _read_in_slot(source, slot)
    finally:
        if os.getpid() == process:  # see below
            slot.release()


def _read_in_slot(source: Source, slot: CursorSlot) -> Iterator[ReadPage]:
    connection, selection = source.connection, source.selection
    app, created = selection.app, _create(connection, selection, slot.deadline)
    cursor = created["id"]
    delivery = _Delivery(connection, total=int(created["totalCount"]))
    # Do not repeat this request: even if its answer is lost, the cursor has moved on.
    request = PageRequest(partial(get_cursor, id=cursor, app=app), limit=selection.size)
    answers = AnswersInTurn(source)
    rows, stop = 0, selection.stop  # the rows of the pages before

    def next_page(body: bytes) -> PageRequest | None:
        is_last_of_slice = stop is not None and rows + selection.size >= stop
        return request if not is_last_of_slice and _MORE.search(body[-_TAIL:]) else None

    # A forked process inherits the iterator, but the cursor belongs to its parent, which reads on.
    unread, process = True, os.getpid()
    try:
        while unread:
            if os.getpid() != process:
                raise RuntimeError(
                    "This iterator reads with a cursor of the parent process. Iterate over the "
                    "queryset anew in the forked process."
                )
            slot.keep()
            try:
                answer = answers.answer(request, next_page)
            except (TransportError, ServerBusy, CursorExpired) as error:
                raise _PageLost from error
            page = source.page(request, answer)
            delivery.add(page.ids)
            rows += len(page)
            unread = answer["next"]
            if not unread:
                slot.release()  # the cursor is gone, although the last page is not used yet
            yield page
    finally:
        is_at_end = _LAST.search((answers.waiting or b"")[-_TAIL:]) is not None
        if unread and not is_at_end and os.getpid() == process:
            _close(connection, selection, cursor)


def _create(connection: Connection, selection: Selection, deadline: float | None) -> dict[str, Any]:
    """Create a cursor. While ten are open in the domain, wait for one until the deadline."""
    query = compile_query(selection.condition, order=selection.order)
    slots, wait = connection.cursor_slots, _FIRST_WAIT
    while True:
        try:
            return create_cursor(
                checked(connection),
                app=selection.app,
                query=query,
                fields=selection.fields,
                size=selection.size,
            )
        except CursorLimitError as error:
            if deadline is not None and connection.clock.now() + wait >= deadline:
                error.message += f" {ADVICE}"
                raise
            log_cursor(
                logging.WARNING,
                f"A reader waits {wait:.1f} s for a cursor",
                _request(connection, selection),
                _NO_CURSOR,
                wait,
            )
        slots.wait_for_release(wait)
        wait = min(2 * wait, _LONGEST_WAIT)


class _Delivery:
    """A check of the rows that a cursor delivers: no row twice, and no more rows than announced.

    The check keeps the ids of all rows while the cursor is read. See `SeenIds` for their memory.
    """

    def __init__(self, connection: Connection, *, total: int) -> None:
        self._connection = connection
        self._total = total
        self._seen = SeenIds()
        self._empty = 0

    def add(self, ids: list[str]) -> None:
        """Check the ids of a page; TransportError if no cursor of kintone could have sent it."""
        self._empty = 0 if ids else self._empty + 1
        all_new = self._seen.add(list(map(int, ids)))
        if self._empty > _EMPTY_PAGES:
            self._refuse(f"a cursor gave {_EMPTY_PAGES} empty pages in a row")
        if not all_new:
            self._refuse("a cursor gave the same record twice")
        if len(self._seen) > self._total:
            self._refuse(f"a cursor of {self._total:,} records gave {len(self._seen):,} records")

    def _refuse(self, why: str) -> None:
        refuse_answer(self._connection, why, path="records/cursor")


def _close(connection: Connection, selection: Selection, cursor: str) -> None:
    try:
        delete_cursor(connection, id=cursor, app=selection.app)
    except APIError as error:
        # Raise no error: the cursor expires by itself after ten minutes, and a new error would hide
        # the one that stopped reading.
        _log(logging.DEBUG, "A cursor could not be closed", connection, selection, error)


def _log(
    level: int, text: str, connection: Connection, selection: Selection, error: BaseException | None
) -> None:
    reason = reason_of(error) if isinstance(error, APIError) else ""
    log_cursor(level, text, _request(connection, selection), reason or "kintone refused it")


def _request(connection: Connection, selection: Selection) -> Request:
    """Return the request that creates the cursor, for lines of the log."""
    params = {"app": selection.app}
    model = connection.model_names.of_request("records/cursor", params, None)
    return Request("POST", connection.path("records/cursor"), params, model=model)
