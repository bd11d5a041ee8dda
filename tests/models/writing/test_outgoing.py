"""A save sends the changes, or the fields that are named."""

from __future__ import annotations

import pytest
from support.models.geography import City

from kintone_orm import Model, Retry, Row, fields
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import (
    ConflictError,
    FieldDoesNotExist,
    FieldError,
    ServerBusy,
    ValidationError,
)
from kintone_orm.testing import assert_requests, capture_requests, emulate


@pytest.fixture
def kobe(kintone):
    """A city, read by another program."""
    City.objects.create(name="Kobe", population=1_500_000, tags=["port"], latitude="34.6913")
    return City.objects.get(name="Kobe")


def params(requests):
    (request,) = requests
    return request.params


def test_only_the_changed_field_is_sent_with_the_revision(kintone, kobe):
    kobe.population = 1_499_000
    with capture_requests(kintone) as requests:
        kobe.save()

    assert params(requests) == {
        "app": kintone.apps["cities"],
        "id": 1,
        "record": {"population": {"value": "1499000"}},
        "revision": 1,
    }


def test_a_second_save_sends_nothing_new(kintone, kobe):
    kobe.tags.append("old")
    kobe.population = 3
    kobe.save()
    with capture_requests(kintone) as requests:
        kobe.save()

    assert requests == []


def test_update_fields_sends_those_and_leaves_the_rest_changed(kintone, kobe):
    kobe.population = 3
    kobe.climate = "dry"
    with capture_requests(kintone) as requests:
        kobe.save(update_fields=["climate"])

    assert params(requests)["record"] == {"climate": {"value": "dry"}}
    assert list(kobe.changed_fields()) == ["population"]


def test_empty_update_fields_send_nothing(kintone, kobe):
    kobe.population = 3
    with capture_requests(kintone) as requests:
        kobe.save(update_fields=[])
        City(name="Osaka").save(update_fields=[])

    assert requests == []
    assert list(kobe.changed_fields()) == ["population"]


def test_update_fields_that_did_not_change_are_sent_all_the_same(kintone, kobe):
    with capture_requests(kintone) as requests:
        kobe.save(update_fields=["notes", "tags"])

    assert params(requests)["record"] == {"notes": {"value": ""}, "tags": {"value": ["port"]}}


@pytest.mark.parametrize(
    ("names", "kind", "message"),
    [
        ("notes", TypeError, "update_fields must be a list of names, not 'notes'"),
        (["note"], FieldDoesNotExist, "Did you mean 'notes'"),
        (["updated"], FieldError, "City.updated cannot be set: kintone sets it itself"),
        (["pk"], FieldError, "City.id cannot be set"),
    ],
)
def test_update_fields_that_make_no_sense_are_refused(kobe, names, kind, message):
    with assert_requests(0), pytest.raises(kind, match=message):
        kobe.save(update_fields=names)


def test_update_fields_of_a_new_record_are_refused(kintone):
    with pytest.raises(ValueError, match="is new, so it is saved whole"):
        City(name="Kobe").save(update_fields=["name"])


@pytest.mark.parametrize(
    ("name", "blank"),
    [("population", None), ("climate", None), ("tags", []), ("notes", ""), ("founded", None)],
)
def test_a_field_can_be_cleared(kintone, name, blank):
    filled = {
        "population": 3,
        "climate": "dry",
        "tags": ["old"],
        "notes": "x",
        "founded": "1889-04-01",
    }
    city = City.objects.create(name="Kobe", **filled)
    setattr(city, name, None)
    city.save()

    assert getattr(City.objects.get(), name) == blank


def test_a_blank_in_a_required_field_is_refused_before_any_request(kintone):
    with capture_requests(kintone) as requests, pytest.raises(ValidationError) as caught:
        City(population=3).save()

    assert requests == []
    assert caught.value.errors == {"name": ["Required: kintone refuses a blank here."]}
    assert str(caught.value) == "City (new): name: Required: kintone refuses a blank here."


def test_a_default_is_sent(kintone):
    class Visit(Model):
        place = fields.SingleLineTextField(default="home")
        days = fields.IntegerField(default=lambda: 3)

    with emulate(Visit):
        Visit.objects.create()
        visit = Visit.objects.get()

    assert (visit.place, visit.days) == ("home", 3)


# -- locks, while a table is sent without a check of the revision ---------------------------------


class Line(Row):
    item = fields.SingleLineTextField()


class Bill(Model):
    lines = fields.SubtableField(Line)


def save(bill):
    bill.save(check_revision=False)


def bulk_update(bill):
    Bill.objects.bulk_update([bill])


@pytest.fixture(params=[save, bulk_update])
def save_locked_bill(request):
    """A function that saves the row of a bill while its database is locked."""

    def save_locked(retry):
        with emulate(Bill, retry=retry) as kintone:
            Bill.objects.create(lines=[Line(item="pen")])
            bill = Bill.objects.get()
            bill.lines[0].item = "ink"
            kintone.emulator.faults.add(Fault.DATABASE_LOCKED, method="PUT", times=None)
            with capture_requests(kintone) as sent, pytest.raises(ServerBusy) as caught:
                request.param(bill)
        return [each.method for each in sent], caught.value

    return save_locked


def test_the_attempts_of_a_locked_table_do_not_multiply(save_locked_bill):
    methods, error = save_locked_bill(Retry(attempts=3))
    assert methods == ["PUT"] * 3
    assert not isinstance(error, ConflictError)


def test_without_retries_a_locked_table_is_merged_three_times(save_locked_bill):
    methods, error = save_locked_bill(False)
    assert methods == ["PUT", "GET"] * 3 + ["PUT"]
    assert error.code == "GAIA_DA02"
