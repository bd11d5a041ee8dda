"""The emulator's tables in SQLite. Only this module and attachments.py hold SQL.

A record is stored as its JSON text. Unique values have a separate index, so that one search in a
B-tree finds a duplicate, an update key or a lookup's source.
"""

from __future__ import annotations

import atexit
import os
import secrets
import sqlite3
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import TYPE_CHECKING

from ..ground.limits import INTEGER_MAX
from . import attachments
from .spaces import Space

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

__all__ = ["DataInUse", "Store"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS apps (id INTEGER PRIMARY KEY, document TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS spaces (
    id INTEGER PRIMARY KEY, thread INTEGER NOT NULL, guest INTEGER NOT NULL, name TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS records (
    app INTEGER NOT NULL, id INTEGER NOT NULL, document TEXT NOT NULL, PRIMARY KEY (app, id)
);
CREATE TABLE IF NOT EXISTS comments (
    app INTEGER NOT NULL, record INTEGER NOT NULL, id INTEGER NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (app, record, id)
);
CREATE TABLE IF NOT EXISTS unique_values (
    app INTEGER NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL, record INTEGER NOT NULL,
    PRIMARY KEY (app, field, value)
) WITHOUT ROWID;
"""

# Data files of earlier versions have only guest spaces, in a separate table. This script moves
# them to the table of all spaces.
_OLD_SPACES = """
BEGIN;
INSERT OR IGNORE INTO spaces SELECT id, thread, 1, 'Space ' || id FROM guest_spaces;
DROP TABLE guest_spaces;
COMMIT;
"""


class DataInUse(OSError):
    """The data file is open in another emulator, in this process or in another one."""


def _open(path: str | os.PathLike[str]) -> sqlite3.Connection:
    # No timeout: the lock lasts as long as the other emulator, so waiting is useless.
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=0)


def _new_identity() -> str:
    return f"{secrets.randbits(INTEGER_MAX.bit_length() - 1):x}"


class Store:
    """The tables of one domain. Not thread-safe: the caller holds a lock.

    `path` is a file or ":memory:". `files` are the attachments. `identity` is a name that no other
    store has. Raises DataInUse if another store has the file open.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._database = _open(path)
        # The first write takes a lock of the operating system, which lasts until the process ends.
        self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
        # With 16 KB, a page of the file holds a record of some kilobytes. So reading all records
        # is twice as fast.
        self._database.execute("PRAGMA page_size = 16384")
        try:
            self._database.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} {attachments.SCHEMA} COMMIT;")
        except sqlite3.Error as error:
            self._database.close()
            if "locked" in str(error):
                raise DataInUse(
                    f"{os.fspath(path)} is in use: another emulator has it open. Stop that one, "
                    "or use another file."
                ) from error
            raise
        if self._one("SELECT name FROM sqlite_master WHERE name = 'guest_spaces'"):
            self._database.executescript(_OLD_SPACES)
        # Test data need not survive a power cut, and waiting for the disk is slow.
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = OFF")
        self.files = attachments.Attachments(self._database)
        self.identity = self._stored_identity()

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Store:
        """Open the store in this file, or a new store in memory for ":memory:".

        A store in memory is copied from an empty store, because creating the tables takes ten times
        as long.
        """
        return _empty().copy() if path == ":memory:" else cls(path)

    def copy(self) -> Store:
        """Return a store in memory with the same content. Do not call it in a transaction."""
        twin = object.__new__(Store)
        twin._database = _open(":memory:")
        twin.files = attachments.Attachments(twin._database)
        self._database.backup(twin._database)
        # A store in memory is never opened again, so its identity need not be stored.
        twin.identity = _new_identity()
        return twin

    def _stored_identity(self) -> str:
        """Return the identity stored in the file. A new file gets a new identity."""
        new = int(_new_identity(), 16)
        self._database.execute("INSERT OR IGNORE INTO counters VALUES ('identity', ?)", (new,))
        row = self._database.execute("SELECT value FROM counters WHERE name = 'identity'")
        return f"{row.fetchone()[0]:x}"

    def close(self) -> None:
        """Close the database. A file keeps all committed data."""
        self._database.close()

    def transaction(self) -> AbstractContextManager[None]:
        """Commit the writes of the block at its end, or undo them if the block raises an error."""
        return self._block("BEGIN", "COMMIT", "ROLLBACK")

    def savepoint(self) -> AbstractContextManager[None]:
        """Undo the writes of the block if it raises an error. The block is inside a transaction."""
        return self._block("SAVEPOINT inner", "RELEASE inner", "ROLLBACK TO inner")

    @contextmanager
    def _block(self, begin: str, commit: str, undo: str) -> Iterator[None]:
        self._database.execute(begin)
        try:
            yield
        except BaseException:
            self._database.execute(undo)
            raise
        self._database.execute(commit)

    def take_numbers(self, counter: str, count: int) -> range:
        """Return the next `count` numbers of a sequence from 1. No number is returned twice."""
        self._database.execute(
            "INSERT INTO counters VALUES (?, ?) "
            "ON CONFLICT (name) DO UPDATE SET value = value + excluded.value",
            (counter, count),
        )
        row = self._database.execute("SELECT value FROM counters WHERE name = ?", (counter,))
        last: int = row.fetchone()[0]
        return range(last - count + 1, last + 1)

    def pass_number(self, counter: str, number: int) -> None:
        """Let a sequence continue after `number`, unless it has passed `number` already."""
        self._database.execute(
            "INSERT INTO counters VALUES (?, ?) "
            "ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)",
            (counter, number),
        )

    # Facts of the domain

    def fact(self, name: str) -> str | None:
        """Return the value stored under a name, or None."""
        return self._one("SELECT value FROM facts WHERE name = ?", name)

    def put_fact(self, name: str, value: str) -> None:
        """Store a value under a name. An earlier value is replaced."""
        self._database.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    # Apps

    def apps(self) -> Iterator[tuple[int, str]]:
        """Iterate over all apps in the order of their ids, as (id, document)."""
        return self._database.execute("SELECT id, document FROM apps ORDER BY id")

    def app(self, app: int) -> str | None:
        """Return an app's document, or None."""
        return self._one("SELECT document FROM apps WHERE id = ?", app)

    def put_app(self, app: int, document: str) -> None:
        """Add an app, or replace its document."""
        self._database.execute("INSERT OR REPLACE INTO apps VALUES (?, ?)", (app, document))

    # Spaces

    def spaces(self) -> list[Space]:
        """Return all spaces in the order of their ids."""
        rows = self._database.execute("SELECT id, thread, guest, name FROM spaces ORDER BY id")
        return [Space(number, thread, bool(guest), name) for number, thread, guest, name in rows]

    def space(self, space: int) -> Space | None:
        """Return a space, or None."""
        row = self._database.execute(
            "SELECT id, thread, guest, name FROM spaces WHERE id = ?", (space,)
        ).fetchone()
        return Space(row[0], row[1], bool(row[2]), row[3]) if row else None

    def put_space(self, space: Space) -> None:
        """Add a space."""
        self._database.execute("INSERT INTO spaces VALUES (?, ?, ?, ?)", space)

    # Records

    def record(self, app: int, record: int) -> str | None:
        """Return a record's document, or None."""
        return self._one("SELECT document FROM records WHERE app = ? AND id = ?", app, record)

    def records(
        self, app: int, *, low: int = 0, high: int = INTEGER_MAX, descending: bool = False
    ) -> Iterator[tuple[int, str]]:
        """Iterate over the records with low <= id <= high in the order of ids, as (id, document).

        The loop reads the records one by one, so do not write records inside it.
        """
        query = "SELECT id, document FROM records WHERE app = ? AND id BETWEEN ? AND ? ORDER BY id"
        return self._database.execute(query + " DESC" * descending, (app, low, high))

    def some_records(self, app: int, ids: Iterable[int]) -> Iterator[tuple[int, str]]:
        """Iterate over the records with these ids, in their order, as (id, document).

        Ids without a record are skipped.
        """
        for number in ids:
            document = self.record(app, number)
            if document is not None:
                yield number, document

    def record_ids(self, app: int) -> list[int]:
        """Return the ids of all records of an app, in order."""
        rows = self._database.execute("SELECT id FROM records WHERE app = ? ORDER BY id", (app,))
        return [number for (number,) in rows]

    def count_records(self, app: int) -> int:
        """Return the number of records of an app."""
        rows = self._database.execute("SELECT count(*) FROM records WHERE app = ?", (app,))
        count: int = rows.fetchone()[0]
        return count

    def put_record(self, app: int, record: int, document: str) -> None:
        """Add a record, or replace its document."""
        self._database.execute(
            "INSERT INTO records VALUES (?, ?, ?) "
            "ON CONFLICT (app, id) DO UPDATE SET document = excluded.document",
            (app, record, document),
        )

    def rewrite_records(self, app: int, change: Callable[[int, str], str]) -> None:
        """Replace each record's document by the result of `change(id, document)`.

        `change` must not use the store. If `change` raises, records changed so far stay changed.
        One SQL statement changes all records, because a SELECT and an UPDATE for each record take
        several times as long.
        """
        raised: list[BaseException] = []

        def changed(record: int, document: str) -> str:
            try:
                return change(record, document)
            except BaseException as error:
                # SQLite hides this error and raises its own, so keep this one to raise it below.
                raised.append(error)
                raise

        self._database.create_function("changed", 2, changed)
        try:
            self._database.execute(
                "UPDATE records SET document = changed(id, document) WHERE app = ?", (app,)
            )
        except sqlite3.OperationalError:
            if raised:
                raise raised[0] from None
            raise
        finally:
            self._database.create_function("changed", 2, None)

    def delete_record(self, app: int, record: int) -> None:
        """Delete a record and its comments. Call `release` to delete the record's unique values."""
        self._database.execute("DELETE FROM records WHERE app = ? AND id = ?", (app, record))
        self._database.execute("DELETE FROM comments WHERE app = ? AND record = ?", (app, record))

    # Comments

    def comments(self, app: int, record: int) -> list[str]:
        """Return the documents of a record's comments, in the order of their ids."""
        rows = self._database.execute(
            "SELECT document FROM comments WHERE app = ? AND record = ? ORDER BY id", (app, record)
        )
        return [document for (document,) in rows]

    def comment(self, app: int, record: int, comment: int) -> str | None:
        """Return a comment's document, or None."""
        query = "SELECT document FROM comments WHERE app = ? AND record = ? AND id = ?"
        return self._one(query, app, record, comment)

    def put_comment(self, app: int, record: int, comment: int, document: str) -> None:
        """Add a comment."""
        self._database.execute(
            "INSERT INTO comments VALUES (?, ?, ?, ?)", (app, record, comment, document)
        )

    def delete_comment(self, app: int, record: int, comment: int) -> None:
        """Delete a comment."""
        self._database.execute(
            "DELETE FROM comments WHERE app = ? AND record = ? AND id = ?", (app, record, comment)
        )

    # Unique values

    def owner(self, app: int, field: str, value: str) -> int | None:
        """Return the id of the record that holds a unique value, or None."""
        row = self._database.execute(
            "SELECT record FROM unique_values WHERE app = ? AND field = ? AND value = ?",
            (app, field, value),
        ).fetchone()
        return row[0] if row else None

    def owners(self, app: int, field: str, text: str) -> list[int]:
        """Return the ids of the records whose unique value is `text`, with or without more text.

        More text must begin with a space.
        """
        # "!" is the character after the space. So texts that begin with `text` and a space sort
        # before `text` and "!".
        rows = self._database.execute(
            "SELECT record FROM unique_values WHERE app = ? AND field = ? AND "
            "(value = ? OR (value >= ? AND value < ?))",
            (app, field, text, f"{text} ", f"{text}!"),
        )
        return [record for (record,) in rows]

    def claim(self, app: int, field: str, value: str, record: int) -> bool:
        """Give a unique value to a record. Return False if another record holds it."""
        return (
            self._database.execute(
                "INSERT OR IGNORE INTO unique_values VALUES (?, ?, ?, ?)",
                (app, field, value, record),
            ).rowcount
            == 1
        )

    def release(self, app: int, values: Sequence[tuple[str, str]]) -> None:
        """Delete unique values, given as (field, value)."""
        self._database.executemany(
            "DELETE FROM unique_values WHERE app = ? AND field = ? AND value = ?",
            [(app, field, value) for field, value in values],
        )

    def delete_unique_values(self, app: int, *, but: Collection[str] = ()) -> None:
        """Delete all unique values of an app, except the values of these fields."""
        rows = self._database.execute(
            "SELECT DISTINCT field FROM unique_values WHERE app = ?", (app,)
        ).fetchall()
        self._database.executemany(
            "DELETE FROM unique_values WHERE app = ? AND field = ?",
            [(app, field) for (field,) in rows if field not in but],
        )

    def _one(self, query: str, *values: object) -> str | None:
        row = self._database.execute(query, values).fetchone()
        return row[0] if row else None


@cache
def _empty() -> Store:
    """Return a store with empty tables. Threads can share the store, because it is only read."""
    store = Store(":memory:")
    # Python warns at exit if a database is not closed.
    atexit.register(store.close)
    return store
