"""Peers: records that were read together, and that fetch their missing values together.

They refer to each other weakly. A record that the program no longer holds is not fetched, and
peers do not keep each other alive. Peers of one iteration share its memory of related records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import ref

from kintone_orm.exceptions import FieldFetchBlocked
from kintone_orm.limits import RECORDS_PER_PAGE
from kintone_orm.models.ground.chunks import cut
from kintone_orm.models.ground.fetch_modes import FETCH_PEERS, FETCH_RAISE
from kintone_orm.models.record.fetching import deferred_names, fetch_missing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kintone_orm.fields.base import Field
    from kintone_orm.models.record.instance import Instance
    from kintone_orm.models.record.related_memory import RelatedMemory

__all__ = [
    "Peers",
    "fetch_deferred",
    "make_peers",
    "memory_of",
    "peers_of",
    "require_fetching",
    "share_memory",
]


class Peers(list["ref[Instance]"]):
    """Weak references to the records that were read together, and the memory of their iteration.

    `memory` is None for records that no iteration has read.
    """

    __slots__ = ("memory",)

    memory: RelatedMemory | None


def make_peers(instances: Iterable[Instance], memory: RelatedMemory | None = None) -> None:
    """Make the records peers, 500 at a time, as if they were read in pages.

    All of them are records of one model. `memory` is that of the iteration that fetched them.
    """
    for page in cut(instances, RECORDS_PER_PAGE):
        shared = Peers(map(ref, page) if len(page) > 1 else ())
        shared.memory = memory
        for instance in page:
            instance._state.peers = shared


def share_memory(page: Sequence[Instance], memory: RelatedMemory) -> None:
    """Let the records of a page use the memory of their iteration."""
    if page:
        peers = page[0]._state.peers
        # The page may be a slice of the page that was decoded.
        shared = Peers(map(ref, page) if len(page) > 1 and peers else ())
        shared.memory = memory
        for instance in page:
            instance._state.peers = shared


def memory_of(instance: Instance) -> RelatedMemory | None:
    """Return the memory of the iteration that read the record, or None."""
    peers = instance._state.peers
    return peers.memory if isinstance(peers, Peers) else None


def peers_of(instance: Instance) -> list[Instance]:
    """Return the record and its peers: those that are alive, saved, and on its connection."""
    state, others = instance._state, []
    if state.fetch_mode is FETCH_PEERS:
        for reference in state.peers:
            peer = reference()
            if peer is not None and peer is not instance and not peer._state.adding:
                others.append(peer)
    return [instance, *(peer for peer in others if peer._state.home is state.home)]


def require_fetching(instance: Instance, what: object, instead: str) -> None:
    """Raise FieldFetchBlocked if the record was read with FETCH_RAISE.

    `what` names the missing value for the error; `instead` says how to load it with the record.
    """
    if instance._state.fetch_mode is FETCH_RAISE:
        raise FieldFetchBlocked(
            f"{instance!r}: {what} is not loaded, and fetch_mode(FETCH_RAISE) forbids fetching it. "
            f"{instead}."
        )


def fetch_deferred(instance: Instance, field: Field) -> None:
    """Fetch `field` and all other deferred fields of the record and its peers.

    This takes one request for each 500 records. Raises DoesNotExist if the record is gone; later
    accesses raise it without a request.
    """
    require_fetching(instance, field, f"Name {field.name!r} in only(), or leave it out of defer()")
    if not instance._state.missing:
        peers = [peer for peer in peers_of(instance) if not peer._state.missing]
        fetch_missing([peer for peer in peers if deferred_names(peer)])
    if instance._state.missing:
        raise type(instance).DoesNotExist(f"{instance!r} no longer exists in kintone.")
