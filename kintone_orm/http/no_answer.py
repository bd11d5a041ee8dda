"""Why no answer came, in words: it could not be sent, or what came back broke off."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import requests

from kintone_orm import exceptions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kintone_orm.http.messages import Request

__all__ = ["no_answer"]

# The first that fits: several of these are subclasses of ConnectionError.
_REASONS: tuple[tuple[type[OSError], str], ...] = (
    (requests.exceptions.ConnectTimeout, "no connection in time"),
    (requests.exceptions.ReadTimeout, "no answer in time; kintone may still act on the request"),
    (requests.exceptions.ProxyError, "the proxy did not let the request through"),
    (requests.exceptions.SSLError, "no secure connection; a certificate was not accepted"),
    (requests.exceptions.ChunkedEncodingError, "the answer broke off"),
    (requests.exceptions.ContentDecodingError, "the answer could not be decompressed"),
    (ConnectionRefusedError, "nobody listens there; nothing was sent"),
    (socket.gaierror, "there is no such host; nothing was sent"),
    (requests.exceptions.ConnectionError, "the connection failed or broke"),
    (requests.RequestException, "the request could not be sent"),
    (OSError, "the client certificate, or the certificates to trust, could not be read"),
)


def no_answer(request: Request, host: str, error: OSError) -> exceptions.TransportError:
    """The error for a request to which no answer came; raise it `from error`.

    `error` loses its hold on the request that was sent, whose headers are secret.
    """
    if isinstance(error, requests.RequestException):
        error.request = None
        error.response = None
    causes = list(_causes(error))
    reason = next(
        text for kind, text in _REASONS if any(isinstance(cause, kind) for cause in causes)
    )
    text = f"{host}: {reason}"
    return exceptions.TransportError(text, method=request.method, path=request.path)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and what it was raised for: requests wraps what happened three times."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
