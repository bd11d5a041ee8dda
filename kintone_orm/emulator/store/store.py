"""Everything that the emulator keeps, in SQLite: with attachments.py the only module with SQL.

A record is kept as its JSON text. Values that may not occur twice have an index of their own, so
that a duplicate, an update key and a lookup's source are each found by one search in a B-tree.
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

# Files of earlier versions know guest spaces only, in a table of their own.
_OLD_SPACES = """
BEGIN;
INSERT OR IGNORE INTO spaces SELECT id, thread, 1, 'Space ' || id FROM guest_spaces;
DROP TABLE guest_spaces;
COMMIT;
"""


class DataInUse(OSError):
    """Another emulator, in this process or in another one, has the file open."""


def _open(path: str | os.PathLike[str]) -> sqlite3.Connection:
    # Who waits for a lock waits for the end of another emulator: refuse at once.
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=0)


def _new_name() -> str:
    return f"{secrets.randbits(INTEGER_MAX.bit_length() - 1):x}"


class Store:
    """The tables of one domain. Not safe for threads by itself: its owner holds a lock.

    `path` is a file, or ":memory:". `files` are the attachments. DataInUse when another store has
    the file open.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._database = _open(path)
        # The first write takes a lock of the operating system, which ends with the process.
        self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
        # A record of some kilobytes fits into one page: reading all of them is twice as fast.
        self._database.execute("PRAGMA page_size = 16384")
        try:
            self._database.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} {attachments.SCHEMA} COMMIT;")
        except sqlite3.Error as error:
            self._database.close()
            if "locked" in str(error):
                raise DataInUse(
                    f"{os.fspath(path)} is in use: another emulator has it open. Stop that one, "
                    "or keep the data in another file."
                ) from error
            raise
        if self._one("SELECT name FROM sqlite_master WHERE name = 'guest_spaces'"):
            self._database.executescript(_OLD_SPACES)
        # A test server's data need not survive a power cut; waiting for the disk would be slow.
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = OFF")
        self.files = attachments.Attachments(self._database)
        self.identity = self._named()

    @classmethod
    def opened(cls, path: str | os.PathLike[str]) -> Store:
        """The store in this file, or a new one in memory for ":memory:".

        One in memory is a copy of an empty one, a tenth of the time of making its tables.
        """
        return _empty().copy() if path == ":memory:" else cls(path)

    def copy(self) -> Store:
        """A store in memory with the same content, made page by page. Not inside a transaction."""
        twin = object.__new__(Store)
        twin._database = _open(":memory:")
        twin.files = attachments.Attachments(twin._database)
        self._database.backup(twin._database)
        # What is in memory is never opened again: its name need not be kept in it.
        twin.identity = _new_name()
        return twin

    def _named(self) -> str:
        """What no other store is called; a file keeps its name."""
        new = int(_new_name(), 16)
        self._database.execute("INSERT OR IGNORE INTO counters VALUES ('identity', ?)", (new,))
        row = self._database.execute("SELECT value FROM counters WHERE name = 'identity'")
        return f"{row.fetchone()[0]:x}"

    def close(self) -> None:
        """Close the database. With a file, everything that was committed stays."""
        self._database.close()

    def transaction(self) -> AbstractContextManager[None]:
        """A block whose writes are all kept, or none of them when it raises."""
        return self._block("BEGIN", "COMMIT", "ROLLBACK")

    def savepoint(self) -> AbstractContextManager[None]:
        """The same inside a transaction."""
        return self._block("SAVEPOINT inner", "RELEASE inner", "ROLLBACK TO inner")

    @contextmanager
    def _block(self, begin: str, keep: str, undo: str) -> Iterator[None]:
        self._database.execute(begin)
        try:
            yield
        except BaseException:
            self._database.execute(undo)
            raise
        self._database.execute(keep)

    def take_numbers(self, counter: str, count: int) -> range:
        """The next `count` numbers of a sequence that begins at 1 and never repeats."""
        self._database.execute(
            "INSERT INTO counters VALUES (?, ?) "
            "ON CONFLICT (name) DO UPDATE SET value = value + excluded.value",
            (counter, count),
        )
        row = self._database.execute("SELECT value FROM counters WHERE name = ?", (counter,))
        last: int = row.fetchone()[0]
        return range(last - count + 1, last + 1)

    def pass_number(self, counter: str, number: int) -> None:
        """Let a sequence go on after `number`, unless it is beyond it already."""
        self._database.execute(
            "INSERT INTO counters VALUES (?, ?) "
            "ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)",
            (counter, number),
        )

    # Facts of the domain

    def fact(self, name: str) -> str | None:
        """What is kept under a name of one's own."""
        return self._one("SELECT value FROM facts WHERE name = ?", name)

    def put_fact(self, name: str, value: str) -> None:
        """Keep something under a name, or replace it."""
        self._database.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    # Apps

    def apps(self) -> Iterator[tuple[int, str]]:
        """Every app's id and document, by id."""
        return self._database.execute("SELECT id, document FROM apps ORDER BY id")

    def app(self, app: int) -> str | None:
        """An app's document."""
        return self._one("SELECT document FROM apps WHERE id = ?", app)

    def put_app(self, app: int, document: str) -> None:
        """Add an app, or replace its document."""
        self._database.execute("INSERT OR REPLACE INTO apps VALUES (?, ?)", (app, document))

    # Spaces

    def spaces(self) -> list[Space]:
        """Every space, by id."""
        rows = self._database.execute("SELECT id, thread, guest, name FROM spaces ORDER BY id")
        return [Space(number, thread, bool(guest), name) for number, thread, guest, name in rows]

    def space(self, space: int) -> Space | None:
        """A space."""
        row = self._database.execute(
            "SELECT id, thread, guest, name FROM spaces WHERE id = ?", (space,)
        ).fetchone()
        return Space(row[0], row[1], bool(row[2]), row[3]) if row else None

    def put_space(self, space: Space) -> None:
        """Add a space."""
        self._database.execute("INSERT INTO spaces VALUES (?, ?, ?, ?)", space)

    # Records

    def record(self, app: int, record: int) -> str | None:
        """A record's document."""
        return self._one("SELECT document FROM records WHERE app = ? AND id = ?", app, record)

    def records(
        self, app: int, *, low: int = 0, high: int = INTEGER_MAX, descending: bool = False
    ) -> Iterator[tuple[int, str]]:
        """Ids and documents of the records with low <= id <= high, by id, read as they are taken.

        Not for a loop that writes records.
        """
        query = "SELECT id, document FROM records WHERE app = ? AND id BETWEEN ? AND ? ORDER BY id"
        return self._database.execute(query + " DESC" * descending, (app, low, high))

    def some_records(self, app: int, ids: Iterable[int]) -> Iterator[tuple[int, str]]:
        """Ids and documents of those of these records that exist, in this order."""
        for number in ids:
            document = self.record(app, number)
            if document is not None:
                yield number, document

    def record_ids(self, app: int) -> list[int]:
        """Ids of all records of an app, by id."""
        rows = self._database.execute("SELECT id FROM records WHERE app = ? ORDER BY id", (app,))
        return [number for (number,) in rows]

    def count_records(self, app: int) -> int:
        """How many records an app has."""
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
        """Replace the document of every record by what `change` makes of its id and document.

        It may raise, which undoes nothing by itself, and may not use the store. One statement does
        it all: reading and writing each record by one of its own takes several times as long.
        """
        raised: list[BaseException] = []

        def changed(record: int, document: str) -> str:
            try:
                return change(record, document)
            except BaseException as error:
                raised.append(error)  # SQLite only knows that there was one
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
        """Remove a record and its comments; its unique values are removed by `release`."""
        self._database.execute("DELETE FROM records WHERE app = ? AND id = ?", (app, record))
        self._database.execute("DELETE FROM comments WHERE app = ? AND record = ?", (app, record))

    # Comments

    def comments(self, app: int, record: int) -> list[str]:
        """The documents of a record's comments, by id."""
        rows = self._database.execute(
            "SELECT document FROM comments WHERE app = ? AND record = ? ORDER BY id", (app, record)
        )
        return [document for (document,) in rows]

    def comment(self, app: int, record: int, comment: int) -> str | None:
        """A comment's document."""
        query = "SELECT document FROM comments WHERE app = ? AND record = ? AND id = ?"
        return self._one(query, app, record, comment)

    def put_comment(self, app: int, record: int, comment: int, document: str) -> None:
        """Add a comment."""
        self._database.execute(
            "INSERT INTO comments VALUES (?, ?, ?, ?)", (app, record, comment, document)
        )

    def delete_comment(self, app: int, record: int, comment: int) -> None:
        """Remove a comment."""
        self._database.execute(
            "DELETE FROM comments WHERE app = ? AND record = ? AND id = ?", (app, record, comment)
        )

    # Unique values

    def owner(self, app: int, field: str, value: str) -> int | None:
        """The record that holds a unique value."""
        row = self._database.execute(
            "SELECT record FROM unique_values WHERE app = ? AND field = ? AND value = ?",
            (app, field, value),
        ).fetchone()
        return row[0] if row else None

    def owners(self, app: int, field: str, text: str) -> list[int]:
        """The records that hold a unique text, with or without blanks after it."""
        # Texts that begin with `text` and a blank are those from it up to "!", which comes next.
        rows = self._database.execute(
            "SELECT record FROM unique_values WHERE app = ? AND field = ? AND "
            "(value = ? OR (value >= ? AND value < ?))",
            (app, field, text, f"{text} ", f"{text}!"),
        )
        return [record for (record,) in rows]

    def claim(self, app: int, field: str, value: str, record: int) -> bool:
        """Give a unique value to a record; False when another one holds it already."""
        return (
            self._database.execute(
                "INSERT OR IGNORE INTO unique_values VALUES (?, ?, ?, ?)",
                (app, field, value, record),
            ).rowcount
            == 1
        )

    def release(self, app: int, values: Sequence[tuple[str, str]]) -> None:
        """Forget unique values, given as (field, value)."""
        self._database.executemany(
            "DELETE FROM unique_values WHERE app = ? AND field = ? AND value = ?",
            [(app, field, value) for field, value in values],
        )

    def forget_unique_values(self, app: int, *, but: Collection[str] = ()) -> None:
        """Empty an app's index, except for these fields."""
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
    """The tables without anything in them; read only, so that threads may share it."""
    store = Store(":memory:")
    atexit.register(store.close)  # else Python warns of an unclosed database as it ends
    return store
