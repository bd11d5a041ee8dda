"""bulk_update(): each record gets its own values, and all are checked first."""

from __future__ import annotations

import pytest
from support.models.geography import City, Country, cities

from kintone_orm.exceptions import (
    BulkWriteError,
    ConflictError,
    FieldError,
    ValidationError,
)
from kintone_orm.testing import assert_requests, emulate


def countries(*codes: str) -> list[Country]:
    return [Country(code=code, name=f"Country {code}") for code in codes]


# -- bulk_update ----------------------------------------------------------------------------------


@pytest.fixture
def loaded(kintone):
    City.objects.bulk_create(cities(250))
    return list(City.objects.all())


def test_each_record_gets_its_own_values(loaded):
    for city in loaded:
        city.population = city.pk
        city.notes = "seen"
    with assert_requests(1) as requests:
        assert City.objects.bulk_update(loaded, ["population"]) == 250

    assert len(requests[0].params["requests"]) == 3
    assert set(City.objects.values_list("notes", flat=True)) == {""}
    assert City.objects.get(pk=77).population == 77


def test_they_know_their_revision_and_are_changed_no_more(loaded):
    loaded[0].population = 5
    City.objects.bulk_update(loaded[:1], ["population"])

    assert (loaded[0].revision, loaded[0].changed_fields()) == (2, {})
    loaded[0].name = "Kobe"
    loaded[0].save()


def test_without_fields_what_changed_is_sent(loaded):
    loaded[0].name, loaded[2].tags = "Kobe", ["port"]
    with assert_requests(1) as requests:
        assert City.objects.bulk_update(loaded) == 2

    assert requests[0].params["records"] == [
        {"id": 1, "record": {"都市名": {"value": "Kobe"}}},
        {"id": 3, "record": {"tags": {"value": ["port"]}}},
    ]


def test_nothing_changed_nothing_sent(loaded):
    with assert_requests(0):
        assert City.objects.bulk_update(loaded) == 0
        assert City.objects.bulk_update([], ["name"]) == 0


def test_what_was_not_read_is_not_sent(loaded):
    parts = list(City.objects.only("name")[:2])
    with assert_requests(1) as requests:
        assert City.objects.bulk_update(parts, ["name", "notes"]) == 2

    assert [list(record["record"]) for record in requests[0].params["records"]] == [["都市名"]] * 2


def test_the_last_write_wins_unless_revisions_are_checked(loaded):
    City.objects.filter(pk=1).update(notes="theirs")
    loaded[0].name = "Mine"
    with pytest.raises(BulkWriteError) as refused:
        City.objects.bulk_update(loaded[:1], check_revision=True)
    assert isinstance(refused.value.__cause__, ConflictError)

    assert City.objects.bulk_update(loaded[:1]) == 1
    assert (loaded[0].revision, loaded[0].notes) == (3, "theirs")


def test_a_record_that_is_gone(loaded):
    City.objects.filter(pk=2).delete()
    loaded[1].name = "x"

    with pytest.raises(BulkWriteError) as refused:
        City.objects.bulk_update(loaded[:2])
    assert refused.value.failed == [loaded[1]]


@pytest.mark.parametrize(
    ("objs", "names", "error", "message"),
    [
        ([City(name="x")], ["name"], ValueError, "must have a primary key"),
        ([Country(code="x")], ["name"], ValueError, "bulk_update.. takes Citys"),
        ([], [], ValueError, "Field names must be given"),
        ([], ["nam"], FieldError, "City has no field 'nam'"),
        ([], ["created"], FieldError, "kintone sets it itself"),
        ([], ["pk"], FieldError, "kintone sets it itself"),
        ([], "name", TypeError, "fields must be a list of names, not 'name'"),
    ],
)
def test_what_it_does_not_take(kintone, objs, names, error, message):
    with assert_requests(0), pytest.raises(error, match=message):
        City.objects.bulk_update(objs, names)


def test_all_are_checked_before_the_first_request(loaded):
    loaded[0].name, loaded[1].name = "Kobe", ""
    with assert_requests(0), pytest.raises(ValidationError, match=r"\[1\].name: Required"):
        City.objects.bulk_update(loaded)


def test_two_objects_of_one_record_are_refused_before_the_first_request(loaded):
    again = City.objects.get(pk=2)
    loaded[1].population, again.population = 7, 8
    message = r"the same record twice, as \[1\] and \[250\]: <City id=2 "
    with assert_requests(0), pytest.raises(ValueError, match=message):
        City.objects.bulk_update([*loaded, again])


def test_records_of_another_kintone_are_refused(loaded):
    with emulate(City, Country), pytest.raises(ValueError, match="its id is another record's"):
        City.objects.bulk_update(loaded)


# -- batches and revisions ------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "parts"), [(40, 7), (100, 3), (5000, 3)])
def test_a_batch_is_a_hundred_at_most(kintone, size, parts):
    with assert_requests(1) as requests:
        City.objects.bulk_create(cities(250), size)

    assert len(requests[0].params["requests"]) == parts


def test_small_batches_take_more_requests_and_say_where_they_failed(kintone):
    Country.objects.create(code="25", name="Taken")
    objects = countries(*map(str, range(30)))
    with pytest.raises(BulkWriteError) as refused:
        Country.objects.bulk_create(objects, batch_size=1)

    assert len(refused.value.done) == 20
    assert list(refused.value.errors) == [(25, "code")]


@pytest.mark.parametrize("size", [0, -1, 1.5, "ten"])
@pytest.mark.parametrize("method", ["bulk_create", "bulk_update"])
def test_a_batch_that_is_no_number_of_records_is_refused(kintone, method, size):
    message = f"batch_size must be a positive integer, not {size!r}"
    with assert_requests(0), pytest.raises(ValueError, match=message):
        getattr(City.objects, method)([], batch_size=size)
