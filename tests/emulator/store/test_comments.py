from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest

from kintone_orm.emulator.store.comments import new_comment, page_of
from kintone_orm.emulator.store.people import User

SATO = User("sato", "Sato")
NOON = datetime(2024, 2, 6, 21, tzinfo=timezone(timedelta(hours=9)))
TEXTS = [json.dumps({"id": str(number)}) for number in range(1, 6)]


def comment(words, mentions=(), names=()):
    return new_comment(3, words, mentions, names=names, creator=SATO, now=NOON)


def test_a_comment_is_kept_as_it_is_read_back():
    assert comment("Hello") == {
        "id": "3",
        "text": "Hello ",
        "createdAt": "2024-02-06T12:00:00Z",
        "creator": {"code": "sato", "name": "Sato"},
        "mentions": [],
    }


def test_those_who_are_mentioned_are_named_on_a_line_in_front():
    mentions = [{"code": "kato", "type": "USER"}, {"code": "staff", "type": "GROUP"}]
    kept = comment("Hello", mentions, ["Kato", "Staff"])
    assert (kept["text"], kept["mentions"]) == ("Kato Staff \nHello ", mentions)


@pytest.mark.parametrize(
    ("order", "offset", "ids", "older", "newer"),
    [
        ("asc", 0, "12", False, True),
        ("asc", 2, "34", True, True),
        ("asc", 4, "5", True, False),
        ("desc", 0, "54", True, False),
        ("desc", 2, "32", True, True),
        ("desc", 4, "1", False, True),
    ],
)
def test_a_page_tells_whether_there_are_older_and_newer_comments(order, offset, ids, older, newer):
    page = page_of(TEXTS, order=order, offset=offset, limit=2)
    assert "".join(each["id"] for each in page["comments"]) == ids
    assert (page["older"], page["newer"]) == (older, newer)


def test_without_comments_there_are_none_before_or_after():
    assert page_of([], order="desc", offset=5, limit=2) == {
        "comments": [],
        "older": False,
        "newer": False,
    }
