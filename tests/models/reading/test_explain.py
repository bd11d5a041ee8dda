"""explain(): the exact requests, without sending one."""

from __future__ import annotations

from importlib.util import find_spec

import pytest
from support.models.geography import City

from kintone_orm import Model, connect, fields
from kintone_orm.exceptions import NotSupportedError
from kintone_orm.query import Paging, Raw
from kintone_orm.testing import assert_requests, emulate


@pytest.fixture(autouse=True)
def nothing_is_sent(kintone):
    with assert_requests(0):
        yield


def test_an_explanation_is_something_to_print():
    found = City.objects.values("name").filter(population__gt=5, notes__contains="old harbour")

    assert str(found.explain(rows=10_000)) == (
        "GET /k/v1/records.json\n"
        'query:     notes like "old harbour" and population > "5" order by $id asc limit 500\n'
        "fields:    $id, $revision, 都市名\n"
        "plan:      seek by $id, because the order is by $id, so each page starts after the last "
        "record of the one before\n"
        "requests:  1, and 1 more after each full 500 records\n"
        "ahead:     1 page\n"
        "workers:   1\n"
        "decoder:   record by record\n"
        "guarantee: No row comes twice, and every record that nobody writes meanwhile comes "
        "exactly once. A page shows the records as they were when it was requested. From the third "
        "page on, each page is requested before the one before it is used.\n"
        "cost:      21 requests, one after the other\n"
        "note:      notes: like is a search for words, not for parts of a text\n"
        "note:      a loop that stops inside a full page, from the second page on, has sent 1 "
        "request more; a loop does not see what it writes into the next page"
    )


def test_an_explanation_of_nothing_is_short():
    assert str(City.objects.filter(population__in=[]).explain(rows=5)).splitlines() == [
        'query:     $id = "0" order by $id asc',
        "plan:      nothing is sent, because no record can satisfy the conditions",
        "requests:  0",
        "cost:      0 requests",
    ]


@pytest.mark.parametrize(
    ("queryset", "ahead", "decoder"),
    [
        (lambda q: q, 1, "record by record"),
        (lambda q: q.order_by("name"), 1, "record by record"),
        (lambda q: q[:500], 0, "record by record"),
        (lambda q: q[:1000], 0, "record by record"),
        (lambda q: q[:1001], 1, "record by record"),
        (lambda q: q.order_by("name")[:1000], 0, "whole page"),
        (lambda q: q.filter(name="x" * 65), 0, "whole page"),
    ],
)
def test_the_pages_ahead_and_the_decoder(queryset, ahead, decoder):
    explanation = queryset(City.objects.values("name")).explain()

    assert (explanation.ahead, explanation.decoder) == (ahead, decoder)
    assert any("sent 1 request more" in note for note in explanation.notes) == bool(ahead)


def test_instances_are_decoded_by_msgspec_if_it_is_installed(monkeypatch):
    queryset = City.objects.all()
    installed = "msgspec" if find_spec("msgspec") else "record by record"
    assert queryset.explain().decoder == installed
    assert queryset.order_by("name")[:1000].explain().decoder == "whole page"

    monkeypatch.setattr("kintone_orm.models.record.decoding.fast_pages._library", lambda: None)
    monkeypatch.setattr(City._meta, "decoders", {})  # those that were made before
    assert queryset.only("population").explain().decoder == "record by record"


def test_without_pages_ahead_a_page_is_requested_when_it_is_needed():
    explanation = City.objects.all().explain(ahead=0)

    assert (explanation.ahead, explanation.notes) == (0, ())
    assert explanation.guarantee.endswith(
        " Each page is requested when the one before it was used."
    )


def test_the_options_are_those_of_iterator():
    ordered = City.objects.order_by("name")

    assert ordered.explain(paging="cursor").reason == "it was asked for"
    for read in (ordered.explain, ordered.iterator):
        with pytest.raises(NotSupportedError, match="SEEK does not read exactly these records"):
            read(paging="seek")
        with pytest.raises(ValueError, match="^paging must be one of SINGLE, SEEK, OFFSET, CURS"):
            read(paging="pages")
        with pytest.raises(ValueError, match=r"^ahead must be 0 or 1, not 2\."):
            read(ahead=2)
        with pytest.raises(ValueError, match=r"^chunk_size must be a positive integer, not 0\."):
            read(chunk_size=0)


def test_smaller_pages_cost_more_requests():
    explanation = City.objects.explain(rows=10_000, chunk_size=100)

    assert explanation.query.endswith("limit 100")
    assert explanation.requests == "1, and 1 more after each full 100 records"
    assert explanation.cost.requests == explanation.requests_for(10_000) == 101


@pytest.mark.parametrize("rows", [-1, True, "5", None])
def test_requests_are_computed_for_a_number_of_rows(rows):
    explanation = City.objects.explain()
    with pytest.raises(ValueError, match=r"^rows must be a whole number, 0 or greater, not "):
        explanation.requests_for(rows)


def test_workers_read_several_pages_at_once():
    explanation = City.objects.explain(rows=10_000, workers=4)

    assert (explanation.ahead, explanation.workers, explanation.notes) == (0, 4, ())
    assert explanation.requests == (
        "2, and 1 more for each full 500 records, 4 at once; holes between the ids may take more"
    )
    assert explanation.guarantee.endswith(
        " Pages are requested in any order, and up to three for each worker before the loop needs "
        "them."
    )
    assert explanation.reason == (
        "the order is by $id, so several ranges of ids can be read at once"
    )
    assert str(explanation.cost) == "22 requests in 6 round trips"


def test_a_connection_that_sends_fewer_requests_at_once_than_there_are_workers():
    explanation = City.objects.explain(rows=10_000, workers=20)

    assert explanation.workers == 20
    assert "10 at once" in explanation.requests
    assert str(explanation.cost) == "22 requests in 3 round trips"
    assert explanation.notes == (
        "the connection sends at most 10 requests at once; connect(max_concurrency=20) makes it 20",
    )
    assert City.objects.explain(workers=10).notes == ()


def test_workers_of_a_connection_that_sends_one_request_at_a_time():
    options = {"api_token": "t", "alias": "slow", "apps": {"cities": 1}}
    connection = connect("https://example.cybozu.com", **options, max_concurrency=1)
    cost = City.objects.using(connection).explain(rows=10_000, workers=4).cost

    assert str(cost) == "22 requests, one after the other"


def test_workers_are_refused_as_by_iterator():
    ordered = City.objects.order_by("name")
    for read in (ordered.explain, ordered.iterator):
        with pytest.raises(NotSupportedError, match="^iterator.workers=4. reads ranges of ids"):
            read(workers=4)
        with pytest.raises(ValueError, match="^workers must be a whole number from 1 to 100"):
            read(workers=0)


@pytest.mark.parametrize("rows", [-1, True, 1.0, "5"])
def test_the_rows_are_a_number(rows):
    with pytest.raises(ValueError, match=r"^rows must be a whole number, 0 or greater, not "):
        City.objects.explain(rows=rows)


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
