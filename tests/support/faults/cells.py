"""One cell of the matrix of the wire: an operation with a fault at one of its requests."""

from __future__ import annotations

import itertools
from collections import deque
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from kintone_orm import Retry, connections
from kintone_orm.exceptions import BulkWriteError, ConflictError, KintoneORMError
from support.clocks import SkippingClock
from support.faults.operations import OPERATIONS, Order, made, store
from support.faults.served import serving_emulators
from support.faults.wire_faults import FAULTS, MOST_BYTES, REFUSED
from support.faults.wired import wired

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from support.faults.proxy import Proxy
    from support.faults.served import Served

__all__ = ["AT_ONCE", "Matrix", "matrix"]

AT_ONCE = 16  # cells that run at the same time, at most

_PATIENT = 10.0  # seconds: a time-out that no cell reaches
_SHORT = 0.3  # seconds: the time-out of an attempt whose answer never comes
_DEADLINE = 1.0  # seconds: for a request whose answer comes for ever


class Normal(NamedTuple):
    """An operation without a fault: its result, and the records before it and after it."""

    result: Any
    before: Any
    after: Any
    requests: int


class Matrix:
    """Operations against copies of one kintone, each behind a proxy of its own."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._loaded = made()
        self._normal: dict[str, Normal] = {}
        # The server may still read from an emulator whose answer was whole, to find its end.
        self._left: deque[Any] = deque()

    def close(self, *, but: int = 0) -> None:
        """Close the emulators that were left, all but the last ones."""
        while len(self._left) > but:
            self._left.popleft().close()

    def _leave(self, emulator: Any) -> None:
        self._left.append(emulator)
        self.close(but=2 * AT_ONCE)

    def normal(self, operation: str) -> Normal:
        if operation not in self._normal:
            inside, steps = self._loaded.copy(), OPERATIONS[operation]()
            before = store(inside)
            with self._wire(inside) as (connection, proxy), connections.override(connection):
                next(steps)
                proxy.arrived.clear()
                result = next(steps)
            normal = Normal(result, before, store(inside), len(proxy.arrived))
            self._leave(inside.emulator)
            self._normal[operation] = normal
        return self._normal[operation]

    def end(
        self,
        operation: str,
        number: int,
        group: str,
        fault: str,
        *,
        always: bool = False,
        slowness: float = 1.0,
    ) -> str:
        """The end of the operation, as the table writes it, with the fault at a request of it.

        `slowness` multiplies the short time-outs.
        """
        normal = self.normal(operation)
        inside, steps = self._loaded.copy(), OPERATIONS[operation]()
        with self._wire(inside) as (connection, proxy), connections.override(connection):
            next(steps)
            if fault == REFUSED:
                connection.clock = SkippingClock(proxy.listen if not always else lambda: None)
                proxy.refuse(after=number)
            else:
                proxy.spoil(FAULTS[fault], after=number, times=None if always else 1)
            error = None
            try:
                with limited(connection, group, number, slowness):
                    result = next(steps)
            except KintoneORMError as raised:
                error = raised
            proxy.relax()
            now = store(inside)
            again = Order.objects.count()
        assert again == len(now[0]), "the next request gets its own answer"
        self._leave(inside.emulator)
        if error is None:
            return (
                "ok" if (result, now) == (normal.result, normal.after) else f"wrong {result!r:.60}"
            )
        return _end_of_error(error, normal, now)

    def _wire(self, inside: Any) -> AbstractContextManager[tuple[Any, Proxy]]:
        return wired(
            self._served,
            inside,
            max_answer=MOST_BYTES,
            retry=Retry(attempts=3),
            timeout=(_PATIENT, _PATIENT),
        )


@contextmanager
def limited(connection: Any, group: str, number: int, slowness: float) -> Iterator[None]:
    """Limit the time of the request of that number, if its answer never comes, or never ends."""
    numbers = itertools.count()

    def limiting(send: Any, request: Any) -> Any:
        is_spoilt = group.startswith("stalled") and next(numbers) == number
        connection._timeout = (_PATIENT, _SHORT * slowness if is_spoilt else _PATIENT)
        return send(request)

    deadline = _DEADLINE * slowness if group.startswith("drips") else None
    with connection.wrap(limiting), connections.override(deadline=deadline):
        yield


def _end_of_error(error: KintoneORMError, normal: Normal, now: Any) -> str:
    said = {"not carried out": "N", "unknown": "?", "carried out": "Y"}[error.carried_out.value]
    if isinstance(error, ConflictError):
        said += " Conflict"
    if isinstance(error, BulkWriteError) and not is_true(error, normal.before[0], now[0]):
        said += " untrue lists"
    if normal.before == normal.after:
        return said if now == normal.before else f"{said}wrong"
    kept = "-" if now == normal.before else "+" if now == normal.after else "~"
    return said + kept


def is_true(error: BulkWriteError, before: Any, now: Any) -> bool:
    """True if what the error says about each record agrees with the stored records."""
    was, is_ = ({key: row for row in held for key in (row[0], row[2])} for held in (before, now))

    def written(each: Any) -> bool:
        key = each if isinstance(each, int) else each.code
        return was.get(key) != is_.get(key)

    return all(map(written, error.done)) and not any(map(written, error.failed + error.pending))


@contextmanager
def matrix() -> Iterator[Matrix]:
    with ExitStack() as stack:
        served = stack.enter_context(serving_emulators())
        yield stack.enter_context(closing(Matrix(served)))
