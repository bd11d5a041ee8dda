"""Waiting for a slot of a limiter, which other processes share."""

from __future__ import annotations

import logging
import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kintone_orm.connection.limits.limiter import Limited, Limiter
    from kintone_orm.http.clock import Clock

__all__ = ["give_back", "wait_for_slot"]

_logger = logging.getLogger("kintone_orm")

# The longest waits between two questions for a slot, in seconds.
_FIRST, _LONGEST = 0.02, 0.5
# A lease is a little longer than the request, so that it does not end while the answer is read.
_MARGIN = 1.0


def wait_for_slot(
    limiter: Limiter,
    kind: Limited,
    domain: str,
    *,
    deadline: float | None,
    clock: Clock,
    seconds: float | None = None,
) -> str | None:
    """Return a slot as soon as one is free; None if none is until the deadline.

    The lease lasts for `seconds`. If they are not given, it lasts until the deadline; without a
    deadline, the limiter chooses.
    """
    longest = _FIRST
    while True:
        now = clock.now()
        if seconds is None and deadline is not None:
            lease: float | None = max(0.0, deadline - now) + _MARGIN
        else:
            lease = seconds
        slot = limiter.acquire(kind, domain, seconds=lease)
        if slot is not None:
            return slot
        # A random part of the wait, so that processes do not all ask at the same moment.
        wait = random.uniform(longest / 2, longest)  # noqa: S311 - no secret
        if deadline is not None and now + wait >= deadline:
            return None
        clock.sleep(wait)
        longest = min(2 * longest, _LONGEST)


def give_back(limiter: Limiter, kind: Limited, domain: str, slot: str) -> None:
    """Give a slot back. A limiter that fails is a line of the log, since the request is over.

    An exception would hide whether the request was carried out. The lease ends by itself.
    """
    try:
        limiter.release(kind, domain, slot)
    except Exception as error:  # noqa: BLE001 - a limiter may raise any
        _logger.warning("The limiter did not take a slot back: %s.", type(error).__name__)
