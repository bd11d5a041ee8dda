from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kintone_orm.api.comments import add_comment, delete_comment, get_comments

if TYPE_CHECKING:
    from collections.abc import Callable

    from kintone_orm.connection import Connection

    Sent = Callable[..., Any]

PATH = "/k/v1/record/comment.json"
KATO = {"code": "kato", "type": "USER"}


def test_getting_the_newest_comments(sent: Sent) -> None:
    expected = {"app": "7", "record": "1", "order": "desc", "offset": "0", "limit": "10"}
    assert sent(get_comments, app=7, record=1) == ("GET", "/k/v1/record/comments.json", expected)


def test_adding_a_comment(sent: Sent) -> None:
    expected = {"app": 7, "record": 1, "comment": {"text": "x"}}
    assert sent(add_comment, app=7, record=1, text="x") == ("POST", PATH, expected)


def test_adding_a_comment_for_somebody(sent: Sent) -> None:
    _, _, params = sent(add_comment, app=7, record=1, text="x", mentions=[KATO])
    assert params["comment"] == {"text": "x", "mentions": [KATO]}


def test_deleting_a_comment(sent: Sent) -> None:
    expected = {"app": "7", "record": "1", "comment": "2"}
    assert sent(delete_comment, app=7, record=1, comment=2) == ("DELETE", PATH, expected)


@pytest.mark.parametrize("limit", [0, 11])
def test_a_page_has_one_to_ten_comments(connection: Connection, limit: int) -> None:
    with pytest.raises(ValueError, match=f"'limit' is {limit}, but a page has 1 to 10 comments"):
        get_comments(connection, app=7, record=1, limit=limit)


def test_a_comment_has_65535_characters_at_most(sent: Sent, connection: Connection) -> None:
    sent(add_comment, app=7, record=1, text="x" * 65_535)
    with pytest.raises(
        ValueError, match="'text' has 65,536 characters, but a comment has 1 to 65,535"
    ):
        add_comment(connection, app=7, record=1, text="x" * 65_536)
    with pytest.raises(ValueError, match="'text' has 65,536 characters"):
        add_comment(connection, app=7, record=1, text="😀" * 32_768)
    with pytest.raises(ValueError, match="'text' has 0 characters"):
        add_comment(connection, app=7, record=1, text="")


def test_a_comment_mentions_ten_at_most(connection: Connection) -> None:
    with pytest.raises(ValueError, match="'mentions' has 11 items"):
        add_comment(connection, app=7, record=1, text="x", mentions=[KATO] * 11)
