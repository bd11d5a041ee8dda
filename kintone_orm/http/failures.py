"""Decoding an answer, or making the right exception from it.

`kintone_orm.http.codes` has the table of codes. The HTTP status decides for a code that is not in
the table, and for an answer that is not kintone's, such as a proxy's page or a maintenance notice.
kintone's texts depend on the user's language and are never compared.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kintone_orm import exceptions
from kintone_orm.http.codes import Meaning, code_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kintone_orm.exceptions import APIError
    from kintone_orm.http.codes import Code
    from kintone_orm.http.messages import Request, Response

__all__ = ["causes_of", "failure", "may_be_done", "read_answer"]

# With these errors, the request did not reach a server.
_NOTHING_SENT = (ConnectionRefusedError, socket.gaierror)

_BY_STATUS: dict[int, type[APIError]] = {
    401: exceptions.AuthenticationError,
    403: exceptions.PermissionDenied,
    404: exceptions.NotFound,
    409: exceptions.ConflictError,
    429: exceptions.RateLimited,
    500: exceptions.ServerBusy,
    502: exceptions.ServerBusy,
    503: exceptions.ServerBusy,
    504: exceptions.ServerBusy,
}

# The exceptions for answers that are not kintone's JSON. 404 does not become a NotFound here,
# because a wrong address must not look like a missing record.
_BY_STATUS_OF_OTHERS: dict[int, tuple[type[APIError], str]] = {
    401: (
        exceptions.AuthenticationError,
        "The proxy in front of kintone refused the Basic authentication. Check basic_auth.",
    ),
    403: (
        exceptions.PermissionDenied,
        "The proxy in front of kintone needs another IP address or a client certificate.",
    ),
    404: (
        exceptions.TransportError,
        "There is no kintone API at this address. Check base_url and guest_space.",
    ),
    413: (exceptions.APIError, "The request is too large for the server. Send less at once."),
    414: (exceptions.APIError, "The request's URL is too long for the server."),
    429: (exceptions.RateLimited, "Too many requests run at once. Wait, then send it again."),
    500: (exceptions.ServerBusy, "kintone failed and gave no reason. Try again later."),
    502: (exceptions.ServerBusy, "The proxy cannot reach kintone. Try again later."),
    503: (
        exceptions.ServerBusy,
        "kintone is not available now: it is in maintenance or too busy. Try again later.",
    ),
    504: (exceptions.ServerBusy, "kintone did not answer the proxy in time. Try again later."),
}


def read_answer(request: Request, response: Response) -> dict[str, Any]:
    """Return the JSON object of a successful answer; raise an APIError for any other answer."""
    if response.status != 200:
        raise failure(request, response)
    decoded = _json_object(response)
    if decoded is None:
        raise _error(
            exceptions.TransportError,
            "The answer is not a JSON object. A login page or a proxy may have sent it.",
            request,
            response,
        )
    if (warning := response.headers.get("X-Cybozu-Warning")) and _reads_records(request):
        raise _error(
            exceptions.QueryError,
            f"kintone left records out of the answer ({warning}). Narrow the condition.",
            request,
            response,
        )
    return decoded


def failure(request: Request, response: Response) -> APIError:
    """Return the exception for an answer whose status is not 200.

    The message never quotes the body of a page that is not kintone's.
    """
    if 300 <= response.status < 400:
        host = urlsplit(response.headers.get("Location", "")).hostname or "another address"
        text = f"kintone redirects to {host}, but redirects are not followed. Check base_url."
        return _error(exceptions.TransportError, text, request, response)
    index, body = _error_object(_json_object(response))
    code = body.get("code")
    if not isinstance(code, str):
        kind, text = _BY_STATUS_OF_OTHERS.get(
            response.status,
            (
                exceptions.TransportError,
                "The answer is not kintone's. Check base_url and the proxies.",
            ),
        )
        return _error(kind, text, request, response)
    errors = _messages(body.get("errors"))
    text = str(body.get("message", ""))
    row = code_of(code, reads=_reads_records(request))
    return _kind(response.status, row, errors)(
        f"{text} {row.advice}" if row is not None and row.advice else text,
        status=response.status,
        code=code,
        id=str(body.get("id", "")),
        errors=errors,
        method=request.method,
        path=request.path,
        index=index,
    )


def may_be_done(error: BaseException) -> bool:
    """Return True if a write that ended in this error may have been carried out.

    The write was not carried out if kintone refused it, if the server was not reached, or if a
    proxy answered with 3xx or 4xx. It may have been carried out if the answer was lost or cannot be
    read, or if a proxy answered with 5xx.
    """
    if not isinstance(error, (exceptions.TransportError, exceptions.ServerBusy)) or error.code:
        return False
    if error.status == 0:
        return not any(isinstance(cause, _NOTHING_SENT) for cause in causes_of(error))
    return error.status == 200 or error.status >= 500


def causes_of(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the error and its causes. The library requests wraps an error up to three times."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _kind(status: int, row: Code | None, errors: Mapping[str, list[str]]) -> type[APIError]:
    if row is None:
        return _BY_STATUS.get(status, exceptions.APIError)
    if row.meaning is Meaning.BAD_QUERY and set(errors) == {"query"}:
        return exceptions.QueryError
    return row.becomes


def _error(kind: type[APIError], text: str, request: Request, response: Response) -> APIError:
    return kind(text, status=response.status, method=request.method, path=request.path)


def _reads_records(request: Request) -> bool:
    return request.method == "GET" or request.path.endswith("/records/cursor.json")


def _json_object(response: Response) -> dict[str, Any] | None:
    try:
        decoded = response.json()
    except ValueError:
        return None
    return decoded if isinstance(decoded, dict) else None


def _error_object(body: dict[str, Any] | None) -> tuple[int | None, dict[str, Any]]:
    """Return the position of the refused request in a bulkRequest, and kintone's error object.

    The position is None if the answer names no request.
    """
    if body is None:
        return None, {}
    results = body.get("results")
    for index, result in enumerate(results if isinstance(results, list) else ()):
        if isinstance(result, dict) and "code" in result:
            return index, result
    return None, body


def _messages(errors: object) -> dict[str, list[str]]:
    """Return ``{path: [text]}`` for kintone's ``{path: {"messages": [text]}}``."""
    if not isinstance(errors, dict):
        return {}
    return {
        path: [str(text) for text in detail["messages"]]
        for path, detail in errors.items()
        if isinstance(detail, dict) and isinstance(detail.get("messages"), list)
    }
