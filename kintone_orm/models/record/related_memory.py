"""The related records that an iteration has read, so that its later pages need not read them again.

Each page of an iteration fetches the records that its own records refer to. Ten thousand orders of
fifty customers would fetch the same fifty at each of their twenty pages. So the iteration remembers
them until it ends:

- It keeps the records that were used last. All others are remembered as long as something else
  holds them, such as an order in the program's list.
- A key that no record has is remembered as well.
- An entry counts as unknown once a write to the app of the record was sent on its connection. The
  key is then asked for again. If the record still has the revision of the remembered object, that
  object is used on, with its unsaved changes.

The memory is emptied when its iteration ends. It is no identity map.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import ref

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import TypeAlias

    from kintone_orm.connection import Connection
    from kintone_orm.models.record.instance import Instance

    # The connection and the app that a record is in.
    Home: TypeAlias = tuple[Connection, int]
    # The relation (or the prefetch with its own queryset), the home, and the key.
    Place: TypeAlias = tuple[object, Home, Any]

__all__ = ["MOST_KEPT", "RelatedMemory", "RememberedRecords"]

# The number of related records that a memory keeps alive.
MOST_KEPT = 1_000


class _Entry(NamedTuple):
    """A record, or None for a key that no record has, as it was after the write `last_write`."""

    reference: ref[Instance] | None
    last_write: object

    @property
    def record(self) -> Instance | None:
        """The record; None if there is none, or if nothing holds it any more."""
        return None if self.reference is None else self.reference()


class RelatedMemory:
    """The related records of one iteration, by relation, connection, app and key.

    Threads may share it without a lock, so that a forked process finds none locked: each step is
    one operation of a dict. A lost race costs a request.
    """

    __slots__ = ("_entries", "_is_closed", "_kept")

    def __init__(self) -> None:
        self._entries: dict[Place, _Entry] = {}
        # The records that are kept alive, the one that was used last at the end.
        self._kept: OrderedDict[Place, Instance | None] = OrderedDict()
        self._is_closed = False

    def of(self, source: object, *, keep: bool = True) -> RememberedRecords:
        """Return the records of a relation, or of a prefetch with its own queryset.

        Without `keep`, a record is remembered only while something else holds it.
        """
        return RememberedRecords(self, source, keep)

    def find(self, place: Place) -> _Entry | None:
        """Return what is known of the key; None if nothing is."""
        return self._entries.get(place)

    def put(self, place: Place, record: Instance | None, last_write: object) -> None:
        """Remember the record, or None for a key that no record has."""
        reference = None if record is None else ref(record, self._forgetting(place))
        self._entries[place] = _Entry(reference, last_write)
        if self._is_closed:
            # Another thread was still fetching when the iteration ended.
            self.close()

    def keep(self, place: Place, record: Instance | None) -> None:
        """Keep the record alive, and drop the record that was not used for the longest time."""
        self._kept[place] = record
        try:
            self._kept.move_to_end(place)
            while len(self._kept) > MOST_KEPT:
                dropped, former = self._kept.popitem(last=False)
                if former is None:
                    self._entries.pop(dropped, None)
        except KeyError:
            # Another thread has dropped the place, or has emptied the memory.
            return
        if self._is_closed:
            self.close()

    def close(self) -> None:
        """Forget everything, for good: the iteration has ended."""
        self._is_closed = True
        if self._entries or self._kept:
            self._entries.clear()
            self._kept.clear()

    def _forgetting(self, place: Place) -> Callable[[ref[Instance]], None]:
        """Return the function that removes the entry of a record that nothing holds any more."""
        entries = self._entries

        def forget(reference: ref[Instance]) -> None:
            entry = entries.get(place)
            if entry is not None and entry.reference is reference:
                entries.pop(place, None)

        return forget


class RememberedRecords(NamedTuple):
    """The part of a memory that holds the records of one relation."""

    memory: RelatedMemory
    source: object
    keep: bool

    def recall(
        self, home: Home, keys: Iterable[Any], last_write: object
    ) -> dict[Any, Instance | None]:
        """Return the known records by key; None for a key that no record has.

        `last_write` is the last write to the app. What was read before that write is left out.
        """
        recalled: dict[Any, Instance | None] = {}
        for key in keys:
            place = (self.source, home, key)
            entry = self.memory.find(place)
            if entry is None or entry.last_write is not last_write:
                continue
            record = entry.record
            if record is None and entry.reference is not None:
                continue
            recalled[key] = record
            if self.keep:
                self.memory.keep(place, record)
        return recalled

    def learn(
        self,
        home: Home,
        fetched: Mapping[Any, Instance | None],
        last_write: object,
    ) -> dict[Any, Instance | None]:
        """Remember the records that were fetched after `last_write`; return the objects to use.

        A remembered object is used on if its record still has the same revision.
        """
        learned: dict[Any, Instance | None] = {}
        for key, record in fetched.items():
            place = (self.source, home, key)
            former = self.memory.find(place)
            if record is not None and former is not None and _is_same(former.record, record):
                record = former.record
            learned[key] = record
            self.memory.put(place, record, last_write)
            if self.keep or record is None:
                self.memory.keep(place, record)
        return learned


def _is_same(former: Instance | None, record: Instance) -> bool:
    """Return True if both are the same record at the same revision."""
    return (
        former is not None
        and former._state.home is record._state.home
        and (former.pk, former.revision) == (record.pk, record.revision)
    )
