from __future__ import annotations

import math

import pytest

from kintone_orm.http.network import exchange
from kintone_orm.http.network.exchange import Exchange


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "monotonic", lambda: 100.0)


def test_the_time_left_ends_at_the_deadline() -> None:
    assert Exchange(103.5).seconds_left() == 3.5


def test_without_a_deadline_the_time_left_has_no_end() -> None:
    assert Exchange().seconds_left() == math.inf


@pytest.mark.parametrize("deadline", [100.0, 99.0])
def test_from_the_deadline_on_there_is_no_time_left(deadline: float) -> None:
    with pytest.raises(TimeoutError, match="deadline"):
        Exchange(deadline).seconds_left()


def test_the_time_of_the_work_meanwhile_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([100.0, 107.0, 107.0])
    monkeypatch.setattr(exchange, "monotonic", lambda: next(times))
    done: list[int] = []
    under_way = Exchange(103.5, meanwhile=lambda: done.append(1))
    under_way.work_meanwhile()
    assert (done, under_way.seconds_left()) == ([1], 3.5)


def test_without_work_the_deadline_stays() -> None:
    under_way = Exchange(103.5)
    under_way.work_meanwhile()
    assert under_way.deadline == 103.5


def test_work_without_a_deadline_has_all_the_time() -> None:
    under_way = Exchange(meanwhile=lambda: None)
    under_way.work_meanwhile()
    assert under_way.deadline is None
