"""What kintone's answer means: the decoded JSON, or the exception that fits.

kintone publishes no list of its error codes, so the tables here hold those that people have seen
(the texts depend on the user's language and are never looked at). A code that is not in them is
judged by its HTTP status, and an answer that is not kintone's own (a proxy's page, a gate's, a
maintenance notice) by its status alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kintone_orm import exceptions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kintone_orm.exceptions import APIError
    from kintone_orm.http.messages import Request, Response

__all__ = ["NO_PERMISSION", "answer", "failure"]

NO_PERMISSION = frozenset({"CB_NO02", "GAIA_NO01"})
"""The codes by which kintone says that who asks may not see something, a token or a person."""

# A code whose meaning is clear whatever the status: some have changed theirs over the years.
_BY_CODE: dict[str, type[APIError]] = {
    "CB_VA01": exceptions.InvalidInput,
    "CB_NO02": exceptions.PermissionDenied,
    "GAIA_AP01": exceptions.NotFound,  # app
    "GAIA_BF02": exceptions.PermissionDenied,  # writing who and when
    "GAIA_BL01": exceptions.AttachmentNotFound,
    "GAIA_CN01": exceptions.CursorExpired,
    "GAIA_CO02": exceptions.ConflictError,  # record
    "GAIA_CO03": exceptions.ConflictError,  # settings
    "GAIA_DA02": exceptions.ServerBusy,  # database lock
    "GAIA_DA03": exceptions.AuthenticationError,  # two tokens of one app
    "GAIA_FC01": exceptions.NotFound,  # field, in the form's endpoints
    "GAIA_FU01": exceptions.PermissionDenied,  # field
    "GAIA_IA02": exceptions.AuthenticationError,  # unknown token
    "GAIA_IL03": exceptions.ActionNotAvailable,
    "GAIA_IL08": exceptions.QueryError,  # number of arguments
    "GAIA_LO04": exceptions.LookupSourceNotFound,
    "GAIA_NO01": exceptions.PermissionDenied,  # token without the right
    "GAIA_NT01": exceptions.NotAssignee,
    "GAIA_RE01": exceptions.NotFound,  # record
    "GAIA_RE02": exceptions.NotFound,  # comment
    "GAIA_RE03": exceptions.NotCommentAuthor,
    "GAIA_RE12": exceptions.CommentsDisabled,
    "GAIA_RE18": exceptions.ServerBusy,  # database lock
    "GAIA_RE20": exceptions.NotFound,  # updateKey
    "GAIA_SA01": exceptions.AssigneeRequired,
    "GAIA_SA04": exceptions.AssigneeNotTaken,
    "GAIA_ST02": exceptions.ProcessDisabled,
    "GAIA_TM12": exceptions.CursorLimitError,
    "GAIA_TO04": exceptions.RateLimited,
}
_QUERY_CODES = ("GAIA_IQ", "GAIA_IR", "GAIA_IS", "GAIA_QU")
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

# What to do about it, where kintone's own text does not say.
_ADVICE = {
    "CB_AU01": "give the connection a password or an API token",
    "CB_NO02": "for an app outside guest spaces, do not set guest_space",
    "GAIA_DA03": "give one API token for each app",
    "GAIA_IA02": "the app must be updated after the token was generated, and be the token's own",
    "GAIA_IL23": "connect(..., guest_space=<id of the space>)",
    "GAIA_NO01": "tick the right in the app's API token settings; a few APIs need a password",
    "GAIA_RE12": "allow comments in the app's settings",
    "GAIA_SA01": "give the login name of one of them: assignee=",
    "GAIA_SA04": "leave out assignee=",
    "GAIA_ST02": "switch process management on in the app's settings",
    "GAIA_TM12": "close the cursors that are no longer read; each lives for ten minutes",
}

# Answers that are not kintone's JSON. Not 404: a wrong address must not look like a lost record.
_BY_STATUS_OF_OTHERS: dict[int, tuple[type[APIError], str]] = {
    401: (
        exceptions.AuthenticationError,
        "The gate in front of kintone wants another Basic authentication: connect(basic_auth=...)",
    ),
    403: (
        exceptions.PermissionDenied,
        "The gate in front of kintone wants another IP address, or a client certificate",
    ),
    404: (
        exceptions.TransportError,
        "There is no kintone API at this address: check base_url and guest_space",
    ),
    413: (exceptions.APIError, "The request is too large for the server"),
    414: (exceptions.APIError, "The request's URL is too long for the server"),
    429: (exceptions.RateLimited, "Too many requests at once"),
    500: (exceptions.ServerBusy, "kintone failed without a reason"),
    502: (exceptions.ServerBusy, "kintone cannot be reached behind its gate"),
    503: (exceptions.ServerBusy, "kintone is not available now: maintenance, or too busy"),
    504: (exceptions.ServerBusy, "kintone did not answer its gate in time"),
}


def answer(request: Request, response: Response) -> dict[str, Any]:
    """The decoded JSON object of a successful answer; otherwise raises what `failure` returns."""
    if response.status != 200:
        raise failure(request, response)
    decoded = _json_object(response)
    if decoded is None:
        raise _error(
            exceptions.TransportError,
            "The answer is not a JSON object: a login page or a proxy may stand in between",
            request,
            response,
        )
    if (warning := response.headers.get("X-Cybozu-Warning")) and _reads_records(request):
        raise _error(
            exceptions.QueryError,
            f"kintone left records out ({warning}); make the condition narrower",
            request,
            response,
        )
    return decoded


def failure(request: Request, response: Response) -> APIError:
    """The exception for an answer whose status is not 200; it never quotes the body of a page."""
    if 300 <= response.status < 400:
        host = urlsplit(response.headers.get("Location", "")).hostname or "another address"
        text = f"kintone redirects to {host}, and redirects are not followed: check base_url"
        return _error(exceptions.TransportError, text, request, response)
    index, body = _error_object(_json_object(response))
    code = body.get("code")
    if not isinstance(code, str):
        kind, text = _BY_STATUS_OF_OTHERS.get(
            response.status,
            (exceptions.TransportError, "The answer is not kintone's: check base_url and proxies"),
        )
        return _error(kind, text, request, response)
    errors = _messages(body.get("errors"))
    text = str(body.get("message", ""))
    return _kind(response.status, code, errors)(
        f"{text} ({_ADVICE[code]})" if code in _ADVICE else text,
        status=response.status,
        code=code,
        id=str(body.get("id", "")),
        errors=errors,
        method=request.method,
        path=request.path,
        index=index,
    )


def _kind(status: int, code: str, errors: Mapping[str, list[str]]) -> type[APIError]:
    if code.startswith(_QUERY_CODES) or (code == "CB_VA01" and set(errors) == {"query"}):
        return exceptions.QueryError
    return _BY_CODE.get(code) or _BY_STATUS.get(status, exceptions.APIError)


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
    """The error and, for a bulkRequest, the position of the request that failed."""
    if body is None:
        return None, {}
    for index, result in enumerate(body.get("results", ())):
        if isinstance(result, dict) and "code" in result:
            return index, result
    return None, body


def _messages(errors: Any) -> dict[str, list[str]]:
    """``{path: [text]}`` out of kintone's ``{path: {"messages": [text]}}``."""
    if not isinstance(errors, dict):
        return {}
    return {
        path: [str(text) for text in detail.get("messages", ())]
        for path, detail in errors.items()
        if isinstance(detail, dict)
    }
