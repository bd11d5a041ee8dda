"""Programs that end in an error while a connection with secrets is open.

Each takes the name of a login. No program keeps a secret in a variable of its own, so a secret in
the output of pytest, or in a frame of the error, comes from kintone_orm or from a library.
"""

from __future__ import annotations

import operator
import os
import signal
import socket
import struct
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from unittest.mock import patch

from kintone_orm.connection import Connection, connect
from kintone_orm.http.retry import Retry
from support.local_server import reply, serving
from support.markers import LOGINS, OAUTH, PASSWORD, PROXY, TOKEN, USER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from http.server import BaseHTTPRequestHandler

NOWHERE = "127.0.0.1:1"
"""An address where no server listens."""


def connected(base_url: str, login: str, *, timeout: float = 20) -> Connection:
    return connect(base_url, timeout=timeout, retry=False, alias="secret", **LOGINS[login])


def ask(base_url: str, login: str) -> dict[str, Any]:
    connection = connected(base_url, login)
    return connection.request("GET", "records", {"app": 7})


def ask_a_server(handle: Callable[[BaseHTTPRequestHandler], None], login: str) -> None:
    with serving(handle) as url:
        ask(url, login)


def be_silent(handler: BaseHTTPRequestHandler) -> None:
    handler.rfile.read(1)  # until the client closes the connection


def reset(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()


def cut(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True
    reply(handler, b'{"records": [', Content_Length="80")


def refused_connection(login: str) -> None:
    ask(f"http://{NOWHERE}", login)


def unknown_host(login: str) -> None:
    unknown = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    with patch("socket.getaddrinfo", side_effect=unknown):
        ask("https://localhost:1", login)


def lost_answer(login: str) -> None:
    with serving(be_silent) as url:
        connection = connected(url, login, timeout=0.2)
        connection.request("GET", "records", {"app": 7})


def reset_connection(login: str) -> None:
    ask_a_server(reset, login)


def truncated_answer(login: str) -> None:
    ask_a_server(cut, login)


def redirect(login: str) -> None:
    ask_a_server(lambda handler: reply(handler, b"", 302, Location="https://x.invalid/"), login)


def page_of_a_proxy(login: str) -> None:
    ask_a_server(lambda handler: reply(handler, b"<html>Unauthorized</html>", 401), login)


def refusal(login: str) -> None:
    body = b'{"code": "CB_NO02", "id": "1", "message": "No privilege to proceed."}'
    ask_a_server(lambda handler: reply(handler, body, 403), login)


@contextmanager
def plain_port() -> Iterator[int]:
    """A port whose server answers without TLS, before it reads."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            client, _ = listener.accept()
            with client:
                client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                client.recv(1024)

        threading.Thread(target=answer, daemon=True).start()
        yield int(listener.getsockname()[1])


def tls_to_a_plain_port(login: str) -> None:
    with plain_port() as port:
        ask(f"https://127.0.0.1:{port}", login)


def refused_by_the_proxy(login: str) -> None:
    proxy = {"https_proxy": f"http://{USER}:{PROXY}@{NOWHERE}", "no_proxy": ""}
    with patch.dict(os.environ, proxy):
        del proxy
        ask("https://127.0.0.1:2", login)


def failing_wrapper(login: str) -> None:
    def fail(send: Any, request: Any) -> Any:
        response = send(request)
        raise RuntimeError(f"The wrapper failed after {response}.")

    with serving(lambda handler: reply(handler, b"{}")) as url:
        connection = connected(url, login)
        with connection.wrap(fail):
            connection.request("GET", "apps")


def failing_assertion(login: str) -> None:
    with serving(lambda handler: reply(handler, b'{"apps": []}')) as url:
        connection = connected(url, login)
        settings, attributes = connection.settings, vars(connection)
        headers = settings.credentials.headers(())
        answer = connection.request("GET", "apps")
        assert [answer, connection, settings, attributes, headers] == [{}, "a", "b", {"c": 1}, {}]


def defect_in_a_library(login: str) -> None:
    with (
        serving(be_silent) as url,
        patch.object(socket.socket, "sendall", operator.truediv, create=True),
    ):
        ask(url, login)


THIRTEEN = (
    refused_connection,
    unknown_host,
    lost_answer,
    reset_connection,
    truncated_answer,
    redirect,
    page_of_a_proxy,
    refusal,
    tls_to_a_plain_port,
    refused_by_the_proxy,
    failing_wrapper,
    failing_assertion,
    defect_in_a_library,
)


def unreadable_proxy(login: str) -> None:
    proxy = {"https_proxy": f"http://{USER}:{PROXY}@{NOWHERE}:port", "no_proxy": ""}
    with patch.dict(os.environ, proxy):
        del proxy
        ask("https://127.0.0.1:2", login)


def truncated_download(login: str) -> None:
    with serving(cut) as url:
        connection = connected(url, login)
        pieces = connection.download("file", {"fileKey": "1"})
        list(pieces)


def upload_to_nobody(login: str) -> None:
    with Path(__file__).open("rb") as file:
        connection = connected(f"http://{NOWHERE}", login)
        connection.upload("file", file, name="a.py", content_type="text/plain")


def refused_three_times(login: str) -> None:
    retry = Retry(attempts=3, first_wait=0.001)
    connection = connect(f"http://{NOWHERE}", retry=retry, alias="secret", **LOGINS[login])
    connection.request("GET", "apps")


def token_with_a_blank(login: str) -> None:
    connect("https://x.invalid", api_token=f"{TOKEN} {TOKEN}", alias="secret")


def provided_token_with_a_blank(login: str) -> None:
    oauth = connect(f"http://{NOWHERE}", oauth_token=lambda: f"{OAUTH} {OAUTH}", alias="secret")
    oauth.request("GET", "apps")


def password_in_the_base_url(login: str) -> None:
    connect(f"https://{USER}:{OAUTH}@x.invalid", alias="secret")


def password_without_a_name(login: str) -> None:
    with patch.dict(os.environ, {"KINTONE_PASSWORD": PASSWORD, "KINTONE_API_TOKEN": TOKEN}):
        connect("https://x.invalid", alias="secret").request("GET", "apps")


def password_as_bytes(login: str) -> None:
    connect("https://x.invalid", username=USER, password=cast("Any", PASSWORD.encode()))


def provided_token_as_bytes(login: str) -> None:
    oauth = connect(f"http://{NOWHERE}", oauth_token=cast("Any", OAUTH.encode), alias="secret")
    oauth.request("GET", "apps")


def token_as_a_key(login: str) -> None:
    connect("https://x.invalid", api_token=cast("Any", {TOKEN: 12}))


MORE = (
    unreadable_proxy,
    truncated_download,
    upload_to_nobody,
    refused_three_times,
    token_with_a_blank,
    provided_token_with_a_blank,
    password_in_the_base_url,
    password_without_a_name,
    password_as_bytes,
    provided_token_as_bytes,
    token_as_a_key,
)


def interrupt(login: str) -> None:
    """Ctrl-C while the answer is awaited."""
    main = threading.main_thread().ident or 0

    def handle(handler: BaseHTTPRequestHandler) -> None:
        signal.pthread_kill(main, signal.SIGINT)
        be_silent(handler)

    # A shell starts a program in the background with this signal ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with serving(handle) as url:
            connect(url, timeout=30, retry=False, alias="secret", **LOGINS[login]).request(
                "GET", "apps"
            )
    finally:
        signal.signal(signal.SIGINT, before)
