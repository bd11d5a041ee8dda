"""Files: upload and download attachments.

kintone keeps an upload for three days. The upload becomes an attachment when its key is written
into a file field. The record then shows another key: use this key for the download.
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
    """An object that uploads and downloads files: a Connection, or a replacement."""

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
        """Send the file and return the decoded answer."""

    @abstractmethod
    def download(
        self, endpoint: str, params: Mapping[str, object], *, app: Id | None = None
    ) -> Chunks:
        """Return the file's content in pieces."""


def upload_file(
    caller: FileCaller,
    *,
    file: BinaryIO,
    name: str,
    content_type: str | None = None,
    app: Id | None = None,
) -> dict[str, Any]:
    """Upload a file and return its ``{"fileKey"}``.

    Write the key into a file field within three days. `file` is open for reading bytes and can be
    rewound. It is sent in pieces, from its current position. ValueError for more than 1 GB. By
    default, `content_type` is guessed from `name`. `app`, whose record will hold the file, is
    needed only if the connection has more than nine API tokens. Source: "kintone REST API: Upload
    File".
    """
    guessed = content_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return caller.upload("file", file, name=name, content_type=guessed, app=app)


def download_file(caller: FileCaller, *, file_key: str, app: Id | None = None) -> Chunks:
    """Return the content of an attachment in pieces.

    Iterate over the result, and close it if you stop early. `file_key` is the key that a record
    shows. AttachmentNotFound for any other key, such as that of an upload. TransportError if the
    content breaks off. `app` is needed only if the connection has more than nine API tokens.
    Source: "kintone REST API: Download File".
    """
    return caller.download("file", {"fileKey": file_key}, app=app)
