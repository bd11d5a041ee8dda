"""The emulator as a transport of `requests`: same process, no sockets."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from .messages import HTTPRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from .messages import HTTPResponse

__all__ = ["EmulatorAdapter"]


class EmulatorAdapter(BaseAdapter):
    """Hands each prepared request to the emulator's core. Mount it for any host."""

    def __init__(self, handle: Callable[[HTTPRequest], HTTPResponse]) -> None:
        super().__init__()
        self._handle = handle

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """The emulator's answer. Time-outs, certificates and proxies do not apply."""
        url = urlsplit(request.url or "")
        answer = self._handle(
            HTTPRequest(
                method=request.method or "GET",
                path=unquote(url.path),
                query_string=url.query,
                headers={name: str(value) for name, value in request.headers.items()},
                body=_content(request.body),
            )
        )
        response = requests.Response()
        response.status_code = answer.status
        response.headers = CaseInsensitiveDict(answer.headers)
        response.encoding = "utf-8"
        response.url = request.url or ""
        response.request = request
        response.raw = io.BytesIO(answer.body)
        return response

    def close(self) -> None:
        """Nothing to close: the emulator outlives the sessions that use it."""


def _content(body: Any) -> bytes:
    """A prepared request's body, which may be text, a file or an iterable of pieces."""
    if body is None or isinstance(body, bytes):
        return body or b""
    pieces = [body] if isinstance(body, str) else body
    return b"".join(piece.encode() if isinstance(piece, str) else piece for piece in pieces)
