"""File and ContentFile: files to put into a file field."""

from __future__ import annotations

import io
import mimetypes
import shutil
import stat
from contextlib import contextmanager
from pathlib import Path, PurePath
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn, cast

from kintone_orm.files.attachment import BLOCK, Attachment, Progress
from kintone_orm.limits import FILE_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ContentFile", "File", "restored_file"]


class File:
    """A file to attach: ``File(Path("scan0001.pdf"), name="receipt.pdf")``.

    `file` is one of three: a pathlib.Path, which is opened when the record is saved; an open file
    of bytes that can be rewound, which is sent from its beginning; or an Attachment, which is
    copied. A file without a name needs a `name`. The `content_type` is guessed from the name.
    `progress` is called while the file is sent, as ``progress(bytes sent, bytes in all)``.

    Raises TypeError for a `file` of any other type. A str is refused, because it could be a path or
    a content. Raises ValueError if the file has no name or cannot be read. One `File` may be put
    into several records; it is sent once for each record.
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
        file_name = _name_of(file) if name is None else name
        if not isinstance(file, (Path, Attachment)):
            _require_binary(file, file_name)
        if not isinstance(file_name, str) or not file_name:
            message = f"{type(file).__name__} has no name. Write File(file, name=...)."
            raise ValueError(message)
        self.name = file_name
        guessed = mimetypes.guess_type(self.name)[0] or "application/octet-stream"
        if isinstance(file, Attachment) and file.content_type:
            guessed = file.content_type
        self.content_type = content_type or guessed
        self.progress = progress

    def problem(self) -> str | None:
        """Return a sentence that says why the file cannot be sent; None if it can be."""
        try:
            self.name.encode()
        except UnicodeEncodeError:
            return f"{self.name!r} is not valid Unicode. Write File(file, name=...)."
        try:
            size = _size(self._file)
        except FileNotFoundError:
            return f"{self.name!r}: there is no file {str(self._file)!r}."
        except (OSError, ValueError) as error:  # a closed file raises ValueError
            return f"{self.name!r} cannot be read: {_reason(error)}."
        if size > FILE_BYTES:
            return f"{self.name!r} has {size:,} bytes; kintone takes files of up to 1 GB."
        return None

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Open the file at its beginning, for sending; an Attachment is downloaded first.

        An error while reading is a ValueError. An OSError would look like a network failure.
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

    def _watched(self, file: BinaryIO) -> BinaryIO:
        return cast("BinaryIO", _Watched(file, self.progress))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}>"

    def __copy__(self) -> File:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> File:
        return self

    def __reduce__(self) -> tuple[object, ...]:
        if not isinstance(self._file, (Path, Attachment)):
            message = f"{self!r} cannot be pickled with its content. Save the record first."
            raise TypeError(message)
        return restored_file, (self._file, self.name, self.content_type)


class ContentFile(File):
    """Bytes to attach, under a name: ``ContentFile(b"...", name="receipt.pdf")``.

    The other arguments are those of `File`. Raises TypeError for a str: encode it first.
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
        """Open the content as a new file, because several records may be saved at the same time."""
        yield self._watched(io.BytesIO(self._content))


def _size(file: Path | BinaryIO | Attachment) -> int:
    """Return the size in bytes; OSError or ValueError if the file cannot be read."""
    if isinstance(file, Attachment):
        return file.size
    if isinstance(file, Path):
        if not stat.S_ISREG(file.stat().st_mode):  # opening a pipe would wait for its writer
            raise OSError(f"{str(file)!r} is not a regular file")
        with file.open("rb") as opened:
            return opened.seek(0, io.SEEK_END)
    return file.seek(0, io.SEEK_END)


def restored_file(file: Path | Attachment, name: str, content_type: str) -> File:
    """Return the File that was pickled. Unpickling calls this function."""
    return File(file, name, content_type=content_type)


def _name_of(file: object) -> str | None:
    if isinstance(file, (Path, Attachment)):
        return file.name
    # An open file without a path has a number as its name, or no name.
    name = getattr(file, "name", None)
    return PurePath(name).name if isinstance(name, str) else None


def _require_binary(file: Any, name: object) -> None:
    if isinstance(file, str):
        _refuse("A str could be a path or a content. Write Path(...), or ContentFile(b'...', name)")
    if isinstance(file, (bytes, bytearray, memoryview)):
        _refuse("Bytes have no name. Write ContentFile(content, name)")
    if not hasattr(file, "read") or not hasattr(file, "seek"):
        _refuse(f"{type(file).__name__} {file!r:.80} is not a Path, an open file or an Attachment")
    label = name or type(file).__name__
    try:
        no_bytes = file.read(0)
    except (OSError, ValueError) as error:  # a closed file raises ValueError
        raise ValueError(f"{label} cannot be read: {_reason(error)}.") from error
    if not isinstance(no_bytes, bytes):
        _refuse(f'{label}: the file is open for text. Open it with "rb"')
    # Before Python 3.11 a SpooledTemporaryFile has no seekable(), but it can be rewound.
    if not getattr(file, "seekable", lambda: True)():
        _refuse(f"{label}: the file cannot be rewound. Copy it into a temporary file first")


def _reason(error: Exception) -> str:
    """Return the error's reason without a full stop, for the end of a sentence."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(text).rstrip(".")


def _refuse(sentence: str) -> NoReturn:
    raise TypeError(f"{sentence}.")


class _Watched:
    """A file that reports its progress and turns its own errors into ValueErrors."""

    def __init__(self, file: BinaryIO, progress: Progress | None) -> None:
        self._file = file
        self._progress = progress
        self._size = self.seek(0, io.SEEK_END)
        self.seek(0)

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        with _reading():
            block = self._file.read(size)
            if not isinstance(block, bytes):
                raise ValueError(f"read() returned {type(block).__name__}, not bytes")
        if block and self._progress is not None:
            self._progress(self.tell(), self._size)
        return block

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to a position; return the position, counted from the beginning."""
        with _reading():
            return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return the position, counted from the beginning."""
        with _reading():
            return self._file.tell()


@contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ValueError(_reason(error)) from error
