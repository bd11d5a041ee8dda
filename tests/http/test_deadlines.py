"""A request ends at its deadline, whatever the server does, and wherever it waits."""

from __future__ import annotations

import socket
import zlib
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from support.raw_server import RawServer, dripping, raw_server, read_request, silent

from kintone_orm.exceptions import TransportError
from kintone_orm.http.messages import Request
from kintone_orm.http.transport import Transport

if TYPE_CHECKING:
    from support.raw_server import Talk

GET = Request("GET", "/k/v1/records.json", {"app": 7})
FILE = Request("GET", "/k/v1/file.json", stream=True)
# Seconds. Without a deadline, every server here would hold its client for five seconds.
DEADLINE, LATEST = 0.2, 2.0

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n"
GZIP = b"Content-Encoding: gzip\r\n"


def gzipped() -> bytes:
    packer = zlib.compressobj(wbits=31)
    return packer.compress(b"{}" * 9) + packer.flush(zlib.Z_SYNC_FLUSH)


def empty_blocks() -> bytes:
    """Bytes that may follow `gzipped()`, and unpack to nothing."""
    return b"\x00\x00\x00\xff\xff" * 16


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


def send_until(deadline: float, server: RawServer, request: Request = GET) -> float:
    """Send a request that fails at its deadline; return the seconds that it took."""
    transport = Transport(server.url, timeout=(LATEST, LATEST))
    started = monotonic()
    try:
        with pytest.raises(TransportError, match="No answer arrived in time"):
            for _ in transport.send(request, {}, deadline=started + deadline).chunks or ():
                pass
    finally:
        transport.close()
    return monotonic() - started


@pytest.mark.parametrize("request_", [GET, FILE], ids=["answer", "download"])
@pytest.mark.parametrize("talk", DRIPS.values(), ids=DRIPS)
def test_an_answer_that_drips_ends_at_the_deadline(talk: Talk, request_: Request) -> None:
    with raw_server(talk) as server:
        assert DEADLINE <= send_until(DEADLINE, server, request_) < LATEST


def test_a_body_that_unpacks_to_nothing_for_ever_ends_at_the_deadline() -> None:
    def flood(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(CHUNKED + GZIP + b"\r\n" + chunk(gzipped()))
        while True:
            connection.sendall(chunk(empty_blocks()) * 50)

    with raw_server(flood) as server:
        assert DEADLINE <= send_until(DEADLINE, server) < LATEST


def test_a_server_that_says_nothing_is_left_at_the_deadline() -> None:
    with raw_server(silent) as server:
        assert DEADLINE <= send_until(DEADLINE, server) < LATEST
