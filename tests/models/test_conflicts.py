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

    with pytest.raises(City.Conflict, match="was changed by somebody else"):
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


def test_a_field_fetched_late_does_not_hide_the_conflict(two):
    _, theirs = two
    theirs.population = 5
    theirs.save()
    theirs_again = City.objects.get()
    theirs_again.population = 6
    theirs_again.save()
    assert theirs.updated is not None  # fetched from a later revision
    theirs.notes = "late"

    with pytest.raises(City.Conflict):
        theirs.save()
