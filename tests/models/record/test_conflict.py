"""Two writers of one record: no change is lost without an error."""

from __future__ import annotations

import pickle

import pytest
from support.models.geography import City

from kintone_orm import Model, fields
from kintone_orm.exceptions import ConflictError
from kintone_orm.fields.base import UNSET
from kintone_orm.testing import assert_requests, emulate


@pytest.fixture
def two(kintone):
    """The same record, read twice. The second reader has saved a change."""
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


def stale(mine, **values):
    """Save `values` and return the conflict."""
    for name, value in values.items():
        setattr(mine, name, value)
    with pytest.raises(City.Conflict) as caught:
        mine.save()
    return caught.value


def test_a_conflict_has_both_sides_changes(two):
    error = stale(two[0], population=3, notes="mine")

    assert error.yours == {"population": (1, 3), "notes": ("", "mine")}
    assert error.theirs == {"population": (1, 2)}
    assert error.both == {"population"}


def test_both_sides_are_there_for_lists(kintone):
    City.objects.create(name="Kobe", tags=["port"])
    mine, theirs = City.objects.get(), City.objects.get()
    theirs.tags.append("capital")
    theirs.save()
    error = stale(mine, tags=["port", "old"])

    assert error.yours == {"tags": (["port"], ["port", "old"])}
    assert error.theirs == {"tags": (["port"], ["port", "capital"])}


def test_theirs_is_read_once_in_one_request(kintone, two):
    error = stale(two[0], notes="mine")
    with assert_requests(1):
        assert (error.theirs, error.both) == ({"population": (1, 2)}, set())
        assert error.latest() is error.latest()


def test_changes_are_those_of_the_save_that_failed(two):
    mine, _ = two
    error = stale(mine, population=3)
    mine.refresh_from_db()

    assert error.yours == {"population": (1, 3)}
    assert error.theirs == {"population": (1, 2)}


def test_what_was_not_loaded_counts_as_changed_if_you_changed_it(kintone):
    mine = City.objects.create(name="Kobe")  # fields that it was not given are not loaded
    write(population=2)
    error = stale(mine, population=3, climate="dry")

    assert error.theirs == {"population": (UNSET, 2), "climate": (UNSET, None)}


def test_a_value_that_cannot_be_read_may_have_changed(kintone, monkeypatch, two):
    error = stale(two[0], notes="mine", population=3)
    monkeypatch.setattr(City._meta, "decoders", {})
    monkeypatch.setattr(City.population, "code", "a field that the app has no more")

    assert error.theirs == {"population": (1, UNSET)}


def test_a_conflict_of_a_record_that_is_gone(two):
    error = stale(two[0], notes="mine")
    City.objects.all().delete()

    with pytest.raises(City.DoesNotExist):
        _ = error.theirs


def test_a_conflict_says_which_record_and_what_to_do(two):
    text = str(stale(two[0], notes="mine"))

    assert text.startswith("<City id=1 rev=1 name='Kobe'> is no longer at revision 1")
    assert all(way in text for way in [".latest()", ".both", "objects.modify()"])


def test_a_conflict_can_be_pickled(two):
    again = pickle.loads(pickle.dumps(stale(two[0], notes="mine")))

    assert isinstance(again, City.Conflict)
    assert (again.expected, again.yours) == (1, {"notes": ("", "mine")})


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
    """Write the record as another program."""
    city = City.objects.get()
    for name, value in values.items():
        setattr(city, name, value)
    city.save()


def test_a_field_fetched_late_brings_no_revision_of_which_the_rest_is_not(kintone):
    city = City.objects.create(name="Kobe", population=1)
    write(population=2)
    with assert_requests(1):
        assert city.updated is not None  # deferred, and fetched from the other's revision

    assert (city.population, city.revision) == (1, 1)


def test_a_field_fetched_late_does_not_hide_the_conflict(kintone):
    city = City.objects.create(name="Kobe", population=1)
    write(population=2)
    city.notes = "mine"
    assert city.updated is not None

    with pytest.raises(City.Conflict):
        city.save()


@pytest.mark.parametrize(("name", "old", "new"), [("tags", ["port"], []), ("population", 1, 2)])
def test_what_an_unchecked_save_overtook_can_be_set_back(kintone, name, old, new):
    City.objects.create(name="Kobe", **{name: old})
    city = City.objects.get()
    setattr(city, name, old)
    write(**{name: new})
    city.notes = "mine"
    city.save(check_revision=False)
    setattr(city, name, old)
    city.save()

    assert getattr(City.objects.get(), name) == old


def test_an_unchecked_save_does_not_make_old_values_look_new(kintone):
    city = City.objects.create(name="Kobe", population=10)
    write(population=20)
    city.notes = "mine"
    city.save(check_revision=False)
    city.population += 1
    city.save()

    assert City.objects.get().population == 21


@pytest.mark.parametrize("again", [{}, {"update_fields": ["population"]}])
def test_what_an_unchecked_save_left_unsaved_meets_the_conflict(kintone, again):
    City.objects.create(name="Kobe", population=10)
    city = City.objects.get()
    write(population=30)
    city.population, city.notes = 25, "mine"
    city.save(update_fields=["notes"], check_revision=False)

    with pytest.raises(City.Conflict) as caught:
        city.save(**again)
    assert caught.value.both == {"population"}
    assert City.objects.get().population == 30


def test_a_bulk_update_does_not_hide_the_conflict_of_what_it_left_unsaved(kintone):
    City.objects.create(name="Kobe", population=10)
    city = City.objects.get()
    write(population=30)
    city.population, city.notes = 25, "mine"
    City.objects.bulk_update([city], ["notes"])

    with pytest.raises(City.Conflict):
        city.save()
