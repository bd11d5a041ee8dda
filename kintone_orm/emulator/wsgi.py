"""The emulator as a WSGI application, for any server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from werkzeug import Request, Response

from .messages import HTTPRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .messages import HTTPResponse

__all__ = ["WSGIApplication"]


class WSGIApplication:
    """Hands each request of a WSGI server to `handle`, the emulator's core."""

    def __init__(self, handle: Callable[[HTTPRequest], HTTPResponse]) -> None:
        self._handle = handle

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """The answer's body, as WSGI wants it."""
        incoming = Request(environ)
        answer = self._handle(
            HTTPRequest(
                method=incoming.method,
                path=incoming.path,
                query_string=incoming.query_string.decode("latin-1"),
                headers=dict(incoming.headers),
                body=incoming.get_data(),
            )
        )
        response = Response(answer.body, answer.status, dict(answer.headers))
        return response(environ, start_response)
