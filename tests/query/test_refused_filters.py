"""The replacement of each refused lookup or method is run, on blanks too."""

from __future__ import annotations

import re
from datetime import date, datetime, timezone
from decimal import Decimal

import pytest

from kintone_orm import Model, fields
from kintone_orm.models.ground.refused import QUERYSET
from kintone_orm.query.refused_filters import LOOKUPS


class Thing(Model):
    name = fields.SingleLineTextField()
    due = fields.DateField()
    at = fields.DateTimeField()
    amount = fields.NumberField()
    rank = fields.DropDownField(choices=["a", "b"])


# The result in Django, whose week begins on Sunday: 2026-02-01 is one.
DJANGO = {
    "day": 1,
    "endswith": "'Bc'",
    "hour": 9,
    "iendswith": "'bc'",
    "iexact": "'abc'",
    "iregex": "'B.'",
    "iso_week_day": 7,
    "istartswith": "'ab'",
    "minute": 30,
    "regex": "'B.'",
    "second": 0,
    "startswith": "'aB'",
    "time": "time(9, 30)",
    "week_day": 1,
}


@pytest.fixture
def things(kintone):
    """Two records: one with a value in every field, one without values."""
    at = datetime(2026, 2, 1, 9, 30, tzinfo=timezone.utc)
    Thing.objects.create(name="aBc", due=date(2026, 2, 1), at=at, amount=3, rank="a")
    Thing.objects.create()
    return Thing.objects.all()


def tried(code, queryset):
    names = {"queryset": queryset, "re": re}
    exec("from datetime import time", names)
    return eval(code, names)


def code_of(refusal):
    return re.search("`(.+?)`", refusal.instead)[1]


def test_each_lookup_that_is_a_loop_in_python_is_tried():
    loops = {name for name, refusal in LOOKUPS.items() if "for record in" in refusal.instead}
    assert loops == set(DJANGO)


@pytest.mark.parametrize("lookup", DJANGO)
def test_what_is_written_instead_of_a_lookup_finds_what_django_would(things, lookup):
    code = code_of(LOOKUPS[lookup]).replace("...", str(DJANGO[lookup]))
    assert [thing.name for thing in tried(code, things)] == ["aBc"]


@pytest.mark.parametrize(
    ("method", "given"),
    [
        ("dates", {date(2026, 2, 1)}),
        ("datetimes", {date(2026, 2, 1)}),
        ("distinct", {"a", None}),
    ],
)
def test_what_is_written_instead_of_a_method_works_with_blanks(things, method, given):
    assert tried(code_of(QUERYSET[method]), things) == given


def test_aggregates_leave_blanks_out(things):
    count, least, total = re.findall("`(.+?)`", QUERYSET["aggregate"].instead)
    assert tried(f"queryset.{count}", things) == 2
    assert tried(f"queryset.{least}", things).name == "aBc"
    assert tried(total, things) == Decimal(3)
