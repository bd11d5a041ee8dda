"""The rows of a queryset: kept once they are read, or read anew each time for a manager.

`Results` and `ManagerResults` have the same methods. A queryset hands them a function that reads,
and never asks which of the two it has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar
from weakref import ref

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["NOBODY", "ManagerResults", "Nobody", "Owner", "Results"]

R = TypeVar("R")


class Owner(Protocol):
    """The record that the rows belong to: that of ``customer.orders``."""

    def values(self) -> dict[str, Any]:
        """The values that make a new record refer to the owner."""
        ...

    def link(self, rows: Iterable[object]) -> None:
        """Make new records refer to the owner; ValueError if one refers to another record."""
        ...

    def link_back(self, rows: Iterable[object]) -> None:
        """Give records that were read their relation to the owner."""
        ...

    def prefetched(self) -> list[Any] | None:
        """The rows that were read along with the owner; None if they were not."""
        ...

    def forget_prefetched(self) -> None:
        """Drop the rows that were read along with the owner."""
        ...


class Nobody:
    """The owner of rows that belong to no record."""

    __slots__ = ()

    def values(self) -> dict[str, Any]:
        """No values."""
        return {}

    def link(self, rows: Iterable[object]) -> None:
        """Leave the records as they are."""

    def link_back(self, rows: Iterable[object]) -> None:
        """Leave the records as they are."""

    def prefetched(self) -> None:
        """None: nothing was read along."""

    def forget_prefetched(self) -> None:
        """Do nothing: nothing was read along."""

    def __reduce__(self) -> str:
        return "NOBODY"


NOBODY = Nobody()


class Results(Generic[R]):
    """The rows of a queryset. They are kept, complete, once they were read to the end."""

    __slots__ = ("__weakref__", "kept")

    def __init__(self, kept: list[R] | None = None) -> None:
        self.kept = kept

    def rows(self, read: Callable[[], Iterator[R]]) -> Iterator[R]:
        """The rows one by one; they are kept when the last one is delivered."""
        # `kept` is looked at for the first row, not at the call: list() asks for an iterator first,
        # then for the length, which reads every row.
        if self.kept is not None:
            yield from self.kept
            return
        rows = []
        for row in read():
            rows.append(row)
            yield row
        self.kept = rows

    def all(self, read: Callable[[], Iterator[R]]) -> list[R]:
        """Every row, read at most once."""
        if self.kept is None:
            self.kept = list(read())
        return self.kept

    def once(self, read: Callable[[], Iterator[R]]) -> Iterator[R]:
        """The rows one by one, not kept unless `all` was called before the first."""
        yield from read() if self.kept is None else self.kept

    def anew(self) -> Results[R] | None:
        """The results of `all()`: none yet, so that the rows are read again."""
        return None

    def require_deletable(self, label: str) -> None:
        """Allow `delete()`."""


class ManagerResults(Generic[R]):
    """The rows of a queryset that a manager handed out: read anew each time, and never kept.

    Rows that were read along with the owner are not read again.
    """

    __slots__ = ("_latest", "owner")

    def __init__(self, owner: Owner = NOBODY) -> None:
        self.owner = owner
        self._latest: ref[Results[R]] | None = None  # of the iterator that was asked for last

    @property
    def kept(self) -> list[R] | None:
        """The rows that were read along with the owner."""
        return self.owner.prefetched()

    def rows(self, read: Callable[[], Iterator[R]]) -> Iterator[R]:
        """The rows one by one, of a new reading."""
        reading = Results(self.kept)
        self._latest = ref(reading)
        return reading.once(read)

    def all(self, read: Callable[[], Iterator[R]]) -> list[R]:
        """Every row, of a new reading."""
        # list() asks for an iterator, then for the length: both belong to the same reading, which
        # lives as long as the iterator does.
        latest = None if self._latest is None else self._latest()
        self._latest = None
        return (Results(self.kept) if latest is None else latest).all(read)

    def anew(self) -> Results[R] | None:
        """The results of `all()`: the rows that were read along with the owner."""
        return None if self.kept is None else Results(self.kept)

    def require_deletable(self, label: str) -> None:
        """Raise AttributeError: a manager has no `delete()`, so that nobody deletes by mistake."""
        raise AttributeError(
            f"To delete every record write {label}.objects.all().delete()."
            if self.owner is NOBODY
            else "Related records have no delete(): write .all().delete() for all of them."
        )
