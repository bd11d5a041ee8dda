"""The emulator as a WSGI application, for any server."""

from __future__ import annotations

import errno
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException

from .ground.delivery import PROMPT
from .ground.http import HTTPRequest
from .serving.fault_orders import FaultOrders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .emulator import Emulator
    from .ground.delivery import Delivery
    from .ground.http import Body, HTTPResponse
    from .page import Page

__all__ = ["WSGIApplication"]

_BLOCK = 1 << 16
_FAULTS = "/_emulator/faults"
# The pages for people have paths that begin with one of these parts.
_PAGES = frozenset(("", "apps", "faults", "requests", "style.css"))


class WSGIApplication:
    """Passes each request of a WSGI server to the emulator.

    Besides kintone's paths, the application serves pages for people at `/`, to browsers on this
    computer only. With an `admin_token`, `/_emulator/faults` is served to requests with this token.
    A page can add faults, too, unless `page_orders` is false.
    """

    def __init__(
        self, emulator: Emulator, *, admin_token: str | None = None, page_orders: bool = True
    ) -> None:
        self._emulator = emulator
        self._orders = None if admin_token is None else FaultOrders(emulator.faults, admin_token)
        self._page_orders = page_orders
        self._page: Page | None = None

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Return the body of the answer, as WSGI requires."""
        incoming = Request(environ)
        is_page = incoming.path.split("/")[1:2][0] in _PAGES
        try:
            response = self._page_for(incoming) if is_page else self._answer(incoming)
        except _Unreadable:
            response = Response("The body does not match its headers.\n", 400)
            response.headers["Connection"] = "close"
        return response(environ, start_response)

    def _page_for(self, incoming: Request) -> Response:
        if self._page is None:
            from .page import Page

            self._page = Page(self._emulator, faults=self._page_orders)
        return self._page.answer(incoming)

    def _answer(self, incoming: Request) -> Response:
        body = _pieces(incoming)
        request = HTTPRequest(
            method=incoming.method,
            path=incoming.path,
            query_string=incoming.query_string.decode("latin-1"),
            headers=dict(incoming.headers),
            body=body,
        )
        if self._orders is not None and request.path == _FAULTS:
            return self._response(self._orders.handle(request), body)
        release_notifications = self._emulator.webhooks.hold()
        try:
            response = self._response(self._emulator.handle(request), body)
        except BaseException:
            release_notifications()
            raise
        response.call_on_close(release_notifications)
        return response

    def _response(self, answer: HTTPResponse, body: Iterator[bytes]) -> Response:
        # Read the rest of the request's body. Otherwise the server takes it for the next request.
        deque(body, maxlen=0)
        return Response(self._arriving(answer), answer.status, dict(answer.headers))

    def _arriving(self, answer: HTTPResponse) -> Body:
        """Return the body as the client receives it: at once, unless a fault delays or cuts it."""
        if answer.delivery.lost:
            raise _dropped_connection()
        if answer.delivery is PROMPT or not isinstance(answer.body, bytes):
            return answer.body
        return self._pieces(answer.body, answer.delivery)

    def _pieces(self, body: bytes, delivery: Delivery) -> Iterator[bytes]:
        for silence, piece in delivery.pieces(body):
            if silence:
                self._emulator.sleep(silence)
            yield piece
        if delivery.cut:
            raise _dropped_connection()


class _Unreadable(Exception):
    """The body of a request cannot be read: a chunk has no valid size, or the body is too short."""


def _pieces(incoming: Request) -> Iterator[bytes]:
    """Iterate over the body of a request."""
    left = incoming.content_length or 0
    try:
        for piece in iter(partial(incoming.stream.read, _BLOCK), b""):
            left -= len(piece)
            yield piece
    except (ValueError, OverflowError, MemoryError, HTTPException) as error:
        # The size of a chunk is not a number, or it is too large.
        raise _Unreadable from error
    if left > 0:
        raise _Unreadable


def _dropped_connection() -> ConnectionError:
    """Return an error that makes the server close the connection, as if the client were gone."""
    return ConnectionResetError(errno.ECONNRESET, "A fault drops this connection.")
