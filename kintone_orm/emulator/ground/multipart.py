"""Reading an uploaded file: the only part of a multipart/form-data body, piece by piece.

Python's own parser needs the whole body in memory, so this parser is written by hand.
Source: kintone REST API, "Upload File": a part named "file", with a name and a content type.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any

from . import limits
from .errors import fault, invalid

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .http import HTTPRequest

__all__ = ["UploadedFile", "uploaded_file"]

# Larger files are written to a temporary file.
_IN_MEMORY = 1 << 20
_HEADERS_MAX = 1 << 14
_CONTENT_TYPE = re.compile(r"[!-~]+/[!-~]+( [ -~]*)?")


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file that a client sent. After the request, the emulator closes `content`."""

    name: str
    content_type: str
    content: IO[bytes]


@contextmanager
def uploaded_file(request: HTTPRequest) -> Iterator[dict[str, Any]]:
    """Return the parameters of an upload: {"file": UploadedFile}.

    Raises CB_IL02 if the body is not multipart/form-data or breaks off, and CB_VA01 if it holds no
    file, more than one part, or a file over 1 GB.
    """
    header = Message()
    header["Content-Type"] = request.header("content-type") or ""
    boundary = header.get_boundary()
    if header.get_content_type() != "multipart/form-data" or not boundary or request.query_string:
        raise fault("CB_IL02")
    # A boundary follows a line break. Only the first boundary may be at the start of the body.
    body = _Body(chain([b"\r\n"], request.pieces()))
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as content:
        name, content_type = _read_part(body, b"\r\n--" + boundary.encode(), content)
        content.seek(0)
        yield {"file": UploadedFile(name, content_type, content)}


class _Body:
    """A body that is read up to one delimiter after another, to keep little of it in memory."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._read = b""

    def until(self, mark: bytes) -> Iterator[bytes]:
        """Read up to the delimiter `mark`, and skip it. Raises CB_IL02 if the body ends first."""
        while (at := self._read.find(mark)) < 0:
            # The last bytes are kept, because they may be the beginning of the mark.
            safe = max(0, len(self._read) - len(mark) + 1)
            before, self._read = self._read[:safe], self._read[safe:]
            yield before
            self._read += self._next()
        before, self._read = self._read[:at], self._read[at + len(mark) :]
        yield before

    def take(self, count: int) -> bytes:
        """Read this many bytes."""
        while len(self._read) < count:
            self._read += self._next()
        start, self._read = self._read[:count], self._read[count:]
        return start

    def _next(self) -> bytes:
        piece = next(self._pieces, None)
        if piece is None:
            raise fault("CB_IL02")
        return piece


def _read_part(body: _Body, boundary: bytes, content: IO[bytes]) -> tuple[str, str]:
    """Copy the content of the only part, and return the file's name and content type."""
    for _ in body.until(boundary):
        pass
    if body.take(2) != b"\r\n":
        raise invalid({"file": ["required"]})
    name, content_type = _name_and_type(_headers(body))
    size = 0
    for piece in body.until(boundary):
        size += len(piece)
        if size > limits.FILE_BYTES:
            raise invalid({"file": ["file_size"]})
        content.write(piece)
    if body.take(2) != b"--":
        raise invalid({"file": ["one_file"]})
    return name, content_type


def _headers(body: _Body) -> Message:
    text = b""
    for piece in body.until(b"\r\n\r\n"):
        text += piece
        if len(text) > _HEADERS_MAX:
            raise fault("CB_IL02")
    try:
        return HeaderParser().parsestr(text.decode())
    except UnicodeDecodeError:
        raise fault("CB_IL02") from None


def _name_and_type(headers: Message) -> tuple[str, str]:
    """Return the name of the file and its content type. The part must be named "file"."""
    disposition = "content-disposition"
    name = headers.get_filename()
    if headers.get_param("name", header=disposition) != "file" or not name:
        raise invalid({"file": ["required"]})
    content_type = headers.get("content-type", "")
    is_valid = _CONTENT_TYPE.fullmatch(content_type)
    return name, content_type if is_valid else "application/octet-stream"
