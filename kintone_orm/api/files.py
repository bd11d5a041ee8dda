"""Attachments: send a file, fetch a file.

A file that was sent waits for three days, and belongs to a record once a file field is written
with its key. The key that a record then shows is another one, and the one to fetch it with.
"""

from __future__ import annotations

import mimetypes
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kintone_orm.api.caller import Id
    from kintone_orm.http.messages import Chunks

__all__ = ["download_file", "upload_file"]


class FileCaller(Protocol):
    """Sends and fetches bytes: a Connection, or anything that can do the same."""

    @abstractmethod
    def upload(
        self,
        endpoint: str,
        file: BinaryIO,
        *,
        name: str,
        content_type: str,
        app: Id | None = None,
    ) -> dict[str, Any]:
        """The answer to a file."""

    @abstractmethod
    def download(
        self, endpoint: str, params: Mapping[str, Any], *, app: Id | None = None
    ) -> Chunks:
        """A file's content, piece by piece."""


def upload_file(
    caller: FileCaller,
    *,
    file: BinaryIO,
    name: str,
    content_type: str | None = None,
    app: Id | None = None,
) -> dict[str, Any]:
    """The file's ``{"fileKey"}``, to be written into a file field within three days.

    `file` is open for reading bytes and can be rewound; it is sent from where it stands, piece
    by piece; ValueError over 1 GB. `content_type` is guessed from `name`. `app`, the one that
    will have the file, matters only with more than nine API tokens.
    Source: "kintone REST API: Upload File".
    """
    guessed = content_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return caller.upload("file", file, name=name, content_type=guessed, app=app)


def download_file(caller: FileCaller, *, file_key: str, app: Id | None = None) -> Chunks:
    """The file's content, piece by piece: iterate, and close it if not to the end.

    `file_key` comes from a record; AttachmentNotFound for another, such as that of an upload.
    TransportError if the content breaks off. `app` matters only with more than nine API tokens.
    Source: "kintone REST API: Download File".
    """
    return caller.download("file", {"fileKey": file_key}, app=app)
