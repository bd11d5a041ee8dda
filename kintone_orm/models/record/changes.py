"""The changes of a record: its values compared with the loaded ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.fields.base import UNSET
from kintone_orm.models.record.tracked_lists import stored_snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kintone_orm.fields.base import Field
    from kintone_orm.models.record.instance import Instance

__all__ = ["changes", "loaded", "snapshot_of", "with_old_values"]


def changes(instance: Instance) -> dict[str, tuple[Any, Any]]:
    """Return the changed fields, as name -> (loaded snapshot, new value).

    Values are compared, so assigning an equal value is not a change. Changing a list in place is a
    change, even while the list is deferred. The snapshot is `UNSET` if the field was assigned
    before it was loaded. Only assigned fields and lists are compared.
    """
    state, meta = instance._state, instance._meta
    assigned, tracked = state.originals or {}, state.tracked
    changed = {}
    for name, old in assigned.items():
        field = meta.fields[name]
        if field.mutable or not field.writable or (new := field.peek(instance)) is UNSET:
            continue
        if old is UNSET or field.snapshot(new) != old:
            changed[name] = (old, new)
    for field in meta.lists:
        name, new = field.name, field.peek(instance)
        if new is UNSET and tracked is not None:
            new = tracked.value(name)
        # Reading a list of a new record makes an empty list, which is not a change.
        if new is UNSET or not (new or name in assigned or not state.adding):
            continue
        old = UNSET if assigned.get(name) is UNSET else field.loaded(instance)
        if old is UNSET or field.snapshot(new) != old:
            changed[name] = (old, new)
    if len(changed) < 2:
        return changed
    return {name: changed[name] for name in meta.fields if name in changed}


def loaded(instance: Instance) -> dict[str, Any]:
    """Return the loaded snapshot of each writable field by name; `UNSET` if it was not loaded."""
    tracked = instance._state.tracked or ()
    return {
        name: UNSET if name in tracked else _loaded(instance, field)
        for name, field in instance._meta.fields.items()
        if field.writable
    }


def _loaded(instance: Instance, field: Field) -> Any:
    assigned = instance._state.originals or {}
    # A list that was assigned before it was loaded replaces any stored value.
    if field.mutable and assigned.get(field.name) is not UNSET:
        return stored_snapshot(instance, field)
    return assigned[field.name] if field.name in assigned else snapshot_of(instance, field)


def snapshot_of(instance: Instance, field: Field) -> Any:
    """Return the snapshot of the field's value; `UNSET` if it has no value."""
    value = field.peek(instance)
    return value if value is UNSET else field.snapshot(value)


def with_old_values(
    instance: Instance, pairs: Mapping[str, tuple[Any, Any]]
) -> dict[str, tuple[Any, Any]]:
    """Turn each pair (old snapshot, new value) into a pair (old value, new value)."""
    zone = getattr(instance._state.home, "timezone", None)
    fields = instance._meta.fields
    return {
        name: (old if old is UNSET else fields[name].from_snapshot(old, zone), new)
        for name, (old, new) in pairs.items()
    }
