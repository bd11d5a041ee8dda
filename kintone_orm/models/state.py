"""What is known of one record besides its values: where it lives, and what changed since."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from kintone_orm.connection import Connection, connections
from kintone_orm.fields.base import UNSET
from kintone_orm.models.fetch_modes import FETCH_PEERS, FetchMode
from kintone_orm.models.held import forget_loaded, keep

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from weakref import ref

    from kintone_orm.fields.base import Field
    from kintone_orm.models.base import Model
    from kintone_orm.models.held import Held

__all__ = [
    "State",
    "changes",
    "loaded",
    "put_default",
    "restored",
    "settle",
    "snapshot_of",
    "start_anew",
    "still_left_out",
    "unassigned_defaults",
]


class State:
    """One record's `_state`.

    `adding` is True until the record is saved. `home` is the connection where it was read or
    saved, or the alias of it while a record that was pickled has not needed it.
    `originals` has snapshots of what a field held before it was first assigned (`UNSET`: nothing);
    `undecoded` what kintone sent for the fields that could not be read. `related` has the related
    records that were fetched or assigned, each with the key that it was found by. `held` are lists
    that are deferred, `gone` the ids of rows that the record had and has no more. `fetch_mode` says
    what reading a missing value costs; `peers` are the records that were read together, weakly.
    `left_out` are the fields that were not sent when the record was added, and hold what kintone
    filled in; `lost` those of a deleted record whose values nobody has read. `by_default` has
    snapshots of the values that `default=` put into a new record and nobody assigned.
    """

    __slots__ = (
        "adding",
        "by_default",
        "fetch_mode",
        "gone",
        "held",
        "home",
        "left_out",
        "lost",
        "originals",
        "peers",
        "related",
        "undecoded",
    )

    def __init__(self) -> None:
        self.adding = True
        self.home: Connection | str | None = None
        self.originals: dict[str, Any] | None = None
        self.undecoded: dict[str, Any] | None = None
        self.related: dict[str, tuple[Any, Any]] | None = None
        self.fetch_mode = FETCH_PEERS
        self.peers: Sequence[ref[Model]] = ()
        self.held: dict[str, Held] | None = None
        self.gone: frozenset[int] | None = None
        self.left_out: frozenset[str] | None = None
        self.lost: frozenset[str] | None = None
        self.by_default: dict[str, Any] | None = None

    @property
    def connection(self) -> Connection | None:
        """Where the record was read or saved; ImproperlyConfigured for an alias not known here."""
        if isinstance(self.home, str):
            self.home = connections[self.home]
        return self.home

    @property
    def db(self) -> str | None:
        """The alias of the connection, under Django's name."""
        return self.home.alias if isinstance(self.home, Connection) else self.home

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self.adding, self.db, self.fetch_mode, *self._values())

    def __deepcopy__(self, memo: dict[int, Any]) -> State:
        values = copy.deepcopy(self._values(), memo)
        return _restored(self.adding, self.home, self.fetch_mode, *values)

    def _values(self) -> tuple[Any, ...]:
        known = self.originals, self.undecoded, self.related, self.held, self.gone
        return *known, self.left_out, self.lost, self.by_default

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


def _restored(
    adding: bool,
    home: Connection | str | None,
    fetch_mode: FetchMode,
    originals: dict[str, Any] | None,
    undecoded: dict[str, Any] | None,
    related: dict[str, tuple[Any, Any]] | None,
    held: dict[str, Held] | None,
    gone: frozenset[int] | None,
    left_out: frozenset[str] | None,
    lost: frozenset[str] | None,
    by_default: dict[str, Any] | None = None,  # a pickle of an older version has none
) -> State:
    state = State()
    state.adding, state.home, state.fetch_mode = adding, home, fetch_mode
    state.originals, state.undecoded, state.related = originals, undecoded, related
    state.held, state.gone, state.left_out, state.lost = held, gone, left_out, lost
    state.by_default = by_default
    return state


def put_default(instance: Model, field: Field[Any, Any], value: Any) -> None:
    """Give a new record the value of the field's `default=`, which nobody assigned."""
    field.__set__(instance, value)
    state = instance._state
    state.by_default = (state.by_default or {}) | {field.name: snapshot_of(instance, field)}


def unassigned_defaults(instance: Model) -> set[str]:
    """The fields of a new record that hold what `default=` put there, unchanged in place, too."""
    fields, by_default = instance._meta.fields, instance._state.by_default or {}
    return {name for name, put in by_default.items() if snapshot_of(instance, fields[name]) == put}


def changes(instance: Model) -> dict[str, tuple[Any, Any]]:
    """The fields that differ from what was loaded: by name its snapshot, and the new value.

    Compared by value: assigning an equal value is no change, and a list that changed in place is
    one, also while it is deferred. What was not loaded before it was assigned is `UNSET`.
    """
    assigned, held = instance._state.originals or {}, instance._state.held or {}
    found = {}
    for name, field in instance._meta.fields.items():
        if not field.writable:
            continue
        new = field.peek(instance)
        if new is UNSET and name in held:
            new = held[name].value
        if field.mutable:
            # In a new record, a list that was merely read is no value yet.
            old = _loaded(instance, field)
            touched = bool(new) or name in assigned or not instance._state.adding
        else:
            old = assigned.get(name, UNSET)
            touched = name in assigned
        if touched and new is not UNSET and (old is UNSET or field.snapshot(new) != old):
            found[name] = (old, new)
    return found


def loaded(instance: Model) -> dict[str, Any]:
    """Snapshots of what was read, by name of each writable field; `UNSET`: it was not."""
    held = instance._state.held or {}
    return {
        name: UNSET if name in held else _loaded(instance, field)
        for name, field in instance._meta.fields.items()
        if field.writable
    }


def _loaded(instance: Model, field: Field[Any, Any]) -> Any:
    assigned = instance._state.originals or {}
    # A list that was assigned unread replaces whatever is there.
    if field.mutable and assigned.get(field.name) is not UNSET:
        return field.loaded(instance)
    return assigned[field.name] if field.name in assigned else snapshot_of(instance, field)


def snapshot_of(instance: Model, field: Field[Any, Any]) -> Any:
    """The snapshot of the field's value, `UNSET` if it has none."""
    value = field.peek(instance)
    return value if value is UNSET else field.snapshot(value)


def restored(instance: Model, pairs: Mapping[str, tuple[Any, Any]]) -> dict[str, tuple[Any, Any]]:
    """The pairs (snapshot of the old value, new value) with the old value itself, by name."""
    home = instance._state.home
    zone = home.timezone if isinstance(home, Connection) else None
    fields = instance._meta.fields
    return {
        name: (old if old is UNSET else fields[name].from_snapshot(old, zone), new)
        for name, (old, new) in pairs.items()
    }


def start_anew(instance: Model) -> None:
    """All values that are there are changes now: the record is kept nowhere any more."""
    state = instance._state
    left_out, lost = state.left_out or frozenset(), set()
    state.adding = True
    state.originals = {}
    for name, entry in (state.held or {}).items():
        field = instance._meta.fields[name]
        if field.peek(instance) is UNSET and entry.revision == instance._revision:
            field.put(instance, entry.value)
    for name, field in instance._meta.fields.items():
        forget_loaded(instance, field)
        if not field.writable:
            field.clear(instance)
        elif (value := field.peek(instance)) is UNSET:
            lost.add(name)
        elif value or name not in left_out or name not in (state.held or {}):
            state.originals[name] = UNSET
    state.lost = frozenset(lost - left_out) or None
    state.held = state.undecoded = state.left_out = state.by_default = None


def settle(instance: Model, names: Iterable[str]) -> None:
    """The fields `names` now hold what kintone holds: they are no changes any more."""
    assigned, undecoded = instance._state.originals or {}, instance._state.undecoded or {}
    for name in names:
        assigned.pop(name, None)
        undecoded.pop(name, None)
        field = instance._meta.fields[name]
        keep(instance, field, field.peek(instance))
    still_left_out(instance, except_for=names)


def still_left_out(instance: Model, *, except_for: Iterable[str]) -> None:
    """Of the fields `except_for` it is not known any more that kintone filled them in."""
    state = instance._state
    if state.left_out:
        state.left_out -= set(except_for)
