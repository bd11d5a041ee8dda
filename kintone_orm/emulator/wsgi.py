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
# The first parts of the paths that are for people.
_PAGES = frozenset(("", "apps", "faults", "requests", "style.css"))


class WSGIApplication:
    """Hands each request of a WSGI server to the emulator.

    Besides kintone's own paths there are pages for people at `/`, for browsers of this computer
    only, and `/_emulator/faults`, for who sends `admin_token`; without one it is not there. Faults
    can be ordered on a page, too, unless `page_orders` is false.
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
        """The answer's body, as WSGI wants it."""
        incoming = Request(environ)
        is_page = incoming.path.split("/")[1:2][0] in _PAGES
        try:
            response = self._shown(incoming) if is_page else self._answer(incoming)
        except _Unreadable:
            response = Response("The body is not what its headers announce.\n", 400)
            response.headers["Connection"] = "close"
        return response(environ, start_response)

    def _shown(self, incoming: Request) -> Response:
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
            return self._sent(self._orders.handle(request), body)
        let_go = self._emulator.webhooks.hold()
        try:
            response = self._sent(self._emulator.handle(request), body)
        except BaseException:
            let_go()
            raise
        response.call_on_close(let_go)
        return response

    def _sent(self, answer: HTTPResponse, body: Iterator[bytes]) -> Response:
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


class _Unreadable(Exception):
    """A body that cannot be read to its end: a chunk has no size, or there is less of it."""


def _pieces(incoming: Request) -> Iterator[bytes]:
    """The body of a request."""
    left = incoming.content_length or 0
    try:
        for piece in iter(partial(incoming.stream.read, _BLOCK), b""):
            left -= len(piece)
            yield piece
    except (ValueError, OverflowError, MemoryError, HTTPException) as error:
        # Too long for a number or for the memory: so a chunk says that it is.
        raise _Unreadable from error
    if left > 0:
        raise _Unreadable


def _hung_up() -> ConnectionError:
    """What a server takes for a client that is gone: it closes the connection without a word."""
    return ConnectionResetError(errno.ECONNRESET, "the connection is dropped, as was asked for")
