from __future__ import annotations

import socket
import threading
from queue import Empty, Full
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
import requests
from support.network.certificates import Certificates
from support.raw_server import answering, raw_server, read_request
from urllib3 import HTTPConnectionPool, PoolManager
from urllib3.connection import HTTPConnection

from kintone_orm.exceptions import CarriedOut, TransportError
from kintone_orm.http.messages import Request
from kintone_orm.http.network import pool
from kintone_orm.http.network.pool import NetworkAdapter, _IdleConnections
from kintone_orm.http.network.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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


def test_no_lock_that_an_interrupt_left_behind_stops_the_next_request() -> None:
    """An interrupt inside of a `with` of a threading.Condition leaves its lock locked."""
    with raw_server(answering) as server:
        transport = Transport(server.url, timeout=(5, 5))
        answered = []

        def talk() -> None:
            transport.send(GET, {})
            manager = transport._local.network.poolmanager
            manager.connection_from_url(server.url).pool.mutex.acquire()
            transport.send(GET, {})
            transport.close()
            answered.append(True)

        thread = threading.Thread(target=talk, daemon=True)
        thread.start()
        thread.join(5)
        assert answered == [True]
        assert server.accepted == 1


def test_as_many_idle_connections_are_kept_as_the_pool_says() -> None:
    idle = _IdleConnections(2)
    idle.put("first")
    idle.put("second")
    with pytest.raises(Full):
        idle.put("third")
    assert [idle.get(), idle.get()] == ["second", "first"]
    with pytest.raises(Empty):
        idle.get(block=False)


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


class Replaced(HTTPConnection):
    """A connection of another library, as those that record answers and play them."""

    asked: ClassVar[list[str]] = []

    def request(self, method: str, url: str, *args: Any, **options: Any) -> None:
        self.asked.append(url)
        super().request(method, url, *args, **options)


def test_connections_of_a_library_that_replaces_urllib3_s_are_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Replaced, "asked", [])
    with raw_server(answering) as server:
        transport = Transport(server.url, timeout=(5, 5))
        transport.send(GET, {})
        transport.close()
        with monkeypatch.context() as replacing:
            replacing.setattr(HTTPConnectionPool, "ConnectionCls", Replaced)
            transport.send(GET, {})
            transport.close()
        transport.send(GET, {})
        transport.close()
    assert Replaced.asked == ["/k/v1/records.json?app=7"]


def lost_answer_to_a_post(transport: Transport) -> CarriedOut:
    with pytest.raises(TransportError) as caught:
        transport.send(Request("POST", "/k/v1/record.json", {"app": 7}), {})
    transport.close()
    return caught.value.carried_out


def read_and_close(connection: socket.socket) -> None:
    read_request(connection)


def test_a_connection_of_another_library_may_have_sent_a_write(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(HTTPConnectionPool, "ConnectionCls", Replaced)
    with raw_server(read_and_close) as server:
        transport = Transport(server.url, timeout=(5, 5))
        assert lost_answer_to_a_post(transport) is CarriedOut.UNKNOWN


@pytest.mark.parametrize("error", [requests.ReadTimeout, requests.ConnectionError])
def test_a_library_that_sends_in_our_place_may_have_sent_a_write(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", fail)
    assert lost_answer_to_a_post(Transport("https://127.0.0.1:9")) is CarriedOut.UNKNOWN


def test_a_write_through_a_socks_proxy_may_have_been_sent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """requests makes the connections of a SOCKS proxy; here they lead to the server itself."""

    def manager(*_: Any, **__: Any) -> PoolManager:
        return PoolManager()

    certificates = Certificates(tmp_path)
    monkeypatch.setattr(requests.adapters, "SOCKSProxyManager", manager)
    monkeypatch.setenv("https_proxy", "socks5h://127.0.0.1:1080")
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificates.authority))
    with raw_server(read_and_close, certificates.server("127.0.0.1")) as server:
        assert lost_answer_to_a_post(Transport(server.url)) is CarriedOut.UNKNOWN


def test_a_second_answer_that_is_decrypted_already_is_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The client reads 8,192 bytes at once. The rest of the TLS record waits inside OpenSSL."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 8000\r\nX-Long: %b\r\n\r\n"
    first = head % (b"x" * (192 - len(head % b""))) + b" " * 8000

    def answer_twice(connection: socket.socket) -> None:
        while read_request(connection):
            connection.sendall(first + ANSWER.replace(b"200 OK", b"500 No"))

    certificates = Certificates(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificates.authority))
    with raw_server(answer_twice, certificates.server("127.0.0.1")) as server:
        transport = Transport(server.url, timeout=(5, 5))
        assert [transport.send(GET, {}).status for _ in range(3)] == [200, 200, 200]
        transport.close()
