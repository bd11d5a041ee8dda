"""The emulator as a transport of `requests`: same process, no sockets."""

from __future__ import annotations

import io
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import unquote, urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from .messages import HTTPRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .messages import Body, HTTPResponse

__all__ = ["EmulatorAdapter"]

_BLOCK = 1 << 16


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
                body=_body(request.body),
            )
        )
        response = requests.Response()
        response.status_code = answer.status
        response.headers = CaseInsensitiveDict(answer.headers)
        response.encoding = "utf-8"
        response.url = request.url or ""
        response.request = request
        response.raw = _raw(answer.body)
        return response

    def close(self) -> None:
        """Nothing to close: the emulator outlives the sessions that use it."""


def _body(body: Any) -> Body:
    """A prepared request's body, which may be text, a file or an iterable of pieces."""
    if body is None or isinstance(body, bytes):
        return body or b""
    if isinstance(body, str):
        return body.encode()
    pieces = iter(partial(body.read, _BLOCK), body.read(0)) if hasattr(body, "read") else body
    return (piece.encode() if isinstance(piece, str) else piece for piece in pieces)


def _raw(body: Body) -> BinaryIO:
    if isinstance(body, bytes):
        return io.BytesIO(body)
    return io.BufferedReader(_Pieces(body))


class _Pieces(io.RawIOBase):
    """Pieces as a file to read."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        super().__init__()
        self._pieces = iter(pieces)
        self._rest = b""

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """How many bytes were put into the buffer; 0 at the end."""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        taken = self._rest[: len(buffer)]
        buffer[: len(taken)] = taken
        self._rest = self._rest[len(taken) :]
        return len(taken)
