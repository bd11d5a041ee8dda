"""Reading records with a cursor, which fixes its rows and their order when it is created.

A domain has only ten cursors, shared by all its apps. So this process counts those that it opens
(`kintone_orm.connection.limits.cursor_slots`), and a reader waits for a free one. A cursor is
deleted when reading ends, fails or is abandoned. A page whose answer was lost cannot be read again,
because the cursor has moved on.
"""

from __future__ import annotations

import logging
import os
from contextlib import closing
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
from kintone_orm.models.ground.answer_checks import record_ids, refuse_answer
from kintone_orm.query.compiler import compile_query

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from kintone_orm.connection import Connection
    from kintone_orm.connection.limits.cursor_slots import CursorSlot
    from kintone_orm.models.ground.answer_checks import Page
    from kintone_orm.models.reading.selection import Selection

__all__ = ["read_by_cursor", "rows_between"]

# kintone documents that a page may be empty although more rows follow. Without this limit, reading
# would never end if a server only sent empty pages.
_EMPTY_PAGES = 100

# The waits for a cursor while ten are open in the domain, in seconds. Each is twice as long as the
# one before, and ends early if this process closes a cursor.
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 20.0

_NO_CURSOR = "no cursor of the domain was free"


def rows_between(
    pages: Generator[Page, None, None], start: int, stop: int | None
) -> Iterator[Page]:
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


def read_by_cursor(connection: Connection, selection: Selection) -> Generator[Page, None, None]:
    """Read the pages of a cursor; if a page is lost, go on with a second cursor.

    The second cursor has a newer state of the app. It can continue exactly where the first one
    stopped only if it begins with the same records, which is checked by the ids of the records.
    TransportError if the records differ, or if a page is lost again.
    """
    delivered, digest = 0, blake2b()
    try:
        for page in _read_cursor(connection, selection):
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
        for page in _read_cursor(connection, selection):
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


def _add_ids(digest: blake2b, page: Page) -> None:
    for record in page:
        digest.update(f"{record['$id']['value']},".encode())


def _read_cursor(connection: Connection, selection: Selection) -> Iterator[Page]:
    """Create a cursor, read its pages, and delete it unless it was read to the end."""
    begun = connection.clock.now()
    slot, process = connection.cursor_slots.acquire(), os.getpid()
    seconds = connection.clock.now() - begun
    log_turn(_request(connection, selection), seconds, reason=_NO_CURSOR)
    try:
        yield from _read_in_slot(connection, selection, slot)
    finally:
        if os.getpid() == process:  # see below
            slot.release()


def _read_in_slot(connection: Connection, selection: Selection, slot: CursorSlot) -> Iterator[Page]:
    app, created = selection.app, _create(connection, selection, slot.deadline)
    cursor = created["id"]
    delivery = _Delivery(connection, total=int(created["totalCount"]), size=selection.size)
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
                # Do not repeat this request: even if its answer is lost, the cursor has moved on.
                answer = get_cursor(checked(connection), id=cursor, app=app)
            except (TransportError, ServerBusy, CursorExpired) as error:
                raise _PageLost from error
            delivery.add(answer["records"])
            unread = answer["next"]
            if not unread:
                slot.release()  # the cursor is gone, although the last page is not used yet
            yield answer["records"]
    finally:
        if unread and os.getpid() == process:
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

    The check keeps the ids of all rows while the cursor is read, about 100 bytes a row.
    """

    def __init__(self, connection: Connection, *, total: int, size: int) -> None:
        self._connection = connection
        self._total = total
        self._size = size
        self._seen: set[str] = set()
        self._empty = 0

    def add(self, page: Page) -> None:
        """Check a page; TransportError if no cursor of kintone could have sent it."""
        ids = record_ids(self._connection, page, limit=self._size)
        self._empty = 0 if ids else self._empty + 1
        before = len(self._seen)
        self._seen.update(ids)
        if self._empty > _EMPTY_PAGES:
            self._refuse(f"a cursor gave {_EMPTY_PAGES} empty pages in a row")
        if len(self._seen) < before + len(ids):
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
