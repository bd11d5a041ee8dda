"""delete() of one record, and refresh_from_db()."""

from __future__ import annotations

import pytest
from support.models.geography import City

from kintone_orm.exceptions import FieldDoesNotExist
from kintone_orm.testing import capture_requests


def test_delete_sends_the_id_and_the_revision(kintone):
    city = City.objects.create(name="Kobe")
    with capture_requests(kintone) as requests:
        assert city.delete() == (1, {"City": 1})

    (request,) = requests
    assert request.method == "DELETE"
    assert (request.params["ids"], request.params["revisions"]) == ([1], [1])
    assert City.objects.count() == 0


def test_a_deleted_instance_is_new_again(kintone):
    city = City.objects.create(name="Kobe")
    city.delete()

    assert (city.pk, city.revision, city._state.adding) == (None, None, True)


def test_a_deleted_record_that_is_saved_again_is_whole(kintone):
    City.objects.create(name="Kobe", population=3, tags=["port"])
    city = City.objects.get()
    city.delete()
    city.notes = "again"
    city.save()

    again = City.objects.get()
    assert (again.name, again.population, again.tags, again.notes) == ("Kobe", 3, ["port"], "again")


def test_what_kintone_wrote_itself_is_blank_after_the_deletion(kintone):
    City.objects.create(name="Kobe")
    city = City.objects.get()
    assert city.created is not None
    city.delete()

    assert (city.created, city.creator, city.number) == (None, None, None)


def test_deleting_twice(kintone):
    city, same = City.objects.create(name="Kobe"), City.objects.get()
    city.delete()

    with pytest.raises(City.DoesNotExist):
        same.delete()


def test_deleting_what_was_never_saved(kintone):
    with pytest.raises(ValueError, match="has not been saved"):
        City(name="Kobe").delete()


def test_refresh_reads_everything_and_drops_changes(kintone):
    city = City.objects.create(name="Kobe", population=1)
    City.objects.update(population=2)
    city.name = "Unsaved"
    with capture_requests(kintone) as requests:
        city.refresh_from_db()

    assert len(requests) == 1
    assert (city.name, city.population, city.revision) == ("Kobe", 2, 2)
    assert city.changed_fields() == {}


def test_refresh_of_some_fields_keeps_the_other_changes(kintone):
    city = City.objects.create(name="Kobe", population=1)
    City.objects.update(population=2)
    city.name = "Unsaved"
    city.refresh_from_db(fields=["population"])

    assert (city.name, city.population) == ("Unsaved", 2)


def test_refreshing_what_is_gone(kintone):
    city = City.objects.create(name="Kobe")
    City.objects.all().delete()

    with pytest.raises(City.DoesNotExist):
        city.refresh_from_db()


def test_refreshing_a_field_that_does_not_exist(kintone):
    city = City.objects.create(name="Kobe")

    with pytest.raises(FieldDoesNotExist, match="City has no field 'nam'. Did you mean 'name'"):
        city.refresh_from_db(fields=["nam"])
