"""Reading records, and the number of requests that it takes."""

from __future__ import annotations

import pytest
from support.models.geography import City, cities

from kintone_orm.api.records import get_records
from kintone_orm.testing import assert_requests, capture_requests, emulate

pytestmark = pytest.mark.usefixtures("both_ways")


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


def test_building_a_queryset_sends_nothing(kintone):
    with capture_requests(kintone) as requests:
        City.objects.filter(population__gt=1).exclude(name="x").order_by("-name")[5:10]

    assert requests == []


def test_the_repr_of_a_queryset_sends_nothing(kintone):
    with capture_requests(kintone) as requests:
        shown = repr(City.objects.filter(population=1))

    assert requests == []
    assert shown == '<QuerySet of City: population = "1" order by $id asc (not fetched)>'


def test_without_an_order_pages_are_sought_by_id(many):
    with capture_requests(many) as requests:
        found = list(City.objects.all())

    assert [city.name for city in found] == [f"City {n}" for n in range(1, 1204)]
    assert [request.params["query"] for request in requests] == [
        "order by $id asc limit 500",
        '$id > "500" order by $id asc limit 500',
        '$id > "1000" order by $id asc limit 500',
    ]


def test_seeking_keeps_the_condition_together(many):
    wanted = City.objects.filter(population__gt=100_000).order_by("-pk")

    with capture_requests(many) as requests:
        assert len(list(wanted)) == 1103

    assert requests[1].params["query"] == (
        'population > "100000" and $id < "704" order by $id desc limit 500'
    )


def test_iterator_keeps_nothing(many):
    queryset = City.objects.all()
    list(queryset.iterator())

    with capture_requests(many) as requests:
        list(queryset.iterator())

    assert len(requests) == 3


def test_a_queryset_read_to_the_end_is_not_read_again(many):
    queryset = City.objects.all()
    for _city in queryset:
        pass

    with capture_requests(many) as requests:
        assert len(list(queryset)) == len(queryset) == 1203
        assert queryset.exists()
        assert queryset.count() == 1203

    assert requests == []


def test_a_queryset_that_was_left_half_way_is_read_afresh(many):
    queryset = City.objects.all()
    next(iter(queryset))

    assert len(list(queryset)) == 1203


def test_all_reads_afresh(kintone):
    queryset = City.objects.all()
    assert len(queryset) == 0
    City.objects.create(name="Kobe")

    assert (len(queryset), len(queryset.all())) == (0, 1)


@pytest.mark.parametrize("slices", [lambda q: q[5:2], lambda q: q[:2][5:], lambda q: q[3:5][2:4]])
def test_a_slice_beyond_its_end_is_empty(many, slices):
    with assert_requests(0):
        beyond = slices(City.objects.all())
        assert list(beyond) == []
        assert beyond.query.startswith("order by $id asc limit 0 offset ")
        assert "limit 0 " in beyond.explain().query


def test_a_step_is_taken_in_python(many):
    assert [c.name for c in City.objects.all()[0:10:5]] == ["City 1", "City 6"]


@pytest.mark.parametrize("step", [0, 1.5])
def test_what_is_no_step_is_refused_before_any_request(many, step):
    with assert_requests(0), pytest.raises((TypeError, ValueError), match="slice"):
        City.objects.all()[::step]


def test_an_index_takes_one_request(many):
    with capture_requests(many) as requests:
        assert City.objects.all()[7].name == "City 8"

    assert [request.params["query"] for request in requests] == [
        "order by $id asc limit 1 offset 7"
    ]


def test_an_index_beyond_the_end(kintone):
    with pytest.raises(IndexError, match="City: there is no row 0"):
        City.objects.all()[0]


def test_negative_indexes_are_refused(kintone):
    with pytest.raises(ValueError, match="Negative indexing is not supported"):
        City.objects.all()[-1]


@pytest.mark.parametrize("what", [lambda q: q.filter(name="x"), lambda q: q.order_by("name")])
def test_a_slice_cannot_be_narrowed_or_ordered(kintone, what):
    with pytest.raises(TypeError, match="once a slice has been taken"):
        what(City.objects.all()[:5])


def test_the_query_of_none_is_one_that_finds_none(many):
    nothing = City.objects.none()

    assert get_records(many, app=City._meta.app_id(many), query=nothing.query)["records"] == []
    assert repr(nothing) == "<QuerySet of City: no record (not fetched)>"


def test_none_stays_empty_when_it_is_filtered(kintone):
    with capture_requests(kintone) as requests:
        assert list(City.objects.none().filter(name="x")) == []

    assert requests == []


def test_a_long_slice_is_whole_although_the_loop_deletes(many):
    for city in City.objects.order_by("name")[:1000]:
        city.delete()

    assert City.objects.count() == 203


def test_a_slice_that_ends_before_it_starts_is_empty(many):
    with capture_requests(many) as requests:
        assert list(City.objects.all()[5:2]) == []

    assert requests == []


@pytest.mark.parametrize("key", ["a", None, 1.0, slice("a"), slice(None, 1.0)])
def test_an_index_that_is_none_is_refused(kintone, key):
    with pytest.raises(TypeError, match="QuerySet indices must be integers or slices, not ") as no:
        City.objects.all()[key]
    assert repr(key) in str(no.value)


def test_whatever_is_a_whole_number_is_an_index(many):
    class Whole:
        def __index__(self):
            return 2

    assert [city.pk for city in City.objects.all()[Whole() : 4]] == [3, 4]
    assert City.objects.all()[Whole()].pk == 3
