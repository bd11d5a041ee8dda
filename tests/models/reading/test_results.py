"""How records are read, and above all how many requests that takes."""

from __future__ import annotations

import gc
from datetime import datetime, timezone

import pytest
from dateutil.tz import gettz
from support.geography import City, Country, cities

from kintone_orm import Model, fields
from kintone_orm.api.records import get_records
from kintone_orm.exceptions import CursorLimitError, FieldError, NotSupportedError
from kintone_orm.testing import assert_requests, capture_requests, emulate

RECORDS = "/k/v1/records.json"
CURSOR = "/k/v1/records/cursor.json"


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


def test_building_a_queryset_sends_nothing(kintone):
    with capture_requests(kintone) as requests:
        City.objects.filter(population__gt=1).exclude(name="x").order_by("-name")[5:10]

    assert requests == []


def test_the_repr_of_a_queryset_sends_nothing(kintone):
    with capture_requests(kintone) as requests:
        shown = repr(City.objects.filter(population=1))

    assert requests == []
    assert shown == '<QuerySet of City: population = "1" order by $id asc (not fetched)>'


def test_less_than_a_page_takes_one_request(kintone):
    City.objects.bulk_create(cities(499))

    with capture_requests(kintone) as requests:
        assert len(list(City.objects.all())) == 499

    assert sent(requests) == [("GET", RECORDS)]


def test_a_read_asks_for_the_declared_fields_only(kintone):
    with capture_requests(kintone) as requests:
        list(Country.objects.all())

    assert requests[0].params["fields"] == ["$id", "$revision", "code", "国名"]


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


def test_another_order_goes_through_a_cursor(many):
    with capture_requests(many) as requests:
        found = list(City.objects.order_by("-population"))

    assert [city.population for city in found] == [n * 1000 for n in range(1203, 0, -1)]
    assert sent(requests) == [
        ("GET", RECORDS),
        ("POST", CURSOR),
        ("GET", CURSOR),
        ("GET", CURSOR),
        ("GET", CURSOR),
    ]


def test_another_order_of_less_than_a_page_needs_no_cursor(kintone):
    City.objects.bulk_create(cities(499))

    with capture_requests(kintone) as requests:
        list(City.objects.order_by("name"))

    assert sent(requests) == [("GET", RECORDS)]


def test_the_first_record_of_a_long_ordered_read_is_there_after_three_requests(many):
    with capture_requests(many) as requests:
        reading = iter(City.objects.order_by("name"))
        next(reading)
        assert len(requests) == 3


def test_an_abandoned_loop_closes_its_cursor(many):
    with capture_requests(many) as requests:
        for _city in City.objects.order_by("name"):
            break
        gc.collect()

    assert sent(requests)[-1] == ("DELETE", CURSOR)


def test_a_closed_iterator_closes_its_cursor(many):
    with capture_requests(many) as requests, City.objects.order_by("name").iterator() as records:
        next(records)

    assert sent(requests)[-1] == ("DELETE", CURSOR)


def test_a_cursor_that_was_read_to_its_end_is_not_deleted(many):
    with capture_requests(many) as requests:
        list(City.objects.order_by("name").iterator())

    assert ("DELETE", CURSOR) not in sent(requests)


def test_a_failing_loop_closes_its_cursor(many):
    def read() -> None:
        for _city in City.objects.order_by("name"):
            raise RuntimeError

    with capture_requests(many) as requests, pytest.raises(RuntimeError):
        read()
    gc.collect()

    assert sent(requests)[-1] == ("DELETE", CURSOR)


def test_a_cursor_that_outlives_its_kintone_is_let_go_in_silence(loaded, caplog):
    with emulate(like=loaded):
        reading = iter(City.objects.order_by("name"))
        next(reading)
    with caplog.at_level("DEBUG", "kintone_orm"):
        reading.close()

    assert "A cursor could not be closed" in caplog.text


def test_eleven_ordered_reads_in_turn_never_reach_the_limit_of_cursors(many):
    for _ in range(11):
        next(iter(City.objects.order_by("name")))


def test_eleven_ordered_reads_at_once_are_one_too_many(many):
    readers = [City.objects.order_by("name").iterator() for _ in range(11)]
    for reader in readers[:10]:
        next(reader)

    with pytest.raises(CursorLimitError):
        next(readers[10])
    for reader in readers:
        reader.close()


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


def test_an_offset_beyond_kintones_is_refused_before_any_request(kintone):
    with capture_requests(kintone) as requests, pytest.raises(NotSupportedError, match="iterator"):
        list(City.objects.order_by("name")[10_001:10_002])

    assert requests == []


@pytest.mark.parametrize("what", [lambda q: q.filter(name="x"), lambda q: q.order_by("name")])
def test_a_slice_cannot_be_narrowed_or_ordered(kintone, what):
    with pytest.raises(TypeError, match="once a slice has been taken"):
        what(City.objects.all()[:5])


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


def test_the_query_of_none_is_one_that_finds_none(many):
    nothing = City.objects.none()

    assert get_records(many, app=City._meta.app_id(many), query=nothing.query)["records"] == []
    assert repr(nothing) == "<QuerySet of City: no record (not fetched)>"


def test_none_stays_empty_when_it_is_filtered(kintone):
    with capture_requests(kintone) as requests:
        assert list(City.objects.none().filter(name="x")) == []

    assert requests == []


def test_in_bulk_takes_a_request_for_five_hundred(many):
    with capture_requests(many) as requests:
        found = City.objects.in_bulk(range(1, 701))

    assert len(requests) == 2
    assert {pk: city.name for pk, city in found.items()} == {n: f"City {n}" for n in range(1, 701)}


def test_in_bulk_leaves_out_what_does_not_exist(many):
    assert list(City.objects.in_bulk([1, 5000])) == [1]


def test_in_bulk_takes_djangos_name(many):
    assert list(City.objects.in_bulk(id_list=[3])) == [3]


@pytest.mark.parametrize("wrong", [3, "12"])
def test_in_bulk_takes_several_values(kintone, wrong):
    with assert_requests(0), pytest.raises(TypeError, match=f"several values, not {wrong!r}"):
        City.objects.in_bulk(wrong)


def test_in_bulk_by_a_unique_field(kintone):
    for code in ("JP", "FR"):
        Country.objects.create(code=code, name=code)

    assert Country.objects.in_bulk(["FR", "XX"], field_name="code")["FR"].name == "FR"


@pytest.mark.parametrize("error", [ValueError, FieldError])
def test_in_bulk_by_a_field_that_is_not_unique_is_refused_as_in_django(kintone, error):
    with assert_requests(0), pytest.raises(error, match="in_bulk.. needs a unique field, which Ci"):
        City.objects.in_bulk([3], field_name="population")


@pytest.mark.parametrize("blank", ["", None])
def test_in_bulk_refuses_blanks(kintone, blank):
    with pytest.raises(FieldError, match="in_bulk.. cannot find blanks"):
        Country.objects.in_bulk(["JP", blank], field_name="code")


def test_in_bulk_hides_no_duplicate_of_a_field_that_is_unique_in_the_model_only(kintone):
    class Town(Model):
        population = fields.IntegerField(unique=True)

        class Meta:
            app = "cities"

    City.objects.bulk_create([City(name=name, population=3) for name in ("a", "b")])
    with pytest.raises(Town.MultipleObjectsReturned, match="Town.population is not unique"):
        Town.objects.in_bulk([3], field_name="population")


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


def test_any_tzinfo_can_be_the_connections(kintone, monkeypatch):
    monkeypatch.setattr(kintone, "timezone", gettz("Asia/Tokyo"))
    City.objects.create(name="Kobe", visited=datetime(2026, 1, 2, 9, 0))

    visited = City.objects.get().visited
    assert visited == datetime(2026, 1, 2, 0, 0, tzinfo=timezone.utc)
    assert visited.hour == 9


def test_in_bulk_of_everything(many):
    assert len(City.objects.in_bulk()) == 1203


def test_using_reads_elsewhere(kintone):
    City.objects.create(name="Here")
    with emulate(City, Country):
        assert City.objects.count() == 0
        assert City.objects.using(kintone).get().name == "Here"
