from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from support.connecting import made
from support.recording_adapter import RecordingAdapter

from kintone_orm.http.messages import Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable


TOKENS = {**{app: f"t{app}" for app in range(1, 12)}, "orders": "t12"}


def test_a_wrapper_sees_the_request_and_the_answer(adapter: RecordingAdapter) -> None:
    seen: list[tuple[str, str, int]] = []

    def note(send: Callable[[Request], Response], request: Request) -> Response:
        response = send(request)
        seen.append((request.method, request.path, response.status))
        return response

    connection = made(adapter)
    with connection.wrap(note):
        connection.request("GET", "records", {"app": 1})
    connection.request("GET", "record", {"app": 1, "id": 1})
    assert seen == [("GET", "/k/v1/records.json", 200)]


def test_a_wrapper_can_answer_instead(adapter: RecordingAdapter) -> None:
    connection = made(adapter)
    with connection.wrap(lambda send, request: Response(200, {}, b'{"dry": true}')):
        assert connection.request("POST", "record") == {"dry": True}
    assert adapter.sent == []


def test_a_wrapper_can_answer_a_download(adapter: RecordingAdapter) -> None:
    connection = made(adapter)
    with connection.wrap(lambda send, request: Response(200, {}, b"content")):
        assert b"".join(connection.download("file", {"fileKey": "k"})) == b"content"


def test_a_wrapper_that_is_entered_twice_is_left_once_at_a_time(adapter: RecordingAdapter) -> None:
    seen: list[str] = []

    def note(send: Callable[[Request], Response], request: Request) -> Response:
        seen.append(request.path)
        return send(request)

    connection = made(adapter)
    with connection.wrap(note):
        with connection.wrap(note):
            connection.request("GET", "apps")
        connection.request("GET", "app", {"id": 7})
    assert seen == ["/k/v1/apps.json", "/k/v1/apps.json", "/k/v1/app.json"]


def test_the_first_wrapper_is_outermost(adapter: RecordingAdapter) -> None:
    order: list[str] = []

    def named(name: str) -> Callable[..., Response]:
        def wrapper(send: Callable[[Request], Response], request: Request) -> Response:
            order.append(name)
            return send(request)

        return wrapper

    connection = made(adapter)
    with connection.wrap(named("outer")), connection.wrap(named("inner")):
        connection.request("GET", "apps")
    assert order == ["outer", "inner"]


def test_a_wrapper_is_for_all_threads(adapter: RecordingAdapter) -> None:
    seen: list[str] = []

    def note(send: Callable[[Request], Response], request: Request) -> Response:
        seen.append(request.path)
        return send(request)

    connection = made(adapter)
    with connection.wrap(note):
        thread = threading.Thread(target=connection.request, args=("GET", "apps"))
        thread.start()
        thread.join()
    assert seen == ["/k/v1/apps.json"]
