"""bulk_create(update_conflicts=True): what a new record gets, and what one that is there gets."""

from __future__ import annotations

import copy
import json
import pickle
from itertools import count
from typing import Any

import pytest
from support.workflows import signed_in

from kintone_orm import Model, Row, fields
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import BulkWriteError, FieldError, UniqueViolation, ValidationError
from kintone_orm.http.messages import Response
from kintone_orm.testing import assert_requests, capture_requests

serial = count(1)


class Client(Model):
    code = fields.SingleLineTextField(unique=True)
    number = fields.NumberField(unique=True)
    name = fields.SingleLineTextField()
    state = fields.SingleLineTextField(default="active")
    tags = fields.CheckBoxField(choices=["new", "old"], default=lambda: ["new"])
    serial = fields.NumberField(default=lambda: next(serial))

    class Meta:
        app = "client"


class Plain(Model):
    """Clients without the defaults."""

    code = fields.SingleLineTextField(unique=True)
    number = fields.NumberField(unique=True)
    name = fields.SingleLineTextField()
    state = fields.SingleLineTextField()

    class Meta:
        app = "client"


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


def upsert(objects, by="code", using=None, **more: Any):
    records = type(objects[0]).objects.using(using)
    return records.bulk_create(objects, update_conflicts=True, unique_fields=[by], **more)


def paths(requests) -> list[str]:
    return [f"{each.method} {each.path.removeprefix('/k/v1/')}" for each in requests]


@pytest.fixture
def there(kintone):
    """A client whose stored values are none of the defaults."""
    return Client.objects.create(
        code="1", number=1, name="a", state="inactive", tags=["old"], serial=0
    )


def stored(code="1"):
    client = Client.objects.get(code=code)
    return client.name, client.state, client.tags, client.serial


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
    assert objects[0].number == 1  # what was not written is read again


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
    assert all(each.params.get("upsert") for each in requests if each.method == "PUT")


def test_otherwise_the_keys_are_looked_up_and_all_is_one_bulk_request(there):
    with assert_requests(2) as requests:
        upsert([Client(code="1", name="z"), Client(code="2")])

    assert paths(requests) == ["GET records.json", "POST bulkRequest.json"]
    inner = requests[1].params["requests"]
    assert [(each["method"], each["api"]) for each in inner] == [
        ("PUT", "/k/v1/records.json"),
        ("POST", "/k/v1/records.json"),
    ]
    assert inner[0]["payload"]["records"] == [{"id": 1, "record": {"name": {"value": "z"}}}]


@pytest.mark.parametrize(("number", "expected"), [(499, 1), (500, 2), (999, 3)])
def test_a_look_up_is_a_request_for_499_keys(there, number, expected, kintone):
    with capture_requests(kintone) as requests:
        upsert([Client(code=f"k{n}") for n in range(number)])

    assert paths(requests).count("GET records.json") == expected


def test_a_page_that_is_full_is_read_on(there, kintone, monkeypatch):
    """A filter finds texts that differ in blanks at their end, so there may be more than keys."""
    monkeypatch.setattr("kintone_orm.emulator.choices.UNIQUE_IGNORES_BLANKS_AT_THE_END", False)
    keys = [f"k{n}" for n in range(300)]
    Plain.objects.bulk_create([Plain(code=key + " ", name="old") for key in keys])
    Plain.objects.bulk_create([Plain(code=key, name="old") for key in keys])
    with capture_requests(kintone) as requests:
        upsert([Client(code=key, name="new") for key in keys])

    assert paths(requests).count("GET records.json") == 2
    assert Plain.objects.filter(name="new").count() == 300
    assert Plain.objects.filter(name="old").count() == 300


def test_1900_objects_are_one_request(there, kintone):
    with capture_requests(kintone) as requests:
        upsert([Client(code=f"k{n}") for n in range(1901)])

    written = [each for each in paths(requests) if not each.startswith("GET")]
    assert written == ["POST bulkRequest.json", "POST records.json"]


def test_who_changes_nothing_sends_nothing(there):
    client = Client(code="1")
    with assert_requests(1):
        upsert([client])

    assert (client.pk, client.revision, client.name) == (there.pk, 1, "a")


# -- keys are matched as kintone matches them ------------------------------------------------------


def test_a_number_is_matched_by_its_value(there):
    upsert([Client(number="1.0", name="z")], by="number")

    assert (Client.objects.count(), stored()[0]) == (1, "z")


def test_a_text_is_matched_exactly(there):
    upsert([Client(code="01", name="z"), Client(code="1", name="y")])

    assert (stored()[0], stored("01")[0]) == ("y", "z")


@pytest.mark.parametrize("same", [True, False])
@pytest.mark.parametrize("model", [Client, Plain])
def test_blanks_at_the_end_of_a_key_count_as_kintone_counts_them(there, monkeypatch, same, model):
    """By one upsert and in two steps alike, whichever way it does."""
    monkeypatch.setattr("kintone_orm.emulator.choices.UNIQUE_IGNORES_BLANKS_AT_THE_END", same)
    client = model(code="1 ", name="z")
    upsert([client])

    found = [(each.code, each.name, each.state) for each in Client.objects.order_by("pk")]
    new = ("1 ", "z", "active" if model is Client else "")
    assert found == ([("1", "z", "inactive")] if same else [("1", "a", "inactive"), new])
    assert client.code == ("1" if same else "1 ")


def test_a_key_that_is_there_exactly_is_not_taken_for_one_without_blanks(there, monkeypatch):
    monkeypatch.setattr("kintone_orm.emulator.choices.UNIQUE_IGNORES_BLANKS_AT_THE_END", False)
    Plain.objects.create(code="1 ", name="b")
    upsert([Client(code="1", name="y"), Client(code="1 ", name="z")])

    assert [each.name for each in Client.objects.order_by("pk")] == ["y", "z"]


# -- somebody else is faster -----------------------------------------------------------------------


def after_the_look_up(kintone, *meanwhile):
    """Call the functions one by one, each after a look-up of keys."""
    left = list(meanwhile)

    def wrapper(send, request):
        answer = send(request)
        if request.method == "GET" and "code" in request.params.get("fields", ()) and left:
            left.pop(0)()
        return answer

    return kintone.wrap(wrapper)


def test_a_key_that_somebody_adds_meanwhile_is_changed(there, kintone):
    with (
        after_the_look_up(kintone, lambda: Plain(code="2").save()),
        capture_requests(kintone) as requests,
    ):
        upsert([Client(code="1", name="z"), Client(code="2", name="y")])

    assert [stored("1")[0], stored("2")[0], Client.objects.count()] == ["z", "y", 2]
    assert stored("2")[1] == ""  # it is theirs: no default of ours
    assert paths(requests).count("POST bulkRequest.json") == 1
    assert paths(requests).count("GET records.json") == 2


def test_a_record_that_somebody_deletes_meanwhile_is_added(there, kintone):
    with after_the_look_up(kintone, lambda: Client.objects.filter(pk=there.pk).delete()):
        upsert([Client(code="1", name="z", serial=3)])

    assert stored() == ("z", "active", ["new"], 3)


def test_keys_are_looked_up_again_three_times_at_most(there, kintone):
    def add():
        Plain(code="2").save()

    def delete():
        Plain.objects.filter(code="2").delete()

    client = Client(code="2", name="y")
    with (
        after_the_look_up(kintone, add, delete, add, delete, add, delete),
        capture_requests(kintone) as requests,
        pytest.raises(BulkWriteError) as caught,
    ):
        upsert([client, Client(code="1", name="z")])

    sent = [
        path for path in paths(requests) if path in ("POST bulkRequest.json", "PUT records.json")
    ]
    assert len(sent) == 4
    assert caught.value.failed[0] is client
    assert stored()[0] == "a"


@pytest.fixture
def kato(there, kintone):
    """Who may do everything, but not see the client "1"."""
    everything = {"viewable": True, "editable": True, "deletable": True}
    manager = {"entity": {"type": "USER", "code": "Administrator"}, **everything}
    rights = [{"filterCond": 'code = "1"', "entities": [manager]}]
    kintone.request("PUT", "record/acl", {"app": kintone.apps["client"], "rights": rights})
    return signed_in(kintone, "kato")


def test_a_key_that_may_not_be_seen_is_an_error_that_says_so(kato):
    clients = [Client(code="0"), Client(code="1", name="z")]
    sentence = r"\[1\]\.code: .*No record that you may view has '1'.*ask for the right to view"
    with pytest.raises(ValidationError, match=sentence) as caught:
        upsert(clients, using=kato)

    assert isinstance(caught.value, BulkWriteError)
    assert caught.value.failed == clients
    assert not any(each.pk for each in clients)
    assert stored()[0] == "a"


@pytest.mark.parametrize("method", ["get_or_create", "update_or_create"])
def test_so_it_is_for_one(kato, method):
    with pytest.raises(ValidationError, match="No record that you may view has '1'"):
        getattr(Client.objects.using(kato), method)(code="1")


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


def test_a_look_up_that_fails_after_a_refusal_loses_nothing_that_is_known(there, kintone):
    objects = [Client(code=f"k{n}") for n in range(1901)]

    def meanwhile(send, request):
        if request.path.endswith("/records.json") and request.method == "POST":
            Plain(code="k1900").save()
            kintone.emulator.faults.add(Fault.DATABASE_LOCKED, method="GET")
        return send(request)

    with kintone.wrap(meanwhile), pytest.raises(BulkWriteError) as caught:
        upsert(objects)

    error = caught.value
    assert (len(error.done), error.failed, error.unknown) == (1900, objects[1900:], [])


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

    assert [each.price for each in Sale.objects.order_by("number")] == [7, 999]
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
        ({}, r"\[1\]\.code: no value\. This field is the key"),
        ({"code": "  "}, r"\[1\]\.code: no value\. This field is the key"),
        ({"code": "x" * 65}, r"\[1\]\.code: the key has 65 characters; kintone allows at most 64"),
    ],
)
def test_a_key_that_names_no_record_is_refused_before_a_request(there, model, values, said):
    with assert_requests(0), pytest.raises(FieldError, match=said):
        upsert([model(code="1"), model(name="z", **values)])


@pytest.fixture
def complaining_of_the_key(kintone):
    """kintone as it complains of `updateKey`: a text that the emulator has no reason for."""

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
