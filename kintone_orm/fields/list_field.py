"""ListField: the base of fields whose value is a list.

A program can change the list in place. So the record also keeps its *base*, a snapshot of the
value that kintone stores, and a save compares the two.

The record keeps the same list object across saves, because the program may still use it. After a
save, kintone's version of the list (new ids, keys, names) is merged into this object. Edits made
since the save are kept, and the next save sends them. `kintone_orm.models.record.tracked_lists`
decides when a list is merged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast, overload

from kintone_orm.fields.base import UNSET, Field

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import tzinfo

    from typing_extensions import Self, TypeVar

    from kintone_orm.fields.base import Unset
    from kintone_orm.query.comparable import Zone

    V = TypeVar("V", default=Any)
    I = TypeVar("I", default=Any)  # noqa: E741 - as in Field
else:
    from typing import TypeVar

    V = TypeVar("V")
    I = TypeVar("I")  # noqa: E741

__all__ = ["ListField", "cells_of_files", "refilled"]


class ListField(Field[V, I]):
    """A field whose value is a list. A model has a second slot for the base of the list."""

    mutable = True
    copy_expression = "tuple({v})"

    _base: Any = None

    def slots(self, name: str) -> list[str]:
        return [*super().slots(name), *([f"_o_{name}"] * self.mutable)]

    def bind_slots(self) -> None:
        """Connect the field with its slots.

        A row has no slot for a base, because the subtable's base includes the rows' lists.
        """
        super().bind_slots()
        self._base = getattr(self.model, f"_o_{self.name}", None)

    # Without these overloads, Pyright assumes the type of `__set__` for reading, too.
    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: type) -> Self: ...
        @overload
        def __get__(self, instance: object, owner: type) -> V: ...
        def __get__(self, instance: object, owner: type) -> Self | V: ...

    def __set__(self, instance: Any, value: I) -> None:
        if not self.writable:
            raise AttributeError(self.why_read_only())
        coerced = self.coerce(value, instance._zone)
        instance._remember(self)
        # `record.tags += more` assigns the list to itself: the list must stay the same object.
        is_same = value is self.peek(instance)
        self.put(instance, refilled(value, coerced) if is_same else coerced)

    def loaded(self, instance: object) -> Any:
        """Return the base, the snapshot of the stored value; `UNSET` if it is unknown."""
        try:
            return UNSET if self._base is None else self._base.__get__(instance)
        except AttributeError:
            return UNSET

    def keep_loaded(self, instance: object, value: V | Unset) -> None:
        """Make a snapshot of `value` the base, because kintone now stores this value."""
        if self._base is not None and value is not UNSET:
            self._base.__set__(instance, self.snapshot(value))

    def forget_loaded(self, instance: object) -> None:
        """Remove the base, so that the next save sends the whole value."""
        if self.loaded(instance) is not UNSET:
            self._base.__delete__(instance)

    def clear(self, instance: object) -> None:
        self.forget_loaded(instance)
        super().clear(instance)

    def tidy(self, value: V, zone: Zone) -> None:
        """Coerce the items of the list, as an assignment does; FieldError for a wrong item."""
        if self.mutable:
            refilled(value, self.coerce(value, zone))

    def row_ids(self, loaded: object) -> frozenset[int]:
        """Return the ids of the rows in the base `loaded`; only subtables have rows."""
        del loaded
        return frozenset()

    def snapshot(self, value: V) -> Any:
        return tuple(cast("list[Any]", value))

    def from_snapshot(self, snapshot: Any, zone: tzinfo | None) -> V:
        del zone
        return cast("V", list(snapshot))

    # -- across a save ------------------------------------------------------------------------

    def refill(self, target: object, value: V) -> V:
        """Put the items of `value` into the list `target` and return `target`.

        If `target` is not a list, return `value`.
        """
        return refilled(target, value)

    def adopt(self, value: V, replaced: object, record: object, gone: Collection[int]) -> None:
        """Prepare `value`, which was just saved in `record`, to be read again.

        `replaced` is the base before the save. `gone` has the ids of the record's deleted rows.
        """

    def awaits_ids(self, value: V, loaded: object) -> bool:
        """Return True if new ids or keys must be read from kintone before the value can be sent."""
        del value, loaded
        return False

    def holds(self, loaded: object, read: V) -> bool:
        """Return True if kintone's value (`read`) equals the base (`loaded`)."""
        return bool(self.snapshot(read) == loaded)

    def learn(self, current: Any, loaded: Any, read: V, *, rows: Any = (), raw: object = ()) -> V:
        """Merge kintone's version of a saved list into `current`, and return it.

        `loaded` is the snapshot that was sent, `read` the value that kintone stored for it.
        `rows` are the rows that were sent, and `raw` is the JSON that was read.
        """
        # Without edits since the save, the list takes the new value. Otherwise each item that was
        # sent is replaced by kintone's version, which is at the same index; added items stay.
        del rows, raw
        if self.snapshot(current) == loaded:
            return self.refill(current, read)
        if isinstance(loaded, tuple) and isinstance(read, list) and len(loaded) == len(read):
            new_items = {i: read[loaded.index(x)] for i, x in enumerate(current) if x in loaded}
            current[:] = [new_items.get(i, x) for i, x in enumerate(current)]
        value: V = current
        return value

    # -- files --------------------------------------------------------------------------------

    def file_cells(self, value: V, loaded: object) -> Iterable[tuple[list[Any], Sequence[Any]]]:
        """Yield the lists of files that a save of `value` sends, each with its stored files.

        `loaded` is the base of the value; if it is `UNSET`, the whole value is sent.
        """
        del value, loaded
        return ()


def refilled(target: object, value: V) -> V:
    """Put the items of `value` into the list `target` and return `target`.

    If one of the two is not a list, return `value`.
    """
    if not (isinstance(target, list) and isinstance(value, list)):
        return value
    target[:] = value
    return cast("V", target)


def cells_of_files(
    field: Field, value: object, loaded: object
) -> Iterable[tuple[list[Any], Sequence[Any]]]:
    """Yield the lists as `ListField.file_cells` does; for other fields, yield no list."""
    return field.file_cells(value, loaded) if isinstance(field, ListField) else ()
