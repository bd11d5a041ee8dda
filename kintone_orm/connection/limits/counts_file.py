"""Counts of requests in a file, which several processes share and which outlives them."""

from __future__ import annotations

import os
import sqlite3
import threading
import weakref
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kintone_orm.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["CountsFile"]

# How long a process waits while others write, in seconds. A write takes some microseconds.
_PATIENCE = 30
_DAYS_KEPT = 31

_TABLE = """
CREATE TABLE IF NOT EXISTS requests (
    domain TEXT, day INTEGER, app INTEGER, number INTEGER NOT NULL,
    PRIMARY KEY (domain, day, app)
) WITHOUT ROWID
"""
_ADD = """
INSERT INTO requests VALUES (?, ?, ?, ?)
ON CONFLICT (domain, day, app) DO UPDATE SET number = number + excluded.number
"""
_FORGET = "DELETE FROM requests WHERE day < ?"
_TOTALS = "SELECT app, number FROM requests WHERE domain = ? AND day = ?"

# SQLite survives no fork: a database that is open, and the locks of a thread that uses SQLite, are
# unusable in the forked process. So while this process is forked, no thread counts, and no database
# is open. The next count opens it again.
_lock = threading.RLock()
_files: weakref.WeakSet[CountsFile] = weakref.WeakSet()

# The databases that the parent of this process has left open, because Python did not know of the
# fork. To close them here would be wrong.
_inherited: list[sqlite3.Connection] = []


class CountsFile:
    """Counts in a database of SQLite, for any number of threads and processes of one computer.

    Each addition is a transaction of its own, so no count is lost if a process is killed. After a
    failure of the computer itself, the last counts may be missing. The file must be on a local
    disk, because SQLite's log needs shared memory. Days are kept for a month.

    ImproperlyConfigured if the file cannot be opened or written, or is not such a database.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path).absolute()
        self._process = 0
        self._database: sqlite3.Connection | None = None
        self._is_busy = False
        self._finish: Callable[[], object] = lambda: None
        with _lock:
            _files.add(self)

    def close(self) -> None:
        """Close the database. The next count opens it again."""
        with _lock:
            if self._database is not None and not self._is_busy:
                self._require_own_database()
                self._finish()
                self._database = None

    def add(
        self, domain: str, day: dt.date, requests: Mapping[int, int], *, most: int | None = None
    ) -> Mapping[int, int]:
        """Add the requests and return the new totals of their apps: see `Counts`."""
        with self._transaction(day) as database:
            rows = database.execute(_TOTALS, (domain, day.toordinal()))
            before: dict[int, int] = dict(rows.fetchall())
            totals = {app: before.get(app, 0) + number for app, number in requests.items()}
            if most is None or max(totals.values(), default=0) <= most:
                values = [(domain, day.toordinal(), app, n) for app, n in requests.items()]
                database.executemany(_ADD, values)
            return totals

    def totals(self, domain: str, day: dt.date) -> Mapping[int, int]:
        """Return the requests of the day, by app."""
        with self._transaction(day) as database:
            return dict(database.execute(_TOTALS, (domain, day.toordinal())).fetchall())

    @contextmanager
    def _transaction(self, day: dt.date) -> Iterator[sqlite3.Connection]:
        """Provide the database in a transaction, which is committed at the end of the block."""
        try:
            with _lock:
                self._require_own_database()
                database = self._open(day)
                # The garbage collector may close an iterator while a request is counted. Closing
                # its cursor is counted as well, in the transaction that is open.
                if self._is_busy:
                    yield database
                    return
                self._is_busy = True
                try:
                    database.execute("BEGIN IMMEDIATE")
                    yield database
                finally:
                    self._is_busy = False
                    if database.in_transaction:
                        database.execute("COMMIT")
        except sqlite3.Error as error:
            message = (
                f"usage: requests cannot be counted in {str(self._path)!r}: {error}. Give the path "
                "of a new file, on a local disk, in a directory that this program may write to."
            )
            raise ImproperlyConfigured(message) from error

    def _require_own_database(self) -> None:
        if self._process != (process := os.getpid()):
            if self._database is not None:
                _inherited.append(self._database)
            self._database, self._is_busy, self._process = None, False, process

    def _open(self, day: dt.date) -> sqlite3.Connection:
        if self._database is None:
            database = sqlite3.connect(
                self._path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False
            )
            self._finish = weakref.finalize(self, _close, database, os.getpid())
            database.execute("PRAGMA journal_mode = WAL")
            # Does not wait for the disk. The counts still survive the process.
            database.execute("PRAGMA synchronous = NORMAL")
            database.execute(_TABLE)
            database.execute(_FORGET, (day.toordinal() - _DAYS_KEPT,))
            self._database = database
        return self._database


def _close(database: sqlite3.Connection, process: int) -> None:
    if os.getpid() == process:
        database.close()


def _before_fork() -> None:
    _lock.acquire()
    for file in list(_files):
        file.close()


def _after_fork_in_child() -> None:
    global _lock
    _lock = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork,
        after_in_parent=lambda: _lock.release(),
        after_in_child=_after_fork_in_child,
    )
