from __future__ import annotations

import io
import threading
import tracemalloc
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
import trustme
from cryptography.hazmat.primitives import serialization
from support.local_server import reply, serving
from support.locks import held_elsewhere
from support.raw_server import raw_server
from support.recording_adapter import RecordingAdapter, answer

from kintone_orm import connect, connections
from kintone_orm.exceptions import ImproperlyConfigured, TransportError
from kintone_orm.http.messages import Request, Upload
from kintone_orm.http.network.transport import Transport
from kintone_orm.limits import ANSWER_BYTES

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler
    from pathlib import Path

    from requests.adapters import BaseAdapter

GET = Request("GET", "/k/v1/records.json", {"app": 7})
FILE = Request("GET", "/k/v1/file.json", stream=True)


def transport(
    base_url: str, *, timeout: float = 60, adapter: BaseAdapter | None = None
) -> Transport:
    return Transport(base_url, timeout=(timeout, timeout), adapter=adapter)


def say(handler: BaseHTTPRequestHandler) -> None:
    """Answer with the client's port, which identifies the TCP connection."""
    reply(handler, str(handler.client_address[1]).encode())


def break_off(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True
    reply(handler, b"{}", Content_Length="8")


def test_an_answer_has_the_status_the_headers_and_the_body() -> None:
    def handle(handler: BaseHTTPRequestHandler) -> None:
        reply(handler, b"{}", 409, X_Cybozu_Error="GAIA_CO02")

    with serving(handle) as url:
        response = transport(url).send(GET, {})
    assert (response.status, response.body) == (409, b"{}")
    assert response.headers["x-cybozu-error"] == "GAIA_CO02"


def test_a_request_carries_its_credentials_and_says_who_asks() -> None:
    adapter = RecordingAdapter()
    transport("https://x.cybozu.com", adapter=adapter).send(GET, {"X-Cybozu-API-Token": "t"})
    assert adapter.last.headers["X-Cybozu-API-Token"] == "t"
    assert adapter.last.headers["User-Agent"].startswith("kintone-orm/")


def test_time_outs_and_certificates_go_with_every_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "own-authorities.pem")
    adapter = RecordingAdapter()
    way = Transport(
        "https://x.cybozu.com", timeout=(1, 2), client_cert=("cert", "key"), adapter=adapter
    )
    way.send(GET, {})
    sent = {name: adapter.options[name] for name in ("timeout", "cert", "verify")}
    assert sent == {
        "timeout": (1, 2),
        "cert": ("cert", "key"),
        "verify": "own-authorities.pem",
    }


def test_a_netrc_file_does_not_replace_the_credentials(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine x.cybozu.com login other password other\n")
    monkeypatch.setenv("NETRC", str(netrc))
    adapter = RecordingAdapter()
    way = transport("https://x.cybozu.com", adapter=adapter)
    way.send(GET, {"Authorization": "Bearer o"})
    way.send(GET, {"X-Cybozu-API-Token": "t"})
    sent = [request.headers.get("Authorization") for request in adapter.sent]
    assert sent == ["Bearer o", None]


def test_no_proxy_comes_between_two_programs_of_this_computer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with serving(say) as url:
        way = transport(url)
        assert way.send(GET, {}).status == 200
        way.close()


def test_a_redirect_is_not_followed() -> None:
    adapter = RecordingAdapter(answer(b"", 302, {"Location": "https://evil.example/"}))
    response = transport("https://x.cybozu.com", adapter=adapter).send(GET, {"X-Secret": "s"})
    assert (response.status, len(adapter.sent)) == (302, 1)


@pytest.mark.parametrize(("in_process", "proxies"), [(True, 0), (False, 1)])
def test_no_proxy_is_looked_for_on_the_way_to_an_emulator(
    monkeypatch: pytest.MonkeyPatch, in_process: bool, proxies: int
) -> None:
    """Issue 11, "Its own speed": it was a tenth of the time of a request to it."""
    for name in ("http_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("https_proxy", "http://proxy.example:8080")
    adapter = RecordingAdapter()
    if in_process:
        adapter.emulation = "1f"  # type: ignore[attr-defined]
    transport("https://x.cybozu.com", adapter=adapter).send(GET, {})
    assert len(adapter.options["proxies"]) == proxies


def test_cookies_are_not_kept() -> None:
    cookies: list[str | None] = []

    def handle(handler: BaseHTTPRequestHandler) -> None:
        cookies.append(handler.headers["Cookie"])
        reply(handler, b"{}", Set_Cookie="JSESSIONID=1; Path=/")

    with serving(handle) as url:
        way = transport(url)
        way.send(GET, {})
        way.send(GET, {})
        way.close()
    assert cookies == [None, None]


def test_a_thread_keeps_its_connection() -> None:
    with serving(say) as url:
        way = transport(url)
        first, second = (way.send(GET, {}).body for _ in range(2))
        way.close()
    assert first == second


def test_each_thread_has_a_connection_of_its_own() -> None:
    ports: list[bytes] = []
    with serving(say) as url:
        way = transport(url)
        ports.append(way.send(GET, {}).body)
        thread = threading.Thread(target=lambda: ports.append(way.send(GET, {}).body))
        thread.start()
        thread.join()
        way.close()
    assert len(set(ports)) == 2


def test_a_forked_process_does_not_use_its_parents_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(say) as url:
        way = transport(url)
        parent = way.send(GET, {}).body
        monkeypatch.setattr("os.getpid", lambda: -1)
        child = way.send(GET, {}).body
        way.close()
    assert parent != child


def test_a_forked_process_does_not_wait_for_a_thread_of_its_parent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(say) as url:
        way = transport(url)
        with held_elsewhere(way._lock), ThreadPoolExecutor() as pool:
            monkeypatch.setattr("os.getpid", lambda: -1)
            assert pool.submit(way.send, GET, {}).result(timeout=30).status == 200
        way.close()


def test_after_close_a_new_connection_is_opened() -> None:
    with serving(say) as url:
        way = transport(url)
        first = way.send(GET, {}).body
        way.close()
        second = way.send(GET, {}).body
        way.close()
    assert first != second


def test_a_server_that_does_not_answer_in_time_is_a_transport_error() -> None:
    release = threading.Event()

    def handle(handler: BaseHTTPRequestHandler) -> None:
        release.wait(60)
        reply(handler, b"{}")

    with serving(handle) as url:
        with pytest.raises(TransportError, match="No answer arrived in time"):
            transport(url, timeout=0.05).send(GET, {})
        release.set()


def test_nobody_listening_is_a_transport_error_without_a_secret() -> None:
    with pytest.raises(TransportError, match=r"127\.0\.0\.1:1: The server refused") as caught:
        transport("http://127.0.0.1:1").send(GET, {"X-Cybozu-API-Token": "hush"})
    cause: Any = caught.value.__cause__
    assert cause.request is None
    assert "hush" not in repr(cause) + str(caught.value)


def test_an_answer_that_breaks_off_is_a_transport_error() -> None:
    with serving(break_off) as url, pytest.raises(TransportError, match="broke off"):
        transport(url).send(GET, {})


def test_a_file_is_sent_without_being_read_into_memory(tmp_path: Path) -> None:
    large = tmp_path / "large"
    large.write_bytes(b"x" * 20_000_000)
    received: list[int] = []

    def handle(handler: BaseHTTPRequestHandler) -> None:
        left = length = int(handler.headers["Content-Length"])
        while left:
            left -= len(handler.rfile.read(min(left, 65_536)))
        received.append(length)
        reply(handler, b"{}")

    with serving(handle) as url, large.open("rb") as file:
        request = Request("POST", "/k/v1/file.json", upload=Upload(file, "a", "text/plain"))
        tracemalloc.start()
        transport(url).send(request, {})
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert received[0] > 20_000_000
    assert peak < 5_000_000


def test_a_download_comes_in_pieces() -> None:
    content = bytes(1_000_000)

    def handle(handler: BaseHTTPRequestHandler) -> None:
        reply(handler, content)

    with serving(handle) as url:
        way = transport(url)
        chunks = way.send(FILE, {}).chunks
        assert chunks is not None
        pieces = list(chunks)
        way.close()
    assert len(pieces) > 1
    assert b"".join(pieces) == content


def test_a_download_that_breaks_off_is_a_transport_error() -> None:
    with serving(break_off) as url:
        chunks = transport(url).send(FILE, {}).chunks
        assert chunks is not None
        with pytest.raises(TransportError, match="broke off"):
            list(chunks)


@pytest.mark.parametrize("request_", [GET, FILE])
def test_a_shortened_answer_is_noticed_even_if_urllib3_does_not(request_: Request) -> None:
    short = answer(b"{}", headers={"Content-Length": "8"})
    way = transport("https://x.cybozu.com", adapter=RecordingAdapter(short))
    with pytest.raises(TransportError, match="broke off"):
        list(way.send(request_, {}).chunks or ())


def packed_megabytes(number: int) -> bytes:
    """JSON of that many megabytes, which compresses to a thousandth."""
    packer = zlib.compressobj(wbits=31)
    parts = [packer.compress(b" " * 1024**2) for _ in range(number)]
    return b"".join([*parts, packer.compress(b"{}"), packer.flush()])


BOMB = packed_megabytes(200)


def bomb(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Encoding", "gzip")
    handler.send_header("Content-Length", str(len(BOMB)))
    handler.end_headers()
    with suppress(OSError):
        handler.wfile.write(BOMB)


def test_an_answer_that_is_too_long_is_given_up_while_it_is_unpacked() -> None:
    tracemalloc.start()
    try:
        with serving(bomb) as url:
            way = Transport(url, timeout=(60, 60), max_answer=1024**2)
            with pytest.raises(TransportError, match="more than 1,048,576 bytes.*max_answer="):
                way.send(GET, {})
        assert tracemalloc.get_traced_memory()[1] < 120 * 1024**2
    finally:
        tracemalloc.stop()


def test_an_answer_may_have_256_megabytes_unless_it_is_said() -> None:
    assert ANSWER_BYTES == 256 * 1024**2
    assert connect("https://x.cybozu.com", api_token="t", alias="long")._max_answer == ANSWER_BYTES
    del connections["long"]


@pytest.mark.parametrize("wrong", [0, -1, "1", 1.5, True, None])
def test_a_longest_answer_that_is_no_number_is_refused(wrong: Any) -> None:
    with pytest.raises(ImproperlyConfigured, match="'max_answer' must be a number of bytes"):
        connect("https://x.cybozu.com", api_token="t", alias="long", max_answer=wrong)


def test_a_download_may_be_longer() -> None:
    adapter = RecordingAdapter(answer(b"x" * 100))
    way = Transport("https://x.cybozu.com", timeout=(5, 5), adapter=adapter, max_answer=10)
    assert b"".join(way.send(FILE, {}).chunks or ()) == b"x" * 100


def test_a_download_that_is_refused_has_a_body() -> None:
    adapter = RecordingAdapter(answer({"code": "GAIA_BL01"}, 404))
    response = transport("https://x.cybozu.com", adapter=adapter).send(FILE, {})
    assert (response.chunks, response.json()) == (None, {"code": "GAIA_BL01"})


def test_a_file_in_memory_can_be_sent() -> None:
    adapter = RecordingAdapter()
    upload = Upload(io.BytesIO(b"content"), "a.txt", "text/plain")
    way = transport("https://x.cybozu.com", adapter=adapter)
    way.send(Request("POST", "/k/v1/file.json", upload=upload), {})
    assert adapter.last.headers["Content-Type"].startswith("multipart/form-data; boundary=")


def test_a_client_certificate_that_is_not_there_is_told_as_such() -> None:
    transport = Transport(
        "https://127.0.0.1:9", timeout=(5, 5), client_cert="nowhere/certificate.pem"
    )
    with pytest.raises(TransportError, match="The client certificate"):
        transport.send(Request("GET", "/k/v1/apps.json"), {})


def test_a_client_certificate_whose_key_has_a_password_is_refused_without_a_question(
    tmp_path: Path,
) -> None:
    issued = trustme.CA().issue_cert("sato@example.com")
    key = serialization.load_pem_private_key(issued.private_key_pem.bytes(), None)
    locked = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"hush"),
    )
    file = tmp_path / "sato.pem"
    file.write_bytes(locked + issued.cert_chain_pems[0].bytes())
    with raw_server(lambda _connection: None) as server:
        url = server.url.replace("http:", "https:")
        way = Transport(url, timeout=(5, 5), client_cert=str(file))
        with pytest.raises(TransportError) as refused:
            way.send(Request("GET", "/k/v1/apps.json"), {})
    assert "Client private key is encrypted" in str(refused.value.__cause__)
