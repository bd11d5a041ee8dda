from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from support.models.one_of_each import compiled

from kintone_orm import Q

HALF_PAST = datetime(2024, 1, 1, 10, 30, tzinfo=timezone.utc)
LAST = datetime(9999, 12, 31, 23, 59, tzinfo=timezone.utc)
CODE = "Created_datetime"


@pytest.mark.parametrize(
    ("lookup", "query"),
    [
        ("exact", f'{CODE} >= "2024-01-01T10:30:00Z" and {CODE} < "2024-01-01T10:31:00Z"'),
        ("gt", f'{CODE} >= "2024-01-01T10:31:00Z"'),
        ("gte", f'{CODE} >= "2024-01-01T10:30:00Z"'),
        ("lt", f'{CODE} < "2024-01-01T10:30:00Z"'),
        ("lte", f'{CODE} < "2024-01-01T10:31:00Z"'),
    ],
)
def test_a_comparison_is_one_with_the_beginnings_of_minutes(lookup, query):
    assert compiled(Q(**{f"created__{lookup}": HALF_PAST})) == query


def test_the_opposite_of_a_minute_is_before_it_or_from_the_next_one_on():
    query = compiled(Q(created=HALF_PAST), negated=True)
    assert query == f'{CODE} < "2024-01-01T10:30:00Z" or {CODE} >= "2024-01-01T10:31:00Z"'


def test_an_instant_within_a_minute_is_after_its_beginning():
    query = compiled(Q(created__gt=HALF_PAST + timedelta(seconds=20)))
    assert query == f'{CODE} >= "2024-01-01T10:31:00Z"'


@pytest.mark.parametrize(
    ("condition", "query"),
    [
        (Q(created__gt=LAST), "(no record)"),
        (Q(created__lte=LAST), "(every record)"),
        (Q(created=LAST), f'{CODE} >= "9999-12-31T23:59:00Z"'),
    ],
)
def test_no_minute_follows_the_last_one(condition, query):
    assert compiled(condition) == query


def test_a_year_before_1000_keeps_its_zeros():
    early = datetime(33, 4, 3, 15, 0, tzinfo=timezone.utc)
    assert compiled(Q(created__lt=early)) == f'{CODE} < "0033-04-03T15:00:00Z"'


def test_a_field_that_keeps_seconds_is_compared_as_it_is():
    assert compiled(Q(start__gte=HALF_PAST)) == 'start >= "2024-01-01T10:30:00Z"'
