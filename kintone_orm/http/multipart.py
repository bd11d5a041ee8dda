"""A multipart/form-data body that reads its file while it is sent.

requests builds such a body in memory; files in kintone have up to 1 GB.
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
    """One part named `file`, as "kintone REST API: Upload File" asks for it.

    It has a length and can be iterated any number of times: each time reads the file again from
    where it stood at first. ValueError if the file cannot be rewound or is larger than 1 GB,
    TypeError if it is not open for bytes.
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
            asked = min(_BLOCK, left)
            block = self._file.read(asked)
            if not isinstance(block, bytes) or len(block) > asked:
                raise ValueError(f"{self._name}: read({asked}) gave no bytes, or more than that")
            if not block:  # kintone would wait for the rest
                raise ValueError(f"{self._name}: the file became shorter while it was sent")
            left -= len(block)
            yield block
        yield self._tail


def _extent(upload: Upload) -> tuple[int, int]:
    """Where the file stands, and how many bytes follow."""
    if not isinstance(upload.file.read(0), bytes):
        message = f'{upload.name}: the file is open for text; open it with "rb"'
        raise TypeError(message)
    # A SpooledTemporaryFile can, and before Python 3.11 has no method that says so.
    if not getattr(upload.file, "seekable", lambda: True)():
        message = f"{upload.name}: the file cannot be rewound; copy it into a temporary file first"
        raise ValueError(message)
    start = upload.file.tell()
    end = upload.file.seek(0, 2)
    upload.file.seek(start)
    if end - start > FILE_BYTES:
        message = f"{upload.name}: {end - start:,} bytes, and kintone takes files of up to 1 GB"
        raise ValueError(message)
    return start, end - start


def _escaped(text: str) -> str:
    """The text within a part's header, as browsers write it (HTML standard: form submission)."""
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
