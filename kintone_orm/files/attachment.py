"""Attachment: a file stored in kintone, and the ways to read its content."""

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
"""A function that is called after each block with the bytes transferred and the total."""

BLOCK = 256 * 1024


class Content(Protocol):
    """The content of a file, in pieces. Close it unless you read all of it."""

    @abstractmethod
    def __iter__(self) -> Iterator[bytes]: ...

    @abstractmethod
    def close(self) -> None:
        """Stop reading."""


class Storage(Protocol):
    """The place from which the content of attachments is fetched."""

    @abstractmethod
    def content(self, attachment: Attachment) -> Content:
        """Fetch the content, in one request."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a record: its name, MIME type, size in bytes, and the key of its content.

    Each read fetches the content again, on the connection on which the record was read. The repr
    and a pickle do not contain the content. `open`, `read` and `save_to` take a `progress`, which
    is called after each block as ``progress(bytes received, bytes in all)``.

    An attachment that is put into another record or field is copied there at the save. Source:
    "kintone REST API: Download File".
    """

    file_key: str = field(repr=False)
    name: str = ""
    content_type: str = ""
    size: int = 0
    storage: Storage | None = field(default=None, repr=False, compare=False)

    def open(self, *, progress: Progress | None = None) -> io.BufferedReader:
        """Open the content as a binary file that reads from the network; for a ``with`` block.

        Sends one request. Raises AttachmentNotFound if kintone no longer has the file, and
        PermissionDenied if you may not view its field. Reading raises TransportError if the
        connection breaks, or if the content has another size than the file. A wrong size
        means another content, such as a proxy's error page.
        """
        if self.storage is None:
            raise ValueError(
                f"{self!r} was not read with its record. Take it from an instance, "
                "not from values()."
            )
        content = self.storage.content(self)
        return io.BufferedReader(_Arriving(content, self.name, self.size, progress), BLOCK)

    def read(self, *, progress: Progress | None = None) -> bytes:
        """Return the whole content, in memory. The request and errors are those of `open`."""
        with self.open(progress=progress) as file:
            return file.read()

    def save_to(
        self,
        folder: str | os.PathLike[str],
        *,
        name: str | None = None,
        progress: Progress | None = None,
    ) -> Path:
        """Write the content to a new file in the folder, block by block, and return its path.

        The file is called `name`. Without `name`, the attachment's name is made safe: without a
        path, control characters, a Windows device name or a leading dot. If the name is taken, a
        number is added to it; an existing file is never overwritten. A broken download leaves no
        file. The request and errors are those of `open`. Raises OSError, before the request, if the
        folder does not exist.
        """
        if name is not None and safe_name(name) != name:
            message = f"name={name!r} is not a safe file name. Write {safe_name(name)!r}."
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
    """A raw file that reads the pieces of a content as they arrive."""

    def __init__(self, content: Content, name: str, size: int, progress: Progress | None) -> None:
        super().__init__()
        self._name = name
        self._content = content
        self._pieces = iter(content)
        self._rest = memoryview(b"")
        self._size = size
        self._received = 0
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
            self._received += len(piece)
            if self._progress is not None:
                self._progress(self._received, self._size)
        block = self._rest[: len(buffer)]
        buffer[: len(block)] = block
        self._rest = self._rest[len(block) :]
        return len(block)

    def _require_whole(self) -> None:
        if self._received != self._size:
            raise TransportError(
                f"{self._name!r} was not fetched whole: {self._received:,} of {self._size:,} bytes "
                "arrived. Fetch it again. If this happens again, check the answers of your proxy.",
                method="GET",
            )

    def close(self) -> None:
        if not self.closed:
            with closing(self._content):
                super().close()
