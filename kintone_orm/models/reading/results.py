"""The rows of a queryset: kept once they are read, or read again each time for a manager.

`Results` and `ManagerResults` have the same methods. A queryset passes a function that reads to
these methods, and need not know which of the two classes it uses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar
from weakref import ref

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["NOBODY", "ManagerResults", "Nobody", "Owner", "Results"]

R = TypeVar("R")


class Owner(Protocol):
    """The record that the rows belong to, such as the customer of ``customer.orders``."""

    def values(self) -> dict[str, Any]:
        """Return the values that make a new record refer to the owner."""
        ...

    def link(self, rows: Iterable[object]) -> None:
        """Make new records refer to the owner; ValueError if one refers to another record."""
        ...

    def link_back(self, rows: Iterable[object]) -> None:
        """Set the relation to the owner on records that were read."""
        ...

    def prefetched(self) -> list[Any] | None:
        """Return the owner's prefetched rows; None if they were not prefetched."""
        ...

    def forget_prefetched(self) -> None:
        """Drop the owner's prefetched rows."""
        ...


class Nobody:
    """The owner of rows that do not belong to a record."""

    __slots__ = ()

    def values(self) -> dict[str, Any]:
        """Return an empty dict: without an owner, a new record gets no values."""
        return {}

    def link(self, rows: Iterable[object]) -> None:
        """Leave the records as they are."""

    def link_back(self, rows: Iterable[object]) -> None:
        """Leave the records as they are."""

    def prefetched(self) -> None:
        """Return None: without an owner, no rows were prefetched."""

    def forget_prefetched(self) -> None:
        """Do nothing: without an owner, there are no prefetched rows."""

    def __reduce__(self) -> str:
        return "NOBODY"


NOBODY = Nobody()


class Results(Generic[R]):
    """The rows of a queryset, kept once they are read to the end."""

    __slots__ = ("__weakref__", "kept")

    def __init__(self, kept: list[R] | None = None) -> None:
        self.kept = kept

    def rows(self, read: Callable[[], Iterator[R]]) -> Iterator[R]:
        """Yield the rows one by one; they are kept when the last row is delivered."""
        # A generator looks at `kept` only when its first row is asked for. By then the rows may be
        # kept: list() makes the iterator first, then asks for the length, which reads every row.
        if self.kept is not None:
            yield from self.kept
            return
        rows = []
        for row in read():
            rows.append(row)
            yield row
        self.kept = rows

    def all(self, read: Callable[[], Iterator[R]]) -> list[R]:
        """Return every row, read at most once."""
        if self.kept is None:
            self.kept = list(read())
        return self.kept

    def once(self, read: Callable[[], Iterator[R]]) -> Iterator[R]:
        """Yield the kept rows if `all` was called; otherwise read rows without keeping them."""
        yield from read() if self.kept is None else self.kept

    def anew(self) -> Results[R] | None:
        """Return None: `all()` returns a queryset without rows, which reads them again."""
        return None

    def require_deletable(self, label: str) -> None:
        """Do nothing: a queryset has `delete()`."""


class ManagerResults(Generic[R]):
    """The rows of a manager's queryset: read again each time, and never kept.

    The owner's prefetched rows are not read again.
    """

    __slots__ = ("_latest", "owner")

    def __init__(self, owner: Owner = NOBODY) -> None:
        self.owner = owner
        self._latest: ref[Results[R]] | None = None  # the rows of the latest iterator

    @property
    def kept(self) -> list[R] | None:
        """The owner's prefetched rows; None if they were not prefetched."""
        return self.owner.prefetched()

    def rows(self, read: Callable[[], Iterator[R]]) -> Iterator[R]:
        """Yield every row, read again, one by one."""
        reading = Results(self.kept)
        self._latest = ref(reading)
        return reading.once(read)

    def all(self, read: Callable[[], Iterator[R]]) -> list[R]:
        """Return every row, read again."""
        # list() asks for an iterator, then for the length. Both use the same `Results`, which live
        # as long as the iterator, so that the rows are read only once.
        # The reference is taken in one step: threads may share a manager's queryset.
        reference, self._latest = self._latest, None
        latest = None if reference is None else reference()
        return (Results(self.kept) if latest is None else latest).all(read)

    def anew(self) -> Results[R] | None:
        """Return the results for `all()`: the owner's prefetched rows, or None to read again."""
        return None if self.kept is None else Results(self.kept)

    def require_deletable(self, label: str) -> None:
        """Raise AttributeError: a manager has no `delete()`, so that nobody deletes by mistake."""
        raise AttributeError(
            f"To delete every record, write {label}.objects.all().delete()."
            if self.owner is NOBODY
            else "Related records have no delete(). To delete all of them, write .all().delete()."
        )
