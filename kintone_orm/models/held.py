"""Lists that are deferred, but that a program may still hold: what it does to them is saved, too.

After some writes a list is to be read again: kintone has not told the ids of new rows, what it
calculates, by which keys it keeps files. The list and its rows stay the record's all the same.
What kintone holds is learned into them when the field is read, or before it is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kintone_orm.fields.base import UNSET
from kintone_orm.files.new import PendingFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kintone_orm.fields.base import Field
    from kintone_orm.models.base import Model

__all__ = [
    "Held",
    "defer",
    "forget_loaded",
    "is_overtaken",
    "is_ready",
    "keep",
    "learn",
    "make_ready",
]


@dataclass(slots=True)
class Held:
    """A list, what stood in it when it was deferred, and the last revision known to have that."""

    value: list[Any]
    sent: tuple[Any, ...]
    revision: int


def defer(instance: Model, field: Field[Any, Any], revision: int, replaced: Any) -> None:
    """The field is fetched when it is next read: kintone put its value in place of `replaced`.

    `revision` is the last one that is known to have the value.
    """
    value, state = field.peek(instance), instance._state
    if field.name in (state.held or {}):
        return
    if not (field.writable and isinstance(value, list)):
        field.clear(instance)
        return
    field.adopt(value, replaced, instance, state.gone or ())
    keep(instance, field, value)
    state.held = (state.held or {}) | {field.name: Held(value, tuple(value), revision)}
    field.hide(instance)


def keep(instance: Model, field: Field[Any, Any], value: Any) -> None:
    """Kintone holds the value now."""
    before, state = field.row_ids(field.loaded(instance)), instance._state
    field.keep_loaded(instance, value)
    if lost := before - field.row_ids(field.loaded(instance)):
        state.gone = (state.gone or frozenset()) | lost


def forget_loaded(instance: Model, field: Field[Any, Any]) -> None:
    """Kintone holds no such value any more."""
    state = instance._state
    if lost := field.row_ids(field.loaded(instance)):
        state.gone = (state.gone or frozenset()) | lost
    field.forget_loaded(instance)


def learn(
    instance: Model,
    field: Field[Any, Any],
    read: Any,
    record: Mapping[str, Any],
    *,
    instead_of: Any,
    keep_edits: bool,
) -> None:
    """Put what was `read` from the record into the field, in the list that it had, if any.

    What was edited since it was deferred stays an edit, if `keep_edits`. If others have changed
    what it is based on, nothing is put there, and the instance goes back to the revision that it
    is based on: a save of it meets the Conflict.
    """
    held, loaded = (instance._state.held or {}).pop(field.name, None), field.loaded(instance)
    value, edited = instead_of, False
    if held is None:
        keep(instance, field, read)
    else:
        value = held.value if instead_of is UNSET else instead_of
        touched = value is not held.value or field.snapshot(value) != loaded
        edited = touched and keep_edits
        revision = int(record["$revision"]["value"])
        if revision == held.revision or field.holds(loaded, read):
            keep(instance, field, read)
            rows = held.sent if touched else tuple(value)
            field.learn(value, loaded, read, rows=rows, raw=record[field.code]["value"])
        elif edited:
            instance._revision = held.revision
        else:
            keep(instance, field, read)
    field.put(instance, value if edited else field.refill(value, read))


def is_ready(instance: Model, names: Iterable[str]) -> bool:
    """Whether the fields `names` can be sent without a look at what kintone holds."""
    held, fields = instance._state.held or {}, instance._meta.fields
    return not any(_must_be_read(instance, fields[name]) for name in names if name in held)


def make_ready(instance: Model, names: Iterable[str]) -> None:
    """What must be known before the fields `names` are sent is learned, in one request at most."""
    held = instance._state.held or {}
    fields = {name: instance._meta.fields[name] for name in names if name in held}
    unknown = {name for name, field in fields.items() if _must_be_read(instance, field)}
    if unknown:
        instance._fetch_deferred(also=unknown)
    for name, field in fields.items():
        if name in unknown:
            field.__get__(instance, type(instance))  # DecodeError if it could not be read
        elif (entry := held.pop(name, None)) is not None and field.peek(instance) is UNSET:
            field.put(instance, entry.value)


def is_overtaken(instance: Model, values: Mapping[str, Any]) -> bool:
    """Whether others changed what the `values`, which are ready, are based on.

    It shows in saved files by whose keys kintone was to be asked, and that were not found again.
    """
    fields = instance._meta.fields
    return any(
        saved & _waiting_files(fields[name].snapshot(value))
        for name, value in values.items()
        if (saved := _waiting_files(fields[name].loaded(instance)))
    )


def _waiting_files(snapshot: Any) -> set[int]:
    """The files without a key of kintone's in a snapshot, and in the rows and cells of it."""
    if isinstance(snapshot, tuple):
        return set().union(*map(_waiting_files, snapshot))
    return {id(snapshot)} if isinstance(snapshot, PendingFile) else set()


def _must_be_read(instance: Model, field: Field[Any, Any]) -> bool:
    held, assigned = (instance._state.held or {})[field.name], field.peek(instance)
    value = held.value if assigned is UNSET else assigned
    outdated = assigned is UNSET and held.revision != instance.revision
    return outdated or field.awaits_ids(value, field.loaded(instance))
