"""Writing with an OAuth token: without bulkRequest, which kintone does not document for OAuth."""

from __future__ import annotations

import io

import pytest
from support.models.clients import Client, Plain, upsert
from support.models.geography import City, Country, cities
from support.models.paperwork import Order, text
from support.oauth import using_oauth

from kintone_orm.exceptions import BulkWriteError, TransportError
from kintone_orm.fields import File
from kintone_orm.testing import assert_requests, capture_requests

RECORDS = "/k/v1/records.json"


@pytest.fixture
def by_oauth(kintone):
    with using_oauth(kintone) as connection:
        yield connection


def writes(requests):
    return [request.method for request in requests if request.method != "GET"]


def countries(number, **codes):
    """New countries; `codes` are codes by place, as in ``_5="taken"``."""
    return [Country(code=codes.get(f"_{n}", str(n)), name="x") for n in range(number)]


# -- requests --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "requests"), [(0, 0), (1, 1), (100, 1), (101, 2), (2001, 21)])
def test_a_request_has_a_hundred_records(by_oauth, number, requests):
    with assert_requests(requests) as sent:
        City.objects.bulk_create(cities(number))

    assert {request.path for request in sent} <= {RECORDS}
    assert City.objects.count() == number


def test_every_write_of_many_is_in_hundreds(by_oauth):
    made = cities(250)
    City.objects.bulk_create(made)
    for city in made:
        city.notes = "new"
    with capture_requests(by_oauth) as sent:
        City.objects.bulk_update(made)
        assert City.objects.update(population=5) == 250
        City.objects.all().delete()

    assert writes(sent) == ["PUT"] * 6 + ["DELETE"] * 3
    assert {request.path for request in sent} == {RECORDS}
    assert City.objects.count() == 0


def test_the_log_says_once_that_hundreds_are_not_all_or_nothing(by_oauth, caplog):
    City.objects.bulk_create(cities(100))
    assert not caplog.records
    City.objects.bulk_create(cities(101))
    City.objects.bulk_create(cities(101))

    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "all or nothing for each 100 records only" in caplog.messages[0]


# -- failures --------------------------------------------------------------------------------------


def test_a_refused_hundred_leaves_the_hundreds_before_it_written(by_oauth):
    Country.objects.create(code="taken", name="x")
    objects = countries(450, _234="taken")

    with pytest.raises(BulkWriteError) as caught:
        Country.objects.bulk_create(objects)

    error = caught.value
    assert (error.done, error.failed) == (objects[:200], objects[200:300])
    assert (error.unknown, error.pending) == ([], objects[300:])
    assert error.errors == {(234, "code"): ["This value already exists in another record."]}
    assert str(error).startswith(
        f"{Country._meta.label}: 200 of 450 records are written. The next 100 were refused together"
    )
    assert all(country.pk for country in error.done)
    assert not any(country.pk for country in error.failed + error.pending)
    assert Country.objects.count() == 201


def test_the_first_hundred_refused_is_the_refusal_itself(by_oauth):
    Country.objects.create(code="taken", name="x")
    objects = countries(150, _0="taken")

    with pytest.raises(BulkWriteError, match="none of 150 records is written") as caught:
        Country.objects.bulk_create(objects)

    assert (caught.value.failed, caught.value.pending) == (objects[:100], objects[100:])


def test_a_failure_beyond_two_thousand_counts_the_hundreds_of_all_groups(by_oauth):
    Country.objects.create(code="taken", name="x")
    objects = countries(2350, _2150="taken")

    with pytest.raises(BulkWriteError, match="2,100 of 2,350 records are written") as caught:
        Country.objects.bulk_create(objects)

    error = caught.value
    assert (error.done, error.failed, error.pending) == (
        objects[:2100],
        objects[2100:2200],
        objects[2200:],
    )


def test_a_lost_answer_leaves_one_hundred_unknown(by_oauth):
    objects = cities(350)
    sent = []

    def lose_the_second(send, request):
        sent.append(request)
        response = send(request)
        if len(sent) == 2:
            raise TransportError("No answer", method=request.method, path=request.path)
        return response

    with by_oauth.wrap(lose_the_second), pytest.raises(BulkWriteError) as caught:
        City.objects.bulk_create(objects)

    error = caught.value
    assert (error.done, error.unknown) == (objects[:100], objects[100:200])
    assert (error.failed, error.pending) == ([], objects[200:])
    assert City.objects.count() == 200


def test_a_delete_that_fails_lists_ids_by_the_hundred(by_oauth, kintone):
    City.objects.bulk_create(cities(250))
    sent = []

    def delete_one_before_the_second(send, request):
        sent.append(request)
        if len([each for each in sent if each.method == "DELETE"]) == 2:
            City.objects.using(kintone).filter(pk=150).delete()
        return send(request)

    with by_oauth.wrap(delete_one_before_the_second), pytest.raises(BulkWriteError) as caught:
        City.objects.all().delete()

    error = caught.value
    assert (error.done, error.failed, error.pending) == (
        list(range(1, 101)),
        list(range(101, 201)),
        list(range(201, 251)),
    )


class FailingFile(io.BytesIO):
    """A file that can be checked without an error, and fails while it is sent."""

    def __init__(self):
        super().__init__(b"x" * 700_000)

    def read(self, size=-1):
        if self.tell() > 300_000:
            raise OSError("The disk fails.")
        return super().read(size)


def test_a_file_that_cannot_be_sent_fails_its_own_hundred_only(by_oauth):
    orders = [Order(number=n, papers=[text(n)]) for n in "012"]
    orders[1].papers = [File(FailingFile(), name="scan.pdf")]

    with pytest.raises(BulkWriteError, match="1 of 3 records are written") as caught:
        Order.objects.bulk_create(orders, batch_size=1)

    error = caught.value
    assert (error.done, error.failed, error.pending) == (orders[:1], orders[1:2], orders[2:])


# -- upserts ---------------------------------------------------------------------------------------


def test_an_upsert_of_kintones_own_is_in_hundreds(by_oauth):
    with capture_requests(by_oauth) as sent:
        upsert([Plain(code=f"k{n}", name="x") for n in range(250)])

    assert writes(sent) == ["PUT"] * 3
    assert Plain.objects.count() == 250


def mixed(number):
    """Clients of which every second one is stored already, under its own key."""
    clients = [Client(code=f"k{n}", name="new") for n in range(number)]
    Plain.objects.bulk_create(Plain(code=client.code, name="old") for client in clients[::2])
    return clients


def test_changes_and_additions_are_requests_of_their_own(by_oauth):
    clients = mixed(300)
    with capture_requests(by_oauth) as sent:
        upsert(clients)

    assert writes(sent) == ["PUT", "PUT", "POST", "POST"]
    assert all(client.pk for client in clients)
    assert Client.objects.filter(name="new").count() == 300


def test_objects_that_change_nothing_need_no_request(by_oauth):
    Plain.objects.create(code="1")
    clients = [Client(code="1"), Client(code="2")]
    with capture_requests(by_oauth) as sent:
        upsert(clients)

    assert writes(sent) == ["POST"]
    assert [client.pk for client in clients] == [1, 2]


def test_a_refused_addition_leaves_the_changes_done(by_oauth):
    clients = mixed(300)
    clients[3].number = 5
    Plain.objects.create(code="another", number=5)

    with pytest.raises(BulkWriteError) as caught:
        upsert(clients)

    error = caught.value
    assert error.done == clients[::2]
    assert error.failed == clients[1:200:2]
    assert error.pending == clients[201::2]
    assert Plain.objects.filter(name="new").count() == 150


def test_objects_that_change_nothing_are_pending_after_a_refusal(by_oauth):
    Plain.objects.bulk_create([Plain(code="0"), Plain(code="another", number=5)])
    clients = [Client(code="0"), Client(code="1", number=5), Client(code="2")]

    with pytest.raises(BulkWriteError) as caught:
        upsert(clients)

    error = caught.value
    assert (error.done, error.failed, error.pending) == ([], clients[1:], clients[:1])


def test_a_key_that_somebody_adds_meanwhile_is_changed_and_no_record_written_twice(
    by_oauth, kintone
):
    Plain.objects.create(code="1", name="old")
    writing = []

    def add_before_the_addition(send, request):
        if request.method == "POST":
            if not writing:
                Plain.objects.using(kintone).create(code="2", name="old")
            writing.append(request)
        return send(request)

    with by_oauth.wrap(add_before_the_addition):
        upsert([Client(code="1", name="new"), Client(code="2", name="new"), Client(code="3")])

    found = Plain.objects.order_by("code").values_list("code", "name", "revision")
    assert list(found) == [("1", "new", 2), ("2", "new", 2), ("3", "", 1)]
    assert len(writing) == 2
