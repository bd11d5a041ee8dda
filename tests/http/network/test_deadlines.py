"""A request ends at its deadline, whatever the server does, and wherever it waits."""

from __future__ import annotations

import ssl
import zlib
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from support.network.certificates import Certificates
from support.raw_server import (
    LONGEST,
    answer,
    answering,
    dripping,
    drop,
    raw_server,
    read_request,
    silent,
)

from kintone_orm.exceptions import TransportError
from kintone_orm.http.messages import Request
from kintone_orm.http.network.transport import Transport

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

    from support.raw_server import Talk

GET = Request("GET", "/k/v1/records.json", {"app": 7})
FILE = Request("GET", "/k/v1/file.json", stream=True)
# Seconds. Without a deadline, every server here would hold its client for five seconds.
DEADLINE, LATEST = 0.2, 3.0

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n"
GZIP = b"Content-Encoding: gzip\r\n"


def gzipped() -> bytes:
    packer = zlib.compressobj(wbits=31)
    return packer.compress(b"{}" * 9) + packer.flush(zlib.Z_SYNC_FLUSH)


def empty_blocks() -> bytes:
    """Bytes that may follow `gzipped()`, and unpack to nothing."""
    return b"\x00\x00\x00\xff\xff" * 16


def second(talk: Talk) -> Talk:
    """Return a talk that answers a first request."""

    def answer_first(connection: socket.socket) -> None:
        answer(connection)
        talk(connection)

    return answer_first


def chunk(content: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(content), content)


DRIPS: dict[str, Talk] = {
    "status line": dripping(b"HTTP/1.1 200 ", b"O"),
    "interim answers": dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "headers": dripping(OK, b"X-Header: 1\r\n"),
    "body": dripping(OK + b"Content-Length: 9999\r\n\r\n", b" "),
    "body without a length": dripping(OK + b"\r\n", b" "),
    "chunks": dripping(CHUNKED + b"\r\n", b"1\r\n \r\n"),
    "one chunk": dripping(CHUNKED + b"\r\n270f\r\n", b" "),
    "size of a chunk": dripping(CHUNKED + b"\r\n", b"0"),
    "gzip": dripping(OK + GZIP + b"Content-Length: 9999\r\n\r\n" + gzipped(), empty_blocks()),
    "gzip in chunks": dripping(CHUNKED + GZIP + b"\r\n" + chunk(gzipped()), chunk(empty_blocks())),
}


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ssl.SSLContext]:
    """The settings of a server over TLS, which clients of this module trust."""
    certificates = Certificates(tmp_path_factory.mktemp("certificates"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REQUESTS_CA_BUNDLE", str(certificates.authority))
        yield certificates.server("127.0.0.1")


def require_end_at_deadline(
    url: str,
    request: Request = GET,
    *,
    is_connected: bool = True,
    reason: str = "No answer arrived in time",
    deadline: float = DEADLINE,
) -> None:
    """Require that the request fails for this reason, at its deadline.

    It is sent over a connection that is open already, unless the test is about opening one.
    """
    transport = Transport(url, timeout=(LONGEST, LONGEST))
    if is_connected:
        transport.send(GET, {})
    started = monotonic()
    with pytest.raises(TransportError, match=reason):
        for _ in transport.send(request, {}, deadline=started + deadline).chunks or ():
            pass
    transport.close()
    assert deadline <= monotonic() - started < LATEST


@pytest.mark.parametrize("request_", [GET, FILE], ids=["answer", "download"])
@pytest.mark.parametrize("talk", DRIPS.values(), ids=DRIPS)
def test_an_answer_that_drips_ends_at_the_deadline(talk: Talk, request_: Request) -> None:
    with raw_server(second(talk)) as server:
        require_end_at_deadline(server.url, request_)


@pytest.mark.parametrize("talk", DRIPS.values(), ids=DRIPS)
def test_an_answer_that_drips_over_tls_ends_at_the_deadline(
    talk: Talk, tls: ssl.SSLContext
) -> None:
    with raw_server(second(talk), tls) as server:
        require_end_at_deadline(server.url)


def test_a_body_that_unpacks_to_nothing_for_ever_ends_at_the_deadline() -> None:
    def flood(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(CHUNKED + GZIP + b"\r\n" + chunk(gzipped()))
        while True:
            connection.sendall(chunk(empty_blocks()) * 50)

    with raw_server(second(flood)) as server:
        require_end_at_deadline(server.url)


def test_a_server_that_answers_nothing_is_left_at_the_deadline(tls: ssl.SSLContext) -> None:
    with raw_server(second(silent), tls) as server:
        require_end_at_deadline(server.url)


def test_a_tls_record_that_drips_ends_at_the_deadline(tls: ssl.SSLContext) -> None:
    """Bytes arrive all the time, but not one byte of the answer."""

    def drip(connection: socket.socket) -> None:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        secure = tls.wrap_bio(incoming, outgoing, server_side=True)
        shake_hands(connection, secure, incoming, outgoing)
        secure.write(OK + b"Content-Length: 2\r\n\r\n{}")
        connection.sendall(outgoing.read())
        incoming.write(connection.recv(65_536))
        secure.read(65_536)
        secure.write(OK + b"Content-Length: 9999\r\n\r\n" + b" " * 9_999)
        drop(connection, outgoing.read())

    with raw_server(drip) as server:
        require_end_at_deadline(server.url.replace("http:", "https:"))


def test_a_request_that_is_read_slowly_over_tls_ends_at_the_deadline(tls: ssl.SSLContext) -> None:
    """A socket waits for each record of TLS, and the server always takes one in time."""

    def sip(connection: socket.socket) -> None:
        while connection.recv(16_384):
            server.stopping.wait(0.02)

    large = Request("POST", "/k/v1/records.json", {"records": "x" * 12_000_000})
    with raw_server(second(sip), tls) as server:
        # A busy computer takes its time to encode so many bytes.
        require_end_at_deadline(server.url, large, deadline=1.0)


def shake_hands(
    connection: socket.socket,
    secure: ssl.SSLObject,
    incoming: ssl.MemoryBIO,
    outgoing: ssl.MemoryBIO,
) -> None:
    """Make the server's part of a TLS handshake, until the client has sent its request."""
    while True:
        incoming.write(connection.recv(65_536))
        try:
            secure.do_handshake()
            secure.read(65_536)
            return
        except ssl.SSLWantReadError:
            connection.sendall(outgoing.read())


@pytest.mark.parametrize(
    "talk",
    [silent, lambda connection: drop(connection, b"\x16\x03\x03\x40\x00" + b"\x02" * 999)],
    ids=["silent", "drip"],
)
def test_a_tls_handshake_ends_at_the_deadline(talk: Talk) -> None:
    with raw_server(talk) as server:
        url = server.url.replace("http:", "https:")
        require_end_at_deadline(url, is_connected=False, reason="No connection was made in time")


@pytest.mark.parametrize(
    "talk",
    [silent, dripping(b"HTTP/1.1 200 ", b"O"), dripping(OK, b"X-Header: 1\r\n")],
    ids=["silent", "status line", "headers"],
)
def test_a_proxy_that_does_not_connect_is_left_at_the_deadline(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with raw_server(talk) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "")
        require_end_at_deadline(
            "https://127.0.0.1:9", is_connected=False, reason="No connection was made in time"
        )


def test_a_server_behind_a_proxy_is_left_at_the_deadline(
    monkeypatch: pytest.MonkeyPatch, tls: ssl.SSLContext
) -> None:
    def connect(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
        with tls.wrap_socket(connection, server_side=True) as secure:
            second(DRIPS["headers"])(secure)

    with raw_server(connect) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "")
        require_end_at_deadline("https://127.0.0.1:9")


def test_an_answer_in_time_is_returned_with_a_deadline_as_without_one() -> None:
    with raw_server(answering) as server:
        transport = Transport(server.url, timeout=(LONGEST, LONGEST))
        bodies = [transport.send(GET, {}, deadline=end).body for end in (monotonic() + 60, None)]
        transport.close()
    assert bodies == [b"{}", b"{}"]


def test_a_request_may_have_time_outs_of_its_own() -> None:
    with raw_server(silent) as server:
        transport = Transport(server.url, timeout=(LONGEST, LONGEST))
        with pytest.raises(TransportError, match="No answer arrived in time"):
            transport.send(GET, {}, timeout=(LONGEST, 0.05))
        transport.close()
