"""A fault at each request of a read of five pages, in each way of reading.

Each record comes exactly once and in its place, or an error comes after the rows that were read
before it. A read that requests pages ahead ends in the same way, after the same rows.
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import pytest
from support.faults.five_pages import PLANS, end_of, holding_nine

from kintone_orm import Retry
from kintone_orm.emulator import Fault
from kintone_orm.testing import emulate

SHORT, LONG = 0.001, 1.0  # seconds: the time-out, and the delay of a slow answer
FAULTS = [fault for fault in Fault if fault is not Fault.DAILY_QUOTA]


class Manner(NamedTuple):
    """How often a fault happens, and how often a request is sent."""

    times: int | None
    retry: Retry | bool


MANNERS = {
    "once": Manner(1, Retry(attempts=2)),
    "always": Manner(None, Retry(attempts=2)),
    "without retries": Manner(1, False),
}


@pytest.fixture(scope="module")
def loaded():
    return holding_nine()


def end_with(loaded, plan, manner, fault, number, **options):
    """The end of a read, with a fault at its request of this number, counted from 0."""
    with emulate(like=loaded, retry=manner.retry) as connection:
        connection._timeout = (SHORT, SHORT)
        is_slow = fault in (Fault.LATENCY, Fault.SLOW_BODY)
        connection.emulator.faults.add(
            fault, after=number, times=manner.times, seconds=LONG if is_slow else 0
        )
        return end_of(plan.read(**options))


@pytest.mark.parametrize(
    ("plan", "manner"),
    [*product(PLANS, ["once", "without retries"]), ("seek", "always"), ("cursor", "always")],
)
def test_a_read_ahead_ends_as_one_page_after_the_other(loaded, plan, manner):
    way, how = PLANS[plan], MANNERS[manner]
    for fault in FAULTS:
        for number in range(way.requests):
            plain, ahead = (end_with(loaded, way, how, fault, number, ahead=n) for n in (0, 1))
            assert plain.rows == way.rows[: len(plain.rows)], (fault, number)
            assert (plain.error is None) is (plain.rows == way.rows), (fault, number)
            assert ahead == plain, (fault, number)


@pytest.mark.parametrize(
    ("plan", "manner"),
    [("seek", "always"), ("seek down", "once"), ("seek down", "without retries")],
)
def test_workers_deliver_each_row_once_or_raise_an_error(loaded, plan, manner):
    way, how = PLANS[plan], MANNERS[manner]
    for fault in FAULTS:
        alone = end_with(loaded, way, how, fault, 0, ahead=0)
        for number in range(way.requests + 1):  # another one asks for the last id
            end = end_with(loaded, way, how, fault, number, workers=3)
            assert end.rows == way.rows[: len(end.rows)], (fault, number)
            assert (end.error is None) is (end.rows == way.rows), (fault, number)
            assert end.error in (None, alone.error), (fault, number)


@pytest.mark.parametrize("manner", ["once", "without retries"])
def test_workers_without_an_order_deliver_each_row_once_or_raise_an_error(loaded, manner):
    way, how = PLANS["seek"], MANNERS[manner]
    for fault in FAULTS:
        for number in range(1, way.requests + 1):
            end = end_with(loaded, way, how, fault, number, workers=3, in_order=False)
            assert len(set(end.rows)) == len(end.rows), (fault, number)
            assert set(end.rows) <= set(way.rows), (fault, number)
            assert (end.error is None) is (len(end.rows) == len(way.rows)), (fault, number)


@pytest.mark.parametrize("plan", PLANS)
def test_a_daily_quota_ends_a_read_ahead_after_the_same_rows(loaded, plan):
    way, quota, counts = PLANS[plan], 0, set()
    while len(way.rows) not in counts:  # the app had some requests before
        plain, ahead = (
            end_with(loaded, way, MANNERS["without retries"], Fault.DAILY_QUOTA, quota, ahead=pages)
            for pages in (0, 1)
        )
        assert ahead == plain, quota
        counts.add(len(plain.rows))
        quota += 1
    assert 0 in counts
