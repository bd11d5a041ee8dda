"""Duplicating a record: making a new record with the same values."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from kintone_orm.models.record.changes import changes as changes_of
from kintone_orm.models.record.fetching import deferred_names, fetch_all
from kintone_orm.models.record.lost_values import require_not_lost
from kintone_orm.models.record.state import put_default, unassigned_defaults

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kintone_orm.models.record.instance import Instance

__all__ = ["duplicate"]

M = TypeVar("M", bound="Instance")


def duplicate(instance: M, changes: Mapping[str, object]) -> M:
    """Return a new record with the same values except for `changes`: see `Model.duplicate`."""
    meta = instance._meta
    changed = {meta.get_field(name).name for name in changes}
    copied = [field for field in meta.fields.values() if field.writable]
    copied = [field for field in copied if field.name not in changed]
    if deferred_names(instance) & {field.name for field in copied}:
        fetch_all(instance)
    if instance._state.adding:
        require_not_lost(instance, [field.name for field in copied])
        # Only the assigned values are copied: kintone fills in the other fields of a new record.
        assigned = changes_of(instance)
        copied = [field for field in copied if field.name in assigned]
    by_default = unassigned_defaults(instance)
    new = type(instance)()
    new._state.home = instance._state.home
    for field in copied:
        value = field.for_duplicate(getattr(instance, field.name))
        if field.name in by_default:
            put_default(new, field, value)
        else:
            setattr(new, field.name, value)
    for name, value in changes.items():
        setattr(new, name, value)
    return new
