"""One page of records: what it asks for, and how it is the slice of a list."""

from __future__ import annotations

import pytest
from support.models.geography import City, Country, cities

from kintone_orm.exceptions import NotSupportedError
from kintone_orm.testing import capture_requests, emulate

RECORDS = "/k/v1/records.json"


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


def sent(requests: list) -> list[tuple[str, str]]:
    return [(request.method, request.path) for request in requests]


def test_less_than_a_page_takes_one_request(kintone):
    City.objects.bulk_create(cities(499))

    with capture_requests(kintone) as requests:
        assert len(list(City.objects.all())) == 499

    assert sent(requests) == [("GET", RECORDS)]


def test_a_read_asks_for_the_declared_fields_only(kintone):
    with capture_requests(kintone) as requests:
        list(Country.objects.all())

    assert requests[0].params["fields"] == ["$id", "$revision", "code", "国名"]


@pytest.mark.parametrize(
    ("start", "stop", "queries"),
    [
        (0, 10, ["order by 都市名 asc, $id asc limit 10"]),
        (20, 30, ["order by 都市名 asc, $id asc limit 10 offset 20"]),
        (
            100,
            700,
            [
                "order by 都市名 asc, $id asc limit 500 offset 100",
                "order by 都市名 asc, $id asc limit 101 offset 599",
            ],
        ),
    ],
)
def test_a_slice_becomes_limit_and_offset(many, start, stop, queries):
    with capture_requests(many) as requests:
        found = list(City.objects.order_by("name")[start:stop])

    assert [request.params["query"] for request in requests] == queries
    names = sorted(f"City {n}" for n in range(1, 1204))
    assert [city.name for city in found] == names[start:stop]


@pytest.mark.parametrize(
    ("start", "stop"), [(0, 3), (3, 700), (1200, 1300), (5, None), (2000, 2001)]
)
@pytest.mark.parametrize("order", ["pk", "-pk", "name", "-name"])
def test_a_slice_is_the_slice_of_the_list(many, order, start, stop):
    everything = list(City.objects.order_by(order))

    assert list(City.objects.order_by(order)[start:stop]) == everything[start:stop]


def test_a_slice_of_a_slice(many):
    assert [c.name for c in City.objects.all()[10:20][2:5]] == ["City 13", "City 14", "City 15"]


def test_an_offset_beyond_kintones_is_refused_before_any_request(kintone):
    with capture_requests(kintone) as requests, pytest.raises(NotSupportedError, match="iterator"):
        list(City.objects.order_by("name")[10_001:10_002])

    assert requests == []
