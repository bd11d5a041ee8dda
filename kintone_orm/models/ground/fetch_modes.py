"""Fetch modes: how a missing value is fetched when it is read."""

from __future__ import annotations

import enum

__all__ = ["FETCH_ONE", "FETCH_PEERS", "FETCH_RAISE", "FetchMode"]


class FetchMode(enum.Enum):
    """The way to fetch a related record or a deferred field that is read but not loaded.

    It is a value for `QuerySet.fetch_mode`. The fetched records get the same mode.
    """

    PEERS = "PEERS"
    """Fetch it for this record and for all records that were read with it and are still in use."""
    ONE = "ONE"
    """Fetch it for this record alone."""
    RAISE = "RAISE"
    """Send nothing, and raise FieldFetchBlocked."""


FETCH_PEERS = FetchMode.PEERS
FETCH_ONE = FetchMode.ONE
FETCH_RAISE = FetchMode.RAISE
