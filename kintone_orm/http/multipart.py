"""A multipart/form-data body that reads its file while it is sent.

The library requests would build the body in memory, but a file in kintone may have 1 GB.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from kintone_orm.limits import FILE_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kintone_orm.http.messages import Upload

__all__ = ["MultipartBody"]

_BLOCK = 256 * 1024


class MultipartBody:
    """A body with one part named `file`. Source: "kintone REST API: Upload File".

    `len()` gives its length in bytes. Each iteration reads the file again from its original
    position. ValueError if the file cannot be rewound or is larger than 1 GB; TypeError if it is
    not open for bytes.
    """

    def __init__(self, upload: Upload) -> None:
        boundary = secrets.token_hex(16)
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self._file = upload.file
        self._name = upload.name
        self._start, self._size = _extent(upload)
        self._head = (
            f"--{boundary}\r\n"
            f'Content-Disposition: form-data; name="file"; filename="{_escaped(upload.name)}"\r\n'
            f"Content-Type: {_escaped(upload.content_type)}\r\n\r\n"
        ).encode()
        self._tail = f"\r\n--{boundary}--\r\n".encode()

    def __len__(self) -> int:
        return len(self._head) + self._size + len(self._tail)

    def __iter__(self) -> Iterator[bytes]:
        yield self._head
        self._file.seek(self._start)
        left = self._size
        while left:
            size = min(_BLOCK, left)
            block = self._file.read(size)
            if not isinstance(block, bytes) or len(block) > size:
                raise ValueError(
                    f"{self._name!r}: read({size}) did not return bytes, or returned too many."
                )
            if not block:  # kintone would wait for the missing bytes
                raise ValueError(
                    f"{self._name!r}: the file became shorter while it was sent. Send it again."
                )
            left -= len(block)
            yield block
        yield self._tail


def _extent(upload: Upload) -> tuple[int, int]:
    """Return the position of the first byte to send, and the number of bytes from there on."""
    if not isinstance(upload.file.read(0), bytes):
        message = f'{upload.name!r}: the file is open for text. Open it with mode "rb".'
        raise TypeError(message)
    # Before Python 3.11, a SpooledTemporaryFile is seekable but has no seekable().
    if not getattr(upload.file, "seekable", lambda: True)():
        message = (
            f"{upload.name!r}: the file cannot be rewound. Copy it into a temporary file first."
        )
        raise ValueError(message)
    # An earlier attempt may have read some of the file.
    start = upload.start = upload.file.tell() if upload.start is None else upload.start
    end = upload.file.seek(0, 2)
    upload.file.seek(start)
    if end - start > FILE_BYTES:
        message = (
            f"{upload.name!r} has {end - start:,} bytes, but kintone takes files of up to 1 GB."
        )
        raise ValueError(message)
    return start, end - start


def _escaped(text: str) -> str:
    """Escape a text for a part's header, as browsers do (HTML standard, form submission)."""
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
