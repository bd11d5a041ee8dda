"""Attachment: a file that kintone has, and the ways to its content."""

from __future__ import annotations

import io
import shutil
from abc import abstractmethod
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from kintone_orm.exceptions import TransportError
from kintone_orm.files.names import create_file, safe_name

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["Attachment", "Content", "Progress", "Storage"]

Progress: TypeAlias = "Callable[[int, int], object]"
"""Called after each block with the bytes that have gone, and those that there are in all."""

BLOCK = 256 * 1024


class Content(Protocol):
    """A file's content, piece by piece; closed by who does not read to the end."""

    @abstractmethod
    def __iter__(self) -> Iterator[bytes]: ...

    @abstractmethod
    def close(self) -> None:
        """Nothing more is read."""


class Storage(Protocol):
    """Where the files of records are kept."""

    @abstractmethod
    def content(self, attachment: Attachment) -> Content:
        """The content, in one request."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a record: its name, type and size in bytes, and the key it is fetched by.

    The content is fetched when it is asked for, from the connection that the record was read
    from; it is in no repr and no pickle. Each of the ways takes a `progress`, which is called
    after each block as ``progress(bytes that have come, bytes in all)``.

    Put into another record, or another field, it is copied there when that is saved. Source:
    "kintone REST API: Download File".
    """

    file_key: str = field(repr=False)
    name: str = ""
    content_type: str = ""
    size: int = 0
    storage: Storage | None = field(default=None, repr=False, compare=False)

    def open(self, *, progress: Progress | None = None) -> io.BufferedReader:
        """The content as a file to read bytes from, as it comes; for a ``with`` block.

        One request. AttachmentNotFound if kintone has it no more, PermissionDenied if its field
        may not be seen, and, while it is read, TransportError if it breaks off, or if what came
        to its end has not the size of the file: it is something else, such as a proxy's page.
        """
        if self.storage is None:
            raise ValueError(
                f"{self!r} was not read with its record: take it from an instance, "
                "not from values()."
            )
        content = self.storage.content(self)
        return io.BufferedReader(_Arriving(content, self.name, self.size, progress), BLOCK)

    def read(self, *, progress: Progress | None = None) -> bytes:
        """The whole content, in memory; otherwise as `open`."""
        with self.open(progress=progress) as file:
            return file.read()

    def save_to(
        self,
        folder: str | os.PathLike[str],
        *,
        name: str | None = None,
        progress: Progress | None = None,
    ) -> Path:
        """The path of a new file in the folder, with the content, which is never whole in memory.

        It is called `name`, or what it is called in kintone, made safe: no path, no control
        character, no device of Windows, no dot at the beginning. A number is added if there is
        such a file already; nothing is overwritten. What breaks off leaves no file behind.
        Otherwise as `open`; OSError if the folder is not there, before anything is sent.
        """
        if name is not None and safe_name(name) != name:
            message = f"name={name!r} is no safe name of a file; {safe_name(name)!r} would be."
            raise ValueError(message)
        path, target = create_file(folder, name or safe_name(self.name))
        try:
            with target, self.open(progress=progress) as source:
                shutil.copyfileobj(source, target, BLOCK)
        except BaseException:
            path.unlink()
            raise
        return path


class _Arriving(io.RawIOBase):
    """Pieces as they come, as a file."""

    def __init__(self, content: Content, name: str, size: int, progress: Progress | None) -> None:
        super().__init__()
        self._name = name
        self._content = content
        self._pieces = iter(content)
        self._rest = memoryview(b"")
        self._size = size
        self._done = 0
        self._progress = progress

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                self._require_whole()
                return 0
            self._rest = memoryview(piece)
            self._done += len(piece)
            if self._progress is not None:
                self._progress(self._done, self._size)
        taken = self._rest[: len(buffer)]
        buffer[: len(taken)] = taken
        self._rest = self._rest[len(taken) :]
        return len(taken)

    def _require_whole(self) -> None:
        if self._done != self._size:
            raise TransportError(
                f"{self._name!r} was not fetched whole: {self._done:,} of {self._size:,} bytes "
                "arrived. Fetch it again; if that happens again, look at what a proxy answers."
            )

    def close(self) -> None:
        if not self.closed:
            with closing(self._content):
                super().close()
