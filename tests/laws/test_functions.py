"""A filter by a function finds what the same filter by the days it stands for would.

The emulator is the judge, under both readings of comparisons with a period, which only `=` and
`<` are documented for: what a filter finds must not depend on them.
"""

from __future__ import annotations

import operator
from calendar import monthrange
from datetime import date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kintone_orm import Model, Q, Row, fields, functions
from kintone_orm.emulator import choices
from kintone_orm.emulator.query import Context, compile_query
from kintone_orm.exceptions import NotSupportedError
from kintone_orm.query.compiler import compile_condition
from kintone_orm.query.functions import WEEK_DAYS, Function
from kintone_orm.query.resolve import resolve

TOKYO = ZoneInfo("Asia/Tokyo")
COMPARE = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}
LOOKUPS = ["exact", *COMPARE]


class Sample(Model):
    day = fields.DateField()
    moment = fields.DateTimeField()
    owner = fields.CreatorField("作成者")


FORM = {field.code: field.definition() for field in Sample._meta.fields.values()}


def months_later(day: date, months: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def week(today: date, offset: int, name: str | None) -> tuple[date, date]:
    sunday = today - timedelta(days=today.isoweekday() % 7 - 7 * offset)
    if name is None:
        return sunday, sunday + timedelta(days=6)
    day = sunday + timedelta(days=WEEK_DAYS.index(name))
    return day, day


def month(today: date, offset: int, number: Any) -> tuple[date, date]:
    first = months_later(today.replace(day=1), offset)
    last = months_later(first, 1) - timedelta(days=1)
    if number is None:
        return first, last
    day = (
        last
        if number == "LAST"
        else min(first + timedelta(days=number - 1), months_later(first, 1))
    )
    return day, day


def year(today: date, offset: int) -> tuple[date, date]:
    return date(today.year + offset, 1, 1), date(today.year + offset, 12, 31)


def from_today(today: date, number: int, unit: str) -> tuple[date, date]:
    if unit in ("DAYS", "WEEKS"):
        day = today + timedelta(days=number * (7 if unit == "WEEKS" else 1))
    else:
        day = months_later(today, number * (12 if unit == "YEARS" else 1))
    return day, day


MEANINGS = {
    "TODAY": lambda today: from_today(today, 0, "DAYS"),
    "YESTERDAY": lambda today: from_today(today, -1, "DAYS"),
    "TOMORROW": lambda today: from_today(today, 1, "DAYS"),
    "FROM_TODAY": from_today,
    "LAST_WEEK": lambda today, day=None: week(today, -1, day),
    "THIS_WEEK": lambda today, day=None: week(today, 0, day),
    "NEXT_WEEK": lambda today, day=None: week(today, 1, day),
    "LAST_MONTH": lambda today, day=None: month(today, -1, day),
    "THIS_MONTH": lambda today, day=None: month(today, 0, day),
    "NEXT_MONTH": lambda today, day=None: month(today, 1, day),
    "LAST_YEAR": lambda today: year(today, -1),
    "THIS_YEAR": lambda today: year(today, 0),
    "NEXT_YEAR": lambda today: year(today, 1),
}

DAY_OF_MONTH = st.none() | st.just("LAST") | st.integers(1, 31)
PERIODS = st.one_of(
    st.sampled_from([functions.Today(), functions.Yesterday(), functions.Tomorrow()]),
    st.sampled_from([functions.LastYear(), functions.ThisYear(), functions.NextYear()]),
    st.builds(
        functions.FromToday,
        st.integers(-20, 20),
        st.sampled_from(["DAYS", "WEEKS", "MONTHS", "YEARS"]),
    ),
    st.builds(
        lambda kind, day: kind(day),
        st.sampled_from([functions.LastWeek, functions.ThisWeek, functions.NextWeek]),
        st.none() | st.sampled_from(WEEK_DAYS),
    ),
    st.builds(
        lambda kind, day: kind(day),
        st.sampled_from([functions.ThisMonth, functions.NextMonth]),
        DAY_OF_MONTH,
    ),
    st.builds(functions.LastMonth, st.none() | st.just("LAST") | st.integers(1, 28)),
)
NOW = st.datetimes(datetime(2023, 12, 20), datetime(2025, 3, 5), timezones=st.just(timezone.utc))


def finds(q: Q, cell: dict[str, Any], now: datetime, *, negated: bool, whole: bool) -> bool:
    condition = resolve(q, Sample._meta.find, zone=lambda: None, negated=negated)
    context = Context(now=now, timezone=TOKYO, user="alice")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choices, "PERIODS_ARE_COMPARED_WHOLE", whole)
        return compile_query(compile_condition(condition), FORM, context).matches(cell)


def expected(value: Any, lookup: str, first: Any, last: Any) -> bool:
    """True if a value is in a period, before it, after it ..."""
    if value is None:
        return False
    if lookup == "exact":
        return bool(first <= value <= last)
    return bool(COMPARE[lookup](value, first if lookup in ("lt", "gte") else last))


def near(days: tuple[date, date], draw: st.DataObject) -> date:
    edge = draw.draw(st.sampled_from(days))
    return edge + timedelta(days=draw.draw(st.integers(-2, 2)))


@given(NOW, PERIODS, st.sampled_from(LOOKUPS), st.booleans(), st.data())
def test_dates(now, period, lookup, whole, data):
    days = MEANINGS[period.name](now.astimezone(TOKYO).date(), *period.arguments)
    value = data.draw(st.none() | st.just(near(days, data)))
    cell = {"day": {"value": None if value is None else value.isoformat()}}
    check("day", period, lookup, cell, now, whole, expected(value, lookup, *days))


@given(NOW, PERIODS, st.sampled_from(LOOKUPS), st.booleans(), st.data())
def test_instants(now, period, lookup, whole, data):
    days = MEANINGS[period.name](now.astimezone(TOKYO).date(), *period.arguments)
    first = datetime.combine(days[0], time(0), TOKYO)
    last = datetime.combine(days[1], time(23, 59), TOKYO)
    edge = data.draw(st.sampled_from([first, last]))
    value = edge + timedelta(minutes=data.draw(st.sampled_from([-1440, -1, 0, 1, 1440])))
    cell = {"moment": {"value": f"{value.astimezone(timezone.utc):%Y-%m-%dT%H:%M:00Z}"}}
    check("moment", period, lookup, cell, now, whole, expected(value, lookup, first, last))


def check(
    name: str,
    period: Function,
    lookup: str,
    cell: dict[str, Any],
    now: datetime,
    whole: bool,
    wanted: bool,
) -> None:
    q = Q(**{f"{name}__{lookup}": period})
    for negated in (False, True):
        try:
            found = finds(q, cell, now, negated=negated, whole=whole)
        except NotSupportedError:
            assume(False)
        assert found is (wanted is not negated)


@given(NOW, st.sampled_from(LOOKUPS), st.integers(-2, 2))
def test_now(now, lookup, minutes):
    now = now.replace(second=0, microsecond=0)
    value = now + timedelta(minutes=minutes)
    cell = {"moment": {"value": f"{value:%Y-%m-%dT%H:%M:00Z}"}}
    check("moment", functions.Now(), lookup, cell, now, True, expected(value, lookup, now, now))


@pytest.mark.parametrize(("creator", "found"), [("alice", True), ("bob", False)])
def test_login_user(creator, found):
    cell = {"作成者": {"value": {"code": creator, "name": ""}}}
    check(
        "owner",
        functions.LoginUser(),
        "exact",
        cell,
        datetime(2024, 2, 6, tzinfo=timezone.utc),
        True,
        found,
    )


class Seat(Row):
    section = fields.OrganizationSelectField()
    item = fields.SingleLineTextField()


class Desk(Model):
    team = fields.OrganizationSelectField()
    rank = fields.DropDownField(choices=["A", "B"])
    seats = fields.SubtableField(Seat)


DESKS = {field.code: field.definition() for field in Desk._meta.fields.values()}
PRIMARY = functions.PrimaryOrganization()
ALONE = [Q(team=PRIMARY), Q(rank="A"), Q(team__in=[PRIMARY, "hr"]), Q(team="hr")]
ON_ROWS = [Q(seats__section=PRIMARY), Q(seats__item="pen")]
CONDITIONS = st.recursive(
    st.sampled_from([*ALONE, *(~each for each in ALONE), *ON_ROWS]),
    lambda inner: st.one_of(
        st.builds(operator.and_, inner, inner), st.builds(operator.or_, inner, inner)
    ),
    max_leaves=4,
)
TEAMS = st.sampled_from([[], ["sales"], ["hr"], ["hr", "sales"]])


def is_in(q: Q, desk: dict[str, Any], seat: tuple[list[str], str] | None, mine: list[str]) -> bool:
    """True if one of a desk's seats, or none, is found for a user of the organization `mine`."""
    results = []
    for child in q.children:
        if isinstance(child, Q):
            results.append(is_in(child, desk, seat, mine))
            continue
        name, asked = child
        several = asked if isinstance(asked, list) else [asked]
        codes = [code for each in several for code in (mine if each == PRIMARY else [each])]
        held = {"rank": [desk["rank"]], "team": desk["team"], "team__in": desk["team"]}
        if seat is not None:
            held |= {"seats__section": seat[0], "seats__item": [seat[1]]}
        results.append(not set(codes).isdisjoint(held.get(name, [])))
    return (all(results) if q.connector == Q.AND else any(results)) is not q.negated


@given(
    CONDITIONS,
    st.sampled_from([None, "sales"]),
    st.fixed_dictionaries({"team": TEAMS, "rank": st.sampled_from(["A", "B"])}),
    st.lists(st.tuples(TEAMS, st.sampled_from(["pen", "ink"])), max_size=2),
)
def test_who_has_no_primary_organization_finds_no_more(q, organization, desk, seats):
    try:
        condition = resolve(q, Desk._meta.find, zone=lambda: None)
    except NotSupportedError:
        assume(False)
    rows = [
        {"id": "1", "value": {"section": people(section), "item": {"value": item}}}
        for section, item in seats
    ]
    record = {
        "$id": {"value": "7"},
        "team": people(desk["team"]),
        "rank": {"value": desk["rank"]},
        "seats": {"value": rows},
    }
    now = datetime(2024, 2, 6, tzinfo=timezone.utc)
    context = Context(now=now, timezone=TOKYO, user="alice", organization=organization)
    mine = [organization] if organization else []
    wanted = any(is_in(q, desk, seat, mine) for seat in [None, *seats])
    query = compile_query(compile_condition(condition), DESKS, context)
    assert query.matches(record) is wanted


def people(codes: list[str]) -> dict[str, Any]:
    return {"value": [{"code": code, "name": code} for code in codes]}
