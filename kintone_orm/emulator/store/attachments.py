"""The files of a domain, in SQLite. Contents are stored in pieces, to save memory.

A file has one key after the upload, and another key in a record.
Source: kintone REST API, "Upload File", "Download File".
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from ..ground import limits

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from datetime import datetime

    from ..ground.multipart import UploadedFile

__all__ = ["SCHEMA", "Attachment", "Attachments"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS files (
    number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    content_type TEXT NOT NULL, size INTEGER NOT NULL,
    uploaded REAL, app INTEGER, record INTEGER
);
CREATE INDEX IF NOT EXISTS uploads ON files (uploaded) WHERE uploaded IS NOT NULL;
CREATE TABLE IF NOT EXISTS file_contents (
    file INTEGER NOT NULL, position INTEGER NOT NULL, piece BLOB NOT NULL,
    PRIMARY KEY (file, position)
);
"""

_PIECE = 1 << 18
_LIFETIME = timedelta(days=limits.UPLOAD_LIFETIME_DAYS)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that belongs to a record. `number` identifies its content."""

    number: int
    name: str
    content_type: str
    size: int
    app: int
    record: int


class Attachments:
    """The files of a domain by key. Not thread-safe, like the store."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def add(self, file: UploadedFile, now: datetime) -> str:
        """Store an uploaded file, and return a key that attaches it once, within three days."""
        self._delete_uploads(before=now - _LIFETIME)
        key = str(uuid.uuid4())
        number = self._database.execute(
            "INSERT INTO files (key, name, content_type, size, uploaded) VALUES (?, ?, ?, 0, ?)",
            (key, file.name, file.content_type, now.timestamp()),
        ).lastrowid
        size = position = 0
        while piece := file.content.read(_PIECE):
            self._database.execute(
                "INSERT INTO file_contents VALUES (?, ?, ?)", (number, position, piece)
            )
            size += len(piece)
            position += 1
        self._database.execute("UPDATE files SET size = ? WHERE number = ?", (size, number))
        return key

    def attach(self, key: str, now: datetime) -> dict[str, str] | None:
        """Attach the file with this upload key, and return its value in a record.

        The value is {"contentType", "fileKey", "name", "size"}, with a new key that replaces the
        upload key. Return None if no file with this key can be attached. Afterwards, call `give` to
        store which record holds the file.
        """
        new_key = str(uuid.uuid4())
        update = self._database.execute(
            "UPDATE files SET key = ?, uploaded = NULL WHERE key = ? AND uploaded > ?",
            (new_key, key, (now - _LIFETIME).timestamp()),
        )
        if not update.rowcount:
            return None
        name, content_type, size = self._database.execute(
            "SELECT name, content_type, size FROM files WHERE key = ?", (new_key,)
        ).fetchone()
        return {"contentType": content_type, "fileKey": new_key, "name": name, "size": str(size)}

    def give(self, keys: Iterable[str], app: int, record: int) -> None:
        """Store that these attached files belong to this record of this app."""
        self._database.executemany(
            "UPDATE files SET app = ?, record = ? WHERE key = ?",
            [(app, record, key) for key in keys],
        )

    def find(self, key: str) -> Attachment | None:
        """Return the attached file with this key, or None. Uploaded files are not attached yet."""
        row = self._database.execute(
            "SELECT number, name, content_type, size, app, record FROM files "
            "WHERE key = ? AND record IS NOT NULL",
            (key,),
        ).fetchone()
        return Attachment(*row) if row else None

    def piece(self, number: int, position: int) -> bytes | None:
        """Return one piece of a file's content, counted from 0; None after the last."""
        row = self._database.execute(
            "SELECT piece FROM file_contents WHERE file = ? AND position = ?", (number, position)
        ).fetchone()
        return row[0] if row else None

    def size_of(self, app: int) -> int:
        """Return the total size in bytes of the files in an app's records."""
        row = self._database.execute("SELECT sum(size) FROM files WHERE app = ?", (app,)).fetchone()
        return row[0] or 0

    def delete(self, keys: Iterable[str]) -> None:
        """Delete attached files."""
        for key in keys:
            self._delete("key = ?", key)

    def _delete_uploads(self, *, before: datetime) -> None:
        self._delete("uploaded <= ?", before.timestamp())

    def _delete(self, condition: str, value: str | float) -> None:
        # `condition` is a constant of this module, so the SQL is safe.
        numbers = f"SELECT number FROM files WHERE {condition}"  # noqa: S608
        self._database.execute(f"DELETE FROM file_contents WHERE file IN ({numbers})", (value,))  # noqa: S608
        self._database.execute(f"DELETE FROM files WHERE {condition}", (value,))  # noqa: S608
