"""An answer that never comes, or never ends, at a request of a read of five pages."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from support.faults.cells import limited
from support.faults.five_pages import PLANS, end_of, holding_nine
from support.faults.served import serving_emulators
from support.faults.wire_faults import FAULTS, GROUPS, SLOW
from support.faults.wired import wired

from kintone_orm import Retry, connections

CELLS = [(group, fault) for group in SLOW for fault in GROUPS[group]]
SLOWNESS = 3.0  # times the short time-outs, because many cells run at once


@pytest.fixture(scope="module")
def loaded():
    return holding_nine()


@pytest.fixture(scope="module")
def served():
    with serving_emulators() as served:
        yield served


def end_with(served, loaded, plan, cell, number, ahead):
    """The end of a read, and the cursors that it leaves, with a fault at one of its requests."""
    group, fault = cell
    with ExitStack() as stack:
        inside = loaded.copy()
        stack.callback(inside.emulator.close)
        options = {"timeout": 10, "retry": Retry(attempts=2)}
        connection, proxy = stack.enter_context(wired(served, inside, **options))
        stack.enter_context(connections.override(connection))
        proxy.spoil(FAULTS[fault], after=number)
        stack.enter_context(limited(connection, group, number, SLOWNESS))
        *end, _ = end_of(PLANS[plan].read(ahead=ahead))  # the text has the port
        return end, len(inside.emulator._domain.cursors._cursors)


@pytest.mark.parametrize("plan", ["seek", "cursor"])
def test_a_read_ahead_ends_as_one_page_after_the_other(served, loaded, plan):
    last = PLANS[plan].requests - 1
    cells = [(cell, last - turn % 4) for turn, cell in enumerate(CELLS)]
    with ThreadPoolExecutor(2 * len(cells)) as pool:
        plain, ahead = (
            [
                pool.submit(end_with, served, loaded, plan, cell, number, pages)
                for cell, number in cells
            ]
            for pages in (0, 1)
        )
    for cell, one, other in zip(cells, plain, ahead, strict=True):
        assert one.result() == other.result(), cell
        assert one.result()[0][1] is None or cell[0][0] == "drips after", cell
