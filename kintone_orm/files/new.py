"""Files that are to be attached: what can be put into a file field, and what is known of it."""

from __future__ import annotations

import io
import mimetypes
import shutil
import stat
import time
import weakref
from contextlib import contextmanager
from pathlib import Path, PurePath
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

from kintone_orm.files.attachment import BLOCK, Attachment, Progress
from kintone_orm.limits import FILE_BYTES, UPLOAD_LIFETIME_DAYS

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ContentFile", "File", "PendingFile", "pending"]

# An hour less than kintone's: the clocks differ, and the record is still to be sent.
_LIFETIME_SECONDS = (UPLOAD_LIFETIME_DAYS * 24 - 1) * 3600


class File:
    """A file to attach: ``File(Path("scan0001.pdf"), name="receipt.pdf")``.

    `file` is a pathlib.Path, which is opened when the record is saved; a file that is open for
    reading bytes and can be rewound, of which all is sent, wherever it stands; or an Attachment,
    which is copied. What has no name needs a `name`. The `content_type` is guessed from it.
    `progress` is called while the file is sent, as ``progress(bytes sent, bytes in all)``.

    TypeError for anything else, a text for one, which could be a path or a content; ValueError
    without a name, or if it cannot be read. One `File` may be put into any number of records: it is
    sent for each of them.
    """

    __slots__ = ("_file", "content_type", "name", "progress")

    def __init__(
        self,
        file: Path | BinaryIO | Attachment,
        name: str | None = None,
        *,
        content_type: str | None = None,
        progress: Progress | None = None,
    ) -> None:
        self._file = file
        self.name = _name_of(file) if name is None else name
        if not isinstance(file, (Path, Attachment)):
            _require_binary(file, self.name)
        if not isinstance(self.name, str) or not self.name:
            message = f"{type(file).__name__} has no name: File(file, name=...)."
            raise ValueError(message)
        guessed = mimetypes.guess_type(self.name)[0] or "application/octet-stream"
        if isinstance(file, Attachment) and file.content_type:
            guessed = file.content_type
        self.content_type = content_type or guessed
        self.progress = progress

    def problem(self) -> str | None:
        """Why it cannot be sent, in a sentence; None if it can."""
        try:
            self.name.encode()
        except UnicodeEncodeError:
            return f"{self.name!r} is no name in Unicode: File(file, name=...)."
        try:
            size = _size(self._file)
        except FileNotFoundError:
            return f"{self.name!r}: there is no file {str(self._file)!r}."
        except (OSError, ValueError) as error:  # ValueError: a file that is closed
            return f"{self.name!r} cannot be read: {_reason(error)}."
        if size > FILE_BYTES:
            return f"{self.name!r} has {size:,} bytes; kintone takes files of up to 1 GB."
        return None

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """The file at its beginning, to be sent; an Attachment is fetched first.

        What goes wrong while it is read is a ValueError, never an OSError: that would look like a
        fault of the network.
        """
        if isinstance(self._file, Path):
            with self._file.open("rb") as file:
                yield self._watched(file)
        elif isinstance(self._file, Attachment):
            with TemporaryFile() as copy, self._file.open() as source:
                shutil.copyfileobj(source, copy, BLOCK)
                copy.seek(0)
                yield self._watched(copy)
        else:
            self._file.seek(0)
            yield self._watched(self._file)

    def _watched(self, file: Any) -> Any:
        return _Watched(file, self.progress)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}>"

    def __copy__(self) -> File:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> File:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        if not isinstance(self._file, (Path, Attachment)):
            message = f"{self!r} cannot be pickled, its content would be: save the record first."
            raise TypeError(message)
        return _restored, (self._file, self.name, self.content_type)


class ContentFile(File):
    """Bytes to attach, under a name: ``ContentFile(b"...", name="receipt.pdf")``.

    Otherwise as `File`. TypeError for a text: encode it.
    """

    __slots__ = ("_content",)

    def __init__(
        self,
        content: bytes,
        name: str,
        *,
        content_type: str | None = None,
        progress: Progress | None = None,
    ) -> None:
        if not isinstance(content, (bytes, bytearray, memoryview)):
            raise TypeError(f"ContentFile() takes bytes, not {type(content).__name__}.")
        self._content = bytes(content)
        super().__init__(
            io.BytesIO(self._content), name, content_type=content_type, progress=progress
        )

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """The content, each time in a file of its own: several records may be saved at once."""
        yield self._watched(io.BytesIO(self._content))


class SavedFile(File):
    """Stands for what was saved until the record is read again: its content is not here."""

    __slots__ = ()

    def __init__(self, name: str, content_type: str) -> None:
        self.name, self.content_type, self.progress = name, content_type, None

    def problem(self) -> str | None:
        return f"{self.name!r} is saved already: read the record again, and take it from there."

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        raise ValueError(self.problem())
        yield  # it is a generator

    def __reduce__(self) -> tuple[Any, ...]:
        return SavedFile, (self.name, self.content_type)


class PendingFile:
    """A file that waits in a record for being saved, and what is known of its upload.

    It belongs to one place in one record: kintone takes the key of an upload once. A save that is
    refused leaves the key here, so that the next one does not send the file again.
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
        """What it is going to be called."""
        return self.file.name

    @property
    def content_type(self) -> str:
        """What kind of file it is going to be."""
        return self.file.content_type

    @property
    def file_key(self) -> str:
        """The key of its upload; "" if it is not uploaded."""
        return self._key

    def claim(self, owner: object) -> bool:
        """Whether it is `owner`'s, the record's, from now on; it may be another's already."""
        if self._owner is None:
            self._owner = weakref.ref(owner)
        return self._owner() is owner

    def is_uploaded(self, connection: object) -> bool:
        """Whether its key can be used there: it was sent there, and less than three days ago."""
        if not self._key or self._connection is not connection:
            return False
        return time.time() - self._sent_at < _LIFETIME_SECONDS

    def uploaded(self, key: str, connection: object) -> None:
        """It is kept there under the key."""
        self._key, self._connection, self._sent_at = key, connection, time.time()

    def forget(self) -> None:
        """Its key is used up, or refused: it is to be sent again."""
        self._key, self._connection, self._sent_at = "", None, 0.0

    def __repr__(self) -> str:
        return f"<{self.name!r}, not saved yet>"

    def __deepcopy__(self, memo: dict[int, Any]) -> PendingFile:
        return PendingFile(self.file)

    def __reduce__(self) -> tuple[Any, ...]:
        return PendingFile, (self.file,)


def pending(value: Any) -> PendingFile:
    """What was put into a file field, ready to be sent; TypeError or ValueError if it cannot be.

    What is pending already is taken anew, as another use of the same file.
    """
    if isinstance(value, PendingFile):
        return PendingFile(value.file)
    return PendingFile(value if isinstance(value, File) else File(value))


def _size(file: Path | BinaryIO | Attachment) -> int:
    """How many bytes it has; OSError or ValueError if it cannot be read."""
    if isinstance(file, Attachment):
        return file.size
    if isinstance(file, Path):
        if not stat.S_ISREG(file.stat().st_mode):  # to open a pipe would wait for its other end
            raise OSError(f"{str(file)!r} is no file")
        with file.open("rb") as opened:
            return opened.seek(0, io.SEEK_END)
    return file.seek(0, io.SEEK_END)


def _restored(file: Path | Attachment, name: str, content_type: str) -> File:
    return File(file, name, content_type=content_type)


def _name_of(file: Any) -> Any:
    if isinstance(file, (Path, Attachment)):
        return file.name
    name = getattr(file, "name", None)  # of a file without one it is a number, or missing
    return PurePath(name).name if isinstance(name, str) else None


def _require_binary(file: Any, name: Any) -> None:
    if isinstance(file, str):
        _refuse("a str could be a path or a content: write Path(...), or ContentFile(b'...', name)")
    if isinstance(file, (bytes, bytearray, memoryview)):
        _refuse("bytes have no name: write ContentFile(content, name)")
    if not hasattr(file, "read") or not hasattr(file, "seek"):
        _refuse(f"{type(file).__name__} {file!r:.80} is no Path, no open file and no Attachment")
    called = name or type(file).__name__
    try:
        nothing = file.read(0)
    except (OSError, ValueError) as error:  # ValueError: a file that is closed
        raise ValueError(f"{called} cannot be read: {_reason(error)}.") from error
    if not isinstance(nothing, bytes):
        _refuse(f'{called}: the file is open for text; open it with "rb"')
    # A SpooledTemporaryFile can, and before Python 3.11 has no method that says so.
    if not getattr(file, "seekable", lambda: True)():
        _refuse(f"{called}: the file cannot be rewound; copy it into a temporary file first")


def _reason(error: Exception) -> str:
    """Why, as part of a sentence."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(text).rstrip(".")


def _refuse(sentence: str) -> NoReturn:
    raise TypeError(f"{sentence}.")


class _Watched:
    """A file that tells how far it was read, and whose own errors are ValueErrors."""

    def __init__(self, file: BinaryIO, progress: Progress | None) -> None:
        self._file = file
        self._progress = progress
        self._size = self.seek(0, io.SEEK_END)
        self.seek(0)

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        with _readable():
            block = self._file.read(size)
            if not isinstance(block, bytes):
                raise ValueError(f"it gave {type(block).__name__}, not bytes")
        if block and self._progress is not None:
            self._progress(self.tell(), self._size)
        return block

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go there; the place, counted from the beginning."""
        with _readable():
            return self._file.seek(offset, whence)

    def tell(self) -> int:
        """The place, counted from the beginning."""
        with _readable():
            return self._file.tell()


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ValueError(_reason(error)) from error
