"""Upserts that look the keys up first, then write."""

from __future__ import annotations

import pytest
from support.models.clients import Client, Plain, paths, stored, upsert
from support.workflows import signed_in

from kintone_orm.emulator import Fault
from kintone_orm.exceptions import BulkWriteError, ValidationError
from kintone_orm.testing import assert_requests, capture_requests


@pytest.fixture
def there(kintone):
    """A stored client whose values differ from the defaults."""
    return Client.objects.create(
        code="1", number=1, name="a", state="inactive", tags=["old"], serial=0
    )


# -- requests --------------------------------------------------------------------------------------


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


# -- somebody else is faster -----------------------------------------------------------------------


def after_the_look_up(kintone, *meanwhile):
    """Call the functions one by one, each after a request that looks keys up."""
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
    assert stored("2")[1] == ""  # the record is the other program's, without our defaults
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
    """A user who may do everything but view the client "1"."""
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
