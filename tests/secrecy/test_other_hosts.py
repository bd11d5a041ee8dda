"""Secrets go to their own host only: not to another one, a proxy, or in the clear."""

from __future__ import annotations

import logging
import os
import traceback
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from support.failing_programs import NOWHERE, connected
from support.local_server import reply, serving
from support.markers import LOGINS, OAUTH, OF_KINTONE, PASSWORD, PROXY, TOKEN, USER, find_markers
from support.recording_adapter import RecordingAdapter

from kintone_orm.connection import connect, connections
from kintone_orm.exceptions import ImproperlyConfigured, TransportError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from http.server import BaseHTTPRequestHandler

LOGIN_NAMES = ("USERNAME", "PASSWORD", "API_TOKEN", "OAUTH_TOKEN")
ENVIRONMENT = {
    "KINTONE_BASE_URL": "https://own.example",
    "KINTONE_USERNAME": USER,
    "KINTONE_PASSWORD": PASSWORD,
    "KINTONE_API_TOKEN": TOKEN,
    "KINTONE_OAUTH_TOKEN": OAUTH,
}


@pytest.fixture(autouse=True)
def _no_proxies_and_no_connection_left() -> Iterator[None]:
    names = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
    with patch.dict(os.environ):
        for name in names:
            os.environ.pop(name, None)
            os.environ.pop(name.upper(), None)
        yield
    if "secret" in connections:
        del connections["secret"]


class Recording:
    """A handler of requests that keeps the heads and answers with a status."""

    def __init__(self, status: int = 200, **headers: str) -> None:
        self.heads: list[str] = []
        self._status = status
        self._headers = headers

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        self.heads.append(f"{handler.requestline}\n{handler.headers}")
        reply(handler, b"{}", self._status, **self._headers)


@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_gets_no_request_at_all(login: str, status: int) -> None:
    elsewhere = Recording()
    with (
        serving(elsewhere) as other,
        serving(Recording(status, Location=other)) as url,
        pytest.raises(TransportError, match="redirects are not followed"),
    ):
        connected(url, login).request("GET", "apps")
    assert elsewhere.heads == []


def test_a_proxy_of_the_environment_gets_no_request_to_this_computer() -> None:
    proxy, own = Recording(), Recording()
    with (
        serving(proxy) as address,
        serving(own) as url,
        patch.dict(os.environ, {"HTTP_PROXY": address, "ALL_PROXY": address}),
    ):
        connected(url, "password").request("GET", "apps")
    assert (len(proxy.heads), len(own.heads)) == (0, 1)


@pytest.mark.parametrize("login", LOGINS)
def test_a_proxy_for_tls_gets_its_own_password_and_no_secret_of_kintone(login: str) -> None:
    proxy = Recording(407)
    with serving(proxy) as address:
        own = address.replace("//", f"//{USER}:{PROXY}@")
        with (
            patch.dict(os.environ, {"HTTPS_PROXY": own}),
            pytest.raises(TransportError, match="proxy") as refused,
        ):
            connected("https://127.0.0.1:2", login).request("GET", "apps")
    (head,) = proxy.heads
    assert head.startswith("CONNECT 127.0.0.1:2")
    assert find_markers(head, [PROXY])
    assert find_markers(head, OF_KINTONE) == []
    assert find_markers("".join(traceback.format_exception(refused.value))) == []


@pytest.mark.parametrize("spelled", ["http://{}@127.0.0.1:port", "{}@127.0.0.1:1:1", "ftp://{}@x"])
def test_a_proxy_s_password_is_in_no_error_about_its_url(spelled: str) -> None:
    proxy = {"HTTPS_PROXY": spelled.format(f"{USER}:{PROXY}")}
    with patch.dict(os.environ, proxy), pytest.raises(TransportError) as refused:
        connected("https://127.0.0.1:2", "token").request("GET", "apps")
    assert refused.value.__cause__ is not None
    assert find_markers("".join(traceback.format_exception(refused.value))) == []


def test_no_log_shows_a_proxy_s_password(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with (
        patch.dict(os.environ, {"HTTPS_PROXY": f"http://{USER}:{PROXY}@{NOWHERE}"}),
        pytest.raises(TransportError, match="proxy"),
    ):
        connected("https://127.0.0.1:2", "token").request("GET", "apps")
    assert caplog.records
    assert find_markers(caplog.text) == []


@pytest.mark.parametrize("name", ["USERNAME", "API_TOKEN", "OAUTH_TOKEN"])
def test_the_environment_s_secrets_go_to_no_other_host(name: str) -> None:
    login = {**ENVIRONMENT, **{f"KINTONE_{other}": "" for other in LOGIN_NAMES if other != name}}
    other = RecordingAdapter()
    with patch.dict(os.environ, login):
        with pytest.raises(ImproperlyConfigured, match="There are no credentials"):
            connect("https://other.example", alias="secret").request("GET", "apps")
        connect("https://own.example", alias="secret", api_token="t", adapter=other).request(
            "GET", "apps"
        )
    assert find_markers(str(other.last.headers)) == []


@pytest.mark.parametrize("login", LOGINS)
def test_secrets_go_over_http_to_this_computer_only(login: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="unencrypted"):
        connected("http://kintone.example", login)
