"""A fault of the network at each request of a read of five pages, over HTTP.

The groups of faults are those of tests/support/faults/wire_faults.py. Each group happens to every
second or third request, in turn with the others.
"""

from __future__ import annotations

from itertools import islice, product

import pytest
from support.clocks import SkippingClock
from support.faults.five_pages import PLANS, end_of, holding_nine
from support.faults.served import serving_emulators
from support.faults.wire_faults import FAULTS, GROUPS, MOST_BYTES, REFUSED, SLOW
from support.faults.wired import wired

from kintone_orm import Retry, connections
from kintone_orm.testing import emulate

PROMPT = {REFUSED: [REFUSED], **{name: [*GROUPS[name]] for name in GROUPS if name not in SLOW}}


@pytest.fixture(scope="module")
def loaded():
    return holding_nine()


@pytest.fixture(scope="module")
def served():
    with serving_emulators() as served:
        yield served


@pytest.fixture
def wire(loaded, served):
    """A connection to nine records, through a proxy; the proxy; and the cursors that are open."""
    with (
        emulate(like=loaded) as inside,
        wired(served, inside, max_answer=MOST_BYTES, timeout=10) as (connection, proxy),
        connections.override(connection, everywhere=True),
    ):
        yield connection, proxy, inside.emulator._domain.cursors._cursors


def end_with(wire, plan, fault, number, **options):
    """The end of a read, and the number of cursors that it leaves.

    There is a fault at its request of this number, counted from 0.
    """
    connection, proxy, cursors = wire
    cursors.clear()
    connection.clock = SkippingClock(proxy.listen)
    if fault == REFUSED:
        connection.close()  # the proxy closes with the last answer that it gives
        proxy.refuse(after=number)
    else:
        proxy.spoil(FAULTS[fault], after=number)
    try:
        return end_of(plan.read(**options)), len(cursors)
    finally:
        proxy.relax()


def faults(plan, *, every):
    """The faults and numbers of requests to try: one of so many."""
    cells = enumerate(product(range(PLANS[plan].requests), PROMPT))
    for turn, (number, group) in islice(cells, every // 2, None, every):
        yield PROMPT[group][turn % len(PROMPT[group])], number


def assert_exact(way, end, *cell):
    """Assert that each row came once and in its place, or an error after the rows before it."""
    assert end.rows == way.rows[: len(end.rows)], cell
    assert (end.error is None) is (end.rows == way.rows), cell


@pytest.mark.parametrize("plan", ["seek", "cursor"])
def test_a_read_ahead_without_retries_ends_as_one_page_after_the_other(wire, plan):
    way = PLANS[plan]
    with connections.override(retry=False):
        for fault, number in faults(plan, every=2):
            plain, ahead = (end_with(wire, way, fault, number, ahead=n) for n in (0, 1))
            assert_exact(way, plain[0], fault, number)
            assert ahead == plain, (fault, number)


@pytest.mark.parametrize("plan", ["seek", "cursor"])
def test_a_read_ahead_with_retries_ends_as_one_page_after_the_other(wire, plan):
    way = PLANS[plan]
    with connections.override(retry=Retry(attempts=2)):
        for fault, number in faults(plan, every=3):
            plain, ahead = (end_with(wire, way, fault, number, ahead=n) for n in (0, 1))
            assert_exact(way, plain[0], fault, number)
            assert ahead == plain, (fault, number)


def test_workers_deliver_each_row_once_or_raise_an_error(wire):
    way = PLANS["seek"]
    with connections.override(retry=Retry(attempts=2)):
        for fault, number in faults("seek", every=3):
            end, _ = end_with(wire, way, fault, number, workers=3)
            assert_exact(way, end, fault, number)
