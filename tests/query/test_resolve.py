from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from support.filter_tables import entries, read
from support.models.one_of_each import Thing, compiled

from kintone_orm import Model, Q, fields
from kintone_orm.exceptions import FieldError, KintoneORMError
from kintone_orm.query import refused_filters
from kintone_orm.query.conditions import EVERYTHING, NOTHING
from kintone_orm.query.resolve import resolve

# Django's lookups, and the two that are kintone's.
LOOKUPS = (
    ["exact", "iexact", "gt", "gte", "lt", "lte", "in", "contains", "icontains", "startswith"]
    + ["istartswith", "endswith", "iendswith", "range", "isnull", "regex", "iregex", "year"]
    + ["month", "day", "week", "week_day", "quarter", "date", "time", "hour", "minute", "second"]
    + ["like", "is_empty"]
)

# kintone REST API, "Query String": operators by field type, under Django's names.
WORDS = "contains, exact, in, isnull, like"
ORDERED = "exact, gt, gte, in, isnull, lt, lte, range"
DATED = "exact, gt, gte, in, isnull, lt, lte, month, range, year"
INSTANT = "date, exact, gt, gte, in, isnull, lt, lte, month, range, year"
ONE_OF = "exact, in, isnull"
HAS = {
    "pk": ("id", "__ID__", ORDERED),
    "title": ("title", "SINGLE_LINE_TEXT", WORDS),
    "site": ("site", "LINK", WORDS),
    "memo": ("memo", "MULTI_LINE_TEXT", "contains, isnull, like"),
    "body": ("body", "RICH_TEXT", "contains, like"),
    "price": ("price", "NUMBER", ORDERED),
    "count": ("count", "NUMBER", ORDERED),
    "rank": ("rank", "DROP_DOWN", ONE_OF),
    "size": ("size", "RADIO_BUTTON", ONE_OF),
    "tags": ("tags", "CHECK_BOX", ONE_OF),
    "days": ("days", "MULTI_SELECT", ONE_OF),
    "due": ("due", "DATE", DATED),
    "opens": ("opens", "TIME", ORDERED),
    "start": ("start", "DATETIME", INSTANT),
    "creator": ("creator", "CREATOR", ONE_OF),
    "modifier": ("modifier", "MODIFIER", ONE_OF),
    "created": ("created", "CREATED_TIME", INSTANT),
    "updated": ("updated", "UPDATED_TIME", INSTANT),
    "shop": ("shop", "SINGLE_LINE_TEXT", WORDS),
    "level": ("level", "NUMBER", ORDERED),
    "total": ("total", "CALC", ORDERED),
    "papers": ("papers", "FILE", "contains, isnull, like"),
    "owner": ("owner", "USER_SELECT", ONE_OF),
    "team": ("team", "ORGANIZATION_SELECT", ONE_OF),
    "crew": ("crew", "GROUP_SELECT", ONE_OF),
    "status": ("status", "STATUS", ONE_OF),
    "assignee": ("assignee", "STATUS_ASSIGNEE", ONE_OF),
}


@pytest.mark.parametrize("lookup", LOOKUPS)
@pytest.mark.parametrize("asked", HAS)
def test_a_lookup_that_a_type_lacks_is_refused_with_those_it_has(asked, lookup):
    name, kind, has = HAS[asked]
    if lookup in has.split(", "):
        return
    with pytest.raises(FieldError) as refused:
        compiled(Q(**{f"{asked}__{lookup}": "2"}))
    said = f"Thing.{name} ({kind}) has no lookup '{lookup}'; it has {has}."
    if lookup in refused_filters.LOOKUPS:
        refusal = refused_filters.LOOKUPS[lookup].sentence(f"Thing.{name}__{lookup}")
        said = f"{refusal} ({kind}: it has {has}.)"
    assert str(refused.value).partition(" Did you mean")[0] == said


def test_every_field_is_in_the_table_or_cannot_be_filtered():
    assert set(Thing._meta.fields) - set(HAS) == {
        "number",
        "category",
        "finished",
        "lines",
        "sales",
    }


REFUSALS = entries(Path(__file__).with_name("refusals.txt"), lines=2)


@pytest.mark.parametrize(("q", "error"), REFUSALS, ids=[q for q, _ in REFUSALS])
def test_refused(q, error):
    with pytest.raises(KintoneORMError) as refused:
        compiled(read(q))
    assert f"{type(refused.value).__name__}: {refused.value}" == error


class Task(Model):
    place = fields.NumberField("order")


@pytest.mark.parametrize("conditions", [{"place": 1}, {"place": None}, {"place__isnull": False}])
def test_a_code_that_is_a_keyword_is_refused(conditions):
    with pytest.raises(FieldError) as refused:
        resolve(Q(**conditions), Task._meta.find, zone=lambda: None)
    assert str(refused.value) == (
        "Task.place cannot be filtered or sorted by: its code 'order' is a keyword of kintone's "
        "query language and cannot be quoted. Rename the field code in the app."
    )


def test_64_characters_are_compared():
    assert compiled(Q(title="a" * 64)) == f'件名 = "{"a" * 64}"'


def test_the_zone_is_asked_for_naive_datetimes_only():
    tokyo = timezone(timedelta(hours=9))
    assert (
        compiled(Q(start=datetime(2024, 2, 6, 9)), zone=tokyo) == 'start = "2024-02-06T00:00:00Z"'
    )

    def no_zone():
        raise AssertionError("asked")

    resolve(Q(start="2024-02-06T00:00:00Z", title="a"), Thing._meta.find, zone=no_zone)


def test_no_condition_at_all():
    assert resolve(Q(), Thing._meta.find, zone=lambda: None) == EVERYTHING
    assert resolve(Q(), Thing._meta.find, zone=lambda: None, negated=True) == NOTHING


def test_a_queryset_is_read_for_in_alone():
    with pytest.raises(FieldError, match="takes several values, not <QuerySet"):
        compiled(Q(price__range=Thing.objects.values_list("price", flat=True)))


@pytest.mark.parametrize("name", ["title", "price", "count", "rank", "size", "due", "start", "id"])
@pytest.mark.parametrize("empty", [[], ()])
def test_an_empty_list_is_the_blank_of_lists_alone(name, empty):
    assert compiled(Q(tags=empty)) == compiled(Q(tags=None)) == 'tags in ("")'
    for conditions in ({name: empty}, {f"{name}__in": [empty]}):
        with pytest.raises(FieldError):
            compiled(Q(**conditions))
