"""The pages of a cursor, which kintone keeps: its rows and their order are fixed when it is made.

A cursor is closed when reading ends, fails or is abandoned: ten of them are all that a whole
domain has. A page whose answer was lost cannot be had again, because the cursor has moved on.
"""

from __future__ import annotations

import logging
from hashlib import blake2b
from typing import TYPE_CHECKING

from kintone_orm.api.answers import checked
from kintone_orm.api.cursors import create_cursor, delete_cursor, get_cursor
from kintone_orm.exceptions import APIError, CursorExpired, ServerBusy, TransportError
from kintone_orm.models.ground.answer_checks import not_what_was_asked, record_ids
from kintone_orm.query.compiler import compile_query

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kintone_orm.connection import Connection
    from kintone_orm.models.ground.answer_checks import Page
    from kintone_orm.models.reading.selection import Selection

__all__ = ["cursor_pages", "rows_between"]

# kintone documents that a page may be empty while more are to come; not that all of them are.
_EMPTY_PAGES = 100

_logger = logging.getLogger("kintone_orm")


def rows_between(pages: Iterable[Page], start: int, stop: int | None) -> Iterator[Page]:
    """Of all rows those from `start` up to `stop`; no page is asked for behind them."""
    row = 0
    for page in pages:
        end = None if stop is None else max(0, stop - row)
        yield page[max(0, start - row) : end]
        row += len(page)
        if stop is not None and row >= stop:
            return


class _PageLost(Exception):
    """A page was asked for, and did not come; its cursor has moved on, or is gone."""


def cursor_pages(connection: Connection, selection: Selection) -> Iterator[Page]:
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
    made = create_cursor(
        checked(connection), app=app, query=query, fields=selection.fields, size=selection.size
    )
    cursor, check = (
        made["id"],
        _Delivery(connection, total=int(made["totalCount"]), size=selection.size),
    )
    unread = True
    try:
        while unread:
            try:
                # Asked for once only: when an answer is lost, the cursor has moved on all the same.
                answer = get_cursor(checked(connection), id=cursor, app=app)
            except (TransportError, ServerBusy, CursorExpired) as error:
                raise _PageLost from error
            check.add(answer["records"])
            unread = answer["next"]
            yield answer["records"]
    finally:
        if unread:
            _close(connection, cursor, app)


class _Delivery:
    """The rows that one cursor gave: no more than it has, none twice, and not nothing for ever.

    The ids are kept while it is read, which costs some 100 bytes a row.
    """

    def __init__(self, connection: Connection, *, total: int, size: int) -> None:
        self._connection = connection
        self._total = total
        self._size = size
        self._seen: set[str] = set()
        self._empty = 0

    def add(self, page: Page) -> None:
        """Count the page in; TransportError if no cursor of kintone's gives it."""
        ids = record_ids(self._connection, page, limit=self._size)
        self._empty = 0 if ids else self._empty + 1
        before = len(self._seen)
        self._seen.update(ids)
        if self._empty > _EMPTY_PAGES:
            self._refuse(f"a cursor gave {_EMPTY_PAGES} empty pages in a row")
        if len(self._seen) < before + len(ids):
            self._refuse("a cursor gave a record twice")
        if len(self._seen) > self._total:
            self._refuse(f"a cursor of {self._total:,} records gave {len(self._seen):,}")

    def _refuse(self, why: str) -> None:
        not_what_was_asked(self._connection, why, path="records/cursor")


def _close(connection: Connection, cursor: str, app: int) -> None:
    try:
        delete_cursor(connection, id=cursor, app=app)
    except APIError as error:
        # It ends by itself after ten minutes; what made us stop is the error to tell.
        _logger.debug("A cursor could not be closed: %s", error)
