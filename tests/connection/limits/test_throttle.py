"""A connection's slots: at most so many requests run at once, over all threads."""

from __future__ import annotations

import gc
import os
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest

from kintone_orm.connection.limits.throttle import Throttle, is_crowded, next_number
from kintone_orm.exceptions import RateLimited
from kintone_orm.http.collector import pausing_collector
from kintone_orm.http.messages import Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GET = Request("GET", "/k/v1/records.json", {"app": 7})
OK = Response(200, {}, b"{}")


def headers(running: object, limit: object = 100) -> dict[str, str]:
    return {
        "X-ConcurrencyLimit-Limit": str(limit),
        "X-ConcurrencyLimit-Running": str(running),
    }


def answering(response: Response = OK) -> Callable[[Request], Response]:
    return lambda request: response


def refusal(code: str, status: int = 429) -> Response:
    return Response(status, {}, f'{{"code": "{code}", "message": "", "id": ""}}'.encode())


class Server:
    """Requests to it stay under way until `let_go()`; `most` is how many there were at once."""

    def __init__(self) -> None:
        self.running = self.most = self.served = 0
        self._gate = threading.Event()
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> Response:
        with self._lock:
            self.running += 1
            self.most = max(self.most, self.running)
        assert self._gate.wait(10)
        with self._lock:
            self.running -= 1
            self.served += 1
        return OK

    def let_go(self) -> None:
        self._gate.set()

    def wait_for(self, running: int) -> None:
        eventually(lambda: self.running == running)


def eventually(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)


@contextmanager
def sending(throttle: Throttle, server: Any, count: int) -> Iterator[list[threading.Thread]]:
    """Threads that send one request each; the block ends with them."""
    threads = [
        threading.Thread(target=throttle.run, args=(server, GET, 10), daemon=True)
        for _ in range(count)
    ]
    for thread in threads:
        thread.start()
    try:
        yield threads
    finally:
        if isinstance(server, Server):
            server.let_go()
        for thread in threads:
            thread.join(10)


def shrink(throttle: Throttle) -> None:
    throttle.run(answering(Response(200, headers(80))), GET, 1)


# -- slots ----------------------------------------------------------------------------------------


def test_no_more_requests_run_at_once_than_there_are_slots() -> None:
    server = Server()
    with sending(Throttle(3), server, 12):
        server.wait_for(3)
    assert (server.most, server.served) == (3, 12)


def test_a_response_is_returned_as_it_came() -> None:
    assert Throttle(1).run(answering(), GET, 1) is OK


def test_a_slot_is_free_again_after_an_error() -> None:
    def fail(request: Request) -> Response:
        raise OSError

    throttle = Throttle(1)
    with suppress(OSError):
        throttle.run(fail, GET, 1)
    assert throttle.run(answering(), GET, 0) is OK


def test_waiting_ends_with_an_error_that_says_what_to_do() -> None:
    throttle, server = Throttle(1), Server()
    with sending(throttle, server, 1):
        server.wait_for(1)
        with pytest.raises(RateLimited, match="not sent: the 1 requests .*max_concurrency="):
            throttle.run(answering(), GET, 0.01)


def test_the_error_names_the_request() -> None:
    throttle, server = Throttle(1), Server()
    with sending(throttle, server, 1):
        server.wait_for(1)
        with pytest.raises(RateLimited) as refused:
            throttle.run(answering(), GET, 0)
    assert (refused.value.method, refused.value.path, refused.value.status) == (
        "GET",
        "/k/v1/records.json",
        0,
    )


def test_a_thread_that_gave_up_takes_no_slot() -> None:
    throttle, server = Throttle(1), Server()
    with sending(throttle, server, 1):
        server.wait_for(1)
        with suppress(RateLimited):
            throttle.run(answering(), GET, 0.01)
    assert throttle.run(answering(), GET, 0) is OK


def test_those_who_wait_are_served_in_their_order() -> None:
    throttle, server = Throttle(1), Server()
    order: list[int] = []

    def send(number: int) -> None:
        def note(request: Request) -> Response:
            order.append(number)
            return OK

        throttle.run(note, GET, 10)

    with sending(throttle, server, 1):
        server.wait_for(1)
        waiting = []
        for number in range(8):
            thread = threading.Thread(target=send, args=(number,), daemon=True)
            thread.start()
            waiting.append(thread)
            eventually(lambda: len(throttle._slots._queue) == len(waiting))
    for thread in waiting:
        thread.join(10)
    assert order == list(range(8))


def test_the_collector_runs_while_a_read_waits_for_its_turn() -> None:
    throttle, server = Throttle(1), Server()

    def read() -> None:
        with pausing_collector():
            throttle.run(answering(), GET, 10)

    with sending(throttle, server, 1):
        server.wait_for(1)
        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        eventually(lambda: len(throttle._slots._queue) == 1 and gc.isenabled())
    thread.join(10)
    assert gc.isenabled()


def test_a_request_inside_a_request_needs_no_slot_of_its_own() -> None:
    throttle = Throttle(1)
    assert throttle.run(lambda request: throttle.run(answering(), request, 0), GET, 0) is OK


def test_a_request_inside_a_request_gives_no_slot_back() -> None:
    throttle, server = Throttle(1), Server()

    def send(request: Request) -> Response:
        throttle.run(answering(), request, 0)
        return server(request)

    with sending(throttle, send, 1):
        server.wait_for(1)
        with pytest.raises(RateLimited):
            throttle.run(answering(), GET, 0)
        server.let_go()


def test_a_streamed_body_is_read_without_a_slot() -> None:
    throttle = Throttle(1)
    throttle.run(answering(Response(200, {})), GET, 0)  # its chunks are not read yet
    assert throttle.run(answering(), GET, 0) is OK


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_process_has_all_slots() -> None:
    throttle, server = Throttle(1), Server()
    with sending(throttle, server, 1):
        server.wait_for(1)
        child = os.fork()
        if child == 0:  # pragma: no cover - in another process
            with suppress(RateLimited):
                throttle.run(answering(), GET, 0)
                os._exit(0)
            os._exit(1)
        assert os.waitpid(child, 0)[1] == 0


def test_no_thread_is_started() -> None:
    before = threading.active_count()
    Throttle(5).run(answering(), GET, 1)
    assert threading.active_count() == before


# -- the number of slots --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("running", "limit", "crowded"),
    [(1, 100, False), (79, 100, False), (80, 100, True), (101, 100, True), (8, 10, True)],
)
def test_a_domain_is_crowded_from_four_fifths_on(running: int, limit: int, crowded: bool) -> None:
    assert is_crowded(headers(running, limit)) is crowded


@pytest.mark.parametrize("sent", [{}, headers("many"), headers(90, "")])
def test_a_domain_that_does_not_say_it_is_not_crowded(sent: dict[str, str]) -> None:
    assert not is_crowded(sent)


@pytest.mark.parametrize(("number", "after"), [(10, 5), (3, 1.5), (1, 1), (1.5, 1)])
def test_a_crowd_halves_the_slots_to_one_at_least(number: float, after: float) -> None:
    assert next_number(number, 10, crowded=True) == after


def test_as_many_answers_as_there_are_slots_add_about_one() -> None:
    number = 4.0
    for _ in range(4):
        number = next_number(number, 10, crowded=False)
    assert 4.8 < number <= 5


def test_the_slots_never_exceed_their_first_number() -> None:
    assert next_number(9.99, 10, crowded=False) == 10
    assert next_number(10, 10, crowded=False) == 10


def test_a_crowded_domain_takes_half_of_the_slots() -> None:
    throttle = Throttle(10)
    shrink(throttle)
    assert throttle.number == 5


def test_fewer_slots_let_fewer_requests_run() -> None:
    throttle, server = Throttle(4), Server()
    shrink(throttle)
    with sending(throttle, server, 8):
        server.wait_for(2)
    assert server.most <= 4
    assert server.served == 8


def test_the_slots_grow_back() -> None:
    throttle = Throttle(10)
    shrink(throttle)
    for _ in range(60):
        throttle.run(answering(Response(200, headers(5))), GET, 1)
    assert throttle.number == 10


def test_answers_of_one_crowd_halve_the_slots_once() -> None:
    throttle, gate = Throttle(8), threading.Barrier(8)

    def crowded(request: Request) -> Response:
        gate.wait(10)
        return Response(200, headers(95))

    with sending(throttle, crowded, 8):
        pass
    assert throttle.number == 4


def test_a_refusal_for_too_many_requests_halves_the_slots() -> None:
    throttle = Throttle(10)
    throttle.run(answering(refusal("GAIA_TO04")), GET, 1)
    assert throttle.number == 5


def test_a_proxys_429_halves_the_slots() -> None:
    throttle = Throttle(10)
    throttle.run(answering(Response(429, {}, b"<html>")), GET, 1)
    assert throttle.number == 5


@pytest.mark.parametrize("response", [refusal("GAIA_TM12"), refusal("GAIA_NO02", 503)])
def test_other_refusals_leave_the_slots(response: Response) -> None:
    throttle = Throttle(10)
    throttle.run(answering(response), GET, 1)
    assert throttle.number == 10


def test_an_error_without_an_answer_adds_no_slot() -> None:
    def fail(request: Request) -> Response:
        raise OSError

    throttle = Throttle(10)
    shrink(throttle)
    for _ in range(60):
        with suppress(OSError):
            throttle.run(fail, GET, 1)
    assert throttle.number == 5
