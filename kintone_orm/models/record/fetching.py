"""Fetching the deferred fields of records, which others may have written in between.

A record must not mix values of two revisions unnoticed: saving it could overwrite a change that
nobody has seen. So the request asks for the deferred fields and for the loaded ones as well.

- If no loaded value has changed, the record counts as read now. It takes the new revision, and its
  unsaved changes stay.
- If a loaded value has changed, only the deferred fields are filled. The record keeps its old
  revision, so that a save or a delete raises the Conflict.

The fields that say when and by whom a record was updated change at every write. They are not
compared, and are taken over with the new revision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.fields.base import UNREADABLE, UNSET
from kintone_orm.fields.list_field import ListField
from kintone_orm.limits import RECORDS_PER_PAGE
from kintone_orm.models.ground.chunks import cut
from kintone_orm.models.record.changes import changes, snapshot_of
from kintone_orm.models.record.decoding.omitted_fields import read_absent
from kintone_orm.models.record.decoding.page_decoder import fill
from kintone_orm.models.record.home import connection_of, require_id, zone_of
from kintone_orm.models.record.state import mark_mixed, take_revision
from kintone_orm.models.record.tracked_lists import stored_snapshot, tracked_lists

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from kintone_orm.connection import Connection
    from kintone_orm.models.record.instance import Instance

__all__ = [
    "deferred_names",
    "fetch_all",
    "fetch_missing",
    "fetch_to_send",
    "fetch_unready",
    "read_again",
]


def deferred_names(instance: Instance) -> set[str]:
    """Return the names of the fields that are fetched at their next access."""
    known = instance._state.undecoded or {}
    if instance._state.adding:
        return set()
    return {
        name
        for name, field in instance._meta.fields.items()
        if field.has_value and name not in known and field.peek(instance) is UNSET
    }


def fetch_missing(instances: Sequence[Instance], *, also: Iterable[str] = ()) -> None:
    """Fetch the deferred fields of saved records, and the fields `also`.

    The records are of one model and one connection; 500 of them take one request. If a record no
    longer exists, its state gets ``missing = True``.
    """
    meta, connection = instances[0]._meta, connection_of(instances[0])
    fields, also = meta.fields, set(also)
    missing = {id(instance): deferred_names(instance) | also for instance in instances}
    names = set().union(*missing.values())
    if not names:
        return
    for instance in instances:
        names |= _loaded_names(instance)
    codes = ["$id", "$revision", *(f.code for n, f in fields.items() if n in names)]
    for page in cut(instances, RECORDS_PER_PAGE):
        by_id = {instance.pk: instance for instance in page}
        ids = {"pk__in": by_id} if len(by_id) > 1 else {"pk": page[0].pk}
        for record in meta.raw_records(connection, codes, limit=len(page), **ids):
            instance = by_id.pop(int(record["$id"]["value"]))
            _learn(instance, record, missing[id(instance)])
        for instance in by_id.values():
            instance._state.missing = True


def fetch_all(instance: Instance, *, also: Iterable[str] = ()) -> None:
    """Fetch the deferred fields of the record, and the fields `also`, in at most one request.

    Raises DoesNotExist if the record is gone.
    """
    fetch_missing([instance], also=also)
    if instance._state.missing:
        raise type(instance).DoesNotExist(f"{instance!r} no longer exists in kintone.")


def fetch_to_send(instance: Instance, names: Iterable[str]) -> bool:
    """Fetch the values that sending the fields `names` needs; return True if a read was needed."""
    tracked = instance._state.tracked
    unread = tracked.to_read(instance, names) if tracked is not None else set()
    if unread:
        fetch_all(instance, also=unread)
    for name in unread:
        field = instance._meta.fields[name]
        # This access raises DecodeError if the value cannot be decoded.
        field.__get__(instance, type(instance))
    return bool(unread)


def read_again(
    instance: Instance, names: Iterable[str], using: Connection | str | None
) -> Mapping[str, Any]:
    """Read the fields `names` again and replace their values; return kintone's record.

    This takes one request. Raises DoesNotExist if the record is gone.
    """
    meta = instance._meta
    named = [meta.get_field(name) for name in names if name not in ("id", "pk")]
    fields = [field for field in named if field.has_value]
    codes = ["$id", "$revision", *(field.code for field in fields)]
    connection, pk = connection_of(instance, using), require_id(instance)
    record = next(meta.raw_records(connection, codes, limit=1, pk=pk), None)
    if record is None:
        raise type(instance).DoesNotExist(f"{instance!r} no longer exists in kintone.")
    fill(instance, record, fields, keep_edits=False)
    read_absent([instance], instance._state.connection)
    for field in fields:
        (instance._state.originals or {}).pop(field.name, None)
    instance._state.missing = False
    return record


def fetch_unready(instances: Iterable[Instance], names: Collection[str]) -> None:
    """Fetch together the records whose changes in `names` cannot be sent without a read.

    A single record of this kind is left out: sending it fetches its values in one request anyway.
    """
    unready = []
    for instance in instances:
        tracked = instance._state.tracked
        if tracked and tracked.to_read(instance, changes(instance).keys() & names):
            unready.append(instance)
    if len(unready) > 1:
        fetch_missing(unready)


def _learn(instance: Instance, record: Mapping[str, Any], names: set[str]) -> None:
    """Fill the fields `names` from kintone's `record`, and decide which revision is kept."""
    revision = int(record["$revision"]["value"])
    has_moved = revision != instance.revision
    counts_as_read = has_moved and _is_unchanged(instance, record)
    fields = instance._meta.fields
    overtaken = fill(instance, record, [fields[n] for n in fields if n in names], keep_edits=True)
    read_absent([instance], instance._state.connection)
    for name in names:
        (instance._state.originals or {}).pop(name, None)
    instance._state.missing = False
    if counts_as_read and not overtaken:
        take_revision(instance, revision)
        stamps = (f for f in fields.values() if f.is_stamp and f.peek(instance) is not UNSET)
        fill(instance, record, stamps)
    elif instance.revision != revision:
        mark_mixed(instance, names)


def _loaded_names(instance: Instance) -> set[str]:
    fields = instance._meta.fields.items()
    present = {name for name, field in fields if field.peek(instance) is not UNSET}
    return present.union(instance._state.originals or ())


def _is_unchanged(instance: Instance, record: Mapping[str, Any]) -> bool:
    """Return True if kintone's `record` has every value that the instance loaded or sent."""
    state, zone = instance._state, zone_of(instance)
    assigned, tracked = state.originals or {}, tracked_lists(instance)
    if state.rebased:
        return False
    for name, field in instance._meta.fields.items():
        is_present = field.peek(instance) is not UNSET
        if not is_present and name in tracked and tracked.is_outdated(instance, name):
            # `TrackedLists.learn` compares an outdated list with the stored value.
            continue
        if not (is_present or name in tracked or name in assigned) or not field.has_value:
            continue
        if field.is_stamp:
            continue
        if assigned.get(name) is UNSET and name in assigned:
            # The field was assigned before it was loaded, so its old value is unknown.
            return False
        try:
            read = field.to_python(record[field.code]["value"], zone)
        except UNREADABLE:
            return False
        if isinstance(field, ListField) and field.mutable:
            if not field.holds(stored_snapshot(instance, field), read):
                return False
        else:
            before = assigned[name] if name in assigned else snapshot_of(instance, field)
            if field.snapshot(read) != before:
                return False
    return True
