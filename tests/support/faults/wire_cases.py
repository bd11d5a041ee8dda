"""The cells of the matrix of the wire that a test runs, and their comparison with the table."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from support.examples import number_of
from support.faults.cells import AT_ONCE
from support.faults.wire_faults import GROUPS, REFUSED, SLOW
from support.faults.wire_table import ALWAYS, REQUESTS, end_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.faults.cells import Matrix

T = TypeVar("T")
__all__ = ["differences", "operations_that", "slow_differences"]

# Every fault at every request of every operation takes some minutes. By default, every request of
# every operation meets every group of faults, and every kind of request meets every fault. In a run
# with a tenth of the examples (conftest.py), each Python takes a quarter of these cells.
WHOLE = "WHOLE_MATRIX" in os.environ
QUARTERS = 4 if number_of(100) < 100 else 1

_SLOWER = 5.0  # times
_READS = {"read", "file", "new", "page", "close"}
_GROUPS = {REFUSED: [REFUSED], **{group: list(faults) for group, faults in GROUPS.items()}}


class Cell(NamedTuple):
    """A fault at a request of an operation. `always`: and at all requests after it."""

    operation: str
    number: int
    group: str
    fault: str
    always: bool = False

    def __str__(self) -> str:
        always = ", always" * self.always
        return f"{self.operation}: request {self.number}, {self.fault}{always}"


def operations_that(*, write: bool) -> list[str]:
    """The operations that write, or those that only read."""
    return [name for name, kinds in REQUESTS.items() if write != ({*kinds.split()} <= _READS)]


def differences(matrix: Matrix, operation: str) -> dict[str, str]:
    """The cells of an operation whose end is not the one in the table: none, if all is well."""
    cells = [cell for cell in _cells() if cell.operation == operation]
    return _texts(_compare(matrix, cells, map))


def slow_differences(matrix: Matrix, group: str) -> dict[str, str]:
    """The cells of a slow group whose end is not the one in the table: none, if all is well.

    The cells run at the same time. On a busy machine an answer may come too late for the short
    time-outs, so what differs runs once more, alone and with longer ones.
    """
    cells = [cell for cell in _cells(slow=True) if cell.group == group]
    for operation in {cell.operation for cell in cells}:
        matrix.normal(operation)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        again = [*_compare(matrix, cells, pool.map)]
    assert len(again) < len(cells) / 4, again
    return _texts(_compare(matrix, again, map, slowness=_SLOWER))


def _compare(
    matrix: Matrix, cells: list[Cell], map_: Callable[..., Any], *, slowness: float = 1.0
) -> dict[Cell, str]:
    """The ends that are not those of the table."""

    def end(cell: Cell) -> str:
        return matrix.end(*cell[:-1], always=cell.always, slowness=slowness)

    ends = dict(zip(cells, map_(end, cells), strict=True))
    return {cell: end for cell, end in ends.items() if end != _promise(cell)}


def _texts(differences: dict[Cell, str]) -> dict[str, str]:
    return {str(cell): f"{end}, not {_promise(cell)}" for cell, end in differences.items()}


def _promise(cell: Cell) -> str:
    return end_of(*cell[:-1], always=cell.always)


@cache
def _cells(*, slow: bool = False) -> list[Cell]:
    """The prompt cells of the matrix, or the slow ones; those with a dot are left out."""
    by_kind: dict[str, list[tuple[str, int]]] = {}
    for operation, kinds in REQUESTS.items():
        for number, kind in enumerate(kinds.split()):
            by_kind.setdefault(kind, []).append((operation, number))
    cells = [
        Cell(*request, group, fault)
        for requests in by_kind.values()
        for group, faults in _GROUPS.items()
        for request, fault in (product if WHOLE else _pairs)(requests, faults)
    ]
    for turn, (operation, kinds) in enumerate(REQUESTS.items()):
        for index, group in enumerate(ALWAYS):
            number = (turn + index) % len(kinds.split())
            fault = _GROUPS[group][turn % len(_GROUPS[group])]
            cells.append(Cell(operation, number, group, fault, always=True))
    cells = [cell for cell in cells if (cell.group in SLOW) is slow and _promise(cell) != "."]
    return cells[sys.version_info.minor % QUARTERS :: QUARTERS]


def _pairs(requests: list[T], faults: list[str]) -> Iterator[tuple[T, str]]:
    """Pairs in which each request and each fault occurs, as few as possible."""
    for turn in range(max(len(requests), len(faults))):
        yield requests[turn % len(requests)], faults[turn % len(faults)]
