"""Counts of requests in memory. Those of a file and of Redis keep the same promises."""

from __future__ import annotations

import datetime as dt
import os
import signal
import threading
from typing import TYPE_CHECKING

import pytest

from kintone_orm.connection.limits.counts import MemoryCounts
from kintone_orm.connection.limits.counts_file import CountsFile

if TYPE_CHECKING:
    from pathlib import Path

    from kintone_orm.connection.limits.counts import Counts

DOMAIN, TODAY = "example.cybozu.com", dt.date(2026, 11, 30)


@pytest.fixture(params=["memory", "file"])
def counts(request: pytest.FixtureRequest, tmp_path: Path) -> Counts:
    return MemoryCounts() if request.param == "memory" else CountsFile(tmp_path / "usage")


def test_requests_add_up_by_app(counts: Counts) -> None:
    counts.add(DOMAIN, TODAY, {7: 1, 8: 20})
    assert counts.add(DOMAIN, TODAY, {7: 2}) == {7: 3}
    assert counts.totals(DOMAIN, TODAY) == {7: 3, 8: 20}


def test_without_requests_there_are_no_counts(counts: Counts) -> None:
    assert counts.totals(DOMAIN, TODAY) == {}


def test_a_day_begins_with_nothing(counts: Counts) -> None:
    counts.add(DOMAIN, TODAY, {7: 1})
    assert counts.totals(DOMAIN, TODAY + dt.timedelta(days=1)) == {}


def test_each_domain_has_its_own_apps(counts: Counts) -> None:
    counts.add(DOMAIN, TODAY, {7: 1})
    counts.add("other.cybozu.com", TODAY, {7: 5})
    assert counts.totals(DOMAIN, TODAY) == {7: 1}


def test_a_negative_number_takes_requests_back(counts: Counts) -> None:
    counts.add(DOMAIN, TODAY, {7: 3})
    assert counts.add(DOMAIN, TODAY, {7: -1}) == {7: 2}


def test_as_many_as_the_budget_are_counted(counts: Counts) -> None:
    assert counts.add(DOMAIN, TODAY, {7: 5}, most=5) == {7: 5}
    assert counts.totals(DOMAIN, TODAY) == {7: 5}


def test_beyond_the_budget_of_one_app_no_app_is_counted(counts: Counts) -> None:
    counts.add(DOMAIN, TODAY, {7: 4})
    assert counts.add(DOMAIN, TODAY, {8: 1, 7: 2}, most=5) == {8: 1, 7: 6}
    assert {app: n for app, n in counts.totals(DOMAIN, TODAY).items() if n} == {7: 4}


def test_threads_lose_no_count(counts: Counts) -> None:
    def add() -> None:
        for _ in range(200):
            counts.add(DOMAIN, TODAY, {7: 1}, most=10_000)

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts.totals(DOMAIN, TODAY) == {7: 1600}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_process_that_is_forked_while_a_request_is_counted_can_count() -> None:
    counts, locked, let_go = MemoryCounts(), threading.Event(), threading.Event()

    def hold_the_lock() -> None:
        with counts._lock:
            locked.set()
            let_go.wait(10)

    thread = threading.Thread(target=hold_the_lock)
    thread.start()
    assert locked.wait(10)
    child = os.fork()
    if child == 0:  # pragma: no cover - in another process
        signal.alarm(5)
        counts.add(DOMAIN, TODAY, {7: 1})
        os._exit(0)
    let_go.set()
    thread.join()
    assert os.waitpid(child, 0)[1] == 0


def test_totals_are_a_copy(counts: Counts) -> None:
    counts.add(DOMAIN, TODAY, {7: 1})
    before = counts.totals(DOMAIN, TODAY)
    counts.add(DOMAIN, TODAY, {7: 1})
    assert before == {7: 1}
