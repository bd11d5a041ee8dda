from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kintone_orm.api.cursors import create_cursor, delete_cursor, get_cursor

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.recording_adapter import RecordingAdapter

    from kintone_orm.connection import Connection

    Sent = Callable[..., Any]

PATH = "/k/v1/records/cursor.json"


def test_creating_a_cursor(sent: Sent) -> None:
    assert sent(create_cursor, app=7) == ("POST", PATH, {"app": 7, "size": 500})


def test_creating_a_cursor_for_some_fields_in_an_order(sent: Sent) -> None:
    arguments = {"app": 7, "query": "order by a asc", "fields": ["a"], "size": 10}
    assert sent(create_cursor, **arguments) == ("POST", PATH, arguments)


def test_getting_a_page(sent: Sent) -> None:
    assert sent(get_cursor, id="0f3c") == ("GET", PATH, {"id": "0f3c"})


def test_deleting_a_cursor(sent: Sent) -> None:
    assert sent(delete_cursor, id="0f3c") == ("DELETE", PATH, {"id": "0f3c"})


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        ({"size": 0}, "'size' is 0, but a page has 1 to 500"),
        ({"size": 501}, "'size' is 501, but a page has 1 to 500"),
        ({"query": "a = 1 limit 5"}, "'limit', which a cursor does not accept. Leave it out"),
        ({"query": "a = 1 limit 5 offset 5"}, "'offset', which a cursor does not accept"),
        ({"fields": ["a"] * 1_001}, "'fields' has 1,001 items"),
    ],
)
def test_what_kintone_would_refuse_is_not_sent(
    connection: Connection, adapter: RecordingAdapter, arguments: dict[str, Any], refusal: str
) -> None:
    with pytest.raises(ValueError, match=refusal):
        create_cursor(connection, app=7, **arguments)
    assert adapter.sent == []
