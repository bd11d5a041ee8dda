"""get(), first(), last(), count(), exists(): each in one request."""

from __future__ import annotations

import gc

import pytest
from support.models.geography import City, cities

from kintone_orm import override
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import ServerBusy
from kintone_orm.testing import assert_requests, capture_requests, emulate


@pytest.fixture(scope="module")
def loaded():
    """1,203 cities: more than two pages of 500."""
    with emulate(City) as connection:
        City.objects.bulk_create(cities(1203))
        return connection.snapshot()


@pytest.fixture
def many(loaded):
    with emulate(like=loaded) as connection:
        yield connection


def test_get_takes_one_request(many):
    with capture_requests(many) as requests:
        assert City.objects.get(name="City 7").population == 7000

    assert len(requests) == 1


def test_get_by_pk(many):
    assert City.objects.get(pk=3).name == "City 3"


def test_get_without_a_match_names_the_condition(kintone):
    with pytest.raises(City.DoesNotExist, match='There is no City with 都市名 = "Kobe"'):
        City.objects.get(name="Kobe")


@pytest.mark.parametrize(
    "get",
    [
        lambda q: q.none().get(),
        lambda q: q.get(climate__in=[]),
        lambda q: q.none().latest("name"),
        lambda q: q.none().earliest("name"),
    ],
)
def test_get_where_no_record_can_be_says_so(kintone, get):
    with assert_requests(0), pytest.raises(City.DoesNotExist) as missing:
        get(City.objects)

    assert str(missing.value) == (
        "There is no City, as no record can satisfy the conditions: kintone was not asked."
    )


def test_get_with_two_matches(many):
    with pytest.raises(City.MultipleObjectsReturned, match="more than one City with"):
        City.objects.get(population__lt=3000)


def test_first_and_last_go_by_id(many):
    assert (City.objects.first().pk, City.objects.last().pk) == (1, 1203)


def test_first_and_last_follow_an_order(many):
    by_population = City.objects.order_by("-population")

    assert (by_population.first().population, by_population.last().population) == (1_203_000, 1000)


def test_first_of_nothing_is_none(kintone):
    assert City.objects.first() is None


def test_count_carries_no_record(many):
    with capture_requests(many) as requests:
        assert City.objects.filter(population__gt=3000).count() == 1200

    (request,) = requests
    assert request.params["query"] == 'population > "3000" limit 0'
    assert request.params["totalCount"] is True


@pytest.mark.parametrize(
    ("start", "stop", "expected"), [(0, 5, 5), (1200, 1300, 3), (1300, None, 0)]
)
def test_count_of_a_slice(many, start, stop, expected):
    assert City.objects.all()[start:stop].count() == expected


def test_exists_asks_for_one_id(many):
    with capture_requests(many) as requests:
        assert City.objects.filter(population__gt=5).exists()

    (request,) = requests
    assert request.params["fields"] == ["$id"]


def test_a_filter_that_nothing_can_satisfy_sends_nothing(kintone):
    empty = City.objects.filter(name__in=[])
    with capture_requests(kintone) as requests:
        assert list(empty) == []
        assert not empty.exists()
        assert empty.count() == 0
        assert empty.first() is None
        assert empty.update(name="x") == 0
        assert empty.delete() == (0, {})

    assert requests == []


def test_the_collector_runs_only_in_the_programs_own_code(many):
    """Otherwise it would visit the objects of a page again and again, while nobody uses them."""
    reading, looping = [], []

    def watching(send, request):
        reading.append(gc.isenabled())
        return send(request)

    with many.wrap(watching):
        looping.extend(gc.isenabled() for _ in City.objects.iterator())
    assert (set(reading), set(looping), gc.isenabled()) == ({False}, {True}, True)


def test_the_collector_runs_while_a_request_waits_for_its_next_attempt(many, monkeypatch):
    many.emulator.faults.add(Fault.TOO_MANY_REQUESTS)
    waits = []
    monkeypatch.setattr(many.clock, "sleep", lambda _seconds: waits.append(gc.isenabled()))
    with override(retry=True):
        assert len(list(City.objects.iterator())) == 1203
    assert waits == [True]


def test_the_collector_goes_on_after_an_error(many):
    many.emulator.faults.add(Fault.SERVICE_UNAVAILABLE)
    with pytest.raises(ServerBusy):
        list(City.objects.iterator())
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off(many):
    gc.disable()
    try:
        assert len(list(City.objects.iterator())) == 1203
        assert not gc.isenabled()
    finally:
        gc.enable()
