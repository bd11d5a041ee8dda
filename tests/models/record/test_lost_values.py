"""Values that nobody read before their record was deleted."""

from __future__ import annotations

import copy
import pickle

import pytest
from support.models.geography import City

from kintone_orm.testing import assert_requests


def deleted_half_read():
    City.objects.create(name="Kobe", population=3, notes="precious")
    city = City.objects.only("name", "population").get()
    city.delete()
    return city


@pytest.mark.parametrize(
    "act",
    [
        lambda city: city.notes,
        lambda city: city.save(),
        lambda city: City.objects.bulk_create([city]),
        lambda city: city.duplicate(),
        lambda city: copy.copy(city).save(),
        lambda city: pickle.loads(pickle.dumps(city)).save(),
    ],
)
def test_what_was_not_read_before_the_deletion_is_not_made_up(kintone, act):
    city = deleted_half_read()
    with assert_requests(0), pytest.raises(City.DoesNotExist, match="deleted before .*notes"):
        act(city)


def test_what_was_lost_with_a_record_can_be_assigned(kintone):
    city = deleted_half_read()
    city.notes, city.tags = "again", []
    city.founded = city.visited = city.climate = city.country = city.latitude = None
    city.save()

    again = City.objects.get()
    assert (again.name, again.population, again.notes) == ("Kobe", 3, "again")
    again.delete()
    again.save()


def test_what_could_not_be_read_is_lost_with_its_record(kintone):
    City.objects.create(name="Kobe", population=3)
    city = City.objects.get()
    City.population.clear(city)
    city._state.undecoded = {"population": {"value": "many"}}
    city.delete()

    with pytest.raises(City.DoesNotExist, match="before the value of population was read"):
        city.save()


def test_a_record_that_was_made_here_can_be_deleted_and_made_again(kintone):
    city = City(name="Kobe")
    assert city.tags == []
    city.save()
    city.notes = "later"
    city.save()
    city.delete()
    city.save()

    assert (City.objects.get().notes, city.revision) == ("later", 1)


def test_what_others_may_have_filled_in_is_lost_as_well(kintone):
    city = City.objects.create(name="Kobe")
    City.objects.update(notes="theirs")
    city.population = 3
    city.save(check_revision=False)
    city.delete()

    with pytest.raises(City.DoesNotExist, match="notes"):
        city.save()


def test_what_kintone_rounded_unread_is_lost_as_well(kintone):
    city = City.objects.create(name="Kobe")
    city.latitude = "1.23456"
    city.save()
    city.delete()

    with pytest.raises(City.DoesNotExist, match="latitude"):
        city.save()


def test_a_list_that_was_overtaken_unread_is_lost_as_well(kintone):
    City.objects.create(name="Kobe", tags=["port"])
    city = City.objects.get()
    City.objects.update(tags=["old"])
    city.notes = "mine"
    city.save(check_revision=False)
    city.delete()

    with pytest.raises(City.DoesNotExist, match="tags"):
        city.save()
