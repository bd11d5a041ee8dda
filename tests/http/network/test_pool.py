from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

import pytest
from support.raw_server import answering, raw_server, read_request

from kintone_orm.http.messages import Request
from kintone_orm.http.network import pool
from kintone_orm.http.network.pool import NetworkAdapter
from kintone_orm.http.network.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Iterator

GET = Request("GET", "/k/v1/records.json", {"app": 7})
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The time: the one item of a list, which the test may set."""
    now = [100.0]
    monkeypatch.setattr(pool, "monotonic", lambda: now[0])
    return now


def connections_opened(clock: list[float], idle: float, *, keep_alive: float) -> int:
    """Return how many connections two requests use, with `idle` seconds between them."""
    with raw_server(answering) as server:
        transport = Transport(server.url, timeout=(5, 5), keep_alive=keep_alive)
        transport.send(GET, {})
        clock[0] += idle
        transport.send(GET, {})
        transport.close()
        return server.accepted


@pytest.mark.parametrize(
    ("idle", "keep_alive", "opened"),
    [(0, 5, 1), (5, 5, 1), (5.1, 5, 2), (9, 60, 1), (61, 60, 2), (0, 0, 2)],
)
def test_a_connection_is_used_again_unless_it_was_idle_for_too_long(
    clock: list[float], idle: float, keep_alive: float, opened: int
) -> None:
    assert connections_opened(clock, idle, keep_alive=keep_alive) == opened


def test_a_connection_may_be_idle_for_five_seconds_unless_it_is_said(clock: list[float]) -> None:
    with raw_server(answering) as server:
        transport = Transport(server.url, timeout=(5, 5))
        opened = []
        for idle in (0, 5, 5.1):
            clock[0] += idle
            transport.send(GET, {})
            opened.append(server.accepted)
        transport.close()
    assert opened == [1, 1, 2]


def test_a_connection_that_is_used_once_is_closed_at_once() -> None:
    closed = threading.Event()

    def answer(connection: socket.socket) -> None:
        while read_request(connection):
            connection.sendall(ANSWER)
        closed.set()

    with raw_server(answer) as server:
        transport = Transport(server.url, timeout=(5, 5), keep_alive=0)
        transport.send(GET, {})
        assert closed.wait(5)
        transport.close()


def test_a_connection_that_the_server_closed_is_not_used_again() -> None:
    """The server of issue 13: it closes a connection 2 ms after each answer."""
    closed = threading.Semaphore(0)

    def answer_once(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(ANSWER)
        threading.Event().wait(0.002)
        connection.shutdown(socket.SHUT_RDWR)
        threading.Event().wait(0.02)
        closed.release()

    with raw_server(answer_once) as server:
        transport = Transport(server.url, timeout=(5, 5))
        for _ in range(10):
            assert transport.send(GET, {}).status == 200
            assert closed.acquire(timeout=5)
        transport.close()
        assert server.accepted == 10


def test_a_connection_with_bytes_that_nobody_asked_for_is_not_used_again() -> None:
    """A second answer to the same request would be taken for the answer to the next one."""

    def answer_twice(connection: socket.socket) -> None:
        while read_request(connection):
            connection.sendall(ANSWER + ANSWER.replace(b"200 OK", b"500 No"))

    with raw_server(answer_twice) as server:
        transport = Transport(server.url, timeout=(5, 5))
        assert [transport.send(GET, {}).status for _ in range(3)] == [200, 200, 200]
        transport.close()
        assert server.accepted == 3


def test_a_connection_that_is_readable_before_use_is_not_used_again() -> None:
    readable = threading.Semaphore(0)

    def answer_late(connection: socket.socket) -> None:
        while read_request(connection):
            connection.sendall(ANSWER)
            threading.Event().wait(0.02)
            connection.sendall(ANSWER.replace(b"200 OK", b"500 No"))
            threading.Event().wait(0.02)
            readable.release()

    with raw_server(answer_late) as server:
        transport = Transport(server.url, timeout=(5, 5))
        for _ in range(3):
            assert transport.send(GET, {}).status == 200
            assert readable.acquire(timeout=5)
        transport.close()
        assert server.accepted == 3


def test_connections_of_a_proxy_are_kept_in_the_same_pools() -> None:
    adapter = NetworkAdapter(5.0)
    proxies = adapter.proxy_manager_for("http://proxy.example:8080")
    connected = proxies.connection_from_url("https://x.cybozu.com")
    direct = adapter.poolmanager.connection_from_url("https://x.cybozu.com")
    assert type(connected) is type(direct)
    adapter.close()


def test_a_proxy_s_password_is_in_no_attribute_of_the_adapter() -> None:
    network = NetworkAdapter(5)
    for _ in range(2):
        manager = network.proxy_manager_for("http://sato:hush@proxy.example.com:8080")
    assert len(network.proxy_manager) == 1
    assert manager.proxy_headers == {"Proxy-Authorization": "Basic c2F0bzpodXNo"}
    shown = repr([vars(network), manager.proxy_headers])
    assert "hush" not in shown
    assert "c2F0bzpodXNo" not in shown
