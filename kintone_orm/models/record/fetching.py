"""A record reads what it lacks, while others may have written it.

The one request asks for what is deferred and for what the record holds, too. If all that it holds
as read or sent is still so, the record is as good as read now: it takes the new revision, and what
was assigned stays to be saved. If anything differs, the deferred fields are filled, and the old
revision stays: a save or a delete meets the Conflict.

When it was updated and by whom differs after every write, so that is no difference: the record
takes it with the new revision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.fields.base import UNREADABLE, UNSET
from kintone_orm.fields.list_field import ListField
from kintone_orm.limits import RECORDS_PER_PAGE
from kintone_orm.models.ground.chunks import cut
from kintone_orm.models.record.changes import changes, snapshot_of
from kintone_orm.models.record.decoding import fill
from kintone_orm.models.record.home import connection_of, require_id, zone_of
from kintone_orm.models.record.omitted_fields import read_absent
from kintone_orm.models.record.state import mix, unmixed
from kintone_orm.models.record.tracked_lists import base_of, held_by

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
    """The names of the fields that are fetched when they are next read."""
    known = instance._state.undecoded or {}
    if instance._state.adding:
        return set()
    return {
        name
        for name, field in instance._meta.fields.items()
        if field.has_value and name not in known and field.peek(instance) is UNSET
    }


def fetch_missing(instances: Sequence[Instance], *, also: Iterable[str] = ()) -> None:
    """Read what the saved records, of one model and one connection, lack; and the fields `also`.

    One request for five hundred of them. A record that is not there any more is `missing`.
    """
    meta, connection = instances[0]._meta, connection_of(instances[0])
    fields, also = meta.fields, set(also)
    missing = {id(each): deferred_names(each) | also for each in instances}
    names = set().union(*missing.values())
    if not names:
        return
    for each in instances:
        names |= _held_names(each)
    codes = ["$id", "$revision", *(f.code for n, f in fields.items() if n in names)]
    for part in cut(instances, RECORDS_PER_PAGE):
        by_id = {each.pk: each for each in part}
        ids = {"pk__in": by_id} if len(by_id) > 1 else {"pk": part[0].pk}
        for record in meta.raw_records(connection, codes, limit=len(part), **ids):
            instance = by_id.pop(int(record["$id"]["value"]))
            _learn(instance, record, missing[id(instance)])
        for instance in by_id.values():
            instance._state.missing = True


def fetch_all(instance: Instance, *, also: Iterable[str] = ()) -> None:
    """Read what the record lacks, in one request; none if it lacks nothing.

    DoesNotExist if the record is gone.
    """
    fetch_missing([instance], also=also)
    if instance._state.missing:
        raise type(instance).DoesNotExist(f"{instance!r} no longer exists in kintone.")


def fetch_to_send(instance: Instance, names: Iterable[str]) -> bool:
    """Read what is missing to send the fields `names`; True if something was."""
    held = instance._state.held
    unknown = held.to_read(instance, names) if held is not None else set()
    if unknown:
        fetch_all(instance, also=unknown)
    for name in unknown:
        field = instance._meta.fields[name]
        field.__get__(instance, type(instance))  # DecodeError if it could not be read
    return bool(unknown)


def read_again(
    instance: Instance, names: Iterable[str], using: Connection | str | None
) -> Mapping[str, Any]:
    """Read the fields `names` over what is there, in one request; return kintone's record.

    DoesNotExist if the record is gone.
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
    """Read together the records whose changes in `names` cannot be sent before; one is no group."""
    unready = []
    for each in instances:
        held = each._state.held
        if held and held.to_read(each, changes(each).keys() & names):
            unready.append(each)
    if len(unready) > 1:
        fetch_missing(unready)


def _learn(instance: Instance, record: Mapping[str, Any], names: set[str]) -> None:
    revision = int(record["$revision"]["value"])
    moved = revision != instance.revision
    as_good_as_read = moved and _holds_still(instance, record)
    fields = instance._meta.fields
    overtaken = fill(instance, record, [fields[n] for n in fields if n in names], keep_edits=True)
    read_absent([instance], instance._state.connection)
    for name in names:
        (instance._state.originals or {}).pop(name, None)
    instance._state.missing = False
    if as_good_as_read and not overtaken:
        unmixed(instance, revision)
        stamps = (f for f in fields.values() if f.is_stamp and f.peek(instance) is not UNSET)
        fill(instance, record, stamps)
    elif instance.revision != revision:
        mix(instance, names)


def _held_names(instance: Instance) -> set[str]:
    fields = instance._meta.fields.items()
    held = {name for name, field in fields if field.peek(instance) is not UNSET}
    return held.union(instance._state.originals or ())


def _holds_still(instance: Instance, record: Mapping[str, Any]) -> bool:
    """True if all that the instance holds, as read or sent, is what the record has."""
    state, zone = instance._state, zone_of(instance)
    assigned, held = state.originals or {}, held_by(instance)
    if state.rebased:
        return False
    for name, field in instance._meta.fields.items():
        there = field.peek(instance) is not UNSET
        if not there and name in held and held.is_outdated(instance, name):
            continue  # it is of an older revision anyway, and learned by itself
        if not (there or name in held or name in assigned) or not field.has_value:
            continue
        if field.is_stamp:
            continue
        if assigned.get(name) is UNSET and name in assigned:
            return False  # nobody has read what it takes the place of
        try:
            read = field.to_python(record[field.code]["value"], zone)
        except UNREADABLE:
            return False
        if isinstance(field, ListField) and field.mutable:
            if not field.holds(base_of(instance, field), read):
                return False
        else:
            before = assigned[name] if name in assigned else snapshot_of(instance, field)
            if field.snapshot(read) != before:
                return False
    return True
