"""PendingFile: a file in a record that is not saved yet, and the state of its upload."""

from __future__ import annotations

import time
import weakref
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kintone_orm.files.base import File, restored_file
from kintone_orm.limits import UPLOAD_LIFETIME_DAYS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

__all__ = ["PendingFile", "SavedFile", "pending"]

# The time for using a key is one hour less than kintone's limit, because clocks differ, and
# because the record has yet to be sent.
_LIFETIME_SECONDS = (UPLOAD_LIFETIME_DAYS * 24 - 1) * 3600

# Pickles of earlier versions refer to this module's `_restored`.
_restored = restored_file


class SavedFile(File):
    """A saved file whose record was not read again, so its content cannot be opened."""

    __slots__ = ()

    def __init__(self, name: str, content_type: str) -> None:
        self.name, self.content_type, self.progress = name, content_type, None

    def problem(self) -> str | None:
        """Return a sentence that says to read the record again."""
        return f"{self.name!r} is saved already. Read the record again and use its Attachment."

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Raise ValueError: the content of a saved file cannot be opened here."""
        raise ValueError(self.problem())
        yield  # never reached; a generator function needs a yield

    def __reduce__(self) -> tuple[object, ...]:
        return SavedFile, (self.name, self.content_type)


class PendingFile:
    """A file in a record that waits for the next save, with the key of its upload.

    A PendingFile belongs to one cell of one record, because kintone accepts the key of an upload
    once. After a refused save the file keeps the key. So the next save does not upload it again.
    """

    __slots__ = ("_connection", "_key", "_owner", "_sent_at", "file")

    def __init__(self, file: File) -> None:
        self.file = file
        self._owner: weakref.ref[Any] | None = None
        self._key = ""
        self._connection: object = None
        self._sent_at = 0.0

    @property
    def name(self) -> str:
        """The name that the attachment will have."""
        return self.file.name

    @property
    def content_type(self) -> str:
        """The MIME type that the attachment will have."""
        return self.file.content_type

    @property
    def file_key(self) -> str:
        """The key of the upload; "" before the upload."""
        return self._key

    def claim(self, owner: object) -> bool:
        """Return True if the file belongs to the record `owner`.

        A file that belongs to no record yet belongs to `owner` from now on.
        """
        if self._owner is None:
            self._owner = weakref.ref(owner)
        return self._owner() is owner

    def is_uploaded(self, connection: object) -> bool:
        """Return True if the key is usable: uploaded on this connection within three days."""
        if not self._key or self._connection is not connection:
            return False
        return time.time() - self._sent_at < _LIFETIME_SECONDS

    def keep_key(self, key: str, connection: object) -> None:
        """Keep the key of the upload and the connection that uploaded the file."""
        self._key, self._connection, self._sent_at = key, connection, time.time()

    def forget(self) -> None:
        """Drop the key, because it is used up or refused. The file must be sent again."""
        self._key, self._connection, self._sent_at = "", None, 0.0

    def __repr__(self) -> str:
        return f"<{self.name!r}, not saved yet>"

    def __deepcopy__(self, memo: dict[int, object]) -> PendingFile:
        return PendingFile(self.file)

    def __reduce__(self) -> tuple[object, ...]:
        return PendingFile, (self.file,)


def pending(value: Any) -> PendingFile:
    """Return the value as a PendingFile; TypeError or ValueError if it cannot be sent.

    For a PendingFile, return a new one of the same file, because each use needs its own upload.
    """
    if isinstance(value, PendingFile):
        return PendingFile(value.file)
    return PendingFile(value if isinstance(value, File) else File(value))
