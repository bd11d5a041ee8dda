from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from kintone_orm.emulator.query import compile_query
from kintone_orm.emulator.query.functions import Span, evaluate
from kintone_orm.emulator.query.syntax import Call


def days(context, text, *, at="2024-02-07"):
    """Return the first and the last day of a function's period on this day."""
    name, _, arguments = text.rstrip(")").partition("(")
    call = Call(name, tuple(arguments.split(", ")) if arguments else ())
    now = datetime.fromisoformat(f"{at}T12:00:00+09:00")
    span = evaluate(call, replace(context, now=now), field_type="DATE", operator="=")
    last = datetime.fromisoformat(span.end) - timedelta(days=1)
    return span.start, last.date().isoformat()


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("TODAY()", "2024-02-07", "2024-02-07"),
        ("YESTERDAY()", "2024-02-06", "2024-02-06"),
        ("TOMORROW()", "2024-02-08", "2024-02-08"),
        ("FROM_TODAY(0, DAYS)", "2024-02-07", "2024-02-07"),
        ("FROM_TODAY(-7, DAYS)", "2024-01-31", "2024-01-31"),
        ("FROM_TODAY(+2, WEEKS)", "2024-02-21", "2024-02-21"),
        ("FROM_TODAY(11, MONTHS)", "2025-01-07", "2025-01-07"),
        ("FROM_TODAY(-2, MONTHS)", "2023-12-07", "2023-12-07"),
        ("FROM_TODAY(-1, YEARS)", "2023-02-07", "2023-02-07"),
        ("THIS_WEEK()", "2024-02-04", "2024-02-10"),
        ("LAST_WEEK()", "2024-01-28", "2024-02-03"),
        ("NEXT_WEEK()", "2024-02-11", "2024-02-17"),
        ("THIS_WEEK(SUNDAY)", "2024-02-04", "2024-02-04"),
        ("THIS_WEEK(SATURDAY)", "2024-02-10", "2024-02-10"),
        ("LAST_WEEK(WEDNESDAY)", "2024-01-31", "2024-01-31"),
        ("NEXT_WEEK(MONDAY)", "2024-02-12", "2024-02-12"),
        ("THIS_MONTH()", "2024-02-01", "2024-02-29"),
        ("LAST_MONTH()", "2024-01-01", "2024-01-31"),
        ("NEXT_MONTH()", "2024-03-01", "2024-03-31"),
        ("THIS_MONTH(LAST)", "2024-02-29", "2024-02-29"),
        ("NEXT_MONTH(15)", "2024-03-15", "2024-03-15"),
        ("THIS_YEAR()", "2024-01-01", "2024-12-31"),
        ("LAST_YEAR()", "2023-01-01", "2023-12-31"),
        ("NEXT_YEAR()", "2025-01-01", "2025-12-31"),
    ],
)
def test_the_days_of_a_function(context, text, first, last):
    assert days(context, text) == (first, last)


@pytest.mark.parametrize(
    ("at", "text", "day"),
    [
        ("2024-02-07", "THIS_MONTH(29)", "2024-02-29"),
        ("2024-02-07", "THIS_MONTH(30)", "2024-03-01"),
        ("2024-02-07", "THIS_MONTH(31)", "2024-03-01"),
        ("2024-03-10", "NEXT_MONTH(31)", "2024-05-01"),
        ("2024-05-10", "LAST_MONTH(31)", "2024-05-01"),
        ("2024-01-31", "FROM_TODAY(1, MONTHS)", "2024-02-29"),
        ("2024-02-29", "FROM_TODAY(1, YEARS)", "2025-02-28"),
    ],
)
def test_a_day_that_a_month_lacks(context, at, text, day):
    assert days(context, text, at=at) == (day, day)


@pytest.mark.parametrize(
    ("at", "sunday"), [("2024-02-04", "2024-02-04"), ("2024-02-10", "2024-02-04")]
)
def test_a_week_starts_on_sunday(context, at, sunday):
    assert days(context, "THIS_WEEK()", at=at)[0] == sunday


@pytest.mark.parametrize(
    ("hours", "today"),
    [(13, "2024-02-07"), (9, "2024-02-07"), (0, "2024-02-06"), (-10, "2024-02-06")],
)
def test_the_callers_time_zone_decides_the_day(context, hours, today):
    there = replace(context, timezone=timezone(timedelta(hours=hours)))
    span = evaluate(Call("TODAY", ()), there, field_type="DATE", operator="=")
    assert span.start == today


def test_a_day_of_instants_is_the_callers_day(context):
    span = evaluate(Call("TODAY", ()), context, field_type="DATETIME", operator="=")
    assert span == Span("2024-02-06T15:00:00Z", "2024-02-07T15:00:00Z")


def test_a_day_may_have_23_hours(context):
    there = replace(
        context,
        now=datetime(2024, 3, 10, 12, tzinfo=timezone.utc),
        timezone=ZoneInfo("America/New_York"),
    )
    span = evaluate(Call("TODAY", ()), there, field_type="DATETIME", operator="=")
    assert span == Span("2024-03-10T05:00:00Z", "2024-03-11T04:00:00Z")


@pytest.mark.parametrize(
    ("field_type", "operator", "name", "value"),
    [
        ("DATETIME", ">", "NOW", "2024-02-06T23:30:00Z"),
        ("USER_SELECT", "in", "LOGINUSER", "alice"),
        ("ORGANIZATION_SELECT", "in", "PRIMARY_ORGANIZATION", "sales"),
    ],
)
def test_the_caller_and_this_instant(context, field_type, operator, name, value):
    call = Call(name, ())
    assert evaluate(call, context, field_type=field_type, operator=operator) == value


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("organization_select in (PRIMARY_ORGANIZATION())", [True, True]),
        ("number = 1 and organization_select in (PRIMARY_ORGANIZATION())", [True, False]),
        ("number = 1 or organization_select not in (PRIMARY_ORGANIZATION())", [True, False]),
    ],
)
def test_without_a_primary_organization_its_condition_is_dropped(form, context, query, is_found):
    compiled = compile_query(query, form, replace(context, organization=None))
    assert [compiled.matches({"number": {"value": value}}) for value in "12"] == is_found
