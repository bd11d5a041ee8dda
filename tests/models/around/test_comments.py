"""Comments of a record, against the emulator."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from support.workflows import another, put_into_service, signed_in

from kintone_orm import Model, Retry, fields, override
from kintone_orm.api.apps import update_app_settings
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import (
    CommentsDisabled,
    NotCommentAuthor,
    NotFound,
    NotSupportedError,
    PermissionDenied,
    TransportError,
    ValidationError,
)
from kintone_orm.fields import Group, Organization, User
from kintone_orm.models.around.comments import Comment, PostedComment
from kintone_orm.outcomes import CarriedOut
from kintone_orm.testing import assert_requests, capture_requests, freeze

NOON = datetime(2026, 2, 6, 12, 0, 7, tzinfo=timezone.utc)


class Ticket(Model):
    title = fields.SingleLineTextField()


@pytest.fixture
def ticket(kintone):
    return Ticket.objects.create(title="Broken lamp")


@pytest.fixture
def kato(kintone):
    return signed_in(kintone, "kato", name="Kato")


@pytest.fixture
def many(ticket):
    """Twenty-five comments, "1" to "25"."""
    for number in range(1, 26):
        ticket.comments.create(str(number))
    return ticket


def texts(comments):
    return [comment.text.strip() for comment in comments]


# -- adding --------------------------------------------------------------------------------------


def test_adding_a_comment_is_one_request(ticket):
    with assert_requests(1):
        posted = ticket.comments.create("look")

    assert posted == PostedComment(record=ticket, id=1, text="look")
    assert ticket.revision == 1


def test_users_groups_and_organizations_are_mentioned(kintone, kato, ticket):
    kintone.emulator.add_group("leads", name="Leads")
    kintone.emulator.add_organization("sales", name="Sales")
    mentions = (User("kato"), Group("leads"), Organization("sales"))

    ticket.comments.create("look", mentions=mentions)

    (comment,) = ticket.comments
    assert comment.mentions == mentions
    assert comment.text == "Kato Leads Sales \nlook "


def test_a_guest_is_mentioned(kintone, ticket):
    space = kintone.emulator.add_guest_space()
    code = kintone.emulator.add_guest("mori@example.com", "secret", spaces=[space.id])
    ticket.comments.create("look", mentions=[User(code)])

    assert ticket.comments[0].mentions == (User("guest/mori@example.com"),)


@pytest.mark.parametrize("text", ["", "a" * 65_536, "😀" * 32_768])
def test_a_text_of_no_or_too_many_characters_is_not_sent(ticket, text):
    with assert_requests(0), pytest.raises(ValidationError, match="characters") as caught:
        ticket.comments.create(text)
    assert list(caught.value.errors) == ["text"]
    assert "Ticket id=1" in str(caught.value)


@pytest.mark.parametrize("text", ["a" * 65_535, "😀" * 32_767])
def test_the_longest_text_is_sent(ticket, text):
    ticket.comments.create(text)

    assert ticket.comments[0].text == f"{text} "


def test_more_than_ten_mentions_are_not_sent(ticket):
    with (
        assert_requests(0),
        pytest.raises(ValidationError, match="mentions: There are 11 mentions"),
    ):
        ticket.comments.create("x", mentions=[User(str(n)) for n in range(11)])


def test_a_mention_that_is_only_a_name_is_not_sent(ticket):
    with assert_requests(0), pytest.raises(TypeError, match=r"Write mentions=\[User\('kato'\)\]"):
        ticket.comments.create("x", mentions=["kato"])


def test_a_mention_of_somebody_unknown_is_refused(ticket):
    with pytest.raises(ValidationError, match="Ticket id=1: .*nobody"):
        ticket.comments.create("x", mentions=[User("nobody")])
    with pytest.raises(ValidationError, match="nobody"):
        ticket.comments.create("x", mentions=[Group("nobody")])


def test_a_new_record_takes_no_comments(kintone):
    with assert_requests(0), pytest.raises(ValueError, match="has not been saved"):
        Ticket().comments.create("x")


@pytest.mark.parametrize("text", [None, 5])
def test_what_is_no_text_is_not_sent(ticket, text):
    with assert_requests(0), pytest.raises(TypeError, match="A comment must be a str"):
        ticket.comments.create(text)


def test_half_of_a_character_is_not_sent(ticket):
    with (
        assert_requests(0),
        pytest.raises(ValidationError, match="text: .*half of a surrogate pair"),
    ):
        ticket.comments.create("\ud800")


def test_mentions_are_a_list(ticket):
    for given in (User("kato"), "kato"):
        with assert_requests(0), pytest.raises(TypeError) as refused:
            ticket.comments.create("x", mentions=given)
        assert "mentions must be a list of User" in str(refused.value)
        assert "Write mentions=[User('kato')], not" in str(refused.value)


@pytest.mark.parametrize("given", [5, [5], [User(5)], [None], [""]])
def test_what_to_write_for_what_is_nobody_can_be_written(ticket, given):
    with assert_requests(0), pytest.raises(TypeError) as refused:
        ticket.comments.create("x", mentions=given)
    assert 'Write mentions=[User("login name")], not' in str(refused.value)


# -- reading -------------------------------------------------------------------------------------


def test_nothing_is_sent_before_comments_are_used(ticket):
    with assert_requests(0):
        assert repr(ticket.comments.reverse()).startswith("<Comments of <Ticket id=1")


def test_a_comment_has_what_kintone_shows(kintone, ticket):
    with freeze(NOON):
        ticket.comments.create("look")

    (comment,) = ticket.comments
    assert comment == Comment(
        record=ticket, id=1, text="look ", created_at=NOON, creator=User("Administrator")
    )
    assert comment.created_at.utcoffset() == timedelta(0)


def test_the_time_is_in_the_connections_zone(kintone, ticket):
    kintone.timezone = ZoneInfo("Asia/Tokyo")
    ticket.comments.create("look")

    assert ticket.comments[0].created_at.utcoffset() == timedelta(hours=9)


def test_the_newest_comes_first(many):
    with assert_requests(3):
        assert texts(many.comments) == [str(n) for n in range(25, 0, -1)]


def test_reversed_the_oldest_comes_first(many):
    with assert_requests(3):
        assert texts(many.comments.reverse()) == [str(n) for n in range(1, 26)]
    assert texts(many.comments.reverse().reverse()[:2]) == ["25", "24"]


def test_no_request_more_than_there_are_pages(ticket):
    for number in range(10):
        ticket.comments.create(str(number))
    with assert_requests(1):
        assert len(list(ticket.comments)) == 10


def test_without_comments_it_is_one_request(ticket):
    with assert_requests(1):
        assert list(ticket.comments) == []


def test_who_stops_early_asks_for_no_more(many):
    with assert_requests(1):
        assert next(iter(many.comments)).id == 25


@pytest.mark.parametrize(
    ("key", "requests", "expected"),
    [
        (slice(None, 5), 1, range(25, 20, -1)),
        (slice(10, 20), 1, range(15, 5, -1)),
        (slice(5, 17), 2, range(20, 8, -1)),
        (slice(20, None), 1, range(5, 0, -1)),
        (slice(20, 90), 1, range(5, 0, -1)),
        (slice(30, 40), 1, ()),
        (slice(5, 5), 0, ()),
        (slice(5, 3), 0, ()),
    ],
)
def test_a_slice_asks_for_its_own_comments(many, key, requests, expected):
    with assert_requests(requests):
        assert texts(many.comments[key]) == [str(n) for n in expected]


def test_a_slice_of_a_slice(many):
    assert texts(many.comments[5:15][2:4]) == ["18", "17"]
    assert texts(many.comments[5:7][:9]) == ["20", "19"]


def test_one_comment_by_its_place(many):
    with assert_requests(2):
        assert many.comments[0].id == 25
        assert many.comments.reverse()[3].id == 4
    with pytest.raises(IndexError, match="has no comment 25"):
        many.comments[25]


@pytest.mark.parametrize(
    ("key", "error"),
    [
        (-1, ValueError),
        (slice(-5, None), ValueError),
        (slice(0, 9, 2), ValueError),
        ("a", TypeError),
    ],
)
def test_a_place_that_kintone_does_not_know_is_refused(ticket, key, error):
    with assert_requests(0), pytest.raises(error):
        ticket.comments[key]


def test_a_slice_is_not_reversed(ticket):
    with pytest.raises(TypeError, match="once a slice has been taken"):
        ticket.comments[:5].reverse()


def test_comments_are_not_counted(ticket):
    with assert_requests(0):
        with pytest.raises(TypeError, match="does not count comments"):
            len(ticket.comments)
        with pytest.raises(NotSupportedError, match=r"order.comments.exists\(\)"):
            ticket.comments.count()


def test_whether_there_are_comments_is_one_request(ticket):
    assert not ticket.comments.exists()
    ticket.comments.create("x")
    with assert_requests(2):
        assert ticket.comments.exists()
        assert ticket.comments


def test_a_comment_added_while_reading_brings_none_twice(many):
    seen = []
    for comment in many.comments:
        if comment.id == 20:
            many.comments.create("late")
        seen.append(comment.id)

    assert seen == list(range(25, 0, -1))


def test_a_whole_page_of_comments_added_while_reading_brings_none_twice(many):
    seen = []
    for comment in many.comments:
        if comment.id == 20 and 20 not in seen:
            for number in range(22):
                many.comments.create(f"late {number}")
        seen.append(comment.id)

    assert seen == list(range(25, 0, -1))


# -- deleting ------------------------------------------------------------------------------------


def test_a_comment_is_deleted_in_one_request(ticket):
    ticket.comments.create("a")
    comment = ticket.comments[0]

    with assert_requests(1):
        comment.delete()
    assert list(ticket.comments) == []


def test_a_posted_comment_is_deleted_without_reading_it(ticket):
    with assert_requests(2):
        ticket.comments.create("a").delete()
    assert not ticket.comments


def test_a_comment_of_somebody_else_stays(kato, ticket):
    ticket.comments.create("mine")
    theirs = Ticket.objects.using(kato).get()

    with pytest.raises(NotCommentAuthor, match="Ticket id=1: ") as caught:
        theirs.comments[0].delete()
    assert isinstance(caught.value, PermissionDenied)
    assert texts(ticket.comments) == ["mine"]


def test_a_comment_that_is_gone(ticket):
    posted = ticket.comments.create("a")
    posted.delete()

    with pytest.raises(NotFound, match="Ticket id=1: .* comment does not exist"):
        posted.delete()


# -- refusals ------------------------------------------------------------------------------------


def test_a_record_that_is_gone_has_no_comments(ticket):
    Ticket.objects.all().delete()

    with pytest.raises(Ticket.DoesNotExist):
        list(ticket.comments)
    with pytest.raises(Ticket.DoesNotExist):
        ticket.comments.create("x")


def test_an_app_without_comments(kintone, ticket):
    app = kintone.apps["ticket"]
    update_app_settings(kintone, app=app, settings={"enableComments": False})
    put_into_service(kintone, app)

    with pytest.raises(CommentsDisabled, match="Ticket id=1: .*Allow comments in the app"):
        ticket.comments.create("x")
    with pytest.raises(CommentsDisabled):
        list(ticket.comments)


def test_with_a_token_the_administrator_comments(kintone, ticket):
    app = kintone.apps["ticket"]
    token = kintone.emulator.add_api_token(app, permissions=("view", "add"))
    theirs = Ticket.objects.using(another(kintone, api_token=token, alias="token")).get()

    theirs.comments.create("x")

    assert theirs.comments[0].creator == User("Administrator")


# -- lost answers ---------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.LOST_REQUEST])
def test_a_comment_whose_answer_was_lost_is_not_sent_again(kintone, ticket, fault):
    kintone.emulator.faults.add(fault, endpoint="record/comment")
    patient = override(retry=Retry(repeat_unversioned=True))
    with patient, capture_requests(kintone) as sent, pytest.raises(TransportError) as caught:
        ticket.comments.create("look")
    assert len(sent) == 1
    assert caught.value.carried_out is CarriedOut.UNKNOWN
    assert "Read the comments before you add it again" in str(caught.value)
    assert len(texts(ticket.comments)) == (fault is Fault.LOST_ANSWER)


def test_a_comment_that_was_refused_for_now_is_sent_again(kintone, ticket):
    kintone.emulator.faults.add(Fault.TOO_MANY_REQUESTS, endpoint="record/comment")
    with override(retry=True):
        ticket.comments.create("look")
    assert texts(ticket.comments) == ["look"]


def test_a_comment_whose_deletion_lost_its_answer_is_unknown(kintone, ticket):
    comment = ticket.comments.create("look")
    kintone.emulator.faults.add(Fault.LOST_ANSWER, endpoint="record/comment")
    patient = override(retry=True)
    with patient, capture_requests(kintone) as sent, pytest.raises(TransportError) as caught:
        comment.delete()
    assert len(sent) == 1
    assert caught.value.carried_out is CarriedOut.UNKNOWN
