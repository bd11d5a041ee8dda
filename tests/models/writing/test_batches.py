"""Many records in few requests, and the state of each record after a failure."""

from __future__ import annotations

import pytest
from support.models.geography import City, Country, cities

from kintone_orm.exceptions import BulkWriteError, TransportError
from kintone_orm.testing import capture_requests

BULK = "/k/v1/bulkRequest.json"
RECORDS = "/k/v1/records.json"


def writes(requests):
    return [(r.method, r.path) for r in requests if r.method != "GET"]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, []),
        (1, [("POST", RECORDS)]),
        (100, [("POST", RECORDS)]),
        (101, [("POST", BULK)]),
        (2000, [("POST", BULK)]),
        (2001, [("POST", BULK), ("POST", RECORDS)]),
    ],
)
def test_bulk_create_takes_a_request_for_two_thousand(kintone, number, expected):
    with capture_requests(kintone) as requests:
        City.objects.bulk_create(cities(number))

    assert writes(requests) == expected


def test_a_failure_says_what_is_done_failed_and_pending(kintone):
    Country.objects.create(code="taken", name="x")
    objects = [Country(code=str(n), name="x") for n in range(4500)]
    objects[2345].code = "taken"

    with pytest.raises(BulkWriteError) as caught:
        Country.objects.bulk_create(objects)

    error = caught.value
    assert (error.done, error.failed, error.pending) == (
        objects[:2000],
        objects[2000:4000],
        objects[4000:],
    )
    assert error.errors == {(2345, "code"): ["This value already exists in another record."]}
    assert "2,000 of 4,500 records are written" in str(error)


def test_what_is_done_has_ids_and_what_failed_has_none(kintone):
    Country.objects.create(code="taken", name="x")
    objects = [Country(code=str(n), name="x") for n in range(2150)]
    objects[2149].code = "taken"
    with pytest.raises(BulkWriteError) as caught:
        Country.objects.bulk_create(objects)

    assert all(each.pk for each in caught.value.done)
    assert not any(each.pk for each in caught.value.failed)
    assert Country.objects.count() == 2001


def test_a_failure_can_be_resumed(kintone):
    Country.objects.create(code="taken", name="x")
    objects = [Country(code=str(n), name="x") for n in range(2150)]
    objects[2149].code = "taken"
    with pytest.raises(BulkWriteError) as caught:
        Country.objects.bulk_create(objects)
    objects[2149].code = "free"
    Country.objects.bulk_create(caught.value.failed + caught.value.pending)

    assert Country.objects.count() == 2151


def test_a_lost_answer_is_not_called_a_refusal(kintone):
    def lose(send, request):
        send(request)
        raise TransportError("No answer", method=request.method, path=request.path)

    with kintone.wrap(lose), pytest.raises(BulkWriteError, match="may be written") as caught:
        City.objects.bulk_create(cities(3))

    assert (len(caught.value.unknown), caught.value.failed) == (3, [])
    assert City.objects.count() == 3


def test_update_reads_ids_and_writes_in_bulk(kintone):
    City.objects.bulk_create(cities(1100))
    with capture_requests(kintone) as requests:
        assert (
            City.objects.filter(population__gt=50_000).update(climate="dry", tags=["old"]) == 1050
        )

    assert [(r.method, r.path) for r in requests] == [("GET", RECORDS)] * 3 + [("POST", BULK)]
    assert requests[0].params["fields"] == ["$id"]
    assert City.objects.filter(climate="dry", tags="old").count() == 1050
