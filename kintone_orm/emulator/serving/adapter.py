"""The emulator as a transport of `requests`, in the same process and without sockets."""

from __future__ import annotations

import io
import math
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import unquote, urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from ..ground.delivery import PROMPT
from ..ground.http import HTTPRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ..ground.delivery import Delivery
    from ..ground.http import Body, HTTPResponse

__all__ = ["EmulatorAdapter"]

_BLOCK = 1 << 16


class EmulatorAdapter(BaseAdapter):
    """Passes each request to the emulator. Mount it for any host.

    `emulation` is an id that no other emulator has. It tells emulators with the same host apart.
    """

    def __init__(
        self,
        handle: Callable[[HTTPRequest], HTTPResponse],
        *,
        sleep: Callable[[float], None],
        emulation: str,
    ) -> None:
        super().__init__()
        self.emulation = emulation
        self._handle = handle
        self._sleep = sleep

    def send(
        self, request: requests.PreparedRequest, *_: object, timeout: object = None, **__: object
    ) -> requests.Response:
        """Return the emulator's answer. A fault can raise an exception of `requests`.

        Certificates and proxies are ignored. `timeout` is in seconds: one number, or a pair of
        numbers to connect and to read, as in `requests`.
        """
        patience = _seconds_to_read(timeout)
        url = urlsplit(request.url or "")
        answer = self._handle(
            HTTPRequest(
                method=request.method or "GET",
                path=unquote(url.path),
                query_string=url.query,
                headers={
                    "Host": url.netloc,
                    **{name: str(value) for name, value in request.headers.items()},
                },
                body=_body(request.body),
                patience=patience,
            )
        )
        if answer.delivery.delay > patience:
            raise requests.ReadTimeout(f"Read timed out. (read timeout={patience})")
        if answer.delivery.lost:
            raise requests.ConnectionError("Remote end closed connection without response")
        response = requests.Response()
        response.status_code = answer.status
        response.headers = CaseInsensitiveDict(answer.headers)
        response.encoding = "utf-8"
        response.url = request.url or ""
        response.request = request
        response.raw = _raw(self._arriving(answer, patience))
        return response

    def _arriving(self, answer: HTTPResponse, patience: float) -> Body:
        """Return the body as the client receives it: at once, unless a fault delays or cuts it."""
        if answer.delivery is PROMPT or not isinstance(answer.body, bytes):
            return answer.body
        return self._pieces(answer.body, answer.delivery, patience)

    def _pieces(self, body: bytes, delivery: Delivery, patience: float) -> Iterator[bytes]:
        for silence, piece in delivery.pieces(body):
            if silence:
                self._sleep(min(silence, patience))
            if silence > patience:
                raise requests.ConnectionError(f"Read timed out. (read timeout={patience})")
            yield piece
        if delivery.cut:
            raise requests.exceptions.ChunkedEncodingError(
                f"Connection broken: only half of the {len(body)} bytes arrived."
            )

    def close(self) -> None:
        """Do nothing: the emulator outlives the sessions that use it."""


def _body(body: Any) -> Body:
    """Return the body of a prepared request, which may be a text, a file or an iterable."""
    if body is None or isinstance(body, bytes):
        return body or b""
    if isinstance(body, str):
        return body.encode()
    pieces = iter(partial(body.read, _BLOCK), body.read(0)) if hasattr(body, "read") else body
    return (piece.encode() if isinstance(piece, str) else piece for piece in pieces)


def _seconds_to_read(timeout: object) -> float:
    """Return the read timeout, or infinity without one."""
    seconds = timeout[1] if isinstance(timeout, tuple) else timeout
    return float(seconds) if isinstance(seconds, (int, float)) else math.inf


def _raw(body: Body) -> BinaryIO:
    if isinstance(body, bytes):
        return io.BytesIO(body)
    return io.BufferedReader(_Pieces(body))


class _Pieces(io.RawIOBase):
    """A readable file whose content is an iterable of pieces."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        super().__init__()
        self._pieces = iter(pieces)
        self._rest = b""

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer, and return the number of bytes; 0 at the end."""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        block = self._rest[: len(buffer)]
        buffer[: len(block)] = block
        self._rest = self._rest[len(block) :]
        return len(block)
