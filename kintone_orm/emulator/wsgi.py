"""The emulator as a WSGI application, for any server."""

from __future__ import annotations

import errno
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from werkzeug import Request, Response

from .delivery import PROMPT
from .fault_orders import FaultOrders
from .front_page import HEADERS, front_page
from .messages import HTTPRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .delivery import Delivery
    from .emulator import Emulator
    from .messages import Body, HTTPResponse

__all__ = ["WSGIApplication"]

_BLOCK = 1 << 16
_FAULTS = "/_emulator/faults"
_LOCAL = {"localhost", "127.0.0.1", "::1"}


class WSGIApplication:
    """Hands each request of a WSGI server to the emulator.

    Besides kintone's own paths there is a page for people at `/`, for browsers of this computer
    only, and `/_emulator/faults`, for who sends `admin_token`; without one it is not there.
    """

    def __init__(self, emulator: Emulator, *, admin_token: str | None = None) -> None:
        self._emulator = emulator
        self._orders = None if admin_token is None else FaultOrders(emulator.faults, admin_token)

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """The answer's body, as WSGI wants it."""
        incoming = Request(environ)
        response = self._page(incoming) if incoming.path == "/" else self._answer(incoming)
        return response(environ, start_response)

    def _page(self, incoming: Request) -> Response:
        # A page of the internet may reach this computer under a name of its own.
        if urlsplit(f"//{incoming.headers.get('Host', '')}").hostname not in _LOCAL:
            return Response("This page is for http://localhost only.\n", 403)
        if incoming.method not in ("GET", "HEAD"):
            return Response("This page can only be looked at.\n", 405, {"Allow": "GET, HEAD"})
        return Response(front_page(self._emulator.overview()), 200, HEADERS)

    def _answer(self, incoming: Request) -> Response:
        body = iter(partial(incoming.stream.read, _BLOCK), b"")
        request = HTTPRequest(
            method=incoming.method,
            path=incoming.path,
            query_string=incoming.query_string.decode("latin-1"),
            headers=dict(incoming.headers),
            body=body,
        )
        if self._orders is not None and request.path == _FAULTS:
            answer = self._orders.handle(request)
        else:
            answer = self._emulator.handle(request)
        # What is left unread would be taken for the next request.
        deque(body, maxlen=0)
        return Response(self._travelling(answer), answer.status, dict(answer.headers))

    def _travelling(self, answer: HTTPResponse) -> Body:
        """The body as it is to arrive: unless a fault was asked for, as it is."""
        if answer.delivery.lost:
            raise _hung_up()
        if answer.delivery is PROMPT or not isinstance(answer.body, bytes):
            return answer.body
        return self._pieces(answer.body, answer.delivery)

    def _pieces(self, body: bytes, delivery: Delivery) -> Iterator[bytes]:
        for silence, piece in delivery.pieces(body):
            if silence:
                self._emulator.sleep(silence)
            yield piece
        if delivery.cut:
            raise _hung_up()


def _hung_up() -> ConnectionError:
    """What a server takes for a client that is gone: it closes the connection without a word."""
    return ConnectionResetError(errno.ECONNRESET, "the connection is dropped, as was asked for")
