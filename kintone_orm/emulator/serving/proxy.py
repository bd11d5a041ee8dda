"""What every request passes on its way in and out.

The count of those that are running, the faults that somebody asked for, the form of an answer, and
the journal.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from ..ground import choices, limits
from ..ground.errors import KintoneError, fault
from ..ground.http import Body, HTTPRequest, HTTPResponse
from ..store.record_text import dump
from .faults import Fault, FaultRule, Faults
from .journal import Journal
from .language import preferred_language
from .recording import BODY_KEPT, Kept, Recorder

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from datetime import datetime

__all__ = ["Gate"]

_log = logging.getLogger(__name__)

# The answer to a request, headers of its own, and the records that were written, as (app, record);
# KintoneError when it is refused. It is told of the fault that happens to it.
Answered: TypeAlias = "tuple[Body, Mapping[str, str], Collection[tuple[int, int]]]"
Answer: TypeAlias = "Callable[[HTTPRequest, Fault | None], Answered]"

_TOO_LONG = HTTPResponse(
    414,
    b"<!DOCTYPE html><html><head><title>Request URL Too Large</title></head>"
    b"<body><h1>Request URL Too Large</h1></body></html>\n",
    {"Content-Type": "text/html;charset=utf-8"},
)
_UNAVAILABLE = HTTPResponse(
    503,
    b"<!DOCTYPE html><html><head><title>503 Service Unavailable</title></head>"
    b"<body><h1>Service Unavailable</h1></body></html>\n",
    {"Content-Type": "text/html;charset=utf-8"},
)


class Gate:
    """Hands requests to `answer`, in many threads at once; `handle` never raises."""

    def __init__(
        self,
        answer: Answer,
        *,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
    ) -> None:
        self.faults = Faults()
        self.journal = Journal()
        self.running = 0
        self._answer = answer
        self._clock = clock
        self._sleep = sleep
        self._counter = threading.Lock()

    def handle(self, request: HTTPRequest) -> HTTPResponse:
        """The answer to one request, and how it travels."""
        began = time.perf_counter()
        rule = self.faults.take(request)
        sent = Recorder(request.headers, request.body)
        if sent.body is not request.body:
            request = replace(request, body=sent.body)
        with self._in_flight() as running:
            response = self._respond(request, running, rule.fault if rule else None)
            if rule is not None:
                response = _spoilt(response, rule)
            if response.delivery.delay:
                self._sleep(min(response.delivery.delay, request.patience))
        self.journal.note(
            at=self._clock(),
            method=request.method,
            path=request.path,
            status=None if response.delivery.lost else response.status,
            milliseconds=(time.perf_counter() - began) * 1000,
            query_string=request.query_string,
            request=sent.kept(),
            answer=_kept(request, response),
            fault=rule.fault.value if rule else None,
            writes=response.writes,
        )
        return response

    @contextmanager
    def _in_flight(self) -> Iterator[int]:
        """How many requests are being answered, this one included."""
        with self._counter:
            self.running += 1
            running = self.running
        try:
            yield running
        finally:
            with self._counter:
                self.running -= 1

    def _respond(self, request: HTTPRequest, running: int, happening: Fault | None) -> HTTPResponse:
        if happening in (Fault.SERVICE_UNAVAILABLE, Fault.LOST_REQUEST):
            return _UNAVAILABLE
        if request.url_length > limits.URL_BYTES:
            return _TOO_LONG
        if happening is Fault.TOO_MANY_REQUESTS:
            running = limits.CONCURRENT_REQUESTS + 1
        headers = {
            "Content-Type": "application/json;charset=utf-8",
            "X-ConcurrencyLimit-Limit": str(limits.CONCURRENT_REQUESTS),
            "X-ConcurrencyLimit-Running": str(running),
        }
        try:
            if running > limits.CONCURRENT_REQUESTS:
                raise fault("GAIA_TO04")
            if happening is Fault.DATABASE_LOCKED:
                raise fault("GAIA_DA02")
            if happening is Fault.IN_MAINTENANCE:
                raise fault("GAIA_NO02")
            body, own, writes = self._answer(request, happening)
            return HTTPResponse(200, body, {**headers, **own}, writes=writes)
        except KintoneError as error:
            if error.status == 429:
                headers["X-Cybozu-Error"] = error.code
                headers["Cache-Control"] = "no-cache, no-store, must-revalidate"
            return HTTPResponse(error.status, _explained(request, error), headers)


def _kept(request: HTTPRequest, response: HTTPResponse) -> Kept | None:
    """What is kept of an answer: nothing of a file."""
    if not isinstance(response.body, bytes) or request.endpoint == "file":
        return None
    return Kept(response.headers, response.body[:BODY_KEPT], len(response.body))


def _spoilt(response: HTTPResponse, rule: FaultRule) -> HTTPResponse:
    """The response, on its way with an accident; its length is that of the whole body."""
    body = response.body if isinstance(response.body, bytes) else b"".join(response.body)
    headers = {**response.headers, "Content-Length": str(len(body))}
    return replace(response, body=body, headers=headers, delivery=rule.delivery)


def _explained(request: HTTPRequest, error: KintoneError) -> bytes:
    _log.info(
        "%s %s: %d %s %s", request.method, request.path, error.status, error.code, error.reason
    )
    accepted = preferred_language(request.header("accept-language"))
    language = choices.DISPLAY_LANGUAGE or accepted
    return dump(error.body(language, secrets.token_urlsafe(15))).encode()
