"""The emulator over HTTP."""

from __future__ import annotations

import gc
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from http.client import HTTPConnection

import pytest
import requests
from support.plain_kintone import cells, password

from kintone_orm.emulator import Emulator, Fault

serve = pytest.importorskip("kintone_orm.emulator.server").serve


TOKEN = {"X-Emulator-Token": "token"}


@pytest.fixture
def server(emulator):
    with serve(emulator, admin_token="token") as server:
        yield server


@pytest.fixture
def session():
    with requests.Session() as session:
        session.headers.update(password("sato", "secret"))
        yield session


def test_the_same_answers_come_over_the_wire(kintone, server, session):
    app = kintone.new_app({"名前": {"type": "SINGLE_LINE_TEXT"}})
    url = f"{server.url}/k/v1/"
    body = {"app": app, "record": {"名前": {"value": "佐藤😀"}}}
    assert session.post(url + "record.json", json=body).json() == {"id": "1", "revision": "1"}
    parameters = {"app": app, "query": '名前 like "佐藤"', "fields[0]": "名前"}
    response = session.get(url + "records.json", params=parameters)
    assert response.json() == {
        "records": [{"名前": {"type": "SINGLE_LINE_TEXT", "value": "佐藤😀"}}],
        "totalCount": None,
    }
    assert response.headers["X-ConcurrencyLimit-Limit"] == "100"
    assert response.headers["Content-Type"] == "application/json;charset=utf-8"


def test_parameters_in_the_body_of_a_get_arrive(kintone, server, session):
    app = kintone.new_app({})
    response = session.get(f"{server.url}/k/v1/records.json", json={"app": app})
    assert response.json() == {"records": [], "totalCount": None}


def test_errors_keep_their_status_and_language(server, session):
    headers = {"Accept-Language": "ja"}
    response = session.get(f"{server.url}/k/v1/records.json", headers=headers)
    assert response.status_code == 400
    assert response.json()["message"] == "入力内容が正しくありません。"


def test_a_stopped_server_answers_no_more(emulator, session):
    server = serve(emulator)
    server.start()
    server.stop()
    with pytest.raises(requests.ConnectionError):
        session.get(f"{server.url}/k/v1/apps.json")


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost"])
def test_this_computer_is_reached_by_each_of_its_names(server, session, host):
    port = server.url.rpartition(":")[2]
    try:
        assert session.get(f"http://{host}:{port}/k/v1/apps.json").json() == {"apps": []}
    except requests.ConnectionError:
        if host != "[::1]" or has_ipv6():
            raise
        pytest.skip("no IPv6 on this computer")


def has_ipv6():
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            return False
    return True


def test_one_address_may_be_asked_for(emulator, session):
    with serve(emulator, host="127.0.0.1") as server:
        assert server.url.startswith("http://127.0.0.1:")
        assert session.get(f"{server.url}/k/v1/apps.json").status_code == 200


def test_a_connection_is_kept(server):
    connection = HTTPConnection("localhost", int(server.url.rpartition(":")[2]))
    with closing(connection):
        connection.request("GET", "/k/v1/apps.json", headers=password("sato", "secret"))
        assert connection.getresponse().read() == b'{"apps":[]}'
        kept = connection.sock
        connection.request("GET", "/k/v1/apps.json", headers=password("sato", "wrong"))
        assert connection.getresponse().status == 401
        assert connection.sock is kept
        assert kept is not None


def test_no_answer_waits_for_an_acknowledgement(server):
    # A delayed answer takes 40 ms. An accepted socket inherits the option from the listening one.
    assert all(
        listener._bound.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        for listener in server._listeners
    )


def test_all_writes_of_a_hundred_clients_at_once_succeed(kintone, server):
    app = kintone.new_app({"key": {"type": "SINGLE_LINE_TEXT", "unique": True}})
    together = threading.Barrier(100)

    def write(client):
        with requests.Session() as own:
            own.headers.update(password("sato", "secret"))
            together.wait()
            for i in range(3):
                body = {"app": app, "record": cells({"key": f"{client} {i}"})}
                assert own.post(f"{server.url}/k/v1/record.json", json=body).status_code == 200

    with ThreadPoolExecutor(100) as threads:
        list(threads.map(write, range(100)))
    answer = kintone.ok("GET", "records.json", {"app": app, "query": "limit 0", "totalCount": True})
    assert answer["totalCount"] == "300"


def test_the_hundred_and_first_at_once_is_refused_over_the_wire(emulator, server, session):
    url = f"{server.url}/k/v1/apps.json"

    def ask(_):
        return requests.get(url, headers=password("sato", "secret"), timeout=60)

    with ThreadPoolExecutor(100) as threads:
        with emulator._domain.lock:
            waiting = [threads.submit(ask, i) for i in range(100)]
            while emulator._proxy.running < 100:
                time.sleep(0.001)
            refused = session.get(url)
        running = {
            int(connection.result().headers["X-ConcurrencyLimit-Running"]) for connection in waiting
        }
    assert refused.status_code == 429
    assert refused.headers["X-ConcurrencyLimit-Running"] == "101"
    assert running == set(range(1, 101))


@pytest.mark.parametrize(
    "program",
    ["serve(Emulator())", "serve(Emulator()).start()"],
    ids=["never started", "never stopped"],
)
def test_a_server_does_not_keep_its_process_alive(program):
    source = (
        "from kintone_orm.emulator import Emulator\n"
        f"from kintone_orm.emulator.server import serve\n{program}"
    )
    assert subprocess.run([sys.executable, "-c", source], timeout=60, check=True).returncode == 0


def test_a_server_that_was_started_has_all_its_threads(emulator):
    """Otherwise Python 3.12, which starts no thread at exit, aborts a program that ends at once."""
    with serve(emulator) as server:
        before = threading.active_count()
        requests.get(server.url, timeout=60)
        assert threading.active_count() <= before


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_a_port_that_is_taken_leaves_no_socket_open(emulator, address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    if ":" in address and not has_ipv6():
        pytest.skip("no IPv6 on this computer")
    with socket.create_server((address, 0), family=family) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            serve(emulator, port=port)
    gc.collect()  # an open socket raises a ResourceWarning now
    with socket.create_server(("127.0.0.1", port)):
        pass


def test_a_server_that_was_stopped_before_it_started_never_answers(emulator):
    server = serve(emulator)
    server.stop()
    server.start()
    with pytest.raises(requests.ConnectionError):
        requests.get(server.url, timeout=60)
    server.stop()


# Faults on a real connection


@pytest.mark.parametrize("fault", [Fault.LOST_REQUEST, Fault.LOST_ANSWER])
def test_the_connection_is_really_dropped(emulator, server, session, fault):
    emulator.faults.add(fault)
    with pytest.raises(requests.ConnectionError, match="RemoteDisconnected"):
        session.get(f"{server.url}/k/v1/apps.json")
    assert session.get(f"{server.url}/k/v1/apps.json").status_code == 200


def test_the_body_really_breaks_off(emulator, server):
    emulator.faults.add(Fault.TRUNCATED_BODY)
    host, port = server.url.removeprefix("http://").split(":")
    request = "GET /k/v1/apps.json HTTP/1.1\r\nHost: x\r\n"
    credentials = password("sato", "secret")["X-Cybozu-Authorization"]
    with socket.create_connection((host, int(port)), timeout=60) as wire:
        wire.sendall(f"{request}X-Cybozu-Authorization: {credentials}\r\n\r\n".encode())
        answer = b"".join(iter(lambda: wire.recv(4096), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"Content-Length: 11" in head
    assert body == b'{"app'


def test_an_answer_is_really_late(emulator, server, session):
    emulator.faults.add(Fault.LATENCY, seconds=0.3)
    with pytest.raises(requests.ReadTimeout):
        session.get(f"{server.url}/k/v1/apps.json", timeout=0.1)


def test_a_late_request_is_one_that_runs(session):
    asleep, awake = threading.Event(), threading.Event()

    def sleep(seconds):
        asleep.set()
        awake.wait(60)

    with (
        closing(Emulator(users={"sato": "secret"}, sleep=sleep)) as emulator,
        serve(emulator) as server,
        ThreadPoolExecutor(1) as threads,
    ):
        emulator.faults.add(Fault.LATENCY, seconds=1)
        headers = password("sato", "secret")
        late = threads.submit(requests.get, f"{server.url}/k/v1/apps.json", headers=headers)
        assert asleep.wait(60)
        running = session.get(f"{server.url}/k/v1/apps.json").headers
        awake.set()
        assert late.result().status_code == 200
    assert running["X-ConcurrencyLimit-Running"] == "2"


def test_a_body_really_drips(session):
    head_read, slept = threading.Event(), []

    def sleep(seconds):
        if slept:  # the headers come with the first piece, before the second is sent
            assert head_read.wait(60)
        slept.append(seconds)

    with (
        closing(Emulator(users={"sato": "secret"}, sleep=sleep)) as emulator,
        serve(emulator) as server,
    ):
        emulator.faults.add(Fault.SLOW_BODY, seconds=300)
        response = session.get(f"{server.url}/k/v1/apps.json", stream=True)
        assert response.status_code == 200
        assert len(slept) == 1
        head_read.set()
        assert response.json() == {"apps": []}
    assert sum(slept) == pytest.approx(300)


def test_a_page_of_html_goes_with_503(emulator, server, session):
    emulator.faults.add(Fault.SERVICE_UNAVAILABLE)
    response = session.get(f"{server.url}/k/v1/apps.json")
    assert response.status_code == 503
    assert response.headers["Content-Type"] == "text/html;charset=utf-8"


def test_faults_are_ordered_over_http(server, session):
    order = {"fault": "service_unavailable", "endpoint": "apps"}
    faults = f"{server.url}/_emulator/faults"
    assert session.post(faults, json=order, headers=TOKEN).status_code == 200
    statuses = [session.get(f"{server.url}/k/v1/apps.json").status_code for _ in range(2)]
    assert statuses == [503, 200]


def test_faults_are_not_ordered_without_the_token(emulator, server, session):
    response = session.post(f"{server.url}/_emulator/faults", json={"fault": "lost_answer"})
    assert response.status_code == 401
    assert emulator.faults.pending == ()


def test_faults_are_not_ordered_from_a_server_that_has_no_token(emulator, session):
    with serve(emulator) as server:
        order = {"fault": "lost_answer"}
        response = session.post(f"{server.url}/_emulator/faults", json=order, headers=TOKEN)
    assert response.status_code == 404
    assert emulator.faults.pending == ()


# The web pages


def test_the_page_is_for_browsers_to_show_and_not_to_run(server):
    response = requests.get(server.url, timeout=60)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html;charset=utf-8"
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src")
    assert "kintone emulator" in response.text


@pytest.mark.parametrize("host", ["rebound.example.com", "localhost.example.com", "10.0.0.1:80"])
def test_the_page_is_not_shown_under_another_name(server, host):
    response = requests.get(server.url, headers={"Host": host}, timeout=60)
    assert response.status_code == 403
    assert "Apps" not in response.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1:80", "[::1]:80"])
def test_the_page_is_shown_under_every_name_of_this_computer(server, host):
    assert requests.get(server.url, headers={"Host": host}, timeout=60).status_code == 200


def test_the_page_can_only_be_looked_at(server):
    assert requests.post(server.url, timeout=60).status_code == 405


def raw_answer(server, *lines, body=b"", to_its_end=True):
    """Send a request written by hand, and return all of the answer until the connection closes.

    The client closes its side of the connection after the request, unless `to_its_end` is false.
    """
    with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), 10) as wire:
        wire.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode() + body)
        if to_its_end:
            wire.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := wire.recv(65536):
            answer += piece
    return answer


CREDENTIALS = f"X-Cybozu-Authorization: {password('sato', 'secret')['X-Cybozu-Authorization']}"


@pytest.mark.parametrize(
    "path", ["/k/v1/records.json", "/k/v1/file.json", "/_emulator/faults", "/faults", "/nothing"]
)
@pytest.mark.parametrize(
    "chunk", [b"zz\r\n", b"-5\r\nhello", b"5\r\nhello", b"f" * 40 + b"\r\nhello"]
)
def test_a_chunk_without_a_size_is_a_bad_request(server, capfd, path, chunk):
    """Issue 11, fault 6: it was a 500 with a traceback."""
    answer = raw_answer(
        server,
        f"POST {path} HTTP/1.1",
        f"Host: {server.url.removeprefix('http://')}",
        f"Origin: {server.url}",
        CREDENTIALS,
        "X-Emulator-Token: token",
        "Content-Type: application/json",
        "Transfer-Encoding: chunked",
        body=chunk,
    )
    assert answer.startswith(b"HTTP/1.1 4")
    assert b"Traceback" not in answer
    assert "Traceback" not in "".join(capfd.readouterr())


def test_a_negative_length_is_a_bad_request(server):
    answer = raw_answer(
        server,
        "POST /k/v1/record.json HTTP/1.1",
        f"Host: {server.url.removeprefix('http://')}",
        CREDENTIALS,
        "Content-Type: application/json",
        "Content-Length: -1",
        to_its_end=False,
    )
    assert answer.startswith(b"HTTP/1.1 400")


PARTS_OF_A_BODY = {
    "a chunk longer than any number": ("Transfer-Encoding: chunked", b"f" * 20 + b"\r\nhello"),
    "a chunk longer than any memory": ("Transfer-Encoding: chunked", b"f" * 14 + b"\r\nhello"),
    "less than was announced": ("Content-Length: 500", b'{"app": 1}'),
    "a length longer than any number": (f"Content-Length: {'9' * 20}", b'{"app": 1}'),
    "less than nothing": ("Content-Length: -1", b'{"app": 1}'),
}


@pytest.mark.parametrize(("header", "body"), PARTS_OF_A_BODY.values(), ids=list(PARTS_OF_A_BODY))
@pytest.mark.parametrize("path", ["/k/v1/record.json", "/k/v1/file.json", "/_emulator/faults", "/"])
def test_an_incomplete_body_is_refused(kintone, server, capfd, path, header, body):
    """Issue 11, fault 6: some were a 500 with a traceback; a JSON part of the body was written."""
    app = kintone.new_app({})
    answer = raw_answer(
        server,
        f"POST {path} HTTP/1.1",
        f"Host: {server.url.removeprefix('http://')}",
        CREDENTIALS,
        "X-Emulator-Token: token",
        "Content-Type: application/json",
        header,
        body=body,
    )
    assert answer.startswith(b"HTTP/1.1 4")
    assert "Traceback" not in "".join(capfd.readouterr())
    assert kintone.find(app) == []


def test_an_unreadable_body_is_not_taken_for_the_next_request(server):
    """The answer closes the connection, because the start of the next request is unknown."""
    head = f"POST /k/v1/record.json HTTP/1.1\r\nHost: localhost\r\n{CREDENTIALS}\r\n"
    unreadable = head + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
    following = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), 10) as wire:
        wire.sendall((unreadable + following).encode())
        answer = b""
        with suppress(ConnectionResetError):
            while piece := wire.recv(65536):
                answer += piece
    assert answer.count(b"HTTP/1.1 ") == 1


def test_an_address_that_names_no_host_is_a_bad_request(server, capfd):
    """Issue 11, fault 6, in the first line of a request: it was a 500 with a traceback."""
    answer = raw_answer(server, "GET http://[::1/k/v1/apps.json HTTP/1.1", "Host: localhost")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert "Traceback" not in "".join(capfd.readouterr())


@pytest.mark.parametrize("number", ["9" * 19, "9" * 30, "9" * 5000])
@pytest.mark.parametrize("page", ["/apps/{}", "/apps/1/records/{}", "/requests/{}"])
def test_a_page_of_a_number_beyond_all_is_not_there(kintone, server, capfd, page, number):
    """It was a 500 with a traceback."""
    kintone.new_app({})
    assert requests.get(server.url + page.format(number), timeout=10).status_code == 404
    assert "Traceback" not in "".join(capfd.readouterr())


@pytest.mark.parametrize("host", ["[::1", "[", "]", "a b", "localhost:x", "[::1]x", "é"])
@pytest.mark.parametrize("path", ["/", "/faults", "/style.css", "/k/v1/apps.json"])
def test_an_invalid_host_is_not_a_server_error(server, capfd, host, path):
    """Issue 11, fault 6: `Host: [::1` was a 500 with a traceback."""
    answer = raw_answer(server, f"GET {path} HTTP/1.1", f"Host: {host}", CREDENTIALS)
    status = {b"200", b"400"} if path.startswith("/k/") else {b"403", b"400"}
    assert answer.split(b" ", 2)[1] in status
    assert "Traceback" not in "".join(capfd.readouterr())


def test_deep_json_is_refused_as_an_order_of_a_fault(server, session, capfd):
    """Issue 11, fault 6: it was a 500 with a traceback."""
    for deep in ("[" * 200_000, '{"fault":' * 200_000):
        response = session.post(f"{server.url}/_emulator/faults", headers=TOKEN, data=deep)
        assert response.status_code == 400
        assert response.json() == {"error": "The JSON is nested too deeply."}
    assert "Traceback" not in "".join(capfd.readouterr())
