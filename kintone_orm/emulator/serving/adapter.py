"""The emulator as a transport of `requests`: same process, no sockets."""

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
    """Hands each prepared request to the emulator's core. Mount it for any host.

    `emulation` is the emulator's own id: it tells the records of one from those of another, which
    hosts do not.
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
        self, request: requests.PreparedRequest, *_: Any, timeout: Any = None, **__: Any
    ) -> requests.Response:
        """The emulator's answer; what requests raises, where a fault was asked for.

        Certificates and proxies do not apply. `timeout` is as requests takes it: a number of
        seconds, or those to connect and to read.
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
        response.raw = _raw(self._travelling(answer, patience))
        return response

    def _travelling(self, answer: HTTPResponse, patience: float) -> Body:
        """The body as it arrives: unless a fault was asked for, it is there."""
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
                f"Connection broken: {len(body)} bytes were announced, and half of them came"
            )

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


def _seconds_to_read(timeout: Any) -> float:
    """How long a client waits for the next byte: for ever, if it does not say."""
    seconds = timeout[1] if isinstance(timeout, tuple) else timeout
    return float(seconds) if isinstance(seconds, (int, float)) else math.inf


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
