"""The emulator as a WSGI application, for any server."""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any

from werkzeug import Request, Response

from .messages import HTTPRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .messages import HTTPResponse

__all__ = ["WSGIApplication"]

_BLOCK = 1 << 16


class WSGIApplication:
    """Hands each request of a WSGI server to `handle`, the emulator's core."""

    def __init__(self, handle: Callable[[HTTPRequest], HTTPResponse]) -> None:
        self._handle = handle

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """The answer's body, as WSGI wants it."""
        incoming = Request(environ)
        body = iter(partial(incoming.stream.read, _BLOCK), b"")
        answer = self._handle(
            HTTPRequest(
                method=incoming.method,
                path=incoming.path,
                query_string=incoming.query_string.decode("latin-1"),
                headers=dict(incoming.headers),
                body=body,
            )
        )
        # What is left unread would be taken for the next request.
        deque(body, maxlen=0)
        response = Response(answer.body, answer.status, dict(answer.headers))
        return response(environ, start_response)
