"""OAuth tokens from a function: a refused one is renewed, and the request is sent once more."""

from __future__ import annotations

import functools
import io
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.connecting import URL
from support.recording_adapter import RecordingAdapter, answer

from kintone_orm import connect
from kintone_orm.exceptions import AuthenticationError, ImproperlyConfigured, ServerBusy
from kintone_orm.http.messages import Response
from kintone_orm.outcomes import CarriedOut
from kintone_orm.testing import capture_requests

EXPIRED = {"code": "CB_OA01", "id": "x", "message": "Cannot access protected resource."}


class Server(RecordingAdapter):
    """A server that knows only the token `valid`. `bodies` are the bodies of the requests."""

    def __init__(self, valid: str) -> None:
        super().__init__()
        self.valid = valid
        self.bodies: list[bytes] = []

    def send(self, request, *args, **kwargs):
        self.sent.append(request)
        body = request.body or b""
        self.bodies.append(body if isinstance(body, bytes) else b"".join(body))
        known = request.headers["Authorization"] == f"Bearer {self.valid}"
        response = answer({"ok": True}) if known else answer(EXPIRED, 401)
        response.request, response.url = request, request.url
        return response

    @property
    def tokens(self) -> list[str]:
        return [request.headers["Authorization"].removeprefix("Bearer ") for request in self.sent]


def provider(*tokens):
    """A function that returns the tokens one after the other, or raises them."""
    left = list(tokens)

    def provide():
        token = left.pop(0)
        if isinstance(token, Exception):
            raise token
        return token

    return provide


def by_oauth(adapter, token, **arguments):
    return connect(URL, oauth_token=token, adapter=adapter, **arguments)


def test_connecting_asks_for_no_token(adapter):
    by_oauth(adapter, lambda: pytest.fail("called"))


def test_one_token_serves_many_requests(adapter):
    connection = by_oauth(adapter, provider("t1"))
    for _ in range(3):
        connection.request("GET", "apps")

    assert [sent.headers["Authorization"] for sent in adapter.sent] == ["Bearer t1"] * 3


@pytest.mark.parametrize("retry", [True, False])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_a_refused_token_is_renewed_and_the_request_sent_once_more(method, retry):
    server = Server("t2")
    connection = by_oauth(server, provider("t1", "t2"), retry=retry)

    assert connection.request(method, "records", {"app": 1, "ids": [1]}) == {"ok": True}
    assert connection.request("GET", "apps") == {"ok": True}
    assert server.tokens == ["t1", "t2", "t2"]
    assert server.sent[0].method == server.sent[1].method
    assert server.bodies[0] == server.bodies[1]


def test_a_new_token_that_is_refused_too_is_not_renewed_again():
    server = Server("t9")
    connection = by_oauth(server, provider("t1", "t2"))

    with pytest.raises(AuthenticationError, match="expired"):
        connection.request("GET", "apps")
    assert server.tokens == ["t1", "t2"]


def test_the_same_token_again_is_not_sent_again():
    server = Server("t9")
    connection = by_oauth(server, provider("t1", "t1"))

    with pytest.raises(AuthenticationError):
        connection.request("GET", "apps")
    assert server.tokens == ["t1"]


def test_a_token_that_is_a_text_is_not_renewed():
    server = Server("t2")
    connection = by_oauth(server, "t1")

    with pytest.raises(AuthenticationError):
        connection.request("GET", "apps")
    assert server.tokens == ["t1"]


def test_only_a_401_renews_the_token():
    adapter = RecordingAdapter(answer({"code": "GAIA_NO01", "message": "No."}, 403))
    connection = by_oauth(adapter, provider("t1"))

    with pytest.raises(Exception, match="No"):
        connection.request("GET", "apps")
    assert len(adapter.sent) == 1


def test_a_file_is_sent_again_from_its_beginning():
    server = Server("t2")
    connection = by_oauth(server, provider("t1", "t2"))
    file = io.BytesIO(b"head and body")
    file.seek(5)

    connection.upload("file", file, name="a.txt", content_type="text/plain")
    assert [b"and body" in body for body in server.bodies] == [True, True]
    assert not any(b"head" in body for body in server.bodies)


@pytest.mark.parametrize(
    "error", [OSError("no network"), KeyError("access_token"), ServerBusy("mine", status=503)]
)
def test_an_exception_of_the_function_is_raised_unchanged(error):
    server = Server("t2")
    connection = by_oauth(server, provider(error, "t1", error))

    for tokens in ([], ["t1"]):
        with pytest.raises(type(error)) as raised:
            connection.request("GET", "apps")
        assert raised.value is error
        assert server.tokens == tokens


def test_an_exception_of_the_function_does_not_hide_a_lost_answer():
    server = Server("t1")
    connection = by_oauth(server, provider("t1", OSError("no network")))
    connection.request("GET", "apps")

    def lose(send, request):
        response = send(request)
        if request.attempt == 1:
            server.valid = "t2"
            return Response(503, {})
        return response

    params = {"app": 1, "id": 1, "revision": 1, "record": {}}
    with connection.wrap(lose), pytest.raises(ServerBusy) as lost:
        connection.request("PUT", "record", params)
    assert lost.value.carried_out is CarriedOut.UNKNOWN
    assert isinstance(lost.value.__cause__, OSError)


@pytest.mark.parametrize(
    "token", [None, 5, b"hush", {"access_token": "hush"}, "", "hu sh", "hush\n\nX: 1"]
)
def test_a_token_that_cannot_be_one_is_refused_and_not_shown(adapter, token):
    connection = by_oauth(adapter, lambda: token)

    with pytest.raises(ImproperlyConfigured, match="'oauth_token': a token") as refused:
        connection.request("GET", "apps")
    assert "hu" not in str(refused.value)
    assert adapter.sent == []


def test_a_wrapper_sees_one_attempt(adapter):
    server = Server("t2")
    connection = by_oauth(server, provider("t1", "t2"))
    with capture_requests(connection) as sent:
        connection.request("GET", "apps")

    assert [request.attempt for request in sent] == [1]
    assert len(server.sent) == 2


def test_threads_share_one_renewal():
    server = Server("t1")
    asked = []
    together = threading.Barrier(8)

    def provide():
        asked.append(1)
        return f"t{len(asked)}"

    connection = by_oauth(server, provide)
    connection.request("GET", "apps")
    server.valid = "t2"

    def request(_):
        together.wait(10)
        return connection.request("GET", "apps")

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(request, range(8))) == [{"ok": True}] * 8
    assert len(asked) == 2


def test_a_request_of_the_function_on_its_own_connection_is_refused(adapter):
    def provide():
        connection.request("GET", "apps")

    connection = by_oauth(adapter, provide)
    with pytest.raises(ImproperlyConfigured, match="on the connection that waits for its token"):
        connection.request("GET", "apps")


def test_no_repr_shows_the_token_or_the_arguments_of_the_function(adapter):
    connection = by_oauth(adapter, functools.partial(lambda secret: secret, "hush"))
    connection.request("GET", "apps")

    shown = [connection, vars(connection), connection.settings, connection.settings.credentials]
    assert "hush" not in repr(shown)
    assert "OAuth token" in repr(connection.settings.credentials)
