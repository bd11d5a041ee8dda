"""The retry table: which requests are sent again, after which outcomes, and when.

A request is sent again only if that cannot act twice. If the first one was not carried out, this is
true of every request. If its answer was lost, the kind of the request decides. Writes that carry
the revision of every record are safe, because kintone refuses the second one if it carried out the
first. Such a refusal is not reported as a conflict: see `kintone_orm.connection.attempts`.

This module is pure: it waits for nothing, and reads no clock. Sources: "kintone REST API Overview"
(limits); for error codes, `kintone_orm.http.codes`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kintone_orm.argument_checks import require_count, require_seconds
from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.http.request_kinds import Kind, kind_of
from kintone_orm.outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kintone_orm.http.messages import Request

__all__ = ["NEVER", "TABLE", "Retry", "longest_delay", "longest_wait"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """How often a request is sent again after a failure, and after which waits.

    - `attempts`: the largest number of times that a request is sent, 1 or more.
    - `first_wait` and `longest_wait`, in seconds: the wait before attempt 2 is a random time up to
      `first_wait`. The limit doubles with each attempt, up to `longest_wait`. A server's
      Retry-After makes the wait longer, up to the deadline; without a deadline, up to an hour.
    - `repeat_unversioned`: True sends writes without revisions, and upserts, again after a lost
      answer. The second write may undo a change that somebody else made in between. An upsert of
      `update_or_create()` is never sent again.
    - `settle_by_values`: True takes a save for successful if its answer was lost and the record has
      the next revision and every value sent. This applies to `save()`, and to `update()` and
      `bulk_update()` with revisions. Set it only if your programs set values; never if they compute
      a value from the stored one, since two of them may compute the same value. `modify()` ignores
      it.

    ImproperlyConfigured for other values.
    """

    attempts: int = 6
    first_wait: float = 0.5
    longest_wait: float = 20.0
    repeat_unversioned: bool = False
    settle_by_values: bool = False

    def __post_init__(self) -> None:
        require_count(self.attempts, "Retry: 'attempts'")
        require_seconds(self.first_wait, "Retry: 'first_wait'")
        require_seconds(self.longest_wait, "Retry: 'longest_wait'")
        for name in ("repeat_unversioned", "settle_by_values"):
            if not isinstance(value := getattr(self, name), bool):
                message = f"Retry: {name!r} must be True or False, not {value!r:.80}."
                raise ImproperlyConfigured(message)


NEVER: Final = Retry(attempts=1)
"""No request is sent a second time."""

_ALL = frozenset(Kind)
_SAFE = frozenset({Kind.READ, Kind.VERSIONED, Kind.DELETE_ONE})

# The kinds of requests that are sent again, by outcome. After an outcome that is missing here, no
# request is sent again.
TABLE: Mapping[Outcome, frozenset[Kind]] = {
    Outcome.NOT_SENT: _ALL,
    Outcome.TOO_MANY: _ALL,
    Outcome.LOCKED: _ALL,
    Outcome.IN_MAINTENANCE: _ALL,
    Outcome.NO_CURSOR_FREE: frozenset({Kind.NEW_CURSOR}),
    Outcome.FAILED: _SAFE,
    Outcome.BROKEN: _SAFE,
    Outcome.TIMED_OUT: _SAFE,
    Outcome.DAMAGED: _SAFE,
    Outcome.NOT_KINTONES: _SAFE,
    Outcome.FAILED_PAGE: _SAFE,
}


def longest_delay(request: Request, outcome: Outcome, attempt: int, retry: Retry) -> float | None:
    """Return the longest wait in seconds before the next attempt; None if there is none.

    `attempt` is the number of the attempt that had this outcome, from 1. The caller waits a random
    part of the time ("full jitter"), so that many programs do not come back at the same moment.
    """
    if attempt >= retry.attempts:
        return None
    kind = kind_of(request)
    repeated = TABLE.get(outcome, frozenset())
    if outcome.is_lost_answer and retry.repeat_unversioned:
        repeated |= {Kind.UNVERSIONED}
    if kind not in repeated:
        return None
    return longest_wait(attempt, retry)


def longest_wait(attempt: int, retry: Retry) -> float:
    """Return the longest wait in seconds after the attempt with this number, from 1."""
    # A float cannot hold 2 to the power of 1,024.
    return min(retry.longest_wait, retry.first_wait * 2.0 ** min(attempt - 1, 60))
