"""bulk_create, update and delete: requests, atomic groups, and what is known after a failure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.geography import City, Country, cities

from kintone_orm.exceptions import BulkWriteError, FieldError, TransportError, ValidationError
from kintone_orm.models.ground.chunks import cut
from kintone_orm.testing import assert_requests, capture_requests

BULK = "/k/v1/bulkRequest.json"
RECORDS = "/k/v1/records.json"


def writes(requests):
    return [(r.method, r.path) for r in requests if r.method != "GET"]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, []),
        (1, [("POST", RECORDS)]),
        (100, [("POST", RECORDS)]),
        (101, [("POST", BULK)]),
        (2000, [("POST", BULK)]),
        (2001, [("POST", BULK), ("POST", RECORDS)]),
    ],
)
def test_bulk_create_takes_a_request_for_two_thousand(kintone, number, expected):
    with capture_requests(kintone) as requests:
        City.objects.bulk_create(cities(number))

    assert writes(requests) == expected


def test_bulk_create_returns_the_objects_with_ids_and_revisions(kintone):
    created = City.objects.bulk_create(cities(250))

    assert [city.pk for city in created] == list(range(1, 251))
    assert {city.revision for city in created} == {1}
    assert [City.objects.get(pk=n).name for n in (1, 101, 250)] == [
        "City 1",
        "City 101",
        "City 250",
    ]


def test_bulk_create_takes_a_generator(kintone):
    assert len(City.objects.bulk_create(city for city in cities(3))) == 3


def test_created_objects_are_clean(kintone):
    (city,) = City.objects.bulk_create(cities(1))

    assert city.changed_fields() == {}


def test_bad_values_are_found_before_the_first_request(kintone):
    objects = [*cities(2500), City(population=3), City(name="x", climate="polar")]
    with capture_requests(kintone) as requests, pytest.raises(ValidationError) as caught:
        City.objects.bulk_create(objects)

    assert requests == []
    assert list(caught.value.errors) == ["[2500].name", "[2501].climate"]


def test_bulk_create_refuses_a_saved_object(kintone):
    with pytest.raises(ValueError, match="bulk_create.. takes new Citys"):
        City.objects.bulk_create([City.objects.create(name="Kobe")])


def test_bulk_create_refuses_an_object_given_twice(kintone):
    city = City(name="Kobe")
    with pytest.raises(ValueError, match=r"the same record twice, as \[0\] and \[2\]"):
        City.objects.bulk_create([city, City(name="Kobe"), city])


def test_a_failure_says_what_is_done_failed_and_pending(kintone):
    Country.objects.create(code="taken", name="x")
    objects = [Country(code=str(n), name="x") for n in range(4500)]
    objects[2345].code = "taken"

    with pytest.raises(BulkWriteError) as caught:
        Country.objects.bulk_create(objects)

    error = caught.value
    assert (error.done, error.failed, error.pending) == (
        objects[:2000],
        objects[2000:4000],
        objects[4000:],
    )
    assert error.errors == {(2345, "code"): ["This value already exists in another record."]}
    assert "2,000 of 4,500 records are written" in str(error)


def test_what_is_done_has_ids_and_what_failed_has_none(kintone):
    Country.objects.create(code="taken", name="x")
    objects = [Country(code=str(n), name="x") for n in range(2150)]
    objects[2149].code = "taken"
    with pytest.raises(BulkWriteError) as caught:
        Country.objects.bulk_create(objects)

    assert all(each.pk for each in caught.value.done)
    assert not any(each.pk for each in caught.value.failed)
    assert Country.objects.count() == 2001


def test_a_failure_can_be_resumed(kintone):
    Country.objects.create(code="taken", name="x")
    objects = [Country(code=str(n), name="x") for n in range(2150)]
    objects[2149].code = "taken"
    with pytest.raises(BulkWriteError) as caught:
        Country.objects.bulk_create(objects)
    objects[2149].code = "free"
    Country.objects.bulk_create(caught.value.failed + caught.value.pending)

    assert Country.objects.count() == 2151


def test_a_lost_answer_is_not_called_a_refusal(kintone):
    def lose(send, request):
        send(request)
        raise TransportError("No answer", method=request.method, path=request.path)

    with kintone.wrap(lose), pytest.raises(BulkWriteError, match="may be written") as caught:
        City.objects.bulk_create(cities(3))

    assert (len(caught.value.unknown), caught.value.failed) == (3, [])
    assert City.objects.count() == 3


def test_update_reads_ids_and_writes_in_bulk(kintone):
    City.objects.bulk_create(cities(1100))
    with capture_requests(kintone) as requests:
        assert (
            City.objects.filter(population__gt=50_000).update(climate="dry", tags=["old"]) == 1050
        )

    assert [(r.method, r.path) for r in requests] == [("GET", RECORDS)] * 3 + [("POST", BULK)]
    assert requests[0].params["fields"] == ["$id"]
    assert City.objects.filter(climate="dry", tags="old").count() == 1050


def test_update_of_nothing_is_refused(kintone):
    with pytest.raises(FieldError, match="needs at least one"):
        City.objects.update()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"nam": "x"}, "City has no field 'nam'"),
        ({"population": "many"}, "City.population takes a number"),
        ({"created": None}, "kintone writes it itself"),
        ({"country_name": "x"}, "the lookup 'country' copies its value"),
        ({"id": 3}, "kintone writes it itself"),
    ],
)
def test_update_checks_names_and_values_first(kintone, values, message):
    with capture_requests(kintone) as requests, pytest.raises(FieldError, match=message):
        City.objects.update(**values)

    assert requests == []


def test_update_validates(kintone):
    City.objects.create(name="Kobe")
    with assert_requests(0), pytest.raises(ValidationError, match="name: Required"):
        City.objects.update(name="")


def test_update_warns_of_nothing_that_it_will_not_write(kintone, caplog):
    City.objects.create(name="Kobe")
    with pytest.raises(ValidationError, match="climate"):
        City.objects.update(climate="polar")

    assert caplog.records == []


def test_update_of_no_record_does_not_look_at_the_form(kintone):
    kintone.forms.clear()
    with assert_requests(0):
        assert City.objects.none().update(name="x") == 0


def test_delete_returns_djangos_answer(kintone):
    City.objects.bulk_create(cities(350))
    with capture_requests(kintone) as requests:
        answer = City.objects.filter(population__lte=300_000).delete()

    assert answer == (300, {"City": 300})
    assert [(r.method, r.path) for r in requests] == [("GET", RECORDS), ("POST", BULK)]
    assert City.objects.count() == 50


def test_deleting_everything_has_to_be_said(kintone):
    City.objects.bulk_create(cities(3))
    with pytest.raises(AttributeError, match=r"City\.objects\.all\(\)\.delete\(\)"):
        City.objects.delete()

    assert City.objects.all().delete() == (3, {"City": 3})


@pytest.mark.parametrize("what", [lambda q: q.update(name="x"), lambda q: q.delete()])
def test_a_slice_is_not_written(kintone, what):
    with pytest.raises(TypeError, match="once a slice has been taken"):
        what(City.objects.all()[:5])


@given(st.lists(st.integers(), max_size=300), st.integers(1, 120))
def test_cutting_loses_nothing_and_keeps_the_limit(items, size):
    parts = list(cut(items, size))

    assert [item for part in parts for item in part] == items
    assert all(0 < len(part) <= size for part in parts)
