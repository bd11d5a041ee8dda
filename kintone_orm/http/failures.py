"""Decoding an answer, or making the right exception from it.

`kintone_orm.http.codes` has the table of codes. The HTTP status decides for a code that is not in
the table, and for an answer that is not kintone's, such as a proxy's page or a maintenance notice.
kintone's texts depend on the user's language and are never compared.
"""

from __future__ import annotations

import math
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kintone_orm import exceptions
from kintone_orm.http.codes import Meaning, code_of
from kintone_orm.http.request_kinds import carried_out
from kintone_orm.outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kintone_orm.exceptions import APIError
    from kintone_orm.http.codes import Code
    from kintone_orm.http.messages import Request, Response

__all__ = ["failure", "read_answer", "refuse_left_out", "wire_error"]

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
            Outcome.NOT_KINTONES,
        )
    refuse_left_out(request, response)
    return decoded


def refuse_left_out(request: Request, response: Response) -> None:
    """Raise QueryError if kintone gave up the search and left records out of its answer."""
    if (warning := response.headers.get("X-Cybozu-Warning")) and _reads_records(request):
        raise _error(
            exceptions.QueryError,
            f"kintone left records out of the answer ({warning}). Narrow the condition.",
            request,
            response,
            Outcome.REFUSED,
        )


def failure(request: Request, response: Response) -> APIError:
    """Return the exception for an answer whose status is not 200.

    The message never quotes the body of a page that is not kintone's.
    """
    if 300 <= response.status < 400:
        host = _host_of(response.headers.get("Location", ""))
        text = f"kintone redirects to {host}, but redirects are not followed. Check base_url."
        return _error(exceptions.TransportError, text, request, response, Outcome.REFUSED_PAGE)
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
        return _error(kind, text, request, response, _outcome_of_page(response.status))
    errors = _messages(body.get("errors"))
    text = str(body.get("message", ""))
    row = code_of(code, reads=_reads_records(request))
    return _error(
        _kind(response.status, row, errors),
        f"{text} {row.advice}" if row is not None and row.advice else text,
        request,
        response,
        _outcome_of_code(response.status) if row is None else row.outcome,
        code=code,
        id=str(body.get("id", "")),
        errors=errors,
        index=index,
    )


def wire_error(
    kind: type[APIError], text: str, request: Request, outcome: Outcome, **details: Any
) -> APIError:
    """Return the error for one attempt to send the request, which had this outcome.

    `details` are further arguments of APIError.
    """
    return kind(
        text,
        method=request.method,
        path=request.path,
        outcome=outcome,
        carried_out=carried_out(request, outcome),
        **details,
    )


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or "another address"
    except ValueError:  # such as half an address of IPv6
        return "another address"


def _outcome_of_page(status: int) -> Outcome:
    """Return the outcome for a page that is not kintone's."""
    if status == 429:
        return Outcome.TOO_MANY
    if status < 300:  # such as 204 or 103: no refusal
        return Outcome.NOT_KINTONES
    return Outcome.FAILED_PAGE if status >= 500 else Outcome.REFUSED_PAGE


def _outcome_of_code(status: int) -> Outcome:
    """Return the outcome for a code of kintone that is not in the table."""
    if status == 429:
        return Outcome.TOO_MANY
    return Outcome.FAILED if status >= 500 else Outcome.REFUSED


def _retry_after(response: Response) -> float | None:
    """Return the seconds of the header Retry-After, which is a number or a date."""
    text = response.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text) if len(text) < 10 else math.inf
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return max(0.0, (moment - datetime.now(timezone.utc)).total_seconds())


def _kind(status: int, row: Code | None, errors: Mapping[str, list[str]]) -> type[APIError]:
    if row is None:
        return _BY_STATUS.get(status, exceptions.APIError)
    if row.meaning is Meaning.BAD_QUERY and set(errors) == {"query"}:
        return exceptions.QueryError
    return row.becomes


def _error(
    kind: type[APIError],
    text: str,
    request: Request,
    response: Response,
    outcome: Outcome,
    **details: Any,
) -> APIError:
    """Return the error for an answer."""
    after = _retry_after(response)
    return wire_error(
        kind, text, request, outcome, status=response.status, retry_after=after, **details
    )


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
