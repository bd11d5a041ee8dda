"""The changes of a record: its values beside those that were loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.fields.base import UNSET
from kintone_orm.models.record.tracked_lists import base_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kintone_orm.fields.base import Field
    from kintone_orm.models.record.instance import Instance

__all__ = ["changes", "loaded", "restored", "snapshot_of"]


def changes(instance: Instance) -> dict[str, tuple[Any, Any]]:
    """The fields that differ from what was loaded: by name its snapshot, and the new value.

    Compared by value: assigning an equal value is no change, and a list that changed in place is
    one, also while it is deferred. What was not loaded before it was assigned is `UNSET`. Only
    what was assigned is looked at, and the lists.
    """
    state, meta = instance._state, instance._meta
    assigned, held = state.originals or {}, state.held
    found = {}
    for name, old in assigned.items():
        field = meta.fields[name]
        if field.mutable or not field.writable or (new := field.peek(instance)) is UNSET:
            continue
        if old is UNSET or field.snapshot(new) != old:
            found[name] = (old, new)
    for field in meta.lists:
        name, new = field.name, field.peek(instance)
        if new is UNSET and held is not None:
            new = held.value(name)
        # In a new record, a list that was merely read is no value yet.
        if new is UNSET or not (new or name in assigned or not state.adding):
            continue
        old = UNSET if assigned.get(name) is UNSET else field.loaded(instance)
        if old is UNSET or field.snapshot(new) != old:
            found[name] = (old, new)
    if len(found) < 2:
        return found
    return {name: found[name] for name in meta.fields if name in found}


def loaded(instance: Instance) -> dict[str, Any]:
    """Snapshots of what was read, by name of each writable field; `UNSET`: it was not."""
    held = instance._state.held or ()
    return {
        name: UNSET if name in held else _loaded(instance, field)
        for name, field in instance._meta.fields.items()
        if field.writable
    }


def _loaded(instance: Instance, field: Field[Any, Any]) -> Any:
    assigned = instance._state.originals or {}
    # A list that was assigned unread replaces whatever is there.
    if field.mutable and assigned.get(field.name) is not UNSET:
        return base_of(instance, field)
    return assigned[field.name] if field.name in assigned else snapshot_of(instance, field)


def snapshot_of(instance: Instance, field: Field[Any, Any]) -> Any:
    """The snapshot of the field's value, `UNSET` if it has none."""
    value = field.peek(instance)
    return value if value is UNSET else field.snapshot(value)


def restored(
    instance: Instance, pairs: Mapping[str, tuple[Any, Any]]
) -> dict[str, tuple[Any, Any]]:
    """The pairs (snapshot of the old value, new value) with the old value itself, by name."""
    zone = getattr(instance._state.home, "timezone", None)
    fields = instance._meta.fields
    return {
        name: (old if old is UNSET else fields[name].from_snapshot(old, zone), new)
        for name, (old, new) in pairs.items()
    }
