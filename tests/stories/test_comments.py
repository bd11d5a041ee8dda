"""Comments about an expense report on its way."""

from __future__ import annotations

import pytest
from support.models.expenses import Expense, office
from support.workflows import put_into_service

from kintone_orm.api.apps import update_app_settings
from kintone_orm.exceptions import (
    CommentsDisabled,
    NotCommentAuthor,
    NotFound,
    ValidationError,
)
from kintone_orm.fields import Group, User
from kintone_orm.testing import assert_requests

SATO, KATO = User("sato"), User("kato")


def said(comments):
    return [(comment.creator.code, comment.text) for comment in comments]


def test_two_people_talk_about_a_report(office_kintone):
    sato, kato = office(office_kintone)
    mine = Expense.objects.using(sato).create(purpose="Visit to Osaka")
    theirs = Expense.objects.using(kato).get()

    with assert_requests(2, using=sato):
        mine.transition("Submit", assignee=KATO)
        mine.comments.create("The receipts follow.", mentions=[KATO])
    theirs.refresh_from_db()
    with assert_requests(2, using=kato):
        theirs.comments.create("Too dear. Please ask for a quote.", mentions=[SATO])
        theirs.transition("Reject", assignee=SATO)
    with assert_requests(1, using=sato):
        newest = mine.comments[0]
    assert newest.creator == KATO
    assert newest.mentions == (SATO,)
    with pytest.raises(NotCommentAuthor, match="Expense id=1"):
        newest.delete()

    slip = mine.comments.create("Grr.")
    with assert_requests(1, using=sato):
        slip.delete()
    with pytest.raises(NotFound):
        slip.delete()
    mine.refresh_from_db()
    mine.transition("Submit", assignee=KATO)
    mine.comments.create("Half of it now.", mentions=[KATO, Group("everyone")])

    with assert_requests(1, using=kato):
        assert said(theirs.comments.reverse()) == [
            ("sato", "Kato \nThe receipts follow. "),
            ("kato", "Sato \nToo dear. Please ask for a quote. "),
            ("sato", "Kato Everyone \nHalf of it now. "),
        ]


def test_a_long_conversation_is_read_in_tens(office_kintone):
    sato, kato = office(office_kintone)
    mine = Expense.objects.using(sato).create(purpose="Visit to Osaka")
    for number in range(1, 24):
        mine.comments.create(f"{number}")

    theirs = Expense.objects.using(kato).get()
    with assert_requests(3, using=kato):
        assert [comment.id for comment in theirs.comments] == list(range(23, 0, -1))
    with assert_requests(1, using=kato):
        assert [comment.id for comment in theirs.comments[10:20]] == list(range(13, 3, -1))
    with assert_requests(1, using=kato):
        assert [each.id for each in theirs.comments.reverse()[:5]] == [1, 2, 3, 4, 5]


def test_what_cannot_be_said(office_kintone):
    sato, _ = office(office_kintone)
    mine = Expense.objects.using(sato).create(purpose="Visit to Osaka")

    with assert_requests(0, using=sato):
        with pytest.raises(ValidationError):
            mine.comments.create("")
        with pytest.raises(ValidationError):
            mine.comments.create("x", mentions=[SATO] * 11)
    with pytest.raises(ValidationError, match="nobody"):
        mine.comments.create("x", mentions=[User("nobody")])

    app = office_kintone.apps["expense"]
    update_app_settings(office_kintone, app=app, settings={"enableComments": False})
    put_into_service(office_kintone, app)
    with pytest.raises(CommentsDisabled):
        mine.comments.create("x")

    mine.delete(check_revision=False)
    with pytest.raises(ValueError, match="has not been saved"):
        mine.comments.create("x")
