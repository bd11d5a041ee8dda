from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from kintone_orm.http.network import exchange
from kintone_orm.http.network.bounded_reader import BoundedResponse
from kintone_orm.http.network.exchange import Exchange

if TYPE_CHECKING:
    from collections.abc import Iterator

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time: the one item of a list, which the test may set."""
    now = [100.0]
    monkeypatch.setattr(exchange, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    client, server = socket.socketpair()
    client.settimeout(5)
    with client, server:
        yield client, server


def test_an_answer_before_the_deadline_is_read(
    clock: list[float], pair: tuple[socket.socket, socket.socket]
) -> None:
    client, server = pair
    server.sendall(ANSWER)
    with BoundedResponse(client, exchange=Exchange(200.0)) as response:
        response.begin()
        assert (response.status, response.read()) == (200, b"{}")


def test_the_time_out_of_the_socket_is_kept_while_more_time_is_left(
    clock: list[float], pair: tuple[socket.socket, socket.socket]
) -> None:
    client, server = pair
    server.sendall(ANSWER)
    with BoundedResponse(client, exchange=Exchange(105.5)) as response:
        response.begin()
    assert client.gettimeout() == 5


def test_a_wait_is_no_longer_than_the_time_left(
    clock: list[float], pair: tuple[socket.socket, socket.socket]
) -> None:
    client, server = pair
    server.sendall(ANSWER)
    with BoundedResponse(client, exchange=Exchange(104.5)) as response:
        response.begin()
    assert client.gettimeout() == 4.5


def test_no_more_is_read_after_the_deadline(
    clock: list[float], pair: tuple[socket.socket, socket.socket]
) -> None:
    client, server = pair
    server.sendall(ANSWER[:-2])
    with BoundedResponse(client, exchange=Exchange(101.0)) as response:
        response.begin()
        server.sendall(ANSWER[-2:])
        clock[0] = 101.0
        with pytest.raises(TimeoutError, match="deadline"):
            response.read()


def test_an_answer_without_a_deadline_leaves_the_socket_as_it_is(
    clock: list[float], pair: tuple[socket.socket, socket.socket]
) -> None:
    client, server = pair
    server.sendall(ANSWER)
    with BoundedResponse(client, exchange=Exchange()) as response:
        response.begin()
        assert response.read() == b"{}"
    assert client.gettimeout() == 5


def test_a_closed_answer_releases_the_socket(
    clock: list[float], pair: tuple[socket.socket, socket.socket]
) -> None:
    client, _ = pair
    response = BoundedResponse(client, exchange=Exchange(200.0))
    assert response.fileno() == client.fileno()
    response.close()
    client.close()
    assert client.fileno() == -1


@pytest.mark.parametrize(("extra", "noticed"), [(b"", False), (b"H", True)])
def test_bytes_after_the_answer_are_noticed_and_not_waited_for(
    clock: list[float], pair: tuple[socket.socket, socket.socket], extra: bytes, noticed: bool
) -> None:
    client, server = pair
    server.sendall(ANSWER + extra)
    current = Exchange()
    with BoundedResponse(client, exchange=current) as response:
        response.begin()
        response.read()
    assert current.has_extra_bytes is noticed
