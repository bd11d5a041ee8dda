"""The class of a refused write of many records, and the state of each record after it."""

from __future__ import annotations

import pickle

import pytest
from support.models.geography import City, Country, cities

from kintone_orm.emulator import Fault
from kintone_orm.exceptions import (
    BulkWriteError,
    InvalidInput,
    ServerBusy,
    TransportError,
    UniqueViolation,
)


def named(*codes):
    return [Country(code=code, name="x") for code in codes]


@pytest.fixture
def taken(kintone):
    return Country.objects.create(code="taken", name="x")


# -- nothing is written for sure: the refusal's own class ------------------------------------------


def test_a_value_that_is_taken_is_a_unique_violation_and_a_bulk_write_error(taken):
    objects = named("a", "taken", "b")
    with pytest.raises(UniqueViolation) as caught:
        Country.objects.bulk_create(objects)

    error = caught.value
    assert isinstance(error, BulkWriteError)
    assert (error.done, error.failed, error.pending, error.unknown) == ([], objects, [], [])
    assert list(error.errors) == [(1, "code")]
    assert isinstance(error.__cause__, InvalidInput)


def test_what_is_refused_is_named_after_a_reason(taken):
    sentence = r"^Country: none of 3 records is written\. The reason: \[1\]\.code: This value"
    with pytest.raises(UniqueViolation, match=sentence):
        Country.objects.bulk_create(named("a", "taken", "b"))


@pytest.mark.parametrize("number", [1, 3, 2300])
def test_it_is_the_same_for_one_record_and_for_the_first_of_several_requests(taken, number):
    objects = named("taken", *map(str, range(number - 1)))
    with pytest.raises(UniqueViolation) as caught:
        Country.objects.bulk_create(objects)

    assert caught.value.failed == objects[:2000]
    assert caught.value.pending == objects[2000:]


def test_a_revision_that_is_not_the_latest_is_the_models_conflict(kintone):
    City.objects.bulk_create(cities(3))
    mine = list(City.objects.all())
    City.objects.filter(pk=2).update(notes="theirs")
    for city in mine:
        city.notes = "mine"
    with pytest.raises(City.Conflict) as caught:
        City.objects.bulk_update(mine, check_revision=True)

    error = caught.value
    assert isinstance(error, BulkWriteError)
    assert (error.instance, error.expected, error.failed) == (mine[1], 1, mine)
    assert error.both == {"notes"}


@pytest.mark.parametrize("method", ["update", "delete"])
def test_so_it_is_for_records_found_by_a_filter(kintone, method):
    City.objects.bulk_create(cities(3))

    def someone_is_faster(send, request):
        answer = send(request)
        if request.method == "GET" and not someone_is_faster.done:
            someone_is_faster.done = True
            City.objects.filter(pk=2).update(notes="theirs")
        return answer

    someone_is_faster.done = False
    values = {"name": "mine"} if method == "update" else {}
    few = City.objects.filter(pk__lt=9)
    with kintone.wrap(someone_is_faster), pytest.raises(City.Conflict) as caught:
        getattr(few, method)(check_revision=True, **values)

    error = caught.value
    assert isinstance(error, BulkWriteError)
    assert (error.instance.pk, error.expected, error.failed) == (2, 1, [1, 2, 3])
    assert error.latest().notes == "theirs"


def test_a_record_that_is_gone_is_the_models_does_not_exist(kintone):
    City.objects.bulk_create(cities(3))
    mine = list(City.objects.all())
    City.objects.filter(pk=2).delete()
    for city in mine:
        city.notes = "mine"
    with pytest.raises(City.DoesNotExist, match="City") as caught:
        City.objects.bulk_update(mine)

    assert isinstance(caught.value, BulkWriteError)
    assert not isinstance(caught.value, Country.DoesNotExist)


def test_a_lock_is_server_busy(kintone):
    kintone.emulator.faults.add(Fault.DATABASE_LOCKED, method="POST", endpoint="records")
    with pytest.raises(ServerBusy) as caught:
        City.objects.bulk_create(cities(3))

    assert isinstance(caught.value, BulkWriteError)
    assert len(caught.value.failed) == 3


def test_a_refusal_survives_pickling(taken):
    with pytest.raises(UniqueViolation) as caught:
        Country.objects.bulk_create(named("taken"))
    caught.value.failed.clear()  # unsaved records have no equals
    caught.value.taken_by = {}

    again = pickle.loads(pickle.dumps(caught.value))
    assert (type(again), str(again)) == (type(caught.value), str(caught.value))


def test_a_save_and_a_create_raise_the_cause_itself(taken):
    with pytest.raises(UniqueViolation):
        Country(code="taken", name="x").save()
    with pytest.raises(UniqueViolation) as caught:
        Country.objects.create(code="taken", name="x")

    assert not isinstance(caught.value, BulkWriteError)


# -- something is written, or may be: BulkWriteError alone -----------------------------------------


def test_after_an_earlier_group_it_is_a_bulk_write_error_alone(taken):
    objects = named(*map(str, range(2000)), "taken", "b")
    with pytest.raises(BulkWriteError) as caught:
        Country.objects.bulk_create(objects)

    error = caught.value
    assert type(error) is BulkWriteError
    assert (error.done, error.failed, error.unknown) == (objects[:2000], objects[2000:], [])
    assert list(error.errors) == [(2000, "code")]
    assert "The next 2 were refused together; none of them is written. The reason: " in str(error)


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.TRUNCATED_BODY])
def test_a_lost_answer_leaves_its_records_unknown(kintone, fault):
    City.objects.create(name="before")  # the form was looked at
    kintone.emulator.faults.add(fault, method="POST", endpoint="records")
    objects = cities(3)
    with pytest.raises(BulkWriteError, match="read them before you send them again") as caught:
        City.objects.bulk_create(objects)

    error = caught.value
    assert type(error) is BulkWriteError
    assert (error.done, error.failed, error.unknown, error.pending) == ([], [], objects, [])
    assert isinstance(error.__cause__, TransportError)
    assert City.objects.count() == 4  # they were written


def test_to_resume_what_failed_and_what_was_not_sent_doubles_nothing(kintone):
    City.objects.create(name="before")
    kintone.emulator.faults.add(Fault.LOST_ANSWER, method="POST", endpoint="bulkRequest", after=1)
    objects = cities(4500)
    with pytest.raises(BulkWriteError) as caught:
        City.objects.bulk_create(objects)
    error = caught.value

    assert [len(each) for each in (error.done, error.failed, error.unknown, error.pending)] == [
        2000,
        0,
        2000,
        500,
    ]
    City.objects.bulk_create(error.failed + error.pending)
    assert City.objects.count() == 4501


def test_a_page_of_a_gate_leaves_its_records_unknown(kintone):
    City.objects.create(name="before")
    kintone.emulator.faults.add(Fault.SERVICE_UNAVAILABLE, method="PUT", endpoint="records")
    with pytest.raises(BulkWriteError) as caught:
        City.objects.all().update(notes="x")

    assert type(caught.value) is BulkWriteError
    assert caught.value.unknown == [1]
