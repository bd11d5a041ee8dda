"""explain(): the exact requests, without sending one."""

from __future__ import annotations

import pytest
from support.models.geography import City

from kintone_orm import Model, fields
from kintone_orm.exceptions import NotSupportedError
from kintone_orm.query import Paging, Raw
from kintone_orm.testing import assert_requests, emulate


@pytest.fixture(autouse=True)
def nothing_is_sent(kintone):
    with assert_requests(0):
        yield


def test_an_explanation_is_something_to_print():
    found = City.objects.only("name").filter(population__gt=5, notes__contains="old harbour")

    assert str(found.explain()) == (
        "GET /k/v1/records.json\n"
        'query:    notes like "old harbour" and population > "5" order by $id asc limit 500\n'
        "fields:   $id, $revision, 都市名\n"
        "plan:     seek by $id, because the order is by $id, so each page starts after the last "
        "record of the one before\n"
        "requests: 1, and 1 more after each full 500 records\n"
        "note:     notes: like is a search for words, not for parts of a text"
    )


@pytest.mark.parametrize(
    ("queryset", "paging", "requests"),
    [
        (lambda q: q[:10], Paging.SINGLE, "1"),
        (lambda q: q, Paging.SEEK, "1, and 1 more after each full 500 records"),
        (lambda q: q[:700], Paging.SEEK, "1, and 1 more after each full 500 records; 2 at most"),
        (lambda q: q.order_by("name")[:700], Paging.OFFSET, "; 2 at most"),
        (lambda q: q.order_by("name"), Paging.CURSOR, "one of the ten cursors"),
        (lambda q: q.none(), None, "0"),
        (lambda q: q[5:5], None, "0"),
    ],
)
def test_the_plan_and_what_it_costs(queryset, paging, requests):
    explanation = queryset(City.objects.all()).explain()

    assert explanation.paging is paging
    assert requests in explanation.requests


def test_a_long_query_travels_as_post():
    explanation = City.objects.filter(name__in=[f"City {n}" for n in range(500)]).explain()

    assert explanation.endpoint == "POST /k/v1/records.json"
    assert "too long for a URL" in explanation.notes[0]


def test_more_fields_than_a_url_takes_travel_as_post():
    declared = {f"f{n}": fields.NumberField() for n in range(99)}
    wide = type("Wide", (Model,), {**declared, "__module__": __name__})
    with emulate(wide):
        explanation = wide.objects.all().explain()
        wide.objects.create(f98=5)
        assert wide.objects.get().f98 == 5

    assert len(wide._meta.codes) == 101
    assert explanation.endpoint == "POST /k/v1/records.json"
    assert "fields are too many for a URL" in explanation.notes[0]


def test_the_end_of_offsets_is_told():
    assert "kintone's offset ends at 10,000" in City.objects.all()[9_000:9_100].explain().notes[0]
    with pytest.raises(NotSupportedError, match="maximum offset is 10,000"):
        City.objects.all()[10_001:].explain()


def test_a_condition_in_kintones_own_words_is_told():
    assert "as it is written" in City.objects.filter(Raw('population > "3"')).explain().notes[0]
