"""The files of a domain, in SQLite: contents in pieces, so that none is ever whole in memory.

A file is uploaded under one key and attached under another. Source: kintone REST API, "Upload
File", "Download File".
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
    """A file that belongs to a record: what it is, and under which number its content is kept."""

    number: int
    name: str
    content_type: str
    size: int
    app: int
    record: int


class Attachments:
    """Files by key. Not safe for threads by itself, as the store that it is part of."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def add(self, file: UploadedFile, now: datetime) -> str:
        """Keep an uploaded file; the key to attach it with, once, within three days."""
        self._forget_uploads(before=now - _LIFETIME)
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
        """What a record holds of the file with this upload key; None when there is none.

        {"contentType", "fileKey", "name", "size"}, with a new key: the old one is used up. The
        record is told by `give`.
        """
        new_key = str(uuid.uuid4())
        attached = self._database.execute(
            "UPDATE files SET key = ?, uploaded = NULL WHERE key = ? AND uploaded > ?",
            (new_key, key, (now - _LIFETIME).timestamp()),
        )
        if not attached.rowcount:
            return None
        name, content_type, size = self._database.execute(
            "SELECT name, content_type, size FROM files WHERE key = ?", (new_key,)
        ).fetchone()
        return {"contentType": content_type, "fileKey": new_key, "name": name, "size": str(size)}

    def give(self, keys: Iterable[str], app: int, record: int) -> None:
        """Note that these attached files belong to a record."""
        self._database.executemany(
            "UPDATE files SET app = ?, record = ? WHERE key = ?",
            [(app, record, key) for key in keys],
        )

    def find(self, key: str) -> Attachment | None:
        """The attached file with this key; an upload is none yet."""
        row = self._database.execute(
            "SELECT number, name, content_type, size, app, record FROM files "
            "WHERE key = ? AND record IS NOT NULL",
            (key,),
        ).fetchone()
        return Attachment(*row) if row else None

    def piece(self, number: int, position: int) -> bytes | None:
        """One piece of a file's content, counted from 0; None after the last."""
        row = self._database.execute(
            "SELECT piece FROM file_contents WHERE file = ? AND position = ?", (number, position)
        ).fetchone()
        return row[0] if row else None

    def size_of(self, app: int) -> int:
        """How many bytes the files have that the records of an app hold."""
        row = self._database.execute("SELECT sum(size) FROM files WHERE app = ?", (app,)).fetchone()
        return row[0] or 0

    def forget(self, keys: Iterable[str]) -> None:
        """Delete attached files."""
        for key in keys:
            self._delete("key = ?", key)

    def _forget_uploads(self, *, before: datetime) -> None:
        self._delete("uploaded <= ?", before.timestamp())

    def _delete(self, condition: str, value: str | float) -> None:
        chosen = f"SELECT number FROM files WHERE {condition}"  # noqa: S608 - of our own words
        self._database.execute(f"DELETE FROM file_contents WHERE file IN ({chosen})", (value,))  # noqa: S608
        self._database.execute(f"DELETE FROM files WHERE {condition}", (value,))  # noqa: S608
