"""Capturing and counting requests."""

from __future__ import annotations

import unittest

import pytest
from support.models.geography import City, Country, cities

from kintone_orm.exceptions import InvalidInput, NotFound, UniqueViolation
from kintone_orm.testing import assert_requests, capture_requests, emulate


@pytest.fixture
def connection():
    with emulate(City) as connection:
        yield connection


def test_captured_requests_have_method_path_and_params(connection):
    with capture_requests(connection) as requests:
        Country.objects.filter(code="JP").exists()

    (request,) = requests
    assert (request.method, request.path) == ("GET", "/k/v1/records.json")
    assert request.params["query"] == 'code = "JP" order by $id asc limit 1'


def test_a_request_that_is_refused_is_captured_too(connection):
    with capture_requests(connection) as requests:
        Country.objects.create(code="JP", name="日本")
        with pytest.raises(UniqueViolation):
            Country.objects.create(code="JP", name="日本")

    assert [request.method for request in requests] == [
        "POST",
        "POST",
        "GET",
    ]  # the last reads the record with the value


def test_nothing_is_captured_after_the_block(connection):
    with capture_requests(connection) as requests:
        pass
    Country.objects.count()

    assert requests == []


def test_the_right_number_of_requests_is_no_failure(connection):
    with assert_requests(2) as requests:
        Country.objects.count()
        Country.objects.count()

    assert len(requests) == 2


def test_no_request_may_be_what_is_expected(connection):
    with assert_requests(0):
        Country.objects.filter(code="JP")


def failure(number, block):
    with pytest.raises(AssertionError) as caught, assert_requests(number):
        block()
    return str(caught.value)


def read():
    Country.objects.filter(code="JP").exists()


def add_many():
    City.objects.bulk_create(cities(150))


def change_one():
    city = City.objects.create(name="Kobe")
    city.population = 5
    city.save()
    city.delete()


@pytest.mark.parametrize(
    ("number", "block", "said"),
    [
        (1, int, ["0 requests were sent, 1 expected."]),
        (
            2,
            read,
            [
                "1 request was sent, 2 expected:",
                '  1. GET    /k/v1/records.json  countries: code = "JP" order by $id asc limit 1',
            ],
        ),
        (
            0,
            add_many,
            [
                "1 request was sent, 0 expected:",
                "  1. POST   /k/v1/bulkRequest.json  2 requests (100 records, 50 records)",
            ],
        ),
        (
            0,
            change_one,
            [
                "3 requests were sent, 0 expected:",
                "  1. POST   /k/v1/record.json  cities",
                "  2. PUT    /k/v1/record.json  cities: id 1",
                "  3. DELETE /k/v1/records.json  cities: 1 id",
            ],
        ),
    ],
)
def test_a_failure_lists_what_was_sent(connection, number, block, said):
    assert failure(number, block) == "\n".join(said)


def test_what_has_no_number_in_a_bulk_request_is_named(connection):
    app = connection.apps["cities"]
    one = {"method": "POST", "api": "/k/v1/record.json", "payload": {"app": app, "record": {}}}

    def send():
        with pytest.raises(InvalidInput):
            connection.request("POST", "bulkRequest", {"requests": [one]})

    assert failure(0, send).endswith("/k/v1/bulkRequest.json  1 request (/k/v1/record.json)")


def test_a_failure_shows_nothing_of_what_the_records_hold(connection):
    assert "Kobe" not in failure(9, change_one)


def test_an_app_without_a_key_is_shown_by_its_number(connection):
    def ask():
        with pytest.raises(NotFound):
            connection.request("GET", "records", {"app": 77})

    assert failure(0, ask).endswith("  1. GET    /k/v1/records.json  app 77")


def test_an_error_in_the_block_is_not_hidden(connection):
    with pytest.raises(ZeroDivisionError), assert_requests(5):
        _ = 1 / 0


def test_another_connection_can_be_meant(connection):
    with emulate(Country), assert_requests(0, using=connection):
        Country.objects.count()


def test_it_serves_unittest_as_well():
    class Counting(unittest.TestCase):
        def test(self):
            with emulate(Country), assert_requests(1):
                pass

    result = unittest.TestResult()
    Counting("test").run(result)
    assert [text for _, text in result.failures if "0 requests were sent" in text]
    assert result.errors == []
