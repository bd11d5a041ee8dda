"""The limits of a connection, from `connect()` to the request that is sent or is not."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from support.clocks import SkippingClock
from support.connecting import URL, made
from support.log_lines import lines_from
from support.recording_adapter import RecordingAdapter, answer

from kintone_orm import connect, override
from kintone_orm.connection import DailyBudget
from kintone_orm.connection.limits import traffic
from kintone_orm.connection.limits.counts import MemoryCounts
from kintone_orm.emulator import Emulator, Fault
from kintone_orm.exceptions import (
    CarriedOut,
    DailyBudgetExceeded,
    ImproperlyConfigured,
    RateLimited,
    TransportError,
)
from kintone_orm.limits import REQUESTS_OF_A_CONNECTION
from kintone_orm.testing import emulate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from requests import PreparedRequest, Response

GET = ("GET", "records", {"app": 7})


class FakeLimiter:
    """A limiter in memory with so many slots, and the calls that it got."""

    def __init__(self, slots: int = 1) -> None:
        self.slots = slots
        self.calls: list[str] = []
        self.leases: list[float | None] = []
        self.counts: dict[int, int] = {}

    def acquire(self, kind: str, domain: str, *, seconds: float | None) -> str | None:
        self.calls.append(f"acquire {kind} of {domain}")
        self.leases.append(seconds)
        if not self.slots:
            return None
        self.slots -= 1
        return "slot"

    def renew(self, kind: str, domain: str, slot: str, *, seconds: float) -> bool:
        return True

    def release(self, kind: str, domain: str, slot: str) -> None:
        self.calls.append(f"release {kind} of {domain}")
        self.slots += 1

    def add(
        self, domain: str, day: object, requests: Mapping[int, int], *, most: int | None = None
    ) -> Mapping[int, int]:
        for app, number in requests.items():
            self.counts[app] = self.counts.get(app, 0) + number
        return {app: self.counts[app] for app in requests}

    def totals(self, domain: str, day: object) -> Mapping[int, int]:
        return self.counts


def eventually(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)


@pytest.fixture(autouse=True)
def _fresh_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traffic, "_counts", MemoryCounts())


# -- requests at once -----------------------------------------------------------------------------


class SlowAdapter(RecordingAdapter):
    """An adapter whose answers come when the gate opens."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.running = self.most = 0
        self._counting = threading.Lock()

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        with self._counting:
            self.running += 1
            self.most = max(self.most, self.running)
        assert self.gate.wait(10)
        with self._counting:
            self.running -= 1
            self._answers = [answer({})]
            return super().send(request, *args, **kwargs)


def test_a_connection_sends_no_more_requests_at_once_than_it_may() -> None:
    adapter = SlowAdapter()
    connection = made(adapter, max_concurrency=3)
    threads = [threading.Thread(target=connection.request, args=GET) for _ in range(9)]
    for thread in threads:
        thread.start()
    eventually(lambda: adapter.running == 3)
    adapter.gate.set()
    for thread in threads:
        thread.join(10)
    assert (adapter.most, len(adapter.sent)) == (3, 9)


def test_ten_requests_at_once_are_the_default() -> None:
    assert REQUESTS_OF_A_CONNECTION == 10


def test_a_request_without_a_slot_until_its_deadline_was_not_sent() -> None:
    adapter = SlowAdapter()
    connection = made(adapter, max_concurrency=1)
    thread = threading.Thread(target=connection.request, args=GET)
    thread.start()
    eventually(lambda: adapter.running == 1)
    with override(deadline=0.05), pytest.raises(RateLimited, match="max_concurrency=") as refused:
        connection.request(*GET)
    adapter.gate.set()
    thread.join(10)
    assert refused.value.carried_out is CarriedOut.NO
    assert len(adapter.sent) == 1


def test_records_can_be_read_while_a_download_is_open() -> None:
    adapter = RecordingAdapter(answer(b"x" * 1000), answer({"records": []}))
    connection = made(adapter, max_concurrency=1, deadline=5)
    with connection.download("file", {"fileKey": "key"}) as chunks:
        assert connection.request(*GET) == {"records": []}
        assert b"".join(chunks) == b"x" * 1000


def test_a_domain_that_is_crowded_gets_fewer_requests_at_once() -> None:
    crowded = {"X-ConcurrencyLimit-Limit": "100", "X-ConcurrencyLimit-Running": "90"}
    connection = made(RecordingAdapter(answer({}, headers=crowded)))
    connection.request(*GET)
    assert connection._open_traffic()._throttle.number == 5


# -- the count ------------------------------------------------------------------------------------


def test_usage_has_the_requests_by_app() -> None:
    connection = made(RecordingAdapter(), apps={"orders": 7})
    connection.request(*GET)
    connection.request("PUT", "record", {"app": "orders"})
    connection.request("GET", "records", {"app": 8})
    connection.request("GET", "apps")
    assert dict(connection.usage().by_app) == {7: 2, 8: 1}


def test_each_attempt_counts() -> None:
    with emulate(retry=True) as connection:
        connection.emulator.add_app(7, name="Orders")
        connection.emulator.faults.add(Fault.TOO_MANY_REQUESTS, times=2)
        connection.request("GET", "preview/app/settings", {"app": 7})
        assert dict(connection.usage().by_app) == {7: 3}


def test_a_request_that_did_not_leave_does_not_count() -> None:
    connection = connect("http://localhost:1", api_token="hush", retry=False)
    with pytest.raises(TransportError):
        connection.request(*GET)
    assert connection.usage().total == 0


def test_a_request_whose_answer_was_lost_counts() -> None:
    with emulate() as connection:
        connection.emulator.add_app(7, name="Orders")
        connection.emulator.faults.add(Fault.LOST_ANSWER)
        with pytest.raises(TransportError):
            connection.request("GET", "preview/app/settings", {"app": 7})
        assert connection.usage().total == 1


def test_connections_of_a_process_to_one_domain_have_one_count() -> None:
    made(RecordingAdapter()).request(*GET)
    replacing = made(RecordingAdapter())
    replacing.request(*GET)
    assert replacing.usage().total == 2


def test_another_domain_has_a_count_of_its_own() -> None:
    made(RecordingAdapter()).request(*GET)
    other = connect("other.cybozu.com", api_token="hush", adapter=RecordingAdapter(), alias="other")
    assert other.usage().total == 0


def test_each_emulated_kintone_has_a_count_of_its_own() -> None:
    for _ in range(2):
        with emulate() as connection:
            connection.emulator.add_app(7, name="Orders")
            connection.request("GET", "preview/app/settings", {"app": 7})
            assert connection.usage().total == 1


def test_a_count_in_a_file_goes_on_after_a_restart(tmp_path: Path) -> None:
    made(RecordingAdapter(), usage=tmp_path / "usage").request(*GET)
    again = made(RecordingAdapter(), usage=str(tmp_path / "usage"))
    again.request(*GET)
    assert dict(again.usage().by_app) == {7: 2}


# -- the budget -----------------------------------------------------------------------------------


def test_beyond_the_budget_a_request_is_not_sent() -> None:
    adapter = RecordingAdapter()
    connection = made(adapter, daily_budget=2)
    connection.request(*GET)
    connection.request(*GET)
    with pytest.raises(DailyBudgetExceeded, match="App 7 got 2 of its 2 requests") as refused:
        connection.request(*GET)
    assert refused.value.carried_out is CarriedOut.NO
    assert len(adapter.sent) == 2


def test_a_budget_may_have_a_share_of_its_own(caplog: pytest.LogCaptureFixture) -> None:
    connection = made(RecordingAdapter(), daily_budget=DailyBudget(10, warn_at=0.1))
    with caplog.at_level("WARNING", "kintone_orm"):
        connection.request(*GET)
    assert "App 7 got 1 of its 10 requests of today." in caplog.text


def test_usage_says_what_is_left() -> None:
    connection = made(RecordingAdapter(), daily_budget=10)
    connection.request(*GET)
    assert (connection.usage().left(7), connection.usage().left(8)) == (9, 10)


def test_a_write_whose_answer_was_lost_stays_unknown_when_the_budget_ends() -> None:
    with closing(Emulator()) as emulator:
        emulator.add_app(7, name="Orders")
        emulator.faults.add(Fault.LOST_ANSWER)
        username, password = emulator.credentials
        connection = connect(
            URL, username=username, password=password, adapter=emulator.adapter(), daily_budget=1
        )
        connection.clock = SkippingClock()
        with pytest.raises(TransportError) as lost:
            connection.request("PUT", "record", {"app": 7, "id": 1, "revision": 1, "record": {}})
    assert lost.value.carried_out is CarriedOut.UNKNOWN
    assert "App 7 got 1 of its 1 requests of today" in str(lost.value)


# -- a limiter ------------------------------------------------------------------------------------


def test_each_request_has_a_slot_of_the_limiter_while_it_runs() -> None:
    limiter = FakeLimiter()
    made(RecordingAdapter(), limiter=limiter).request(*GET)
    assert limiter.calls == [
        "acquire requests of example.cybozu.com",
        "release requests of example.cybozu.com",
    ]


def test_a_limiter_that_fails_after_a_request_does_not_hide_its_answer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Failing(FakeLimiter):
        def release(self, kind: str, domain: str, slot: str) -> None:
            raise OSError("hush")

    made(RecordingAdapter(), limiter=Failing()).request(*GET)
    assert "The limiter did not take a slot back: OSError." in caplog.text
    assert "hush" not in caplog.text


def test_a_failed_request_gives_its_slot_back() -> None:
    limiter = FakeLimiter()
    connection = connect("http://localhost:1", api_token="hush", retry=False, limiter=limiter)
    with pytest.raises(TransportError):
        connection.request(*GET)
    assert limiter.slots == 1


def test_a_lease_ends_with_the_deadline() -> None:
    limiter = FakeLimiter()
    made(RecordingAdapter(), limiter=limiter, deadline=30).request(*GET)
    (lease,) = limiter.leases
    assert lease is not None
    assert 30 < lease <= 31


def test_the_limiter_chooses_the_lease_of_an_upload(tmp_path: Path) -> None:
    limiter = FakeLimiter()
    (tmp_path / "a").write_bytes(b"x")
    with (tmp_path / "a").open("rb") as file:
        made(RecordingAdapter(), limiter=limiter).upload(
            "file", file, name="a", content_type="text/plain"
        )
    assert limiter.leases == [None]


def test_without_a_slot_of_the_limiter_until_the_deadline_a_request_is_not_sent() -> None:
    adapter = RecordingAdapter()
    connection = made(adapter, limiter=FakeLimiter(slots=0))
    connection.clock = SkippingClock()
    with pytest.raises(RateLimited, match="limiter allows the programs") as refused:
        connection.request(*GET)
    assert refused.value.carried_out is CarriedOut.NO
    assert (adapter.sent, connection.usage().total) == ([], 0)


@pytest.mark.parametrize(("denials", "warnings"), [(2, 0), (12, 1)])
def test_a_request_that_waits_long_for_the_limiter_is_a_warning(
    denials: int, warnings: int
) -> None:
    class Busy(FakeLimiter):
        def acquire(self, kind: str, domain: str, *, seconds: float | None) -> str | None:
            self.slots = 1 if len(self.calls) == denials else 0
            return super().acquire(kind, domain, seconds=seconds)

    connection = made(RecordingAdapter(), limiter=Busy())
    connection.clock = SkippingClock()
    with lines_from(logging.WARNING) as lines:
        connection.request(*GET)

    assert ["waited" in line.getMessage() for line in lines] == [True] * warnings


def test_the_limiter_counts() -> None:
    limiter = FakeLimiter()
    connection = made(RecordingAdapter(), limiter=limiter)
    connection.request(*GET)
    assert dict(connection.usage().by_app) == limiter.counts == {7: 1}


def test_a_limiter_may_have_slots_alone() -> None:
    class Slots:
        acquire, renew, release = FakeLimiter.acquire, FakeLimiter.renew, FakeLimiter.release

        def __init__(self) -> None:
            FakeLimiter.__init__(self)  # type: ignore[arg-type]

    limiter: Any = Slots()
    connection = made(RecordingAdapter(), limiter=limiter, alias="slots alone")
    before = connection.usage().total
    connection.request(*GET)
    assert connection.usage().total == before + 1
    assert [call.split()[0] for call in limiter.calls] == ["acquire", "release"]


def test_a_limiter_that_is_false_counts() -> None:
    """A limiter may have a length, such as the number of its slots in use."""

    class Sized(FakeLimiter):
        def __len__(self) -> int:
            return 0

    limiter = Sized()
    connection = made(RecordingAdapter(), limiter=limiter)
    connection.request(*GET)
    assert dict(connection.usage().by_app) == limiter.counts == {7: 1}


def test_a_file_counts_though_there_is_a_limiter(tmp_path: Path) -> None:
    limiter = FakeLimiter()
    connection = made(RecordingAdapter(), limiter=limiter, usage=tmp_path / "usage")
    connection.request(*GET)
    assert (connection.usage().total, limiter.counts) == (1, {})


# -- arguments ------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [0, -1, True, "5", 1.5, None, float("nan"), float("inf")])
def test_max_concurrency_is_a_whole_number_above_0(value: Any) -> None:
    with pytest.raises(ImproperlyConfigured, match="'max_concurrency' must be a whole number"):
        made(max_concurrency=value)


@pytest.mark.parametrize("value", [0, -1, True, "5", 1.5, float("nan"), float("inf")])
def test_a_daily_budget_is_a_whole_number_above_0(value: Any) -> None:
    with pytest.raises(ImproperlyConfigured, match="daily_budget: 'requests' must be a whole"):
        made(daily_budget=value)


@pytest.mark.parametrize("value", ["redis://localhost", object(), 5])
def test_a_limiter_has_the_methods_of_one(value: Any) -> None:
    with pytest.raises(ImproperlyConfigured, match="'limiter' must be a Limiter"):
        made(limiter=value)


@pytest.mark.parametrize("value", [5, True, b"usage", 1.5])
def test_usage_is_a_path(value: Any) -> None:
    with pytest.raises(ImproperlyConfigured, match="'usage' must be the path of a file"):
        made(usage=value)
