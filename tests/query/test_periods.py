from __future__ import annotations

import pytest
from support.models.one_of_each import compiled

from kintone_orm import Q
from kintone_orm.exceptions import NotSupportedError
from kintone_orm.functions import (
    FromToday,
    LastMonth,
    LoginUser,
    NextMonth,
    NextWeek,
    PrimaryOrganization,
    ThisMonth,
    ThisWeek,
    ThisYear,
    Today,
    Tomorrow,
)


@pytest.mark.parametrize(
    ("lookup", "query"),
    [
        ("due", "due = THIS_WEEK()"),
        ("due__lt", 'due < THIS_WEEK(SUNDAY) and due != ""'),
        ("due__lte", 'due <= THIS_WEEK(SATURDAY) and due != ""'),
        ("due__gt", "due > THIS_WEEK(SATURDAY)"),
        ("due__gte", "due >= THIS_WEEK(SUNDAY)"),
    ],
)
def test_a_date_is_compared_with_the_first_or_the_last_day_of_a_period(lookup, query):
    assert compiled(Q(**{lookup: ThisWeek()})) == query


@pytest.mark.parametrize(
    ("lookup", "query"),
    [
        ("start", "start = TODAY()"),
        ("start__lt", 'start < TODAY() and start != ""'),
        ("start__lte", '(start < TODAY() or start = TODAY()) and start != ""'),
        ("start__gt", "start = FROM_TODAY(1, DAYS) or start > FROM_TODAY(1, DAYS)"),
        ("start__gte", "start = TODAY() or start > TODAY()"),
    ],
)
def test_an_instant_is_compared_with_a_day_in_forms_that_mean_the_same_in_every_reading(
    lookup, query
):
    assert compiled(Q(**{lookup: Today()})) == query


@pytest.mark.parametrize(
    ("day", "following"),
    [
        (Tomorrow(), "FROM_TODAY(2, DAYS)"),
        (FromToday(2, "WEEKS"), "FROM_TODAY(15, DAYS)"),
        (ThisWeek("MONDAY"), "THIS_WEEK(TUESDAY)"),
        (ThisWeek("SATURDAY"), "NEXT_WEEK(SUNDAY)"),
        (ThisMonth(27), "THIS_MONTH(28)"),
        (LastMonth(), "THIS_MONTH(1)"),
    ],
)
def test_after_a_day_is_from_the_day_that_follows_on(day, following):
    expected = f"start = {following} or start > {following}"
    assert compiled(Q(start__gt=day)) == expected


@pytest.mark.parametrize(
    "day", [FromToday(-1, "MONTHS"), ThisMonth(28), NextWeek(), NextMonth("LAST")]
)
def test_an_instant_after_a_day_that_no_function_follows_is_refused(day):
    with pytest.raises(NotSupportedError, match="after"):
        compiled(Q(start__gt=day))


@pytest.mark.parametrize("lookup", ["due__lt", "due__gte", "start__lte", "start__gt"])
def test_a_year_has_no_first_and_no_last_day(lookup):
    with pytest.raises(NotSupportedError, match="__year=2026"):
        compiled(Q(**{lookup: ThisYear()}))


def test_the_opposite_of_a_day_is_before_it_or_after_it():
    query = compiled(Q(start=Today()), negated=True)
    later = "start = FROM_TODAY(1, DAYS) or start > FROM_TODAY(1, DAYS)"
    assert query == f'start < TODAY() or {later} or start = ""'


def test_a_condition_that_kintone_may_drop_leaves_one_that_finds_nothing():
    # For a user without a primary organization kintone drops the first of the two.
    assert compiled(Q(team=PrimaryOrganization())) == (
        'team in (PRIMARY_ORGANIZATION()) or $id = "0"'
    )


def test_a_function_for_one_user_is_a_member_of_the_list():
    assert compiled(Q(owner=LoginUser())) == "owner in (LOGINUSER())"
