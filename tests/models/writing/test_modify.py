"""objects.modify(): read, change and save, and repeat after a conflict."""

from __future__ import annotations

import pytest
from support.models.geography import City

from kintone_orm import Model, fields
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import ServerBusy
from kintone_orm.testing import assert_requests, emulate


class Counter(Model):
    value = fields.IntegerField()

    class Meta:
        check_revision = False


def add_one(city):
    city.population = (city.population or 0) + 1


def somebody_else(times):
    """A change that meets a conflict this number of times."""
    left = [times]

    def change(city):
        if left[0]:
            left[0] -= 1
            City.objects.update(notes=str(left[0]))
        add_one(city)

    return change


@pytest.fixture
def kobe(kintone):
    return City.objects.create(name="Kobe", population=1)


def test_the_record_is_changed_and_handed_back(kobe):
    assert City.objects.modify(kobe.pk, add_one).population == 2
    assert City.objects.get().population == 2


def test_a_lock_is_tried_again(kintone, kobe):
    kintone.emulator.faults.add(Fault.DATABASE_LOCKED, method="PUT", times=2)
    with assert_requests(6):
        assert City.objects.modify(kobe.pk, add_one).population == 2


def test_a_page_of_a_gate_is_not_tried_again(kintone, kobe):
    kintone.emulator.faults.add(Fault.SERVICE_UNAVAILABLE, method="PUT")
    with assert_requests(2), pytest.raises(ServerBusy):
        City.objects.modify(kobe.pk, add_one)


def test_it_costs_two_requests(kobe):
    with assert_requests(2):
        City.objects.modify(kobe.pk, add_one)


def test_no_change_costs_one_request(kobe):
    with assert_requests(1):
        City.objects.modify(kobe.pk, lambda city: None)


def test_it_is_done_again_after_a_conflict(kobe):
    with assert_requests(2 * 3 + 2 * 2):  # the other program's, too
        City.objects.modify(kobe.pk, somebody_else(2))

    found = City.objects.get()
    assert (found.population, found.notes) == (2, "0")


def test_after_the_attempts_the_conflict_is_raised(kobe):
    with pytest.raises(City.Conflict):
        City.objects.modify(kobe.pk, somebody_else(2), attempts=2)
    assert City.objects.get().population == 1


def test_no_attempt_is_refused(kobe):
    with pytest.raises(ValueError, match="at least one attempt, not 0"):
        City.objects.modify(kobe.pk, add_one, attempts=0)


def test_what_the_change_raises_is_raised_and_nothing_is_saved(kobe):
    def fail(city):
        city.population = 5
        raise KeyError("no")

    with assert_requests(1), pytest.raises(KeyError):
        City.objects.modify(kobe.pk, fail)


def test_a_conflict_inside_the_change_is_the_changes_own(kobe):
    calls = []

    def fail(city):
        calls.append(city)
        City.objects.update(notes="x")
        city.notes = "y"
        city.save()

    with pytest.raises(City.Conflict):
        City.objects.modify(kobe.pk, fail)
    assert len(calls) == 1


def test_a_record_that_the_change_deletes_stays_deleted(kobe):
    with assert_requests(2):
        gone = City.objects.modify(kobe.pk, lambda city: city.delete())

    assert (gone.pk, gone.name, City.objects.count()) == (None, "Kobe", 0)


def test_a_record_that_is_not_there(kintone):
    with pytest.raises(City.DoesNotExist):
        City.objects.modify(1, add_one)


def test_a_record_that_the_queryset_does_not_have(kobe):
    with pytest.raises(City.DoesNotExist):
        City.objects.filter(population=9).modify(kobe.pk, add_one)


def test_the_revision_is_checked_whatever_meta_says():
    with emulate(Counter):
        pk = Counter.objects.create(value=1).pk
        seen = []

        def change(counter):
            if not seen:
                Counter.objects.update(value=10)
            seen.append(counter.value)
            counter.value += 1

        assert Counter.objects.modify(pk, change).value == 11
        assert seen == [1, 10]
