"""ListField: what the fields have in common whose value is a list that a program may hold.

Such a list changes in place, so what kintone holds is kept beside it, as a snapshot: its base. And
the list stays the record's across saves: what kintone makes of it is learned into it, while what
was edited since stays an edit (`kintone_orm.models.record.tracked_lists` says when).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from kintone_orm.fields.base import UNSET, Field

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import tzinfo

    from typing_extensions import Self

    from kintone_orm.fields.base import Unset
    from kintone_orm.query.comparable import Zone

__all__ = ["ListField", "cells_of_files", "refilled"]

V = TypeVar("V")
I = TypeVar("I")  # noqa: E741 - as in Field


class ListField(Field[V, I]):
    """A field whose value is a list; a model keeps the base of it in a slot of its own."""

    mutable = True
    copy_expression = "tuple({v})"

    _base: Any = None

    def slots(self, name: str) -> list[str]:
        return [*super().slots(name), *([f"_o_{name}"] * self.mutable)]

    def bind_slots(self) -> None:
        """As `Field.bind_slots`; a row keeps no bases: its table does."""
        super().bind_slots()
        self._base = getattr(self.model, f"_o_{self.name}", None)

    # Pyright takes both for one type unless the class that has `__set__` says this, too.
    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: type) -> Self: ...
        @overload
        def __get__(self, instance: object, owner: type) -> V: ...
        def __get__(self, instance: Any, owner: type) -> Self | V: ...

    def __set__(self, instance: Any, value: I) -> None:
        if not self.writable:
            raise AttributeError(self.why_read_only())
        coerced = self.coerce(value, instance._zone)
        instance._remember(self)
        same = value is self.peek(instance)  # as in `record.tags += more`: it stays the same list
        self.put(instance, refilled(value, coerced) if same else coerced)

    def loaded(self, instance: Any) -> Any:
        """The base: a snapshot of what kintone holds, or `UNSET`."""
        try:
            return UNSET if self._base is None else self._base.__get__(instance)
        except AttributeError:
            return UNSET

    def keep_loaded(self, instance: Any, value: V | Unset) -> None:
        """Take the value as it is now for the one that kintone holds."""
        if self._base is not None and value is not UNSET:
            self._base.__set__(instance, self.snapshot(value))

    def forget_loaded(self, instance: Any) -> None:
        """Kintone holds no such value any more: at the next save it is a new one."""
        if self.loaded(instance) is not UNSET:
            self._base.__delete__(instance)

    def clear(self, instance: Any) -> None:
        self.forget_loaded(instance)
        super().clear(instance)

    def tidy(self, value: V, zone: Zone) -> None:
        """Make what was put into the list what assigning it would have made; FieldError."""
        if self.mutable:
            refilled(value, self.coerce(value, zone))

    def row_ids(self, loaded: Any) -> frozenset[int]:
        """The ids of the rows in a base."""
        del loaded
        return frozenset()

    def snapshot(self, value: V) -> Any:
        return tuple(cast("list[Any]", value))

    def from_snapshot(self, snapshot: Any, zone: tzinfo | None) -> V:
        del zone
        return cast("V", list(snapshot))

    # -- across a save ------------------------------------------------------------------------

    def refill(self, held: Any, value: V) -> V:
        """The value; as the list that is `held`, if it is one."""
        return refilled(held, value)

    def adopt(self, value: V, replaced: Any, record: Any, gone: Collection[int]) -> None:
        """The value was written into `record`, in place of `replaced`, and is to be read again."""

    def awaits_ids(self, value: V, loaded: Any) -> bool:
        """True if the value cannot be sent before ids or keys of kintone's are read."""
        del value, loaded
        return False

    def holds(self, loaded: Any, read: V) -> bool:
        """True if what was `read` is still what was `loaded`."""
        return bool(self.snapshot(read) == loaded)

    def learn(self, held: Any, loaded: Any, read: V, *, rows: Any = (), raw: Any = ()) -> V:
        """`held`, of which kintone took what is `loaded` and made what was `read`.

        What was edited since stays as it is. `rows` are those that were sent, `raw` is the JSON.
        """
        del rows, raw
        if self.snapshot(held) == loaded:
            return self.refill(held, read)
        if isinstance(loaded, tuple) and isinstance(read, list) and len(loaded) == len(read):
            renewed = {i: read[loaded.index(x)] for i, x in enumerate(held) if x in loaded}
            held[:] = [renewed.get(i, x) for i, x in enumerate(held)]
        value: V = held
        return value

    # -- files --------------------------------------------------------------------------------

    def file_cells(self, value: V, loaded: Any) -> Iterable[tuple[list[Any], Sequence[Any]]]:
        """The lists of files that are sent with the value, each with those it takes the place of.

        `loaded` is the base of the value; with `UNSET` all of it is sent.
        """
        del value, loaded
        return ()


def refilled(held: Any, value: V) -> V:
    """The value; as the list that is `held`, if both are lists."""
    if not (isinstance(held, list) and isinstance(value, list)):
        return value
    held[:] = value
    return cast("V", held)


def cells_of_files(
    field: Field[Any, Any], value: Any, loaded: Any
) -> Iterable[tuple[list[Any], Sequence[Any]]]:
    """As `ListField.file_cells`; nothing for a field that holds no list."""
    return field.file_cells(value, loaded) if isinstance(field, ListField) else ()
