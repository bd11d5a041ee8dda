"""objects.modify(): read, change and save, and repeat after a conflict."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.models.geography import City

from kintone_orm import Model, Retry, fields, override
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import KintoneORMError, ServerBusy
from kintone_orm.models import LostSave
from kintone_orm.outcomes import CarriedOut
from kintone_orm.testing import assert_requests, capture_requests, emulate


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


@pytest.mark.parametrize("attempts", ["3", 1.5, float("nan"), True, None])
def test_the_attempts_are_a_whole_number(kobe, attempts):
    with assert_requests(0), pytest.raises(TypeError, match="whole number of attempts"):
        City.objects.modify(kobe.pk, add_one, attempts=attempts)


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


# -- lost answers, waits and deadlines ----------------------------------------------------------


@pytest.fixture(params=[True, False], ids=["retries", "no retries"])
def patient(request):
    with emulate(City, retry=request.param) as connection:
        City.objects.create(name="Kobe", population=1)
        yield connection


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.TRUNCATED_BODY])
def test_a_lost_answer_is_raised_and_not_changed_again(patient, fault):
    calls = []
    patient.emulator.faults.add(fault, method="PUT")
    with pytest.raises(LostSave) as caught:
        City.objects.modify(1, lambda city: (calls.append(city), add_one(city)))
    assert caught.value.carried_out is CarriedOut.UNKNOWN
    assert len(calls) == 1
    assert City.objects.get().population == 2


def test_it_never_settles_by_values(patient):
    patient.emulator.faults.add(Fault.LOST_ANSWER, method="PUT")
    with override(retry=Retry(settle_by_values=True)), pytest.raises(LostSave) as caught:
        City.objects.modify(1, add_one)
    assert caught.value.looks_saved


def test_a_save_inside_the_change_never_settles_by_values(patient):
    def change(city):
        add_one(city)
        city.save()

    patient.emulator.faults.add(Fault.LOST_ANSWER, method="PUT")
    with override(retry=Retry(settle_by_values=True)), pytest.raises(LostSave):
        City.objects.modify(1, change)


def test_the_record_that_it_returns_may_settle_again(patient):
    city = City.objects.modify(1, add_one)
    city.population = 7
    patient.emulator.faults.add(Fault.LOST_ANSWER, method="PUT")
    with override(retry=Retry(settle_by_values=True)):
        city.save()
    assert city.revision == 3


def test_it_waits_before_each_other_attempt(patient, monkeypatch):
    limits = []
    monkeypatch.setattr("random.uniform", lambda least, most: limits.append(most) or most)
    before = patient.clock.now()
    City.objects.modify(1, somebody_else(3), attempts=4)
    assert limits == [0.5, 1, 2]
    assert patient.clock.now() - before >= 3.5


def test_no_attempt_begins_after_the_deadline(patient, monkeypatch):
    monkeypatch.setattr("random.uniform", lambda least, most: most)
    before = patient.clock.now()
    with override(deadline=3), pytest.raises(City.Conflict):
        City.objects.modify(1, somebody_else(99), attempts=100)
    assert 1 < patient.clock.now() - before < 3


def test_a_lock_that_the_connection_has_retried_is_raised():
    with emulate(City, retry=True) as connection:
        City.objects.create(name="Kobe", population=1)
        connection.emulator.faults.add(Fault.DATABASE_LOCKED, method="PUT", times=None)
        with capture_requests(connection) as sent, pytest.raises(ServerBusy):
            City.objects.modify(1, add_one, attempts=50)
    assert len(sent) == 1 + Retry().attempts


def test_a_conflict_after_a_retried_lock_is_done_again():
    with emulate(City, retry=True) as connection:
        City.objects.create(name="Kobe", population=1)
        connection.emulator.faults.add(Fault.DATABASE_LOCKED, method="PUT", after=1)
        City.objects.modify(1, somebody_else(1))
        assert City.objects.get().population == 2


_FAULTS = [
    None,
    Fault.LOST_ANSWER,
    Fault.LOST_REQUEST,
    Fault.TRUNCATED_BODY,
    Fault.SERVICE_UNAVAILABLE,
    Fault.DATABASE_LOCKED,
]


@given(
    retry=st.sampled_from([True, False, Retry(settle_by_values=True)]),
    faults=st.lists(st.sampled_from(_FAULTS), max_size=8),
    others=st.lists(st.booleans(), max_size=3),
)
def test_two_writers_lose_no_change_and_apply_none_twice(retry, faults, others):
    pending, coming = list(faults), list(others)
    ends = []

    def disturb(send, request):
        if request.method == "PUT" and pending and (fault := pending.pop()) is not None:
            connection.emulator.faults.add(fault, method="PUT")
        return send(request)

    def write(change):
        try:
            Counter.objects.modify(1, change, attempts=9)
        except KintoneORMError as error:
            ends.append(error.carried_out)
        else:
            ends.append(CarriedOut.YES)

    def count(counter):
        counter.value += 1

    def overtaken(counter):
        if coming and coming.pop():
            write(count)  # the other writer
        count(counter)

    with emulate(Counter, retry=retry) as connection:
        Counter.objects.create(value=0)
        with connection.wrap(disturb):
            for _ in range(3):
                write(overtaken)
        stored = Counter.objects.get().value
    done, unknown = ends.count(CarriedOut.YES), ends.count(CarriedOut.UNKNOWN)
    assert done <= stored <= done + unknown
