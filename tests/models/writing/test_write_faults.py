"""Every way to write many records, with every fault at every request: the error is correct."""

from __future__ import annotations

import pytest

from kintone_orm import Model, fields
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import BulkWriteError, KintoneORMError

NUMBER = 45  # in groups of twenty, or of nineteen
BULK = ("POST", "bulkRequest")


class Client(Model):
    code = fields.SingleLineTextField(unique=True)
    name = fields.SingleLineTextField()
    state = fields.SingleLineTextField(default="active")


class Plain(Model):
    code = fields.SingleLineTextField(unique=True)
    name = fields.SingleLineTextField()

    class Meta:
        app = "client"


def create(objects):
    Plain.objects.bulk_create(objects, 1)


def upsert(objects):
    type(objects[0]).objects.bulk_create(objects, 1, update_conflicts=True, unique_fields=["code"])


def update(objects):
    for each in objects:
        each.name = "new"
    Plain.objects.bulk_update(objects, batch_size=1)


def new(model):
    return [model(code=f"{n:02}", name="new") for n in range(NUMBER)]


def half_there(model):
    Plain.objects.bulk_create([Plain(code=f"{n:02}", name="old") for n in range(0, NUMBER, 2)])
    return new(model)


def all_there(_model):
    Plain.objects.bulk_create([Plain(code=f"{n:02}", name="old") for n in range(NUMBER)])
    return list(Plain.objects.order_by("code"))


WAYS = {
    "bulk_create": (create, new, Plain),
    "upsert of new": (upsert, new, Plain),
    "upsert": (upsert, half_there, Plain),
    "upsert in two steps": (upsert, half_there, Client),
    "bulk_update": (update, all_there, Plain),
}
# The faults after which it is unknown if the request was carried out, and an unknown page.
UNKNOWN = {Fault.LOST_ANSWER, Fault.TRUNCATED_BODY, Fault.SERVICE_UNAVAILABLE, Fault.LOST_REQUEST}
REFUSED = {Fault.TOO_MANY_REQUESTS, Fault.DATABASE_LOCKED}


def written():
    """The codes of the stored records with the written values."""
    return {plain.code for plain in Plain.objects.filter(name="new")}


@pytest.mark.parametrize("after", [0, 1, 2])
@pytest.mark.parametrize("fault", sorted(UNKNOWN | REFUSED))
@pytest.mark.parametrize("way", WAYS)
def test_what_an_error_says_of_each_record_is_so(kintone, way, fault, after):
    write, prepare, model = WAYS[way]
    model.objects.create(code="before")
    objects = prepare(model)
    kintone.emulator.faults.add(fault, method=BULK[0], endpoint=BULK[1], after=after)
    with pytest.raises(BulkWriteError) as caught:
        write(objects)

    error = caught.value
    codes = [[each.code for each in part] for part in (error.done, error.failed, error.unknown)]
    done, failed, unknown = map(set, codes)
    pending = {each.code for each in error.pending}
    there = written()
    assert error.done + error.failed + error.unknown + error.pending == objects
    assert done <= there
    assert not (failed | pending) & there
    assert bool(unknown) is (fault in UNKNOWN)
    assert (type(error) is BulkWriteError) is bool(done or unknown)
    assert isinstance(error.__cause__, KintoneORMError)

    if rest := error.failed + error.pending + [u for u in error.unknown if u.code not in there]:
        write(rest)
    assert written() == {object_.code for object_ in objects}
    assert Plain.objects.count() == NUMBER + 1
