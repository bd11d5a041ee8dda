"""delete() of one record, and refresh_from_db()."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.models.geography import City

from kintone_orm.emulator import Fault
from kintone_orm.exceptions import BulkWriteError, FieldDoesNotExist, TransportError
from kintone_orm.http.messages import Response
from kintone_orm.outcomes import CarriedOut
from kintone_orm.signals import post_delete, pre_delete
from kintone_orm.testing import assert_requests, capture_requests, emulate


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


# -- lost answers ---------------------------------------------------------------------------------


@pytest.fixture
def patient():
    with emulate(City, retry=True) as connection:
        City.objects.bulk_create([City(name=name) for name in "abc"])
        yield connection


def lose(connection, fault=Fault.LOST_ANSWER, times=1):
    connection.emulator.faults.add(fault, method="DELETE", times=times)


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.TRUNCATED_BODY, Fault.LOST_REQUEST])
def test_a_deletion_whose_answer_was_lost_is_done_when_the_record_is_gone(patient, fault):
    events = []
    city = City.objects.get(name="a")

    def note(sender, instance, **_):
        events.append(instance.pk)

    pre_delete.connect(note, sender=City)
    post_delete.connect(note, sender=City)
    lose(patient, fault)
    try:
        with capture_requests(patient) as sent:
            assert city.delete() == (1, {"City": 1})
    finally:
        pre_delete.disconnect(note, sender=City)
        post_delete.disconnect(note, sender=City)
    assert len(sent) == 2
    assert events == [1, 1]
    assert (city.pk, city.revision, city._state.adding) == (None, None, True)
    assert City.objects.count() == 2


def test_a_deletion_that_somebody_overtook_after_a_lost_answer_is_a_conflict(patient):
    city = City.objects.get(name="a")
    City.objects.filter(name="a").update(notes="x")
    lose(patient, Fault.LOST_REQUEST)
    with pytest.raises(City.Conflict) as caught:
        city.delete()
    assert caught.value.carried_out is CarriedOut.NO


def test_a_deletion_without_revision_is_not_sent_again(patient):
    city = City.objects.get(name="a")
    lose(patient)
    with capture_requests(patient) as sent, pytest.raises(TransportError) as caught:
        city.delete(check_revision=False)
    assert len(sent) == 1
    assert caught.value.carried_out is CarriedOut.UNKNOWN
    assert "Read it before you delete it again" in str(caught.value)
    assert city.pk == 1


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.TRUNCATED_BODY])
@pytest.mark.parametrize("check", [True, False])
def test_a_deletion_of_many_is_done_when_no_record_is_left(kintone, fault, check):
    City.objects.bulk_create([City(name=name) for name in "abc"])
    lose(kintone, fault)
    with capture_requests(kintone) as sent:
        assert City.objects.all().delete(check_revision=check) == (3, {"City": 3})
    assert [request.method for request in sent] == ["GET", "DELETE", "GET"]


def test_the_records_that_are_left_have_failed(kintone):
    City.objects.bulk_create([City(name=name) for name in "abc"])
    lose(kintone, Fault.LOST_REQUEST)
    with assert_requests(3), pytest.raises(BulkWriteError) as caught:
        City.objects.all().delete()
    error = caught.value
    assert (error.done, error.failed, error.unknown, error.pending) == ([], [1, 2, 3], [], [])
    # The request may still arrive after the reading.
    assert error.carried_out is CarriedOut.UNKNOWN
    assert "3 of them were not written when they were read afterwards" in str(error)


def test_the_records_that_are_gone_are_done(kintone):
    City.objects.bulk_create([City(name=name) for name in "abc"])

    def lose_after_the_deletion_of_one(send, request):
        if request.method != "DELETE":
            return send(request)
        send(replace(request, params={**request.params, "ids": [2]}))  # by somebody else
        lose(kintone, Fault.LOST_REQUEST)
        return send(request)

    with kintone.wrap(lose_after_the_deletion_of_one), pytest.raises(BulkWriteError) as caught:
        City.objects.all().delete()
    assert (caught.value.done, caught.value.failed) == ([2], [1, 3])


def test_a_deletion_of_many_is_unknown_if_the_ids_cannot_be_read(kintone):
    City.objects.bulk_create([City(name=name) for name in "abc"])
    lose(kintone)
    kintone.emulator.faults.add(Fault.SERVICE_UNAVAILABLE, method="GET", after=1, times=None)
    with pytest.raises(BulkWriteError) as caught:
        City.objects.all().delete()
    assert caught.value.unknown == [1, 2, 3]


def test_the_groups_after_a_group_that_was_settled_are_deleted_too(kintone):
    City.objects.bulk_create([City(name=str(n)) for n in range(2050)])
    kintone.emulator.faults.add(Fault.LOST_ANSWER, endpoint="bulkRequest")
    assert City.objects.all().delete()[0] == 2050
    assert not City.objects.exists()


def test_json_that_is_not_kintones_deletes_no_record():
    with emulate(City, retry=True) as kintone:
        city = City.objects.create(name="Kobe")
        answers = [Response(200, {}, b'{"error": "log in"}')]

        def once(send, request):
            return answers.pop() if answers else send(request)

        with kintone.wrap(once), capture_requests(kintone) as sent:
            city.delete()
        assert [request.attempt for request in sent] == [2]
        assert City.objects.count() == 0
