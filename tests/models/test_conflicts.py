"""Two writers of one record: nobody's change is lost without a word."""

from __future__ import annotations

import pytest
from geography import City

from kintone_orm import Model, fields
from kintone_orm.exceptions import ConflictError
from kintone_orm.testing import emulate


@pytest.fixture
def two(kintone):
    """The same record, read twice, and changed by the second reader already."""
    City.objects.create(name="Kobe", population=1)
    mine, theirs = City.objects.get(), City.objects.get()
    theirs.population = 2
    theirs.save()
    return mine, theirs


def test_a_stale_save_is_refused(two):
    mine, _ = two
    mine.notes = "mine"

    with pytest.raises(City.Conflict, match="somebody else changed it"):
        mine.save()
    assert City.objects.get().notes == ""


def test_a_stale_delete_is_refused(two):
    mine, _ = two

    with pytest.raises(City.Conflict):
        mine.delete()
    assert City.objects.count() == 1


def test_a_conflict_knows_the_instance_and_its_revision(two):
    mine, _ = two
    mine.notes = "mine"
    with pytest.raises(City.Conflict) as caught:
        mine.save()

    assert caught.value.instance is mine
    assert caught.value.expected == 1


def test_a_conflict_fetches_the_latest(two):
    mine, _ = two
    mine.notes = "mine"
    with pytest.raises(City.Conflict) as caught:
        mine.save()

    assert caught.value.latest().population == 2


def test_a_conflict_leaves_the_changes_on_the_instance(two):
    mine, _ = two
    mine.notes = "mine"
    with pytest.raises(City.Conflict):
        mine.save()

    assert list(mine.changed_fields()) == ["notes"]


def test_a_conflict_is_kintones_409(two):
    mine, _ = two
    mine.notes = "mine"
    with pytest.raises(ConflictError) as caught:
        mine.save()

    assert (caught.value.status, caught.value.code) == (409, "GAIA_CO02")


def test_the_check_can_be_left_out_of_one_save(two):
    mine, _ = two
    mine.notes = "mine"
    mine.save(check_revision=False)

    found = City.objects.get()
    assert (found.notes, found.population, found.revision) == ("mine", 2, 3)


def test_the_check_can_be_left_out_of_a_model():
    class Counter(Model):
        value = fields.IntegerField()

        class Meta:
            check_revision = False

    with emulate(Counter):
        mine = Counter.objects.create(value=1)
        Counter.objects.update(value=2)
        mine.value = 3
        mine.save()
        assert Counter.objects.get().value == 3


def test_each_model_has_its_own_conflict(two):
    class Town(Model):
        pass

    assert not issubclass(City.Conflict, Town.Conflict)


def test_a_refreshed_record_can_be_saved(two):
    mine, _ = two
    mine.refresh_from_db()
    mine.notes = "mine"
    mine.save()

    found = City.objects.get()
    assert (found.notes, found.population) == ("mine", 2)


def write(**values):
    """What another program writes."""
    city = City.objects.get()
    for name, value in values.items():
        setattr(city, name, value)
    city.save()


def test_a_field_fetched_late_brings_the_rest_of_its_revision_along(kintone):
    city = City.objects.create(name="Kobe", population=1)
    write(population=2)
    assert city.updated is not None  # deferred, and fetched from the other's revision

    assert (city.population, city.revision) == (2, 2)


def test_a_field_fetched_late_does_not_hide_the_conflict(kintone):
    city = City.objects.create(name="Kobe", population=1)
    write(population=2)
    city.notes = "mine"
    assert city.updated is not None

    with pytest.raises(City.Conflict):
        city.save()


def test_an_unchecked_save_does_not_make_old_values_look_new(kintone):
    city = City.objects.create(name="Kobe", population=10)
    write(population=20)
    city.notes = "mine"
    city.save(check_revision=False)
    city.population += 1
    city.save()

    assert City.objects.get().population == 21
