"""A request whose first attempt is made before its answer is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kintone_orm.exceptions import APIError

if TYPE_CHECKING:
    from collections.abc import Callable

    from kintone_orm.http.clock import Clock
    from kintone_orm.http.messages import Response

__all__ = ["Once", "SentAhead"]


class Once:
    """A call that is made once, whoever makes it first. `seconds` is the time that it took."""

    __slots__ = ("_clock", "_work", "seconds")

    def __init__(self, work: Callable[[], object] | None, clock: Clock) -> None:
        self._work = work
        self._clock = clock
        self.seconds = 0.0

    def __call__(self) -> None:
        """Make the call; a second time, do nothing."""
        work, self._work = self._work, None
        if work is not None:
            begun = self._clock.now()
            work()
            self.seconds = self._clock.now() - begun


class SentAhead:
    """The outcome of a first attempt: a response, or the error with which it ended.

    An error is raised by `take()`, and not before. `seconds` is the time that the attempt took, by
    the clock.
    """

    __slots__ = ("_is_raised", "_outcome", "seconds")

    def __init__(self, attempt: Callable[[], Response | APIError], clock: Clock) -> None:
        begun = clock.now()
        self._outcome: Response | Exception
        self._is_raised = False
        try:
            self._outcome = attempt()
        except Exception as error:  # noqa: BLE001 - such as the exception of a wrapper
            self._outcome, self._is_raised = error, True
        self.seconds = clock.now() - begun

    @property
    def body(self) -> bytes | None:
        """The body of a successful answer; None for any other outcome.

        None also for the answer of a wrapper that has a text as its body.
        """
        outcome = self._outcome
        if isinstance(outcome, Exception) or outcome.status != 200:
            return None
        return outcome.body if isinstance(outcome.body, bytes) else None

    def take(self) -> Response | APIError:
        """Return the response, or an error that the retry table judges; raise any other error."""
        outcome = self._outcome
        if not isinstance(outcome, Exception):
            return outcome
        if self._is_raised or not isinstance(outcome, APIError):
            raise outcome
        return outcome
