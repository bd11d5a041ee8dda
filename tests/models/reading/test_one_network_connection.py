"""A read over the network, also over TLS and through a proxy, takes one network connection.

A page is decoded while the answer to the next request is on its way.
"""

from __future__ import annotations

import threading
import time
from itertools import islice

import pytest
import requests
from support.network.certificates import Certificates
from support.network.proxy import serving_proxy
from support.numbered_kintone import NumberedKintone
from support.raw_server import raw_server, read_request

from kintone_orm import Model, connect, connections, fields
from kintone_orm.http.network import exchange
from kintone_orm.models.reading.send_ahead import _EarlyReader

PATIENCE = 5.0  # seconds
NUMBER = 45  # records, in pages of 10


class Entry(Model):
    n = fields.IntegerField()

    class Meta:
        app = "entry"


class Talk:
    """kintone's part of the talk over a network connection.

    `before` is called with the number of a request before its answer is sent. `begun` has the
    numbers of the requests that arrived.
    """

    def __init__(self):
        self.begun = 0
        self.before = lambda _number: None
        self._kintone = NumberedKintone(NUMBER)

    def __call__(self, connection):
        while head := read_request(connection):
            start, _, body = head.partition(b"\r\n\r\n")
            line, *headers = start.decode().split("\r\n")
            length = next(
                (int(h.split(":")[1]) for h in headers if h.lower().startswith("content-length")), 0
            )
            while len(body) < length:
                body += connection.recv(65_536)
            method, target, _ = line.split(" ")
            asked = requests.Request(method, f"https://kintone.invalid{target}", data=body)
            answer = self._kintone.send(asked.prepare()).content
            self.begun += 1
            self.before(self.begun)
            head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(answer)
            connection.sendall(head + answer)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(params=["http", "https", "proxy"])
def server(request, certificates, monkeypatch):
    """A server of 45 records, to which the current connection leads."""
    context = None if request.param == "http" else certificates.server("127.0.0.1")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificates.authority))
    for name in ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    talk = Talk()
    with (
        raw_server(talk, context) as server,
        serving_proxy("sato", "secret", lambda _: ("127.0.0.1", server.port)) as proxy,
    ):
        if request.param == "proxy":
            monkeypatch.setenv("HTTPS_PROXY", f"http://sato:secret@127.0.0.1:{proxy.port}")
        server.talk, server.proxy = talk, proxy
        connection = connect(server.url, api_token="token", apps={"entry": 1}, alias="one")
        try:
            with connections.override(connection, everywhere=True):
                yield server
        finally:
            connection.close()
            del connections["one"]
        assert bool(proxy.asked) is (request.param == "proxy")


@pytest.mark.parametrize("ahead", [0, 1])
@pytest.mark.parametrize(("order", "requests"), [("pk", 5), ("-pk", 5), ("n", 7)])
def test_a_read_of_many_pages_takes_one_connection(server, ahead, order, requests):
    found = [entry.n for entry in Entry.objects.order_by(order).iterator(10, ahead=ahead)]
    assert sorted(found) == list(range(1, NUMBER + 1))
    assert (server.accepted, server.talk.begun) == (1, requests)


@pytest.mark.parametrize("order", ["pk", "n"])
def test_a_page_is_decoded_while_the_next_answer_is_on_its_way(server, order, monkeypatch):
    """The answer to a request ahead is sent only when the page before it was decoded."""
    decoded, in_time = threading.Semaphore(0), []
    first = {"pk": 3, "n": 5}[order]
    read = _EarlyReader.read

    def decode(reader):
        read(reader)
        decoded.release()

    def wait(number):
        if number >= first:
            in_time.append(decoded.acquire(timeout=PATIENCE))

    monkeypatch.setattr(_EarlyReader, "read", decode)
    server.talk.before = wait
    assert len(list(Entry.objects.order_by(order).iterator(10))) == NUMBER
    assert in_time == [True, True, True]


@pytest.mark.parametrize("order", ["pk", "n"])
def test_reads_that_are_left_at_each_border_of_a_page_take_one_connection(server, order):
    for number in (1, 9, 10, 11, 19, 20, 21, 30, 31, 40, 41, 45):
        with Entry.objects.order_by(order).iterator(10) as entries:
            assert [entry.n for entry in islice(entries, number)] == list(range(1, number + 1))
    assert server.accepted == 1
    assert server.talk._kintone.cursors == {}


@pytest.mark.parametrize("order", ["pk", "n"])
def test_the_time_to_decode_a_page_is_not_that_of_the_next_request(server, order, monkeypatch):
    """To decode a page takes 1,000 seconds, and a request has a minute."""
    skipped, read, real = [0], _EarlyReader.read, time.monotonic

    def decode(reader):
        read(reader)
        skipped[0] += 1_000

    def now():
        return real() + skipped[0]

    monkeypatch.setattr(_EarlyReader, "read", decode)
    monkeypatch.setattr(time, "monotonic", now)
    monkeypatch.setattr(exchange, "monotonic", now)
    with connections.override(deadline=60):
        assert len(list(Entry.objects.order_by(order).iterator(10))) == NUMBER
    assert skipped == [3_000]


@pytest.mark.parametrize("order", ["pk", "n"])
def test_an_interrupt_while_an_answer_is_on_its_way_spoils_no_later_request(
    server, order, monkeypatch
):
    def interrupted(_reader):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(_EarlyReader, "read", interrupted)
        with pytest.raises(KeyboardInterrupt):
            list(Entry.objects.order_by(order).iterator(10))
    found = [entry.n for entry in Entry.objects.order_by(order).iterator(10)]
    assert found == list(range(1, NUMBER + 1))
    assert server.accepted == 2
    assert server.talk._kintone.cursors == {}
