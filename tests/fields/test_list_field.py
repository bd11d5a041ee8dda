"""Fields whose value is a list that a program may change in place."""

from __future__ import annotations

import pytest

from kintone_orm import Model, fields
from kintone_orm.exceptions import ValidationError
from kintone_orm.testing import capture_requests


class Article(Model):
    title = fields.SingleLineTextField()
    tags = fields.CheckBoxField(choices=["red", "green", "blue"])


@pytest.fixture
def article(kintone):
    Article.objects.create(title="a", tags=["red"])
    return Article.objects.get()


def stored():
    return Article.objects.get().tags


def test_a_change_in_place_is_saved(article):
    article.tags.append("blue")
    assert article.changed_fields() == {"tags": (["red"], ["red", "blue"])}
    article.save()
    assert stored() == ["red", "blue"]


def test_a_change_that_was_taken_back_is_none(article):
    article.tags.append("blue")
    article.tags.pop()
    assert article.changed_fields() == {}


def test_a_list_that_is_assigned_is_copied(article):
    given = ["green"]
    article.tags = given
    given.append("blue")
    assert article.tags == ["green"]


def test_a_list_that_is_extended_in_place_stays_the_same_one(article):
    held = article.tags
    article.tags += ["green"]
    assert article.tags is held
    assert held == ["red", "green"]


def test_a_list_stays_the_record_s_when_it_is_saved(article):
    held = article.tags
    held.append("blue")
    article.save()
    held.append("green")
    article.save()
    assert article.tags is held
    assert stored() == ["red", "blue", "green"]


def test_what_is_put_into_a_list_is_checked_when_it_is_saved(article):
    article.tags.append(5)
    with pytest.raises(
        ValidationError, match="Article id=1: tags: An option must be a text, not 5"
    ):
        article.save()


def test_a_list_that_nobody_changed_is_not_sent(kintone, article):
    article.title = "b"
    assert article.tags == ["red"]
    with capture_requests(kintone) as sent:
        article.save()
    assert sent[0].params["record"] == {"title": {"value": "b"}}


def test_a_refresh_forgets_a_change_in_place(article):
    article.tags.append("blue")
    article.refresh_from_db()
    assert (article.tags, article.changed_fields()) == (["red"], {})
