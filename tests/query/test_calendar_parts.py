from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from support.models.one_of_each import compiled

from kintone_orm import Q
from kintone_orm.exceptions import FieldError, NotSupportedError

TOKYO = ZoneInfo("Asia/Tokyo")


def test_a_range_of_years_ends_before_the_year_after_the_last():
    query = compiled(Q(due__year__range=(2023, 2024)))
    assert query == 'due >= "2023-01-01" and due < "2025-01-01"'


def test_a_day_of_an_instant_begins_at_midnight_of_the_connection():
    query = compiled(Q(start__date=date(2024, 2, 6)), zone=TOKYO)
    assert query == 'start >= "2024-02-05T15:00:00Z" and start < "2024-02-06T15:00:00Z"'


def test_without_a_zone_a_day_of_an_instant_begins_at_midnight_in_utc():
    query = compiled(Q(start__date="2024-02-06"))
    assert query == 'start >= "2024-02-06T00:00:00Z" and start < "2024-02-07T00:00:00Z"'


def test_february_of_a_leap_year_has_29_days():
    assert compiled(Q(due__month__lte=(2024, 2))) == 'due < "2024-03-01" and due != ""'


@pytest.mark.parametrize(
    ("condition", "query"),
    [
        (Q(due__year=9999), 'due >= "9999-01-01"'),
        (Q(due__year__gt=9999), "(no record)"),
        (Q(due__year__lte=9999), 'due != ""'),
        (Q(start__year=9999), 'start >= "9999-01-01T00:00:00Z"'),
    ],
)
def test_the_last_year_has_no_bound_behind_it(condition, query):
    assert compiled(condition) == query


def test_east_of_greenwich_the_last_year_of_instants_has_a_bound_behind_it():
    query = compiled(Q(start__year=9999), zone=TOKYO)
    assert query == 'start >= "9998-12-31T15:00:00Z" and start < "9999-12-31T15:00:00Z"'


@pytest.mark.parametrize("condition", [Q(due__year=2024, due__month=2), Q(due__month=(2024, 2))])
def test_a_month_beside_its_year_is_that_month(condition):
    assert compiled(condition) == 'due >= "2024-02-01" and due < "2024-03-01"'


@pytest.mark.parametrize(
    "condition",
    [Q(due__month=2), Q(due__month=2, start__year=2024), Q(due__year__gt=1, due__month=2)],
)
def test_a_month_without_its_year_is_refused(condition):
    with pytest.raises(NotSupportedError, match=r"__month=\(2024, 2\)"):
        compiled(condition)


@pytest.mark.parametrize(
    "condition",
    [
        Q(due__year=0),
        Q(due__year=10_000),
        Q(due__year=True),
        Q(due__month=(2024, 13)),
        Q(due__month="2024-02"),
        Q(start__date=datetime(2024, 2, 6)),
        Q(start__date="6.2.2024"),
    ],
)
def test_a_value_that_is_no_such_part_is_refused(condition):
    with pytest.raises(FieldError, match="takes"):
        compiled(condition)
