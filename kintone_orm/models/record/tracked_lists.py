"""Deferred lists that a program may still hold.

After some writes the record no longer knows everything about a list: kintone has not reported the
ids of new rows, the calculated cells, or the keys under which it keeps files. The field is then
deferred, so that its next access reads the stored value. But the program may hold the list, or one
of its rows, in a variable. Changes that the program makes there must be saved as well.

So the list is kept. It is *tracked*:

- `defer` takes it out of the field and keeps it here, with a copy of its items and the last
  revision that is known to hold them.
- `learn` runs when the field is read. Ids, calculated cells and file keys are copied from the
  stored value into the very list and rows that the program holds. Cells that the program changed
  since then stay unsaved changes.
- `put_back` puts the list back into the field, if the list was written before it was read.

A tracked list can usually be sent without reading it first. Two cases need a read: somebody else
wrote the record in between, or the request must name something that only kintone knows, namely the
ids of rows that were new and the keys of files in a cell that is sent again.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as attribute
from typing import TYPE_CHECKING, Any

from kintone_orm.fields.base import UNSET
from kintone_orm.fields.list_field import ListField, cells_of_files
from kintone_orm.files.pending import PendingFile
from kintone_orm.models.record.instance import set_revision

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kintone_orm.fields.base import Field
    from kintone_orm.models.record.instance import Instance

__all__ = [
    "TrackedList",
    "TrackedLists",
    "is_overtaken",
    "stored_snapshot",
    "tracked_lists",
    "value_at_hand",
]


@dataclass(slots=True)
class TrackedList:
    """A deferred list, its items when it was deferred, and the last revision known to hold them."""

    value: list[Any]
    sent: tuple[Any, ...]
    revision: int


@dataclass(slots=True)
class TrackedLists:
    """The tracked lists of one record by field name, and the ids of rows that it no longer has.

    `keep` and `forget` set and drop the snapshot of a list, from which its changes are found.
    """

    entries: dict[str, TrackedList] = attribute(default_factory=dict)
    gone: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.entries)

    def __contains__(self, name: str) -> bool:
        return name in self.entries

    def value(self, name: str) -> Any:
        """Return the tracked list of the field `name`, or `UNSET` if there is no tracked list."""
        return self.entries[name].value if name in self.entries else UNSET

    def is_outdated(self, instance: Instance, name: str) -> bool:
        """Return True if the list `name` has another revision than the record's other values."""
        return self.entries[name].revision != instance.revision

    def advance(self, before: int, revision: int) -> None:
        """Move lists of revision `before` to `revision`: nobody else changed them in between."""
        for entry in self.entries.values():
            if entry.revision == before:
                entry.revision = revision

    def keep(self, instance: Instance, field: Field, value: object) -> None:
        """Take the snapshot of a value that kintone stores now."""
        if isinstance(field, ListField):
            before = field.row_ids(field.loaded(instance))
            field.keep_loaded(instance, value)
            self.gone |= before - field.row_ids(field.loaded(instance))

    def forget(self, instance: Instance, field: Field) -> None:
        """Drop the snapshot, because kintone no longer stores the value."""
        if isinstance(field, ListField):
            self.gone |= field.row_ids(field.loaded(instance))
            field.forget_loaded(instance)

    def defer(self, instance: Instance, field: Field, revision: int, replaced: object) -> None:
        """Defer the field until its next access, and track its list if it has one.

        `replaced` is the snapshot that the sent value replaced. `revision` is the last revision
        that is known to have the value.
        """
        value = field.peek(instance)
        if field.name in self:
            return
        if not (isinstance(field, ListField) and field.writable and isinstance(value, list)):
            field.clear(instance)
            return
        field.adopt(value, replaced, instance, self.gone)
        self.keep(instance, field, value)
        self.entries[field.name] = TrackedList(value, tuple(value), revision)
        field.hide(instance)

    def learn(
        self,
        instance: Instance,
        field: Field,
        read: Any,
        record: Mapping[str, Any],
        *,
        instead_of: Any,
        keep_edits: bool,
    ) -> bool:
        """Put the value `read` from `record` into the field, in the tracked list object.

        `instead_of` is the value that the field had before it was read. Unsaved changes stay, if
        `keep_edits`.

        Return True if others changed the stored value on which unsaved changes are based. Then
        those changes stay as they are, and the record goes back to the revision on which they are
        based, so that saving it raises the Conflict.
        """
        if not isinstance(field, ListField):
            return False
        overtaken = False
        entry, loaded = self.entries.pop(field.name, None), field.loaded(instance)
        value, edited = instead_of, False
        if entry is None:
            self.keep(instance, field, read)
        else:
            value = entry.value if instead_of is UNSET else instead_of
            touched = value is not entry.value or field.snapshot(value) != loaded
            edited = touched and keep_edits
            revision = int(record["$revision"]["value"])
            if revision == entry.revision or field.holds(loaded, read):
                # Nobody else changed the list: the rows that were read are the rows that were
                # sent, in the same order. An edited list may have other rows by now, so the
                # ids go to the rows that the list had when it was sent.
                self.keep(instance, field, read)
                rows = entry.sent if touched else tuple(value)
                field.learn(value, loaded, read, rows=rows, raw=record[field.code]["value"])
            elif edited:
                overtaken = True
                set_revision(instance, min(entry.revision, instance.revision or entry.revision))
            else:
                self.keep(instance, field, read)
        # Without unsaved changes the stored value wins; `refill` puts it into the same list object.
        field.put(instance, value if edited else field.refill(value, read))
        return overtaken

    def to_read(self, instance: Instance, names: Iterable[str]) -> set[str]:
        """Return the fields among `names` that must be read before they can be sent."""
        fields = instance._meta.fields
        return {n for n in names if n in self and self._must_be_read(instance, fields[n])}

    def put_back(self, instance: Instance, names: Iterable[str]) -> None:
        """Put the lists `names`, which were written, back into their fields."""
        for name in names:
            field, entry = instance._meta.fields[name], self.entries.pop(name, None)
            if entry is not None and field.peek(instance) is UNSET:
                field.put(instance, entry.value)

    def _must_be_read(self, instance: Instance, field: Field) -> bool:
        entry, assigned = self.entries[field.name], field.peek(instance)
        value = entry.value if assigned is UNSET else assigned
        if not isinstance(field, ListField):
            return False
        base = field.loaded(instance)
        # An assigned list replaces any stored value. So it needs a base only if the snapshot has
        # row ids, because the rows are sent with these ids.
        needs_base = assigned is UNSET or field.row_ids(base)
        is_outdated = needs_base and entry.revision != instance.revision
        return bool(is_outdated or field.awaits_ids(value, base))


def tracked_lists(instance: Instance) -> TrackedLists:
    """Return the tracked lists of the record, made at the first call."""
    state = instance._state
    if state.tracked is None:
        state.tracked = TrackedLists()
    return state.tracked


def value_at_hand(instance: Instance, field: Field) -> Any:
    """Return the field's value or tracked list without a request; `UNSET` if it is not loaded."""
    value, tracked = field.peek(instance), instance._state.tracked
    return tracked.value(field.name) if value is UNSET and tracked is not None else value


def stored_snapshot(instance: Instance, field: Field) -> Any:
    """Return the snapshot of the stored list; `UNSET` if unknown, or if the field holds no list."""
    return field.loaded(instance) if isinstance(field, ListField) else UNSET


def is_overtaken(
    instance: Instance, values: Mapping[str, object], bases: Mapping[str, object]
) -> bool:
    """Return True if others changed the stored values on which the `values` to send are based.

    A saved file that still has no key shows this. Reading the record after the save gives each file
    its key, unless kintone no longer has the file in the record.
    """
    fields = instance._meta.fields
    return any(
        id(file) in saved
        for name, value in values.items()
        if (saved := _waiting_files(bases[name]))
        for cell, _ in cells_of_files(fields[name], value, bases[name])
        for file in cell
    )


def _waiting_files(snapshot: object) -> set[int]:
    """Return the `id()` of each file without a key in the snapshot of a list or a table."""
    if isinstance(snapshot, tuple):
        return set().union(*map(_waiting_files, snapshot))
    return {id(snapshot)} if isinstance(snapshot, PendingFile) else set()


# Pickles of earlier versions call the two classes `Held` and `HeldLists`.
Held, HeldLists = TrackedList, TrackedLists
