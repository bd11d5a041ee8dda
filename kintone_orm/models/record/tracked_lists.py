"""Lists that are deferred, but that a program may still hold: what it does to them is saved, too.

After some writes a list is to be read again: kintone has not told the ids of new rows, what it
calculates, by which keys it keeps files. The list and its rows stay the record's all the same.
What kintone holds is learned into them when the field is read. Before the list is sent it is read
only in two cases. Others wrote the record in between. Or kintone knows something that is sent by
what nobody has read: rows that were new, and files in a cell that is sent again.
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

__all__ = ["HeldLists", "at_hand", "base_of", "held_by", "is_overtaken"]


@dataclass(slots=True)
class Held:
    """A list, what stood in it when it was deferred, and the last revision known to have that."""

    value: list[Any]
    sent: tuple[Any, ...]
    revision: int


@dataclass(slots=True)
class HeldLists:
    """The lists of one record that are deferred, by name, and the ids of rows that it had.

    `defer` puts a list here; `learn`, when it was read, and `give_back`, when it was written, take
    it out again. `keep` and `forget` move the base of a list, which is what the record's changes
    are compared with.
    """

    entries: dict[str, Held] = attribute(default_factory=dict)
    gone: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.entries)

    def __contains__(self, name: str) -> bool:
        return name in self.entries

    def value(self, name: str) -> Any:
        """The list, or `UNSET`."""
        return self.entries[name].value if name in self.entries else UNSET

    def is_outdated(self, instance: Instance, name: str) -> bool:
        """True if the list is of another revision than what else the record holds."""
        return self.entries[name].revision != instance.revision

    def moved(self, before: int, revision: int) -> None:
        """The record went from one revision to the next, and nobody else wrote in between."""
        for held in self.entries.values():
            held.revision = revision if held.revision == before else held.revision

    def keep(self, instance: Instance, field: Field[Any, Any], value: Any) -> None:
        """Kintone holds the value now."""
        if isinstance(field, ListField):
            before = field.row_ids(field.loaded(instance))
            field.keep_loaded(instance, value)
            self.gone |= before - field.row_ids(field.loaded(instance))

    def forget(self, instance: Instance, field: Field[Any, Any]) -> None:
        """Kintone holds no such value any more."""
        if isinstance(field, ListField):
            self.gone |= field.row_ids(field.loaded(instance))
            field.forget_loaded(instance)

    def defer(
        self, instance: Instance, field: Field[Any, Any], revision: int, replaced: Any
    ) -> None:
        """The field is fetched when it is next read: kintone put its value in place of `replaced`.

        `revision` is the last one that is known to have the value.
        """
        value = field.peek(instance)
        if field.name in self:
            return
        if not (isinstance(field, ListField) and field.writable and isinstance(value, list)):
            field.clear(instance)
            return
        field.adopt(value, replaced, instance, self.gone)
        self.keep(instance, field, value)
        self.entries[field.name] = Held(value, tuple(value), revision)
        field.hide(instance)

    def learn(
        self,
        instance: Instance,
        field: Field[Any, Any],
        read: Any,
        record: Mapping[str, Any],
        *,
        instead_of: Any,
        keep_edits: bool,
    ) -> bool:
        """Put what was `read` from the record into the field, in the list that it had, if any.

        What was edited since it was deferred stays an edit, if `keep_edits`. If others have
        changed what it is based on, nothing is put there, and the instance goes back to the
        revision that it is based on: a save of it meets the Conflict. The answer is whether that
        is so.
        """
        if not isinstance(field, ListField):
            return False
        overtaken = False
        held, loaded = self.entries.pop(field.name, None), field.loaded(instance)
        value, edited = instead_of, False
        if held is None:
            self.keep(instance, field, read)
        else:
            value = held.value if instead_of is UNSET else instead_of
            touched = value is not held.value or field.snapshot(value) != loaded
            edited = touched and keep_edits
            revision = int(record["$revision"]["value"])
            if revision == held.revision or field.holds(loaded, read):
                self.keep(instance, field, read)
                rows = held.sent if touched else tuple(value)
                field.learn(value, loaded, read, rows=rows, raw=record[field.code]["value"])
            elif edited:
                overtaken = True
                set_revision(instance, min(held.revision, instance.revision or held.revision))
            else:
                self.keep(instance, field, read)
        field.put(instance, value if edited else field.refill(value, read))
        return overtaken

    def to_read(self, instance: Instance, names: Iterable[str]) -> set[str]:
        """Of the fields `names`, those that must be read before they can be sent."""
        fields = instance._meta.fields
        return {n for n in names if n in self and self._must_be_read(instance, fields[n])}

    def give_back(self, instance: Instance, names: Iterable[str]) -> None:
        """The lists `names` were written: they stand in their fields again."""
        for name in names:
            field, entry = instance._meta.fields[name], self.entries.pop(name, None)
            if entry is not None and field.peek(instance) is UNSET:
                field.put(instance, entry.value)

    def _must_be_read(self, instance: Instance, field: Field[Any, Any]) -> bool:
        held, assigned = self.entries[field.name], field.peek(instance)
        value = held.value if assigned is UNSET else assigned
        if not isinstance(field, ListField):
            return False
        base = field.loaded(instance)
        based = assigned is UNSET or field.row_ids(base)  # else it replaces whatever is there
        outdated = based and held.revision != instance.revision
        return bool(outdated or field.awaits_ids(value, base))


def held_by(instance: Instance) -> HeldLists:
    """The lists that are held of the record; made when they are first asked for."""
    state = instance._state
    if state.held is None:
        state.held = HeldLists()
    return state.held


def at_hand(instance: Instance, field: Field[Any, Any]) -> Any:
    """The value that is there, also of a list that is deferred; or `UNSET`."""
    value, held = field.peek(instance), instance._state.held
    return held.value(field.name) if value is UNSET and held is not None else value


def base_of(instance: Instance, field: Field[Any, Any]) -> Any:
    """A snapshot of what kintone holds in the list, or `UNSET`; also for a field of no list."""
    return field.loaded(instance) if isinstance(field, ListField) else UNSET


def is_overtaken(instance: Instance, values: Mapping[str, Any], bases: Mapping[str, Any]) -> bool:
    """True if others changed what the `values`, which are ready, are based on.

    It shows in saved files by whose keys kintone was to be asked, and that were not found again.
    """
    fields = instance._meta.fields
    return any(
        id(file) in saved
        for name, value in values.items()
        if (saved := _waiting_files(bases[name]))
        for cell, _ in cells_of_files(fields[name], value, bases[name])
        for file in cell
    )


def _waiting_files(snapshot: Any) -> set[int]:
    """The files without a key of kintone's in a snapshot, and in the rows and cells of it."""
    if isinstance(snapshot, tuple):
        return set().union(*map(_waiting_files, snapshot))
    return {id(snapshot)} if isinstance(snapshot, PendingFile) else set()
