"""Everything that is known of one record besides its values, and how that changes.

    new ──────────assigned──┐                  ┌──assigned
     │                      ▼                  ▼
     └──────────▶ new, with values ──sent──▶ saved ◀──read── kintone
                         ▲                   │ │ ▲
                         │        refused: ──┘ │ └── sent and accepted
                         └──────deleted────────┘        copied, pickled: any, as it is

- *read*: the decoder (`decoding`) makes a state from `SLOTS`; `State.of_read` one by hand.
- *assigned*: `State.remember` keeps what the field held, the first time only.
- *read later*: `fetching` fills what was deferred. If others wrote in between, the record
  takes the new revision only where all that it holds is still so; else what was filled is `mix`ed.
- *sent and accepted*: `models.writing.saving` tells what was sent, and `settle` makes it the base.
- *refused*: nothing changes. What was assigned is still to be sent, with the same revision.
- *deleted*: `start_anew`. All that is there is to be sent; `lost` are the values nobody had read.
- *copied* and *pickled*: `__deepcopy__` and `__reduce__`, from `SLOTS`. A pickle has an address in
  place of the connection (`models.ground.addresses`).

A new slot is one line in `_Known`.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, NamedTuple

from kintone_orm.fields.base import UNSET
from kintone_orm.models.ground.addresses import address, arrived
from kintone_orm.models.ground.fetch_modes import FETCH_PEERS, FetchMode
from kintone_orm.models.record.changes import snapshot_of
from kintone_orm.models.record.instance import set_revision
from kintone_orm.models.record.tracked_lists import HeldLists, held_by

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
    "mix",
    "put_default",
    "rebase",
    "settle",
    "start_anew",
    "still_left_out",
    "unassigned_defaults",
    "unmixed",
]


class Slot(NamedTuple):
    """One thing that a state knows: how it begins, and how it travels."""

    new: Any = None  # in a new record
    read: str = "None"  # in one that was just read: a name or a literal in the decoder's source
    pickled: Callable[[Any], Any] | None = lambda value: value  # None: it stays behind
    copied: Callable[[Any, dict[int, Any]], Any] | None = copy.deepcopy


def _slot(new: Any = None, **how: Any) -> Any:
    """A `Slot`, which a type checker takes for the value that it keeps."""
    return Slot(new, **how)


def _as_it_is(value: Any, _memo: dict[int, Any]) -> Any:
    return value


def _shallow(value: Any, _memo: dict[int, Any]) -> Any:
    """A copy that shares what kintone sent: nobody changes that, however deep it is."""
    return copy.copy(value)


class _Known:
    """Everything that a state knows, a line each. `State` makes its slots of them."""

    __slots__ = ()

    # True until the record is saved, and again when it was deleted.
    adding: bool = _slot(True, read="False")
    # The connection where it was read or saved; its address while a pickled one has not needed it.
    home: Home = _slot(read="connection", pickled=address, copied=_as_it_is)
    # What reading a missing value costs.
    fetch_mode: FetchMode = _slot(FETCH_PEERS, read="fetch_mode", copied=_as_it_is)
    # The records that were read together, weakly.
    peers: Sequence[ref[Instance]] = _slot((), read="peers", pickled=None, copied=None)
    # By name, snapshots of what a field held before it was first assigned; UNSET: nothing.
    originals: dict[str, Any] | None = _slot()
    # By name, what kintone sent for the fields that could not be read.
    undecoded: dict[str, Any] | None = _slot(copied=_shallow)
    # By name, the related records that were fetched or assigned, each with the key it was found by.
    related: dict[str, tuple[Any, Any]] | None = _slot()
    # The lists that are deferred, but still a program's.
    held: HeldLists | None = _slot()
    # Fields that were not sent when the record was added, and hold what kintone filled in.
    left_out: frozenset[str] | None = _slot()
    # Fields of a deleted record whose values nobody has read.
    lost: frozenset[str] | None = _slot()
    # By name, snapshots of what `default=` put into a new record and nobody assigned.
    by_default: dict[str, Any] | None = _slot()
    # Fields that were filled from a newer revision than the record's.
    mixed: frozenset[str] | None = _slot()
    # Whether the values are those of another revision than the record's.
    rebased: bool = _slot(False, read="False")
    # Whether kintone did not have the record any more when it was last asked for.
    missing: bool = _slot(False, read="False")


SLOTS: Mapping[str, Slot] = {n: slot for n, slot in vars(_Known).items() if isinstance(slot, Slot)}


class State(_Known):
    """One record's `_state`; `SLOTS` says what it knows."""

    __slots__ = tuple(SLOTS)

    def __init__(self, **known: Any) -> None:
        for name, slot in SLOTS.items():
            setattr(self, name, known.get(name, slot.new))

    @classmethod
    def of_read(cls, connection: Connection) -> State:
        """The state of a record that was read on `connection`, alone."""
        return cls(adding=False, home=connection)

    @property
    def connection(self) -> Connection | None:
        """Where the record was read or saved; ImproperlyConfigured for an alias not known here."""
        return arrived(self.home)

    @property
    def db(self) -> str | None:
        """The alias of the connection, under Django's name."""
        return self.home if isinstance(self.home, str) else getattr(self.home, "alias", None)

    @property
    def gone(self) -> Collection[int]:
        """The ids of rows that the record had and has no more."""
        return () if self.held is None else self.held.gone

    def __reduce__(self) -> tuple[Any, ...]:
        known = {n: s.pickled(getattr(self, n)) for n, s in SLOTS.items() if s.pickled is not None}
        return _unpickled, ({n: value for n, value in known.items() if value != SLOTS[n].new},)

    def __deepcopy__(self, memo: dict[int, Any]) -> State:
        slots = ((name, slot.copied) for name, slot in SLOTS.items() if slot.copied is not None)
        return State(**{name: copied(getattr(self, name), memo) for name, copied in slots})

    def remember(self, name: str, value: Any) -> None:
        """Keep what a field held before it was assigned, the first time only."""
        if self.by_default:
            self.by_default.pop(name, None)
        if self.originals is None:
            self.originals = {}
        self.originals.setdefault(name, value)

    def relate(self, name: str, key: Any, found: Any) -> None:
        """Keep what was found by `key`, under `name`."""
        if self.related is None:
            self.related = {}
        self.related[name] = key, found

    def related_by(self, name: str, key: Any) -> Any:
        """What is kept under `name`, if it was found by `key`; else `UNSET`."""
        by, found = (self.related or {}).get(name, (UNSET, UNSET))
        return found if by == key else UNSET


def _unpickled(known: Mapping[str, Any]) -> State:
    return State(**known)


# What a pickle of an older version holds, in this order; the last one may be missing.
_BEFORE_SLOTS = (
    *("adding", "home", "fetch_mode", "originals", "undecoded", "related", "held", "gone"),
    *("left_out", "lost", "by_default"),
)


def _restored(*values: Any) -> State:
    """The state of a pickle that an older version made."""
    known = dict(zip(_BEFORE_SLOTS, values, strict=False))
    entries, gone = known.pop("held"), known.pop("gone")
    return State(held=HeldLists(entries or {}, gone or frozenset()), **known)


def put_default(instance: Instance, field: Field[Any, Any], value: Any) -> None:
    """Give a new record the value of the field's `default=`, which nobody assigned."""
    field.__set__(instance, value)
    state = instance._state
    if state.by_default is None:
        state.by_default = {}
    state.by_default[field.name] = snapshot_of(instance, field)


def unassigned_defaults(instance: Instance) -> set[str]:
    """The fields of a new record that hold what `default=` put there, unchanged in place, too."""
    fields, by_default = instance._meta.fields, instance._state.by_default or {}
    return {name for name, put in by_default.items() if snapshot_of(instance, fields[name]) == put}


def start_anew(instance: Instance) -> None:
    """All values that are there are changes now: the record is kept nowhere any more."""
    state, held = instance._state, held_by(instance)
    left_out, lost = state.left_out or frozenset(), set()
    state.adding = True
    state.originals = {}
    for name, entry in held.entries.items():
        field = instance._meta.fields[name]
        if field.peek(instance) is UNSET and entry.revision == instance.revision:
            field.put(instance, entry.value)
    for name, field in instance._meta.fields.items():
        held.forget(instance, field)
        if not field.writable:
            field.clear(instance)
        elif (value := field.peek(instance)) is UNSET:
            lost.add(name)
        elif value or name not in left_out or name not in held:
            state.originals[name] = UNSET
    held.entries.clear()
    state.lost = frozenset(lost - left_out) or None
    state.undecoded = state.left_out = state.by_default = state.mixed = None
    state.rebased = False


def rebase(instance: Instance, revision: int) -> None:
    """A save is to be compared with `revision`, though the values were read at another one."""
    if revision != instance.revision:
        set_revision(instance, revision)
        instance._state.rebased = True


def mix(instance: Instance, names: Iterable[str]) -> None:
    """The fields `names` were filled from another revision than the record is at."""
    instance._state.mixed = (instance._state.mixed or frozenset()) | set(names)


def unmixed(instance: Instance, revision: int) -> None:
    """All that the record holds is of `revision`."""
    set_revision(instance, revision)
    instance._state.mixed, instance._state.rebased = None, False


def settle(instance: Instance, names: Iterable[str]) -> None:
    """The fields `names` now hold what kintone holds: they are no changes any more."""
    assigned, undecoded = instance._state.originals or {}, instance._state.undecoded or {}
    for name in names:
        assigned.pop(name, None)
        undecoded.pop(name, None)
        field = instance._meta.fields[name]
        if field.mutable:
            held_by(instance).keep(instance, field, field.peek(instance))
    still_left_out(instance, except_for=names)


def still_left_out(instance: Instance, *, except_for: Iterable[str]) -> None:
    """Of the fields `except_for` it is not known any more that kintone filled them in."""
    state = instance._state
    if state.left_out:
        state.left_out -= set(except_for)
