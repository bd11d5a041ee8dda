"""What reading a value costs that is not there: nothing, one request each, or one for all."""

from __future__ import annotations

import enum

__all__ = ["FETCH_ONE", "FETCH_PEERS", "FETCH_RAISE", "FetchMode"]


class FetchMode(enum.Enum):
    """What happens when a related record, or a deferred field, is read that is not there yet.

    Given to `QuerySet.fetch_mode`; the records that are fetched have the same mode.
    """

    PEERS = "PEERS"
    """It is fetched, and for all the records that were read with it and are still there."""
    ONE = "ONE"
    """It is fetched, for this record alone."""
    RAISE = "RAISE"
    """Nothing is sent: FieldFetchBlocked."""


FETCH_PEERS = FetchMode.PEERS
FETCH_ONE = FetchMode.ONE
FETCH_RAISE = FetchMode.RAISE
