"""The proxy in front of the handlers. Every request and every answer pass through the proxy.

The proxy counts concurrent requests, applies faults, renders errors and writes the journal.
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
from .recording import BODY_RECORDED, Recorder, Recording

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from datetime import datetime

__all__ = ["Proxy"]

_log = logging.getLogger("kintone_orm.emulator.gate")

# An answer: its body, its additional headers, and the records that the request wrote, as (app,
# record).
Answer: TypeAlias = "tuple[Body, Mapping[str, str], Collection[tuple[int, int]]]"
# A function that answers a request, with the fault that applies to the request or None. Raises
# KintoneError to refuse the request.
Answering: TypeAlias = "Callable[[HTTPRequest, Fault | None], Answer]"

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


class Proxy:
    """Passes requests to `answer`. Thread-safe. `handle` never raises an exception."""

    def __init__(
        self,
        answer: Answering,
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
        """Return the answer to one request, with its delivery."""
        start = time.perf_counter()
        rule = self.faults.take(request)
        recorder = Recorder(request.headers, request.body)
        if recorder.body is not request.body:
            request = replace(request, body=recorder.body)
        with self._in_flight() as running:
            response = self._respond(request, running, rule.fault if rule else None)
            if rule is not None:
                response = _with_fault(response, rule)
            if response.delivery.delay:
                self._sleep(min(response.delivery.delay, request.patience))
        self.journal.note(
            at=self._clock(),
            method=request.method,
            path=request.path,
            status=None if response.delivery.lost else response.status,
            milliseconds=(time.perf_counter() - start) * 1000,
            query_string=request.query_string,
            request=recorder.recording(),
            answer=_recording(request, response),
            fault=rule.fault.value if rule else None,
            writes=response.writes,
        )
        return response

    @contextmanager
    def _in_flight(self) -> Iterator[int]:
        """Count the request while the block runs. The block gets the number of running requests."""
        with self._counter:
            self.running += 1
            running = self.running
        try:
            yield running
        finally:
            with self._counter:
                self.running -= 1

    def _respond(
        self, request: HTTPRequest, running: int, active_fault: Fault | None
    ) -> HTTPResponse:
        if active_fault in (Fault.SERVICE_UNAVAILABLE, Fault.LOST_REQUEST):
            return _UNAVAILABLE
        if request.url_length > limits.URL_BYTES:
            return _TOO_LONG
        if active_fault is Fault.TOO_MANY_REQUESTS:
            running = limits.CONCURRENT_REQUESTS + 1
        headers = {
            "Content-Type": "application/json;charset=utf-8",
            "X-ConcurrencyLimit-Limit": str(limits.CONCURRENT_REQUESTS),
            "X-ConcurrencyLimit-Running": str(running),
        }
        try:
            if running > limits.CONCURRENT_REQUESTS:
                raise fault("GAIA_TO04")
            if active_fault is Fault.DATABASE_LOCKED:
                raise fault("GAIA_DA02")
            if active_fault is Fault.IN_MAINTENANCE:
                raise fault("GAIA_NO02")
            body, additional, writes = self._answer(request, active_fault)
            return HTTPResponse(200, body, {**headers, **additional}, writes=writes)
        except KintoneError as error:
            if error.status == 429:
                headers["X-Cybozu-Error"] = error.code
                headers["Cache-Control"] = "no-cache, no-store, must-revalidate"
            return HTTPResponse(error.status, _error_body(request, error), headers)


def _recording(request: HTTPRequest, response: HTTPResponse) -> Recording | None:
    """Return the recording of an answer, or None for a file."""
    if not isinstance(response.body, bytes) or request.endpoint == "file":
        return None
    return Recording(response.headers, response.body[:BODY_RECORDED], len(response.body))


def _with_fault(response: HTTPResponse, rule: FaultRule) -> HTTPResponse:
    """Return the response with the rule's delivery. Content-Length counts the whole body."""
    body = response.body if isinstance(response.body, bytes) else b"".join(response.body)
    headers = {**response.headers, "Content-Length": str(len(body))}
    return replace(response, body=body, headers=headers, delivery=rule.delivery)


def _error_body(request: HTTPRequest, error: KintoneError) -> bytes:
    _log.info(
        "%s %s: %d %s %s", request.method, request.path, error.status, error.code, error.reason
    )
    accepted = preferred_language(request.header("accept-language"))
    language = choices.DISPLAY_LANGUAGE or accepted
    return dump(error.body(language, secrets.token_urlsafe(15))).encode()
