"""The next page is requested before a page is decoded, from the second page on."""

from __future__ import annotations

import itertools

import pytest
from support.models.geography import City

from kintone_orm.emulator import Fault
from kintone_orm.exceptions import ServerBusy
from kintone_orm.models.reading.send_ahead import last_id
from kintone_orm.testing import capture_requests, emulate

NUMBER = 45  # records, read in pages of 10


@pytest.fixture(scope="module")
def loaded():
    with emulate(City) as connection:
        City.objects.bulk_create(City(name=f"c{n}", population=n) for n in range(NUMBER))
        return connection.snapshot()


@pytest.fixture
def many(loaded):
    with emulate(like=loaded) as connection:
        yield connection


ORDERS = pytest.mark.parametrize("order", ["pk", "-pk", "population"])


def reading(order, **options):
    return City.objects.order_by(order).iterator(10, **options)


@ORDERS
@pytest.mark.parametrize("ahead", [0, 1])
def test_a_whole_read_takes_as_many_requests_as_without(many, order, ahead):
    with capture_requests(many) as sent:
        found = [city.population for city in reading(order, ahead=ahead)]
    assert (len(found), len(sent)) == (NUMBER, 5 if "pk" in order else 7)


@pytest.mark.parametrize(("rows", "requests"), [(1, 1), (10, 1), (11, 3), (20, 3), (21, 4)])
def test_each_page_after_the_first_is_here_with_the_one_before_it(many, rows, requests):
    with capture_requests(many) as sent, reading("pk") as cities:
        list(itertools.islice(cities, rows))
        assert len(sent) == requests


@pytest.mark.parametrize(("rows", "requests"), [(1, 3), (10, 3), (11, 5), (21, 6)])
def test_pages_of_a_cursor_are_here_ahead_too(many, rows, requests):
    with capture_requests(many) as sent, reading("population") as cities:
        list(itertools.islice(cities, rows))
        assert len(sent) == requests


@pytest.mark.parametrize("rows", [1, 10, 11, 20, 21])
def test_without_it_each_page_is_requested_when_it_is_needed(many, rows):
    with capture_requests(many) as sent, reading("pk", ahead=0) as cities:
        list(itertools.islice(cities, rows))
        assert len(sent) == -(-rows // 10)


@pytest.mark.parametrize("ahead", [2, -1, None, "1"])
def test_no_other_number_of_pages_is_requested_ahead(many, ahead):
    with pytest.raises(ValueError, match="ahead must be 0 or 1"):
        City.objects.iterator(ahead=ahead)


def test_a_page_that_has_another_last_id_than_it_seemed_is_followed_by_its_own_next_page(many):
    """The rows of page 3 are requested by a wrong guess first, and then by the decoded id."""

    def misleading(send, request):
        response = send(request)
        if request.params["query"].startswith('$id > "10"'):
            # It seems to be the id of a record after the last one.
            text = response.body.replace(b'"totalCount"', b'"$id":{"value":"30"},"totalCount"')
            return type(response)(200, response.headers, text)
        return response

    with many.wrap(misleading), capture_requests(many) as sent:
        assert [city.id for city in reading("pk")] == list(range(1, NUMBER + 1))
    queries = [request.params["query"].split(" order")[0] for request in sent]
    assert queries[1:4] == ['$id > "10"', '$id > "30"', '$id > "20"']


@pytest.mark.parametrize("order", ["pk", "-pk"])
def test_an_error_of_the_next_page_comes_after_the_rows_of_this_one(many, order):
    many.emulator.faults.add(Fault.SERVICE_UNAVAILABLE, after=2)
    found = []
    with pytest.raises(ServerBusy):
        found.extend(city.id for city in reading(order))
    assert len(found) == 20


def test_an_error_of_a_wrapper_comes_after_the_rows_of_this_page(many):
    def breaking(send, request):
        if request.params["query"].startswith('$id > "20"'):
            raise ZeroDivisionError
        return send(request)

    found = []
    with many.wrap(breaking), pytest.raises(ZeroDivisionError):
        found.extend(city.id for city in reading("pk"))
    assert found == list(range(1, 21))


def test_an_abandoned_cursor_is_closed(many):
    with capture_requests(many) as sent, reading("population") as cities:
        list(itertools.islice(cities, 11))
    assert sent[-1].method == "DELETE"


def test_a_cursor_whose_last_page_is_here_needs_no_closing(many):
    with capture_requests(many) as sent, reading("population") as cities:
        list(itertools.islice(cities, 31))  # page 5, the last one, came with page 4
    assert sent[-1].method == "GET"


def test_a_loop_does_not_see_what_it_writes_into_the_next_page(many):
    seen = []
    for city in reading("pk"):
        if city.id == 11:
            City.objects.filter(pk=21).update(population=-1)
        seen.append(city.population)
    assert -1 not in seen


@pytest.mark.parametrize(
    ("body", "size", "expected"),
    [
        (b'{"records":[{"$id":{"type":"__ID__","value":"7"}}]}', 1, "7"),
        (b'{"records": [{"$id": {"value": "7"}}, {"$id": {"value": "8"}}]}', 2, "8"),
        (b'{"records":[{"$id":{"type":"__ID__","value":"7"}}]}', 2, None),
        (b'{"records":[{"$id":{"value":"7","type":"__ID__"}}]}', 1, "7"),
        (b'{"records":[{"$id":7}]}', 1, None),
        (b'{"records":[{"a":{"value":"\\"$id\\":{\\"value\\":\\"9\\"}"}}]}', 1, None),
        (b'{"records":[{"a":{"value":"$id"},"$id":{"value":"7"}}]}', 2, None),
        (b'{"records":[{"$id":{"value":"7"},"a":{"value":"$id"}}]}', 1, "7"),
        (b"", 1, None),
    ],
)
def test_the_last_id_is_found_in_the_bytes_of_a_full_page(body, size, expected):
    assert last_id(body, size) == expected
