"""The error for a request without an answer, or with an incomplete one."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import requests

from kintone_orm import exceptions
from kintone_orm.http.failures import causes_of

if TYPE_CHECKING:
    from kintone_orm.http.messages import Request

__all__ = ["transport_error"]

# The first match counts. The general classes come last, because others are their subclasses.
_REASONS: tuple[tuple[type[OSError], str], ...] = (
    (requests.exceptions.ConnectTimeout, "No connection was made in time."),
    (
        requests.exceptions.ReadTimeout,
        "No answer arrived in time. kintone may still carry out the request.",
    ),
    (requests.exceptions.ProxyError, "The proxy refused the request."),
    (
        requests.exceptions.SSLError,
        "No secure connection was made. A certificate was not accepted.",
    ),
    (requests.exceptions.ChunkedEncodingError, "The answer broke off."),
    (requests.exceptions.ContentDecodingError, "The answer could not be decompressed."),
    (ConnectionRefusedError, "The server refused the connection. The request was not sent."),
    (socket.gaierror, "There is no such host. The request was not sent."),
    (requests.exceptions.ConnectionError, "The connection failed or broke."),
    (requests.RequestException, "The request could not be sent."),
    (OSError, "The client certificate or the trusted certificates could not be read."),
)


def transport_error(request: Request, host: str, error: OSError) -> exceptions.TransportError:
    """Return the error for a request without an answer. Raise it `from error`.

    `error` loses its reference to the sent request, whose headers are secret.
    """
    if isinstance(error, requests.RequestException):
        error.request = None
        error.response = None
    causes = list(causes_of(error))
    reason = next(
        text for kind, text in _REASONS if any(isinstance(cause, kind) for cause in causes)
    )
    text = f"{host}: {reason}"
    return exceptions.TransportError(text, method=request.method, path=request.path)
