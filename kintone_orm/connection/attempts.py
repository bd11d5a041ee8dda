"""Sending one request until it succeeds, cannot succeed, or its time is over.

The loop is outermost: each attempt passes through the connection's wrappers. The retry table
(`kintone_orm.http.retry`) decides after each attempt. When an answer was lost, the request may have
been carried out, and only another success settles that. So if kintone refuses a later attempt, the
error of the lost answer is raised, and not the refusal. Above all, such a refusal must not be
raised as a conflict: programs answer a conflict by applying their change again.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from kintone_orm.exceptions import (
    APIError,
    ConflictError,
    KintoneORMError,
    NotFound,
)
from kintone_orm.http.codes import Meaning, meaning_of
from kintone_orm.http.request_kinds import Kind, kind_of
from kintone_orm.http.request_log import log_retry
from kintone_orm.http.retry import longest_delay
from kintone_orm.outcomes import CarriedOut

if TYPE_CHECKING:
    from collections.abc import Callable

    from kintone_orm.http.clock import Clock
    from kintone_orm.http.messages import Request
    from kintone_orm.http.retry import Retry

__all__ = ["Patience", "send_until_settled"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """The retries of a request, and the instant of its clock when its time is over, or None."""

    retry: Retry
    deadline: float | None


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
    record is gone.
    """
    lost: APIError | None = None
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
        if lost is not None and kind_of(request) is Kind.DELETE_ONE:
            if isinstance(error, NotFound) and meaning_of(error) is Meaning.RECORD_GONE:
                return nothing_left
            if isinstance(error, ConflictError):
                # The record exists with another revision, so kintone will not delete it.
                raise error
        if lost is None and error.carried_out is CarriedOut.UNKNOWN:
            lost = error
        wait = _wait_before_next(request, error, number, patience, clock)
        if wait is None:
            if lost is None or lost is error:
                raise error
            raise _settled(lost, error, number)
        log_retry(request, error, wait)
        clock.sleep(wait)
        number += 1
        request = replace(request, attempt=number)


def _wait_before_next(
    request: Request, error: APIError, number: int, patience: Patience, clock: Clock
) -> float | None:
    """Return the seconds to wait; None if there is no other attempt, or no time for it."""
    if error.outcome is None:
        return None
    longest = longest_delay(request, error.outcome, number, patience.retry)
    if longest is None:
        return None
    wait = max(random.uniform(0, longest), error.retry_after or 0)  # noqa: S311 - no secret
    if patience.deadline is not None and clock.now() + wait >= patience.deadline:
        return None
    return wait


def _settled(lost: APIError, end: Exception, number: int) -> APIError:
    """Return the error of the lost answer. Its text also says how the last attempt ended."""
    if isinstance(end, KintoneORMError):
        lost.message += (
            f" It was sent {number} times. The last answer, which does not show whether the first "
            f"was carried out: {end}"
        )
    else:  # not its text, which may have a secret of the function that provides tokens
        lost.message += f" Attempt {number} ended with {type(end).__name__} in this program."
    return lost
