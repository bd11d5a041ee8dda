"""The proxy of faults: each fault does what its name says, as a plain client sees it."""

from __future__ import annotations

import socket
from http.server import BaseHTTPRequestHandler

import pytest
import requests
from support.faults.proxy import Proxy
from support.faults.wire_faults import FAULTS, GROUPS, MOST_BYTES
from support.local_server import reply, serving

BODY = b'{"id": "1", "revision": "1"}'
NO_ANSWER = "no answer"

# What a client gets: an exception, a status, or 200 with a body of its own.
BY_GROUP = {
    "lost before": NO_ANSWER,
    "lost after": NO_ANSWER,
    "stalled before": NO_ANSWER,
    "stalled after": NO_ANSWER,
    "drips after": NO_ANSWER,
    "damaged after": NO_ANSWER,
    "odd": (200, BODY),
}
BY_FAULT = {
    "headers cut": (200, b""),  # Python's http.client takes the end of the stream for the end
    "drips headers": (200, b""),
    "gzip cut": 200,  # of the body, what could be unpacked
    "length too short": (200, BODY[:-1]),
    "unknown encoding": (200, b"\x28\xb5\x2f\xfd\x00\x01"),
    "body too long": (200, BODY + b" " * MOST_BYTES),
    "byte order mark": (200, b"\xef\xbb\xbf" + BODY),
    "another request's answer before": (200, b'{"rights": []}'),
    "another request's answer after": (200, b'{"rights": []}'),
    "empty with 200 before": (200, b""),
    "empty with 200 after": (200, b""),
    "[] before": (200, b"[]"),
    "[] after": (200, b"[]"),
    "{} before": (200, b"{}"),
    "{} after": (200, b"{}"),
    "null after": (200, b"null"),
    "number after": (200, b"17"),
    "string after": (200, b'"text"'),
    "no UTF-8 after": (200, b'{"id": "\xff\xfe"}'),
    "NaN": (200, b'{"id": NaN, "revision": NaN, "x": NaN}'),
    "HTML with 200 before": 200,
    "HTML with 200 after": 200,
    "deep JSON after": 200,
    "204 before": (204, b""),
    "204 after": (204, b""),
    "103 first": (103, b""),
    "520 JSON after": (520, b"{}"),
    "GAIA_DA02": 400,
    "GAIA_LT01": 400,
    "GAIA_RE18": 409,
    "GAIA_NO02": 403,
}
NUMBERED = ("4xx", "5xx before", "5xx after", "redirected")  # their names begin with the status


def expected(name, group):
    if name in BY_FAULT:
        return BY_FAULT[name]
    if group in NUMBERED:
        return int(name[:3])
    return 429 if group in ("busy", "no cursor") else BY_GROUP[group]


@pytest.fixture(scope="module")
def server():
    """A server, and the bodies of the requests that it has carried out."""
    carried_out = []

    def handle(handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("Content-Length", 0))
        carried_out.append(handler.rfile.read(length))
        reply(handler, BODY)

    with serving(handle) as url:
        yield ("127.0.0.1", int(url.rpartition(":")[2])), carried_out


@pytest.fixture(scope="module")
def shared(server):
    with Proxy(server[0]) as proxy:
        yield proxy


@pytest.fixture
def proxy(shared, server):
    server[1].clear()
    shared.arrived.clear()
    yield shared
    shared.relax()


@pytest.fixture
def client():
    with requests.Session() as session:
        session.trust_env = False
        yield session


def post(client, proxy, timeout=5.0):
    url = f"{proxy.url}/k/v1/record.json"
    return client.post(url, data=b"a body", timeout=timeout, allow_redirects=False)


@pytest.mark.parametrize(
    ("name", "group"), [(name, group) for group, faults in GROUPS.items() for name in faults]
)
def test_a_fault_is_what_its_name_says(proxy, client, server, name, group):
    proxy.spoil(FAULTS[name])
    if group == "drips after":
        proxy.patience = 0.1
    timeout = 0.2 if group.startswith("stalled") else 5.0
    try:
        answer = post(client, proxy, timeout)
    except requests.RequestException:
        seen = NO_ANSWER
    else:
        # urllib3 1.26 does not raise an error if a part of the body is missing.
        is_cut = bool(answer.raw.length_remaining)
        seen = NO_ANSWER if is_cut else (answer.status_code, answer.content)
    awaited = expected(name, group)
    assert seen == awaited or seen[0] == awaited
    is_before = group.endswith("before") or group in ("4xx", "redirected", "busy", "no cursor")
    assert server[1] == ([] if is_before else [b"a body"])
    assert post(client, proxy).content == BODY, "the next request is passed on"


def test_about_ninety_faults_have_different_names():
    names = [name for group in GROUPS.values() for name in group]
    assert len(names) == len(set(names)) == len(FAULTS)
    assert len(names) > 80


@pytest.mark.parametrize("after", [0, 1, 2])
def test_connections_are_refused_until_the_proxy_listens_again(proxy, client, server, after):
    post(client, proxy)
    proxy.refuse(after=after)
    for _ in range(after):
        post(client, proxy)
    for _ in range(2):
        with pytest.raises(requests.ConnectionError, match="refused"):
            post(client, proxy)
    assert len(server[1]) == 1 + after
    proxy.listen()
    assert post(client, proxy).content == BODY


def test_a_fault_is_applied_to_the_requests_of_its_numbers(proxy, client, server):
    proxy.spoil(FAULTS["503 page before"], after=1, times=2)
    assert [post(client, proxy).status_code for _ in range(4)] == [200, 503, 503, 200]
    assert len(server[1]) == 2
    assert proxy.arrived == ["POST /k/v1/record.json"] * 4


def test_a_request_without_a_body_is_passed_on(proxy, client, server):
    assert client.get(f"{proxy.url}/k/v1/records.json?app=1", timeout=5).content == BODY
    assert proxy.arrived == ["GET /k/v1/records.json"]


def test_a_dripping_answer_goes_on_while_the_client_waits(proxy, client):
    proxy.spoil(FAULTS["drips body"])
    answer = client.post(f"{proxy.url}/", data=b"a body", timeout=5, stream=True)
    pieces = answer.iter_content(1)
    assert b"".join(next(pieces) for _ in range(len(BODY) + 3)) == BODY + b"   "
    answer.close()


def test_an_idle_connection_is_closed(server):
    with Proxy(server[0], idle=0.01) as proxy:
        host, port = proxy.url.partition("//")[2].split(":")
        with socket.create_connection((host, int(port)), timeout=5) as connection:
            assert connection.recv(1) == b""
