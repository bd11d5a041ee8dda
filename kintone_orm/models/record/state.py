"""The state of a record besides its values, and how it changes.

    new ──────────assigned──┐                  ┌──assigned
     │                      ▼                  ▼
     └──────────▶ new, with values ──sent──▶ saved ◀──read── kintone
                         ▲                   │ │ ▲
                         │        refused: ──┘ │ └── sent and accepted
                         └──────deleted────────┘        copied, pickled: any, as it is

- *read*: the decoder (`decoding`) makes a state from `SLOTS`; `State.of_read` makes one by hand.
- *assigned*: `State.remember` keeps the field's value from before its first assignment.
- *read later*: `fetching` fills the deferred fields. If others wrote in between, the record takes
  the new revision only if none of its values changed. Otherwise `mark_mixed` notes which fields
  were filled.
- *sent and accepted*: `writing.saving` reports the sent values; `settle` makes them the snapshots.
- *refused*: nothing changes. Unsaved changes stay unsaved, and the revision stays the same.
- *deleted*: `start_anew`. Every present value is an unsaved change; `lost` names the unread fields.
- *copied* and *pickled*: `__deepcopy__` and `__reduce__`, from `SLOTS`. A pickle has an address in
  place of the connection (`ground.addresses`).

To add a slot, add a line to `_Known`.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, NamedTuple

from kintone_orm.fields.base import UNSET
from kintone_orm.models.ground.addresses import address, connection_at
from kintone_orm.models.ground.fetch_modes import FETCH_PEERS, FetchMode
from kintone_orm.models.record.changes import snapshot_of
from kintone_orm.models.record.instance import set_revision
from kintone_orm.models.record.tracked_lists import TrackedLists, tracked_lists

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from weakref import ref

    from kintone_orm.connection import Connection
    from kintone_orm.fields.base import Field
    from kintone_orm.models.ground.addresses import Home
    from kintone_orm.models.record.instance import Instance

__all__ = [
    "SLOTS",
    "State",
    "forget_left_out",
    "mark_mixed",
    "put_default",
    "rebase",
    "restore_state",
    "settle",
    "start_anew",
    "take_revision",
    "unassigned_defaults",
]


class Slot(NamedTuple):
    """A slot of a state: its first value, and the ways to copy and pickle its value."""

    # The value in a new record.
    new: Any = None
    # The value in a record that was just read: a Python name or literal, which is put into the
    # source of the generated decoder.
    read: str = "None"
    # None if the slot is not pickled.
    pickled: Callable[[Any], Any] | None = lambda value: value
    copied: Callable[[Any, dict[int, Any]], Any] | None = copy.deepcopy


def _slot(new: Any = None, **how: Any) -> Any:
    """Return a `Slot`, typed as Any, so that `_Known` can declare the type of its value."""
    return Slot(new, **how)


def _as_it_is(value: object, _memo: dict[int, Any]) -> Any:
    return value


def _shallow(value: object, _memo: dict[int, Any]) -> Any:
    """Return a shallow copy. It shares values from kintone, which are never changed in place."""
    return copy.copy(value)


class _Known:
    """The slots of `State`, with their types."""

    __slots__ = ()

    # True until the record is saved, and again after the record was deleted.
    adding: bool = _slot(True, read="False")
    # The connection that the record was read or saved on. An unpickled record has the
    # connection's address or alias here until the connection is needed.
    home: Home = _slot(read="connection", pickled=address, copied=_as_it_is)
    # How missing values are fetched.
    fetch_mode: FetchMode = _slot(FETCH_PEERS, read="fetch_mode", copied=_as_it_is)
    # Weak references to the records that were read together.
    peers: Sequence[ref[Instance]] = _slot((), read="peers", pickled=None, copied=None)
    # By field name, the snapshot from before the first assignment; UNSET if nothing was loaded.
    originals: dict[str, Any] | None = _slot()
    # By field name, the JSON from kintone that could not be decoded; None if kintone sent no value.
    undecoded: dict[str, Any] | None = _slot(copied=_shallow)
    # By name, the related records that were fetched or assigned, each with the key that found it.
    related: dict[str, tuple[Any, Any]] | None = _slot()
    # The deferred lists that a program may still hold.
    tracked: TrackedLists | None = _slot()
    # Names of fields that were not sent when the record was added; kintone filled them in.
    left_out: frozenset[str] | None = _slot()
    # Names of a deleted record's fields whose values were never read.
    lost: frozenset[str] | None = _slot()
    # By field name, snapshots of the values that `default=` put into a new record.
    by_default: dict[str, Any] | None = _slot()
    # Names of fields whose values are of a newer revision than the record's.
    mixed: frozenset[str] | None = _slot()
    # True if the values were read at another revision than the one that a save compares with.
    rebased: bool = _slot(False, read="False")
    # True while `modify()` changes and saves the record: its values are computed from stored ones.
    computed: bool = _slot(False, read="False")
    # True if the record was gone when it was last fetched.
    missing: bool = _slot(False, read="False")


SLOTS: Mapping[str, Slot] = {n: slot for n, slot in vars(_Known).items() if isinstance(slot, Slot)}


class State(_Known):
    """One record's `_state`. Its slots are described in `_Known`."""

    __slots__ = tuple(SLOTS)

    def __init__(self, **known: object) -> None:
        for name, slot in SLOTS.items():
            setattr(self, name, known.get(name, slot.new))

    @classmethod
    def of_read(cls, connection: Connection) -> State:
        """Return the state of a record that was read alone on `connection`, without peers."""
        return cls(adding=False, home=connection)

    @property
    def connection(self) -> Connection | None:
        """The connection that the record was read or saved on; None for a new record.

        Raises ImproperlyConfigured if the record was unpickled, and no connection has its alias.
        """
        return connection_at(self.home)

    @property
    def db(self) -> str | None:
        """The connection's alias, under the name that Django uses for it."""
        return self.home if isinstance(self.home, str) else getattr(self.home, "alias", None)

    @property
    def gone(self) -> Collection[int]:
        """The ids of rows that the record no longer has."""
        return () if self.tracked is None else self.tracked.gone

    def __reduce__(self) -> tuple[Any, ...]:
        known = {n: s.pickled(getattr(self, n)) for n, s in SLOTS.items() if s.pickled is not None}
        return restore_state, ({n: value for n, value in known.items() if value != SLOTS[n].new},)

    def __deepcopy__(self, memo: dict[int, Any]) -> State:
        slots = ((name, slot.copied) for name, slot in SLOTS.items() if slot.copied is not None)
        return State(**{name: copied(getattr(self, name), memo) for name, copied in slots})

    def remember(self, name: str, value: object) -> None:
        """Keep the field's snapshot from before its first assignment."""
        if self.by_default:
            self.by_default.pop(name, None)
        if self.originals is None:
            self.originals = {}
        self.originals.setdefault(name, value)

    def relate(self, name: str, key: object, related: object) -> None:
        """Keep the related record or records that `key` found, under `name`."""
        if self.related is None:
            self.related = {}
        self.related[name] = key, related

    def related_by(self, name: str, key: object) -> Any:
        """Return the related record or records that `key` found under `name`; else `UNSET`."""
        known_key, related = (self.related or {}).get(name, (UNSET, UNSET))
        return related if known_key == key else UNSET


def restore_state(known: Mapping[str, object]) -> State:
    """Return the state of an unpickled record."""
    known = dict(known)
    # Pickles of earlier versions call the slot `tracked` by the name "held".
    if "held" in known:
        known["tracked"] = known.pop("held")
    return State(**known)


# Pickles of earlier versions call `restore_state` by the name `_unpickled`.
_unpickled = restore_state


# The values in a pickle that was made before there were slots; the last value may be missing.
_BEFORE_SLOTS = (
    *("adding", "home", "fetch_mode", "originals", "undecoded", "related", "lists", "gone"),
    *("left_out", "lost", "by_default"),
)


def _restored(*values: Any) -> State:
    """Return the state of a record that was pickled before states had slots."""
    known = dict(zip(_BEFORE_SLOTS, values, strict=False))
    entries, gone = known.pop("lists"), known.pop("gone")
    return State(tracked=TrackedLists(entries or {}, gone or frozenset()), **known)


def put_default(instance: Instance, field: Field, value: object) -> None:
    """Give a new record the value of the field's `default=`."""
    field.__set__(instance, value)
    state = instance._state
    if state.by_default is None:
        state.by_default = {}
    state.by_default[field.name] = snapshot_of(instance, field)


def unassigned_defaults(instance: Instance) -> set[str]:
    """Return the names of a new record's fields that still hold the value of `default=`.

    A list that was changed in place is not its default any more, so its field is left out.
    """
    fields, by_default = instance._meta.fields, instance._state.by_default or {}
    return {
        name
        for name, snapshot in by_default.items()
        if snapshot_of(instance, fields[name]) == snapshot
    }


def start_anew(instance: Instance) -> None:
    """Mark every present value as unsaved; the record no longer exists in kintone.

    A blank field that kintone had filled in is not marked: kintone fills it in again at the next
    save.
    """
    state, tracked = instance._state, tracked_lists(instance)
    left_out, lost = state.left_out or frozenset(), set()
    state.adding = True
    state.originals = {}
    # An up-to-date tracked list goes back into its field. The stored value of an outdated list was
    # never read, so the value is lost.
    for name, entry in tracked.entries.items():
        field = instance._meta.fields[name]
        if field.peek(instance) is UNSET and entry.revision == instance.revision:
            field.put(instance, entry.value)
    for name, field in instance._meta.fields.items():
        tracked.forget(instance, field)
        if not field.writable:
            field.clear(instance)
        elif (value := field.peek(instance)) is UNSET:
            lost.add(name)
        elif value or name not in left_out or name not in tracked:
            state.originals[name] = UNSET
    tracked.entries.clear()
    state.lost = frozenset(lost - left_out) or None
    state.undecoded = state.left_out = state.by_default = state.mixed = None
    state.rebased = False


def rebase(instance: Instance, revision: int) -> None:
    """Let the next save send `revision`, although the values were read at another revision."""
    if revision != instance.revision:
        set_revision(instance, revision)
        instance._state.rebased = True


def mark_mixed(instance: Instance, names: Iterable[str]) -> None:
    """Note that the fields `names` were filled from another revision than the record's."""
    instance._state.mixed = (instance._state.mixed or frozenset()) | set(names)


def take_revision(instance: Instance, revision: int) -> None:
    """Set the record's revision, which is now that of all its values."""
    set_revision(instance, revision)
    instance._state.mixed, instance._state.rebased = None, False


def settle(instance: Instance, names: Iterable[str]) -> None:
    """Note that the fields `names` hold the stored values, so that they are not changes."""
    assigned, undecoded = instance._state.originals or {}, instance._state.undecoded or {}
    for name in names:
        assigned.pop(name, None)
        undecoded.pop(name, None)
        field = instance._meta.fields[name]
        if field.mutable:
            tracked_lists(instance).keep(instance, field, field.peek(instance))
    forget_left_out(instance, except_for=names)


def forget_left_out(instance: Instance, *, except_for: Iterable[str]) -> None:
    """Forget that kintone filled in the fields `except_for`, which were assigned or read since."""
    state = instance._state
    if state.left_out:
        state.left_out -= set(except_for)
