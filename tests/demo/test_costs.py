from __future__ import annotations

import pytest

from kintone_orm.demo.costs import Costs
from kintone_orm.http.messages import Request, Response

GET = Request("GET", "/k/v1/records.json")


@pytest.fixture
def clock(monkeypatch):
    """A clock in place of the computer's; the test moves it."""

    class Clock:
        now = 100.0

        def perf_counter(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr("kintone_orm.demo.costs.time", clock)
    return clock


@pytest.fixture
def send(clock):
    """Answer a request after two seconds of the clock."""

    def send(_request):
        clock.now += 2
        return Response(200, b"{}", {})

    return send


def test_a_lap_counts_what_came_since_the_last_one(clock, send):
    costs = Costs()
    for _ in range(3):
        costs(send, GET)
    assert costs.lap() == "3 requests, 6.0 seconds"
    costs(send, GET)
    clock.now += 0.5
    assert costs.lap() == "1 request, 2.5 seconds"
    assert costs.lap() == "0 requests, 0.0 seconds"


def test_the_total_tells_kintone_s_time_from_the_rest(clock, send):
    costs = Costs()
    costs(send, GET)
    clock.now += 3
    costs.lap()
    assert costs.total() == "1 requests, 5.0 seconds; kintone took 2.0 of them"


def test_a_request_that_failed_counts_as_well(clock):
    def send(_request):
        clock.now += 1
        raise ConnectionError

    costs = Costs()
    with pytest.raises(ConnectionError):
        costs(send, GET)
    assert costs.lap() == "1 request, 1.0 seconds"
