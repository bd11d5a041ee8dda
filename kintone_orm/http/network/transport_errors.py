"""Errors for a request without an answer, or with an incomplete one."""

from __future__ import annotations

import re
import socket
import ssl
import sys
from typing import TYPE_CHECKING

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ReadTimeoutError

from kintone_orm import exceptions
from kintone_orm.http.failures import wire_error
from kintone_orm.http.foreign_errors import forget_locals, keep_type_and_text, linked_errors
from kintone_orm.outcomes import Outcome

if TYPE_CHECKING:
    from types import TracebackType

    from kintone_orm.http.messages import Request
    from kintone_orm.http.network.exchange import Exchange

__all__ = ["translating_errors", "transport_error"]

_PROXY = "The proxy refused the connection or cannot be reached. The request was not sent."
# The first match counts. The general classes come last, because others are their subclasses.
_REASONS: tuple[tuple[type[BaseException], Outcome, str], ...] = (
    (
        ConnectionRefusedError,
        Outcome.NOT_SENT,
        "The server refused the connection. The request was not sent.",
    ),
    (socket.gaierror, Outcome.NOT_SENT, "There is no such host. The request was not sent."),
    (requests.exceptions.ConnectTimeout, Outcome.NOT_SENT, "No connection was made in time."),
    (ConnectTimeoutError, Outcome.NOT_SENT, "No connection was made in time."),
    (
        NewConnectionError,
        Outcome.NOT_SENT,
        "The server cannot be reached. The request was not sent.",
    ),
    (requests.exceptions.ReadTimeout, Outcome.TIMED_OUT, "No answer arrived in time."),
    (ReadTimeoutError, Outcome.TIMED_OUT, "No answer arrived in time."),
    (requests.exceptions.ProxyError, Outcome.PROXY_REFUSED, _PROXY),
    (
        ssl.SSLCertVerificationError,
        Outcome.NO_TRUST,
        "No secure connection was made. A certificate was not accepted.",
    ),
    (TimeoutError, Outcome.TIMED_OUT, "No answer arrived in time."),
    (
        requests.exceptions.SSLError,
        Outcome.BROKEN,
        "No secure connection was made, or it broke. A certificate may not have been accepted.",
    ),
    (requests.exceptions.ChunkedEncodingError, Outcome.DAMAGED, "The answer broke off."),
    (
        requests.exceptions.ContentDecodingError,
        Outcome.DAMAGED,
        "The answer could not be decompressed.",
    ),
    (requests.exceptions.ConnectionError, Outcome.BROKEN, "The connection failed or broke."),
    (requests.RequestException, Outcome.UNSENDABLE, "The request could not be sent."),
    (
        OSError,
        Outcome.UNSENDABLE,
        "The client certificate or the trusted certificates could not be read.",
    ),
)


# The alerts of a server that refuses a client during the handshake. It has not read the request,
# although with TLS 1.3 the client may have sent it before the alert comes.
_REFUSED_CLIENTS = frozenset(
    {
        "SSLV3_ALERT_BAD_CERTIFICATE",
        "SSLV3_ALERT_CERTIFICATE_EXPIRED",
        "SSLV3_ALERT_CERTIFICATE_REVOKED",
        "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
        "SSLV3_ALERT_HANDSHAKE_FAILURE",
        "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
        "TLSV1_ALERT_ACCESS_DENIED",
        "TLSV1_ALERT_UNKNOWN_CA",
        "TLSV13_ALERT_CERTIFICATE_REQUIRED",
    }
)

# With these outcomes, it is unknown whether kintone received the request if it was sent.
_MAY_BE_RECEIVED = frozenset({Outcome.BROKEN, Outcome.TIMED_OUT})


# The failures of a proxy that may pass. It refuses the same user again, and the same host.
_BUSY_PROXY = re.compile(r"Tunnel connection failed: (?:429|5\d\d)\b")


class translating_errors:  # noqa: N801 - used as a function, as contextlib.suppress is
    """Raise TransportError for an error of the network inside the block.

    Its ``__cause__`` keeps the type and the text of the network's error. Another exception passes
    through, such as KeyboardInterrupt; the frames of other libraries lose their local variables,
    which are secret. `exchange` is the request's if it goes over a network connection of ours.
    """

    def __init__(self, request: Request, host: str, exchange: Exchange | None = None) -> None:
        self._request = request
        self._host = host
        self._exchange = exchange

    def __enter__(self) -> None:
        self._handled = sys.exc_info()[1]

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        del traceback  # so that the frames below do not live as long as the error raised here
        if isinstance(error, OSError):  # requests and sockets raise subclasses of OSError
            keep_type_and_text(error, self._handled)
            is_sent = self._exchange is None or self._exchange.is_begun
            raise transport_error(
                self._request, self._host, error, self._handled, is_sent=is_sent
            ) from error
        if error is not None:
            forget_locals(error, self._handled)


def transport_error(
    request: Request,
    host: str,
    error: OSError,
    handled: BaseException | None = None,
    *,
    is_sent: bool = True,
) -> exceptions.APIError:
    """Return the error for a request without an answer. Raise it `from error`.

    `handled` is the exception that the caller was handling before the request. It gives no reason.
    `is_sent` is False if the connection failed before the first byte of the request was sent.
    """
    causes = list(linked_errors(error, handled))
    outcome, reason = next(
        (outcome, text)
        for kind, outcome, text in _REASONS
        if any(isinstance(cause, kind) for cause in causes)
    )
    if not is_sent and outcome in _MAY_BE_RECEIVED:
        outcome = Outcome.NOT_SENT
        reason = "The connection failed before the request was sent."
    if any(_is_refused_client(cause) for cause in causes):
        outcome = Outcome.NO_TRUST
        reason = "The server did not accept the client certificate, or none was sent."
    if outcome is Outcome.PROXY_REFUSED and any(_is_busy_proxy(cause) for cause in causes):
        outcome = Outcome.NOT_SENT
    # Whatever the outcome, the server that was not reached is the proxy.
    if any(isinstance(cause, requests.exceptions.ProxyError) for cause in causes):
        reason = _PROXY
    return wire_error(exceptions.TransportError, f"{host}: {reason}", request, outcome)


def _is_busy_proxy(error: BaseException) -> bool:
    # http.client reports the status of a proxy's answer to CONNECT in the text alone.
    return _BUSY_PROXY.match(str(error)) is not None


def _is_refused_client(error: BaseException) -> bool:
    # The attribute is missing on an error that Python code made.
    return isinstance(error, ssl.SSLError) and getattr(error, "reason", "") in _REFUSED_CLIENTS
