"""bulk_create(), update() and delete() of many records."""

from __future__ import annotations

import pytest
from support.models.geography import City, cities

from kintone_orm.exceptions import FieldError, ValidationError
from kintone_orm.testing import assert_requests, capture_requests

BULK = "/k/v1/bulkRequest.json"
RECORDS = "/k/v1/records.json"


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


def test_update_of_nothing_is_refused(kintone):
    with pytest.raises(FieldError, match="needs at least one"):
        City.objects.update()


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
