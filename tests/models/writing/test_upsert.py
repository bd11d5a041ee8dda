"""bulk_create(update_conflicts=True): the values of new and of existing records."""

from __future__ import annotations

import copy
import json
import pickle

import pytest
from support.models.clients import Client, Plain, paths, stored, upsert

from kintone_orm import Model, Retry, Row, fields, override
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import BulkWriteError, FieldError, UniqueViolation, ValidationError
from kintone_orm.http.messages import Response
from kintone_orm.testing import assert_requests, capture_requests


class Product(Model):
    code = fields.SingleLineTextField(unique=True)
    price = fields.NumberField()


class Line(Row):
    item = fields.LookupField(Product, key="code", copies={"cost": "price"})
    cost = fields.NumberField()


class Sale(Model):
    number = fields.SingleLineTextField(unique=True)
    product = fields.LookupField(Product, key="code", copies={"price": "price"})
    price = fields.NumberField()
    note = fields.SingleLineTextField()
    lines = fields.SubtableField(Line)


@pytest.fixture
def there(kintone):
    """A stored client whose values differ from the defaults."""
    return Client.objects.create(
        code="1", number=1, name="a", state="inactive", tags=["old"], serial=0
    )


# -- what the caller did not assign does not reach a record that is there --------------------------


def test_a_default_does_not_reach_a_record_that_is_there(there):
    upsert([Client(code="1", name="z")])

    assert stored() == ("z", "inactive", ["old"], 0)


def test_a_new_record_has_the_defaults(there):
    upsert([Client(code="1", name="z"), Client(code="2", name="y", serial=7)])

    assert stored("2") == ("y", "active", ["new"], 7)


@pytest.mark.parametrize(
    "again", [copy.copy, copy.deepcopy, lambda each: pickle.loads(pickle.dumps(each))]
)
def test_what_was_assigned_reaches_it_even_if_it_equals_the_default(there, again):
    client = Client(code="1", state="active")
    client.tags.append("old")
    upsert([again(client)])

    assert stored() == ("a", "active", ["new", "old"], 0)


def test_a_default_that_was_not_written_is_read_again(there):
    client = Client(code="1", name="z")
    upsert([client])

    assert client.get_deferred_fields() >= {"state", "tags", "serial"}
    with assert_requests(1):
        assert (client.state, client.tags, client.serial) == ("inactive", ["old"], 0)
    assert client.changed_fields() == {}
    client.name = "y"
    client.save()
    assert stored() == ("y", "inactive", ["old"], 0)


def test_a_new_object_keeps_its_defaults(there):
    client = Client(code="2", serial=9)
    upsert([client])

    with assert_requests(0):
        assert (client.state, client.tags, client.serial, client.revision) == (
            "active",
            ["new"],
            9,
            1,
        )


# -- update_fields, as in Django -------------------------------------------------------------------


def test_update_fields_are_all_that_reaches_a_record_that_is_there(there):
    objects = [
        Client(code="1", name="z", number=5, state="paused"),
        Client(code="2", name="y", number=6),
    ]
    upsert(objects, update_fields=["name"])

    assert stored() == ("z", "inactive", ["old"], 0)
    assert stored("2")[:3] == ("y", "active", ["new"])
    assert Client.objects.get(code="2").number == 6
    assert objects[0].number == 1  # values that were not written are read again


def test_update_fields_reach_it_whether_they_were_assigned_or_not(there):
    upsert([Client(code="1")], update_fields=["state", "name"])

    assert stored() == ("", "active", ["old"], 0)


def test_update_fields_that_are_all_that_the_objects_hold_are_one_upsert(there):
    Plain.objects.create(code="0")
    with assert_requests(1):
        upsert([Plain(code="1", name="z")], update_fields=["name", "code"])

    assert stored()[0] == "z"


# -- requests --------------------------------------------------------------------------------------


def test_one_upsert_stays_where_no_unassigned_default_is_in_play(there, kintone):
    Client.objects.count()
    with capture_requests(kintone) as requests:
        upsert([Client(code="1", name="z", state="x", tags=[], serial=1)])
        upsert([Plain(code="1", name="z"), Plain(code="5")])

    assert [each for each in paths(requests) if "form" not in each] == ["PUT records.json"] * 2
    assert all(request.params.get("upsert") for request in requests if request.method == "PUT")


# -- somebody else is faster -----------------------------------------------------------------------


def test_another_value_that_is_taken_is_a_unique_violation(there):
    Plain.objects.create(code="2", number=2)
    with pytest.raises(UniqueViolation) as caught:
        upsert([Client(code="1", number=2)])

    assert list(caught.value.errors) == [(0, "number")]


def test_everything_is_checked_before_the_first_request(there):
    with assert_requests(0), pytest.raises(ValidationError, match=r"\[1\]\.tags"):
        upsert([Client(code="1"), Client(code="2", tags=["none"])])


def test_a_field_that_is_not_unique_in_the_app_is_told(there):
    class Wrong(Model):
        name = fields.SingleLineTextField(unique=True)

        class Meta:
            app = "client"

    with pytest.raises(ValidationError, match="allows duplicates in the field") as caught:
        upsert([Wrong(name="a")], by="name")

    assert isinstance(caught.value, BulkWriteError)


def test_two_objects_with_one_key_to_kintone_are_told(there):
    with pytest.raises(ValidationError, match="Two records of the request have the same key"):
        upsert([Plain(code="5"), Plain(code="5 ")])


# -- lookups ---------------------------------------------------------------------------------------


@pytest.fixture
def sold(kintone):
    product = Product.objects.create(code="p", price=100)
    Product.objects.create(code="q", price=7)
    Sale.objects.create(number="1", product="p", lines=[Line(item="p")])
    product.price = 999
    product.save()


def test_a_lookup_that_is_there_already_is_not_looked_up_again(sold, kintone):
    with capture_requests(kintone) as requests:
        upsert([Sale(number="1", product="p", note="n")], by="number")

    sale = Sale.objects.get()
    assert (sale.price, sale.note) == (100, "n")
    assert "product" in requests[0].params["fields"]


def test_another_key_is_looked_up(sold):
    sale = Sale(number="1", product="q")
    upsert([sale, Sale(number="2", product="p")], by="number")

    assert [sale.price for sale in Sale.objects.order_by("number")] == [7, 999]
    assert sale.price == 7


def test_so_it_is_for_update_or_create(sold):
    with assert_requests(2) as requests:
        Sale.objects.update_or_create(number="1", defaults={"product": "p", "note": "n"})

    assert list(requests[1].params["record"]) == ["note"]
    assert Sale.objects.get().price == 100


def test_a_table_is_sent_whole_and_its_rows_look_up_again(sold):
    upsert([Sale(number="1", lines=[Line(item="p")])], by="number")

    assert [line.cost for line in Sale.objects.get().lines] == [999]


# -- keys that name no record ----------------------------------------------------------------------


@pytest.mark.parametrize("model", [Client, Plain])
@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, r"\[1\]\.code: the object has no value for this field, which is the key"),
        ({"code": "  "}, r"\[1\]\.code: the object has no value for this field, which is the key"),
        ({"code": "x" * 65}, r"\[1\]\.code: the key has 65 characters; kintone allows at most 64"),
    ],
)
def test_a_key_that_names_no_record_is_refused_before_a_request(there, model, values, said):
    with assert_requests(0), pytest.raises(FieldError, match=said):
        upsert([model(code="1"), model(name="z", **values)])


@pytest.fixture
def complaining_of_the_key(kintone):
    """Answer with an error about `updateKey`, which the emulator never sends."""

    def wrapper(send, request):
        if request.method != "PUT":
            return send(request)
        index = len(request.params["records"]) - 1
        path = f"records[{index}].updateKey.value"
        body = {
            "code": "CB_VA01",
            "id": "x",
            "message": "m",
            "errors": {path: {"messages": ["no"]}},
        }
        return Response(400, {"Content-Type": "application/json"}, json.dumps(body).encode())

    with kintone.wrap(wrapper):
        yield


def test_a_complaint_of_the_update_key_is_one_of_its_field(there, complaining_of_the_key):
    with pytest.raises(ValidationError) as caught:
        upsert([Plain(code="1"), Plain(code="2")])
    assert caught.value.errors == {(1, "code"): ["no"]}

    with pytest.raises(ValidationError) as caught:
        Plain.objects.update_or_create(code="1", defaults={"name": "z"})
    assert caught.value.errors == {"code": ["no"]}


# -- lost answers ---------------------------------------------------------------------------------


def test_an_upsert_is_sent_again_only_where_this_is_allowed(kintone):
    kintone.emulator.faults.add(Fault.LOST_ANSWER, method="PUT")
    with override(retry=True), pytest.raises(BulkWriteError) as caught:
        Plain.objects.bulk_create([Plain(code="1")], update_conflicts=True, unique_fields=["code"])
    assert len(caught.value.unknown) == 1

    kintone.emulator.faults.add(Fault.LOST_ANSWER, method="PUT")
    with override(retry=Retry(repeat_unversioned=True)):
        Plain.objects.bulk_create([Plain(code="2")], update_conflicts=True, unique_fields=["code"])
    assert Plain.objects.count() == 2


def test_additions_in_two_steps_are_never_sent_again(there, kintone):
    kintone.emulator.faults.add(Fault.LOST_ANSWER, endpoint="bulkRequest")
    repeat = override(retry=Retry(repeat_unversioned=True))
    with repeat, capture_requests(kintone) as sent, pytest.raises(BulkWriteError) as caught:
        upsert([Client(code="1", name="z"), Client(code="2", name="y")])
    assert paths(sent).count("POST bulkRequest.json") == 1
    assert len(caught.value.unknown) == 2
