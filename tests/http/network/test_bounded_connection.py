from __future__ import annotations

import socket
import struct
from time import monotonic
from typing import Any

import pytest
from support.raw_server import answering, raw_server, read_request
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from kintone_orm.exceptions import CarriedOut, TransportError
from kintone_orm.http.messages import Request
from kintone_orm.http.network import bounded_connection, exchange
from kintone_orm.http.network.bounded_connection import BoundedHTTPConnection
from kintone_orm.http.network.exchange import Exchange
from kintone_orm.http.network.transport import Transport
from kintone_orm.outcomes import Outcome

LARGE = b"x" * 20_000_000


class Network:
    """Hosts with two addresses: each connection takes two seconds, and then fails."""

    def __init__(self, failure: type[OSError]) -> None:
        self.now = 100.0
        self.waits: list[float] = []
        self._failure = failure

    def find(self, *_: Any) -> list[tuple[Any, ...]]:
        return [(0, 0, 0, "", ("192.0.2.1", 443)), (0, 0, 0, "", ("192.0.2.2", 443))]

    def connect(self, address: tuple[str, int], timeout: float, **_: Any) -> socket.socket:
        self.waits.append(timeout)
        self.now += 2.0
        raise self._failure


def network(monkeypatch: pytest.MonkeyPatch, failure: type[OSError] = TimeoutError) -> Network:
    network = Network(failure)
    monkeypatch.setattr(socket, "getaddrinfo", network.find)
    monkeypatch.setattr(bounded_connection, "create_connection", network.connect)
    monkeypatch.setattr(exchange, "monotonic", lambda: network.now)
    return network


def connection(deadline: float, port: int = 443, timeout: float = 10.0) -> BoundedHTTPConnection:
    connection = BoundedHTTPConnection("127.0.0.1", port, timeout=timeout)
    connection.begin(Exchange(deadline))
    return connection


def test_all_addresses_of_a_host_have_the_time_until_the_deadline_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hosts = network(monkeypatch)
    with pytest.raises(ConnectTimeoutError):
        connection(105.0).connect()
    assert hosts.waits == [5.0, 3.0]


def test_no_address_is_tried_after_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    hosts = network(monkeypatch, ConnectionRefusedError)
    with pytest.raises(ConnectTimeoutError):
        connection(101.0).connect()
    assert hosts.waits == [1.0]


def test_the_time_out_bounds_each_address_while_more_time_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hosts = network(monkeypatch)
    with pytest.raises(ConnectTimeoutError):
        connection(200.0, timeout=1.5).connect()
    assert hosts.waits == [1.5, 1.5]


def test_the_last_address_gives_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    network(monkeypatch, ConnectionRefusedError)
    with pytest.raises(NewConnectionError) as caught:
        connection(200.0).connect()
    assert isinstance(caught.value.__cause__, ConnectionRefusedError)


def test_a_handshake_has_the_time_that_the_proxy_left(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(exchange, "monotonic", lambda: now[0])

    def connect(connection: socket.socket) -> None:
        read_request(connection)
        now[0] = 104.5
        connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")

    with raw_server(connect) as proxy:
        client = connection(105.0, proxy.port)
        client.set_tunnel("x.cybozu.com", 443)
        client.connect()
        left = client.sock.gettimeout()
        client.close()
    assert (left, client.exchange.is_begun) == (0.5, False)


def test_a_request_has_begun_when_its_first_byte_is_sent() -> None:
    with raw_server(answering) as server:
        client = connection(monotonic() + 5, server.port)
        client.connect()
        before = client.exchange.is_begun
        client.send(b"GET / HTTP/1.1\r\n\r\n")
        client.close()
    assert (before, client.exchange.is_begun) == (False, True)


def require_end_at_deadline(port: int) -> None:
    """Require that sending more than any buffer holds ends at the deadline."""
    client = connection(monotonic() + 5, port)
    client.connect()
    started = monotonic()
    client.begin(Exchange(started + 0.2))
    with pytest.raises(TimeoutError):
        client.send(LARGE)
    client.close()
    assert 0.2 <= monotonic() - started < 3


def test_a_server_that_does_not_read_is_left_at_the_deadline() -> None:
    def wait(_: socket.socket) -> None:
        server.stopping.wait(5)

    with raw_server(wait) as server:
        require_end_at_deadline(server.port)


def test_a_server_that_reads_slowly_is_left_at_the_deadline() -> None:
    def sip(connection: socket.socket) -> None:
        while not server.stopping.wait(0.01) and connection.recv(60_000):
            pass

    with raw_server(sip) as server:
        require_end_at_deadline(server.port)


def test_a_write_that_takes_too_long_to_send_has_an_unknown_end() -> None:
    def wait(_: socket.socket) -> None:
        server.stopping.wait(5)

    request = Request("POST", "/k/v1/records.json", {"records": LARGE.decode()})
    with raw_server(wait) as server:
        transport = Transport(server.url, timeout=(0.3, 5))
        with pytest.raises(TransportError, match="No answer arrived in time") as caught:
            transport.send(request, {})
        transport.close()
    assert caught.value.carried_out is CarriedOut.UNKNOWN


def test_a_request_after_a_short_one_has_its_whole_time() -> None:
    """urllib3 1.26 sends with the time-out that the last answer left on the socket."""
    with raw_server(answering) as server:
        client = connection(monotonic() + 5, server.port, timeout=5.0)
        client.connect()
        client.sock.settimeout(0.001)
        client.begin(Exchange())
        client.send(b"GET / HTTP/1.1\r\n\r\n")
        assert client.sock.gettimeout() == 5.0
        client.close()


def reset(connection: socket.socket) -> None:
    connection.recv(1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.mark.parametrize(
    ("scheme", "carried_out"), [("https", CarriedOut.NO), ("http", CarriedOut.UNKNOWN)]
)
def test_a_connection_that_breaks_in_the_handshake_has_not_carried_out_a_write(
    scheme: str, carried_out: CarriedOut
) -> None:
    with raw_server(reset) as server:
        transport = Transport(server.url.replace("http", scheme), timeout=(5, 5))
        with pytest.raises(TransportError) as caught:
            transport.send(Request("POST", "/k/v1/record.json", {"app": 7}), {})
        transport.close()
    assert caught.value.carried_out is carried_out


def test_a_proxy_that_breaks_off_has_not_carried_out_a_write(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with raw_server(reset) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "")
        transport = Transport("https://127.0.0.1:9", timeout=(5, 5))
        with pytest.raises(TransportError) as caught:
            transport.send(Request("POST", "/k/v1/record.json", {"app": 7}), {})
        transport.close()
    assert caught.value.carried_out is CarriedOut.NO


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("407 Proxy Authentication Required", Outcome.PROXY_REFUSED),
        ("403 Forbidden", Outcome.PROXY_REFUSED),
        ("429 Too Many Requests", Outcome.NOT_SENT),
        ("502 Bad Gateway", Outcome.NOT_SENT),
        ("503 Service Unavailable", Outcome.NOT_SENT),
    ],
)
def test_a_proxy_that_cannot_connect_now_is_asked_again_but_not_one_that_refuses(
    monkeypatch: pytest.MonkeyPatch, status: str, outcome: Outcome
) -> None:
    def refuse(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())

    with raw_server(refuse) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "")
        transport = Transport("https://127.0.0.1:9", timeout=(5, 5))
        with pytest.raises(TransportError, match="The proxy refused the connection") as caught:
            transport.send(Request("POST", "/k/v1/record.json", {"app": 7}), {})
        transport.close()
    assert caught.value.outcome is outcome
    assert caught.value.carried_out is CarriedOut.NO
