"""iterator(): page sizes and plans."""

from __future__ import annotations

import pytest
from support.models.geography import City, cities

from kintone_orm.exceptions import NotSupportedError
from kintone_orm.query import Paging
from kintone_orm.testing import assert_requests, capture_requests, emulate

pytestmark = pytest.mark.usefixtures("both_ways")

CURSOR = "/k/v1/records/cursor.json"


@pytest.fixture(scope="module")
def loaded():
    with emulate(City) as connection:
        City.objects.bulk_create(cities(1203))
        return connection.snapshot()


@pytest.fixture
def many(loaded):
    with emulate(like=loaded) as connection:
        yield connection


def numbers(rows) -> list[int]:
    return [row.pk for row in rows]


EVERY = list(range(1, 1204))


@pytest.mark.parametrize(("size", "requests"), [(100, 13), (500, 3), (2000, 3)])
def test_a_chunk_is_a_page_of_five_hundred_at_most(many, size, requests):
    with assert_requests(requests) as sent:
        assert numbers(City.objects.iterator(size)) == EVERY

    assert sent[0].params["query"].endswith(f"limit {min(size, 500)}")


@pytest.mark.parametrize("size", [0, -1, 1.5, "ten"])
def test_a_chunk_that_is_no_number_of_records_is_refused(kintone, size):
    message = f"chunk_size must be a positive integer, not {size!r}"
    with assert_requests(0), pytest.raises(ValueError, match=message):
        City.objects.iterator(chunk_size=size)


@pytest.mark.parametrize("paging", ["x", 3])
def test_a_plan_that_does_not_exist_is_refused(kintone, paging):
    message = f"paging must be one of SINGLE, SEEK, OFFSET, CURSOR, not {paging!r}"
    with assert_requests(0), pytest.raises(ValueError, match=message):
        City.objects.iterator(paging=paging)


def test_a_plan_that_is_asked_for_is_taken(many):
    with capture_requests(many) as sent:
        assert numbers(City.objects.iterator(paging=Paging.CURSOR)) == EVERY

    assert [request.path for request in sent[1:]] == [CURSOR] * 4


@pytest.mark.parametrize("paging", ["offset", "seek", "cursor", "OFFSET"])
def test_every_plan_that_is_possible_reads_the_same(many, paging):
    assert numbers(City.objects.all()[100:900].iterator(paging=paging)) == EVERY[100:900]


@pytest.mark.parametrize(
    ("queryset", "paging", "message"),
    [
        (lambda q: q, "single", "Paging.SINGLE does not .* more than one page .*SEEK or CURSOR"),
        (lambda q: q.order_by("name"), "seek", "not in the order of .id.*Use CURSOR"),
        (lambda q: q.order_by("name"), "offset", "beyond the maximum offset of 10,000"),
        (lambda q: q[:20_000], "offset", "beyond the maximum offset of 10,000"),
        (lambda q: q[:501], "single", "more than one page of 500"),
    ],
)
def test_a_plan_that_would_not_read_exactly_these_records_is_refused(
    kintone, queryset, paging, message
):
    with assert_requests(0), pytest.raises(NotSupportedError, match=message):
        queryset(City.objects.all()).iterator(paging=paging)


def test_nothing_is_read_in_any_way(kintone):
    with assert_requests(0):
        assert list(City.objects.none().iterator(paging="single")) == []


@pytest.mark.parametrize("options", [{}, {"workers": 2}, {"paging": "single"}])
def test_an_iterator_over_nothing_can_be_closed(options):
    with City.objects.filter(population__in=[]).iterator(**options) as cities:
        assert list(cities) == []
    City.objects.none().iterator(**options).close()
