"""Sending one request until it succeeds, cannot succeed, or its time is over.

The loop is outermost: each attempt passes through the connection's wrappers. The retry table
(`kintone_orm.http.retry`) decides after each attempt. When an answer was lost, the request may have
been carried out, and only another success settles that. So if kintone refuses a later attempt, the
error of the lost answer is raised, and not the refusal. Above all, such a refusal must not be
raised as a conflict: programs answer a conflict by applying their change again.
"""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from kintone_orm.exceptions import APIError, ConflictError, CursorExpired, KintoneORMError
from kintone_orm.http.codes import Meaning, meaning_of
from kintone_orm.http.collector import running_collector
from kintone_orm.http.foreign_errors import forget_frames
from kintone_orm.http.request_kinds import Kind, is_read, kind_of
from kintone_orm.http.request_log import log_retry
from kintone_orm.http.retry import longest_delay
from kintone_orm.outcomes import CarriedOut

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kintone_orm.http.clock import Clock
    from kintone_orm.http.messages import Request, Response
    from kintone_orm.http.retry import Retry

__all__ = ["Patience", "Transmission", "make_attempt", "send_until_settled"]

T = TypeVar("T")

# The longest wait in seconds that a server may ask for if the request has no deadline.
_LONGEST_RETRY_AFTER: Final = 3600.0


class Patience(NamedTuple):
    """The retries of a request, and the instant of its clock when its time is over, or None."""

    retry: Retry
    deadline: float | None


class Transmission:
    """The innermost sender of one attempt. It remembers its error."""

    def __init__(self, send: Callable[[Request, Mapping[str, str]], Response]) -> None:
        self.error: APIError | None = None
        self._send = send

    def __call__(self, request: Request, headers: Mapping[str, str]) -> Response:
        """Send the request with these credentials."""
        self.error = None
        try:
            return self._send(request, headers)
        except APIError as error:
            self.error = error
            raise


def make_attempt(
    send: Callable[[Request], Response], request: Request, transmission: Transmission
) -> Response | APIError:
    """Return the response of one attempt, or the error of its transmission.

    `send` ends with the transmission. Its other errors are raised: they are exceptions of a
    wrapper, or of the function that provides a token.
    """
    try:
        return send(request)
    except APIError as error:
        if error is transmission.error:
            return error
        if is_read(request):
            error.carried_out = CarriedOut.NO
        raise


def send_until_settled(
    request: Request,
    attempt_once: Callable[[Request], T | APIError],
    *,
    patience: Patience,
    clock: Clock,
    nothing_left: T,
) -> T:
    """Return the result of the first attempt that succeeds; raise the error of the last one.

    `attempt_once` returns an error that the retry table judges. Every other exception, such as one
    of a wrapper, ends the loop. It is raised, and after a lost answer, it is the cause of the lost
    answer's error. `nothing_left` is the result of a deletion whose answer was lost and whose
    record or cursor is gone.
    """
    lost: APIError | None = None
    is_answer_lost = False
    number = 1
    while True:
        try:
            result = attempt_once(request)
        except Exception as end:
            if lost is None:
                raise
            raise _settled(lost, end, number) from end
        if not isinstance(result, APIError):
            return result
        error = result
        if is_answer_lost and _is_gone(request, error):
            return nothing_left
        if lost is not None and _is_another_revision(request, error):
            raise error
        if error.outcome is not None and error.outcome.is_lost_answer:
            is_answer_lost = True
        if lost is None and error.carried_out is CarriedOut.UNKNOWN:
            lost = error
        wait = _wait_before_next(request, error, number, patience, clock)
        if wait is None:
            if lost is None or lost is error:
                raise error
            raise _settled(lost, error, number)
        log_retry(request, error, wait)
        forget_frames(error, sys.exc_info()[1])
        with running_collector():
            clock.sleep(wait)
        number += 1
        request = replace(request, attempt=number)


def _is_gone(request: Request, error: APIError) -> bool:
    """Return True if the record or the cursor that a request deletes does not exist."""
    if kind_of(request) is Kind.DELETE_ONE:
        return meaning_of(error) is Meaning.RECORD_GONE
    return request.method == "DELETE" and isinstance(error, CursorExpired)


def _is_another_revision(request: Request, error: APIError) -> bool:
    """Return True if the record to delete still exists, and kintone will not delete it.

    So this error, and not the error of the lost answer, says that nothing was carried out.
    """
    return kind_of(request) is Kind.DELETE_ONE and isinstance(error, ConflictError)


def _wait_before_next(
    request: Request, error: APIError, number: int, patience: Patience, clock: Clock
) -> float | None:
    """Return the seconds to wait; None if there is no other attempt, or no time for it."""
    if error.outcome is None:
        return None
    longest = longest_delay(request, error.outcome, number, patience.retry)
    if longest is None:
        return None
    after = error.retry_after or 0
    wait = max(random.uniform(0, longest), after)  # noqa: S311 - no secret
    if patience.deadline is None:
        return wait if after <= _LONGEST_RETRY_AFTER else None
    return wait if clock.now() + wait < patience.deadline else None


def _settled(lost: APIError, end: Exception, number: int) -> APIError:
    """Return the error of the lost answer. Its text also says how the last attempt ended."""
    if isinstance(end, KintoneORMError):
        text = str(end).rstrip(".")
        lost.message += (
            f" It was sent {number} times. The last attempt does not show whether the first was "
            f"carried out. It ended with: {text}."
        )
    else:  # not its text, which may have a secret of the function that provides tokens
        lost.message += f" Attempt {number} ended with {type(end).__name__} in this program."
    return lost
