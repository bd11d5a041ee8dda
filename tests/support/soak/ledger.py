"""The ledger of a soak: for each key, the values that may be stored at the end."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kintone_orm.exceptions import (
    BulkWriteError,
    ConflictError,
    DecodeError,
    FieldError,
    KintoneORMError,
    MultipleObjectsReturned,
    ObjectDoesNotExist,
    ValidationError,
)
from kintone_orm.outcomes import CarriedOut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

__all__ = ["ABSENT", "Ledger", "Value"]

Value = int | str | None
ABSENT: Value = None  # the value of a key that is not stored

# A bad network must never end in one of these: each tells the program something about its records.
_FALSE = (
    ConflictError,
    DecodeError,
    FieldError,
    MultipleObjectsReturned,
    ObjectDoesNotExist,
    ValidationError,
)


class Ledger:
    """The writes of all threads, and how each of them ended. Only one thread writes a key.

    `ends` counts the operations by name and end. `problems` are ends that must not occur.
    """

    def __init__(self) -> None:
        self.ends: Counter[tuple[str, str]] = Counter()
        self.problems: list[str] = []
        self._possible: dict[str, set[Value]] = {}
        self._groups: list[dict[str, tuple[Value, Value]]] = []
        self._history: defaultdict[str, list[str]] = defaultdict(list)
        self._lock = threading.Lock()

    def value(self, key: str) -> Value:
        """The stored value of a key, which is certain."""
        (value,) = self._possible.get(key, {ABSENT})
        return value

    def add_stored(self, values: Mapping[str, Value]) -> None:
        """Add values that are stored and certain."""
        with self._lock:
            self._possible.update({key: {value} for key, value in values.items()})

    @contextmanager
    def reading(self, name: str) -> Iterator[None]:
        """A read. Its error, if there is one, is noted and not raised."""
        try:
            yield
        except KintoneORMError as error:
            if error.carried_out is not CarriedOut.NO:
                self.report(f"{name}: a read is said to be {error.carried_out.value}: {error!r}")
            self._end_with(name, error, "not carried out")
        else:
            self._end(name, "success")

    @contextmanager
    def writing(
        self,
        name: str,
        values: Mapping[str, Value],
        *,
        key_of: Callable[[object], str] = str,
        conflict_allowed: bool = False,
    ) -> Iterator[None]:
        """A write of these values, all of them or none. Its error is noted and not raised.

        `key_of` returns the key of an object in the lists of a BulkWriteError.
        """
        before = {key: self.value(key) for key in values}
        line = "success"
        try:
            yield
        except KintoneORMError as error:
            end = error.carried_out
            line = f"{end.value}, {error!r}"
            if isinstance(error, BulkWriteError):
                keys = sorted(map(key_of, _all(error)))
                if keys != sorted(values):
                    self.report(f"{name}: the lists of {error!r} have {keys}")
            self._end_with(name, error, end.value, conflict_allowed=conflict_allowed)
            if end is CarriedOut.YES:
                self.report(f"{name}: one request is said to be done in part: {error!r}")
        else:
            end = CarriedOut.YES
            self._end(name, "success")
        with self._lock:
            for key, value in values.items():
                self._history[key].append(f"{name} {value!r}: {line}")
            if end is CarriedOut.YES:
                self._possible.update({key: {value} for key, value in values.items()})
            elif end is CarriedOut.UNKNOWN:
                self._possible.update({key: {before[key], value} for key, value in values.items()})
                self._groups.append({key: (before[key], values[key]) for key in values})

    def is_certain(self, key: str) -> bool:
        return len(self._possible.get(key, {ABSENT})) == 1

    def report(self, problem: str) -> None:
        """Note that something happened that must not."""
        with self._lock:
            self.problems.append(problem)

    def compare(self, stored: Iterable[tuple[str, Value]]) -> None:
        """Report each difference from the stored keys and values."""
        pairs = list(stored)
        values = dict(pairs)
        for key, number in Counter(key for key, _ in pairs).items():
            if number > 1:
                self.report(f"{key} is stored {number} times. {self._told(key)}")
        for key in values.keys() | self._possible.keys():
            possible, value = self._possible.get(key, {ABSENT}), values.get(key, ABSENT)
            if value not in possible:
                self.report(f"{key} is {value!r}, not one of {possible!r}. {self._told(key)}")
        for group in self._groups:
            written = {values.get(key, ABSENT) == after for key, (_, after) in group.items()}
            if len(written) > 1:
                self.report(f"A part of a group is stored: {sorted(group)}")

    def _end(self, name: str, end: str) -> None:
        with self._lock:
            self.ends[name, end] += 1

    def _end_with(
        self, name: str, error: KintoneORMError, end: str, *, conflict_allowed: bool = False
    ) -> None:
        self._end(name, end)
        is_conflict = conflict_allowed and isinstance(error, ConflictError)
        if isinstance(error, _FALSE) and not is_conflict:
            self.report(f"{name}: {error!r}")

    def _told(self, key: str) -> str:
        return "; ".join(self._history[key])


def _all(error: BulkWriteError) -> list[object]:
    return [*error.done, *error.failed, *error.unknown, *error.pending]
