"""A limiter in Redis, against a real server: slots, leases, counts, and a Redis that is gone."""

from __future__ import annotations

import datetime as dt
import logging
import operator
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from urllib.parse import quote

import pytest
from support.exposure import exposed_markers
from support.markers import PASSWORD
from support.recording_adapter import RecordingAdapter, answer
from support.redis_server import NO_LIBRARY, redis_server

from kintone_orm import Retry
from kintone_orm.connection import Connection
from kintone_orm.connection.limits.traffic import Limits
from kintone_orm.exceptions import CarriedOut, ImproperlyConfigured, TransportError
from kintone_orm.settings import parse_settings

redis = pytest.importorskip("redis", reason=NO_LIBRARY)

from kintone_orm.contrib.redis import RedisLimiter  # noqa: E402 - needs the library

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.redis_server import RedisServer

DOMAIN, TODAY = "example.cybozu.com", dt.date(2026, 11, 30)
ROOT = Path(__file__).parents[2]

HOLD = """
import sys, time
from kintone_orm.contrib.redis import RedisLimiter

limiter = RedisLimiter(sys.argv[1], requests=3)
for _ in range(3):
    assert limiter.acquire("requests", "example.cybozu.com", seconds=float(sys.argv[2]))
print("holding", flush=True)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def _server() -> Iterator[RedisServer]:
    with redis_server() as server:
        yield server


@pytest.fixture
def server(_server: RedisServer) -> RedisServer:
    with redis.Redis.from_url(_server.url) as client:
        client.flushall()
    return _server


@pytest.fixture
def mortal() -> Iterator[RedisServer]:
    """A server of the test's own, to kill."""
    with redis_server() as server:
        yield server


def limiter(server: RedisServer, **arguments: Any) -> RedisLimiter:
    return RedisLimiter(server.url, **{"requests": 3, "cursors": 2, **arguments})


def take(limiter: RedisLimiter, count: int, *, seconds: float = 60) -> list[str | None]:
    return [limiter.acquire("requests", DOMAIN, seconds=seconds) for _ in range(count)]


def eventually(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


# -- slots ----------------------------------------------------------------------------------------


def test_there_are_as_many_slots_as_were_asked_for(server: RedisServer) -> None:
    slots = take(limiter(server), 4)
    assert len(set(slots)) == 4
    assert slots[3] is None


def test_processes_share_the_slots(server: RedisServer) -> None:
    take(limiter(server), 3)
    assert take(limiter(server), 1) == [None]


def test_a_slot_that_was_given_back_can_be_taken_again(server: RedisServer) -> None:
    shared = limiter(server)
    first, *_ = take(shared, 3)
    assert first is not None
    shared.release("requests", DOMAIN, first)
    assert None not in take(shared, 1)


def test_a_slot_that_nobody_has_can_be_given_back(server: RedisServer) -> None:
    shared = limiter(server)
    take(shared, 3)
    shared.release("requests", DOMAIN, "unknown")
    assert take(shared, 1) == [None]


def test_cursors_have_slots_of_their_own(server: RedisServer) -> None:
    shared = limiter(server)
    take(shared, 3)
    slots = [shared.acquire("cursors", DOMAIN, seconds=60) for _ in range(3)]
    assert [slot is None for slot in slots] == [False, False, True]


def test_each_domain_has_slots_of_its_own(server: RedisServer) -> None:
    shared = limiter(server)
    take(shared, 3)
    assert shared.acquire("requests", "other.cybozu.com", seconds=60) is not None


def test_threads_never_take_more_slots_than_there_are(server: RedisServer) -> None:
    shared = limiter(server)
    slots: list[str | None] = []
    threads = [threading.Thread(target=lambda: slots.extend(take(shared, 5))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(slots) == 40
    assert sum(slot is not None for slot in slots) == 3


def test_a_lease_ends_by_itself(server: RedisServer) -> None:
    shared = limiter(server)
    take(shared, 3, seconds=0.05)
    eventually(lambda: take(shared, 1) != [None])


def test_a_lease_is_there_until_it_ends(server: RedisServer) -> None:
    shared = limiter(server)
    take(shared, 1, seconds=0.05)
    take(shared, 2, seconds=60)
    eventually(lambda: take(shared, 1) != [None])
    assert take(shared, 1) == [None]


def test_a_lease_without_a_deadline_is_as_long_as_the_limiter_says(server: RedisServer) -> None:
    shared = limiter(server, lease=0.05)
    slots = [shared.acquire("requests", DOMAIN, seconds=None) for _ in range(3)]
    assert None not in slots
    eventually(lambda: take(shared, 1) != [None])


def test_a_request_has_no_longer_lease_than_the_limiter_says(server: RedisServer) -> None:
    shared = limiter(server, lease=0.05)
    take(shared, 3, seconds=600)
    eventually(lambda: take(shared, 1) != [None])


def test_a_cursor_has_its_lease_though_those_of_requests_are_short(server: RedisServer) -> None:
    shared = limiter(server, lease=0.01)
    for _ in range(2):
        shared.acquire("cursors", DOMAIN, seconds=600)
    time.sleep(0.05)
    assert shared.acquire("cursors", DOMAIN, seconds=600) is None


def test_a_renewed_lease_lives_on(server: RedisServer) -> None:
    shared = limiter(server, requests=1)
    (slot,) = take(shared, 1, seconds=0.2)
    assert slot is not None
    assert shared.renew("requests", DOMAIN, slot, seconds=60)
    time.sleep(0.25)
    assert take(shared, 1) == [None]


def test_a_lease_that_has_ended_cannot_be_renewed(server: RedisServer) -> None:
    shared = limiter(server, requests=1)
    (slot,) = take(shared, 1, seconds=0.01)
    assert slot is not None
    time.sleep(0.05)
    assert not shared.renew("requests", DOMAIN, slot, seconds=60)


def test_redis_forgets_a_domain_that_nobody_uses(server: RedisServer) -> None:
    take(limiter(server), 1, seconds=0.05)
    with redis.Redis.from_url(server.url) as client:
        eventually(lambda: client.dbsize() == 0)


def test_a_client_can_be_given_instead_of_a_url(server: RedisServer) -> None:
    with redis.Redis.from_url(server.url, decode_responses=True) as client:
        shared = RedisLimiter(client, requests=1)
        assert [slot is None for slot in take(shared, 2)] == [False, True]
        shared.add(DOMAIN, TODAY, {7: 1})
        assert shared.totals(DOMAIN, TODAY) == {7: 1}


def test_the_slots_of_a_process_that_is_killed_come_back(server: RedisServer) -> None:
    program = [sys.executable, "-c", HOLD, server.url, "2"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, cwd=ROOT) as victim:
        assert victim.stdout is not None
        victim.stdout.readline()
        shared = limiter(server)
        assert take(shared, 1) == [None]
        victim.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    eventually(lambda: take(shared, 1) != [None])


# -- counts ---------------------------------------------------------------------------------------


def test_counts_of_several_programs_add_up(server: RedisServer) -> None:
    limiter(server).add(DOMAIN, TODAY, {7: 1, 8: 2})
    assert limiter(server).add(DOMAIN, TODAY, {7: 2}) == {7: 3}
    assert limiter(server).totals(DOMAIN, TODAY) == {7: 3, 8: 2}


def test_each_day_and_domain_has_counts_of_its_own(server: RedisServer) -> None:
    shared = limiter(server)
    shared.add(DOMAIN, TODAY, {7: 1})
    assert shared.totals(DOMAIN, TODAY + dt.timedelta(days=1)) == {}
    assert shared.totals("other.cybozu.com", TODAY) == {}


def test_a_negative_number_takes_requests_back(server: RedisServer) -> None:
    shared = limiter(server)
    shared.add(DOMAIN, TODAY, {7: 3})
    assert shared.add(DOMAIN, TODAY, {7: -1}) == {7: 2}


def test_beyond_the_budget_of_one_app_no_app_is_counted(server: RedisServer) -> None:
    shared = limiter(server)
    assert shared.add(DOMAIN, TODAY, {7: 4}, most=4) == {7: 4}
    assert shared.add(DOMAIN, TODAY, {8: 1, 7: 1}, most=4) == {8: 1, 7: 5}
    assert shared.totals(DOMAIN, TODAY) == {7: 4}


def test_redis_forgets_a_day_after_three_days(server: RedisServer) -> None:
    limiter(server).add(DOMAIN, TODAY, {7: 1})
    with redis.Redis.from_url(server.url) as client:
        (key,) = client.keys()
        assert 2 * 86_400 < client.ttl(key) <= 3 * 86_400


# -- connections ----------------------------------------------------------------------------------


class SlowAdapter(RecordingAdapter):
    """An adapter that counts the requests that run at once in all connections."""

    lock = threading.Lock()
    running = most = 0

    def send(self, *args: Any, **kwargs: Any) -> Any:
        with SlowAdapter.lock:
            SlowAdapter.running += 1
            SlowAdapter.most = max(SlowAdapter.most, SlowAdapter.running)
        time.sleep(0.02)
        with SlowAdapter.lock:
            SlowAdapter.running -= 1
        return answer({})


def test_connections_of_several_programs_share_the_requests_at_once(server: RedisServer) -> None:
    def read(number: int) -> None:
        connection = Connection(
            parse_settings(base_url="example.cybozu.com", api_token="hush"),
            alias=f"program {number}",
            adapter=SlowAdapter(),
            limits=Limits(limiter=limiter(server)),
        )
        for _ in range(3):
            connection.request("GET", "records", {"app": 7})

    threads = [threading.Thread(target=read, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= SlowAdapter.most <= 3
    (counts,) = limiter(server).totals(DOMAIN, dt.datetime.now(dt.timezone.utc).date()).values()
    assert counts == 18


def test_a_request_is_not_sent_while_a_closed_limiter_has_no_redis() -> None:
    adapter = RecordingAdapter()
    connection = Connection(
        parse_settings(base_url="example.cybozu.com", api_token="hush"),
        adapter=adapter,
        retry=False,
        limits=Limits(limiter=gone(when_gone="closed")),
    )
    with pytest.raises(TransportError, match="limiter's Redis cannot be used") as refused:
        connection.request("GET", "records", {"app": 7})
    assert refused.value.carried_out is CarriedOut.NO
    assert adapter.sent == []


def test_a_request_waits_for_redis_as_for_kintone(mortal: RedisServer) -> None:
    connection = Connection(
        parse_settings(base_url="example.cybozu.com", api_token="hush"),
        adapter=RecordingAdapter(),
        retry=Retry(attempts=50, first_wait=0.1, longest_wait=0.2),
        limits=Limits(limiter=limiter(mortal, when_gone="closed")),
    )
    mortal.kill()
    threading.Timer(0.1, mortal.start).start()
    assert connection.request("GET", "records", {"app": 7}) == {}


# -- without Redis --------------------------------------------------------------------------------


def gone(**arguments: Any) -> RedisLimiter:
    return RedisLimiter("redis://:hush@127.0.0.1:1/0", **arguments)


def test_an_open_limiter_lets_requests_through_with_one_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    shared = gone(requests=1)
    with caplog.at_level(logging.WARNING, "kintone_orm"):
        assert None not in take(shared, 5)
    (message,) = caplog.messages
    assert "limiter's Redis cannot be used (ConnectionError" in message
    assert "Requests are sent without it" in message


def test_a_closed_limiter_refuses_requests_with_one_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    shared = gone(when_gone="closed")
    with caplog.at_level(logging.WARNING, "kintone_orm"):
        for _ in range(3):
            with pytest.raises(TransportError, match="not sent, because the limiter's Redis"):
                shared.acquire("requests", DOMAIN, seconds=1)
    assert len(caplog.messages) == 1


def test_a_closed_limiter_refuses_to_count_and_to_read_counts() -> None:
    shared = gone(when_gone="closed")
    with pytest.raises(TransportError):
        shared.add(DOMAIN, TODAY, {7: 1})
    with pytest.raises(TransportError):
        shared.totals(DOMAIN, TODAY)


def test_a_request_that_is_over_does_not_fail_because_redis_is_gone() -> None:
    gone(when_gone="closed").release("requests", DOMAIN, "slot")


def test_no_error_and_no_warning_shows_the_password_of_redis(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG, "kintone_orm"), pytest.raises(TransportError) as refused:
        gone(when_gone="closed").acquire("requests", DOMAIN, seconds=1)
    shown = "".join(traceback.format_exception(refused.value)) + caplog.text
    assert "hush" not in shown
    assert refused.value.__cause__ is refused.value.__context__ is None


def test_an_open_limiter_asks_a_redis_that_is_gone_only_now_and_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[object] = []

    def fail(*_: object, **__: object) -> None:
        asked.append(None)
        raise redis.TimeoutError

    shared = gone()
    monkeypatch.setattr(redis.Redis, "execute_command", fail)
    take(shared, 10)
    assert len(asked) == 1


def test_a_redis_that_is_killed_in_the_middle_stops_no_program(
    mortal: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    shared = limiter(mortal)
    assert [slot is None for slot in take(shared, 4)] == [False, False, False, True]
    mortal.kill()
    with caplog.at_level(logging.WARNING, "kintone_orm"):
        assert None not in take(shared, 4)
    assert len(caplog.messages) == 1


def test_a_redis_that_comes_back_limits_again(
    mortal: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kintone_orm.contrib.redis._REST", 0.0)
    shared = limiter(mortal)
    mortal.kill()
    take(shared, 2)
    mortal.start()
    assert [slot is None for slot in take(shared, 4)] == [False, False, False, True]


def test_a_closed_limiter_works_again_with_the_first_request_after_redis_is_back(
    mortal: RedisServer,
) -> None:
    shared = limiter(mortal, when_gone="closed")
    mortal.kill()
    with pytest.raises(TransportError):
        take(shared, 1)
    mortal.start()
    assert None not in take(shared, 1)


def test_each_outage_has_a_warning_of_its_own(
    mortal: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    shared = limiter(mortal, when_gone="closed")
    with caplog.at_level(logging.WARNING, "kintone_orm"):
        for _ in range(2):
            mortal.kill()
            with pytest.raises(TransportError):
                take(shared, 1)
            mortal.start()
            take(shared, 1)
    assert len(caplog.messages) == 2


def test_redis_gets_the_counts_that_it_missed(
    mortal: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kintone_orm.contrib.redis._REST", 0.0)
    shared = limiter(mortal)
    mortal.kill()
    assert shared.add(DOMAIN, TODAY, {7: 2}) == {7: 2}
    assert shared.totals(DOMAIN, TODAY) == {7: 2}
    mortal.start()
    assert shared.add(DOMAIN, TODAY, {7: 1}) == {7: 3}
    assert limiter(mortal).totals(DOMAIN, TODAY) == {7: 3}


def test_a_count_while_the_missed_counts_are_sent_sends_none_twice(mortal: RedisServer) -> None:
    shared = limiter(mortal)
    mortal.kill()
    shared.add(DOMAIN, TODAY, {7: 2})
    mortal.start()
    shared._asked_again_at = 0.0
    add_now = shared._add_now

    def add_during(*arguments: Any) -> Any:  # as if the garbage collector closed a cursor here
        shared._add_now = add_now  # type: ignore[method-assign]
        shared.add(DOMAIN, TODAY, {8: 1})
        return add_now(*arguments)

    shared._add_now = add_during  # type: ignore[method-assign]
    shared.add(DOMAIN, TODAY, {7: 1})
    assert shared.totals(DOMAIN, TODAY) == {7: 3, 8: 1}


def test_without_redis_a_process_keeps_the_budget_for_itself() -> None:
    shared = gone()
    assert shared.add(DOMAIN, TODAY, {7: 2}, most=2) == {7: 2}
    assert shared.add(DOMAIN, TODAY, {7: 1}, most=2) == {7: 3}
    assert shared.totals(DOMAIN, TODAY) == {7: 2}


# -- arguments ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["requests", "cursors"])
@pytest.mark.parametrize("value", [0, -1, True, "5", 1.5, None])
def test_numbers_of_slots_are_whole_and_above_0(name: str, value: Any) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"'{name}' must be a whole number above 0"):
        RedisLimiter("redis://localhost", **{name: value})


@pytest.mark.parametrize("value", [0, -1, True, "5", float("inf"), float("nan")])
def test_a_lease_is_a_number_of_seconds(value: Any) -> None:
    with pytest.raises(ImproperlyConfigured, match="'lease' must be a number of seconds above 0"):
        RedisLimiter("redis://localhost", lease=value)


def test_without_redis_it_is_open_or_closed() -> None:
    with pytest.raises(ImproperlyConfigured, match="must be 'open' or 'closed', not 'ajar'"):
        RedisLimiter("redis://localhost", when_gone="ajar")  # type: ignore[arg-type]


def test_a_wrong_url_is_refused_without_being_shown() -> None:
    with pytest.raises(ImproperlyConfigured, match="URL must be redis://") as refused:
        RedisLimiter("http://:hush@localhost")
    assert "hush" not in str(refused.value)
    assert refused.value.__context__ is None


def test_no_error_about_an_argument_shows_the_password_among_the_variables() -> None:
    for invalid in ({"lease": 0}, {"requests": 0}, {"when_gone": "never"}):
        with pytest.raises(ImproperlyConfigured) as refused:
            RedisLimiter("redis://:hush@127.0.0.1/0", **invalid)
        assert "hush" not in variables_shown(refused.value)


def test_an_interruption_shows_no_password_of_redis_among_the_variables() -> None:
    limiter = RedisLimiter("redis://:hush@127.0.0.1/0")
    ours, theirs = socket.socketpair()
    with (
        ours,
        theirs,
        patch("redis.connection.Connection._connect", return_value=ours),
        patch.object(socket.socket, "sendall", operator.truediv, create=True),
        pytest.raises(TypeError) as interrupted,
    ):
        limiter.acquire("requests", DOMAIN, seconds=1)
    assert "hush" not in variables_shown(interrupted.value)


def variables_shown(error: BaseException) -> str:
    """The traceback with the local variables of kintone_orm and the libraries."""
    frames = error.__traceback__.tb_next if error.__traceback__ else None
    shown = traceback.TracebackException(type(error), error, frames, capture_locals=True)
    return "".join(shown.format())


@pytest.mark.parametrize(
    ("scheme", "rest"),
    [
        ("http", ""),
        ("redis", ":abc"),
        ("redis", "?unknown=1"),
        ("redis", "?socket_timeout=soon"),
        ("rediss", "?ssl_cert_reqs=abc"),
    ],
)
def test_a_wrong_url_is_in_no_frame_of_the_error(scheme: str, rest: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="URL must be redis://") as refused:
        RedisLimiter(f"{scheme}://:{quote(PASSWORD, safe='')}@localhost{rest}")
    assert exposed_markers(refused.value) == []


@pytest.mark.parametrize("wrong", [{"lease": 0}, {"requests": 0}, {"when_gone": "ajar"}])
def test_another_wrong_argument_does_not_show_the_url(wrong: dict[str, Any]) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        RedisLimiter(f"redis://:{quote(PASSWORD, safe='')}@localhost", **wrong)
    assert exposed_markers(refused.value) == []


def test_a_redis_that_is_gone_does_not_show_the_password() -> None:
    shared = RedisLimiter(f"redis://:{quote(PASSWORD, safe='')}@127.0.0.1:1", when_gone="closed")
    with pytest.raises(TransportError) as failed:
        take(shared, 1)
    assert exposed_markers(failed.value) == []


def test_a_name_that_no_host_can_have_is_a_redis_that_is_gone() -> None:
    with pytest.raises(TransportError, match="limiter's Redis cannot be used"):
        take(RedisLimiter(f"redis://{'a' * 70}.com", when_gone="closed"), 1)


def test_another_object_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="needs a URL, or a client of .* not a dict"):
        RedisLimiter({})  # type: ignore[arg-type]
