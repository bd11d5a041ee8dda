"""iterator(workers=n): the records of a seek, over several connections at once."""

from __future__ import annotations

import itertools
import json
import threading
from collections import Counter

import pytest
from support.models.geography import City
from support.models.shop import Customer, Order
from support.numbered_kintone import NumberedKintone

from kintone_orm import connect, connections
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import (
    DailyBudgetExceeded,
    NotSupportedError,
    ServerBusy,
    TransportError,
)
from kintone_orm.testing import capture_requests, emulate

NUMBER = 95  # records, read in pages of 10
HOLES = {*range(3, 9), *range(30, 62), 95}  # ids that do not exist any more


@pytest.fixture(scope="module")
def dense():
    with emulate(City) as connection:
        City.objects.bulk_create(City(name=f"c{n}", population=n) for n in range(NUMBER))
        return connection.snapshot()


@pytest.fixture(scope="module")
def with_holes(dense):
    with emulate(like=dense) as connection:
        City.objects.filter(pk__in=HOLES).delete()
        return connection.snapshot()


@pytest.fixture(autouse=True)
def no_thread_is_left():
    before = threading.enumerate()
    yield
    assert threading.enumerate() == before


@pytest.fixture
def many(dense):
    with emulate(like=dense) as connection:
        yield connection


EVERY = list(range(1, NUMBER + 1))
WORKERS = pytest.mark.parametrize("workers", [2, 4, 11])


def ids(queryset, size=10, **options):
    return [city.id for city in queryset.iterator(size, **{"workers": 4, **options})]


@WORKERS
@pytest.mark.parametrize("size", [1, 7, 10, 94, 95, 96, None])
@pytest.mark.usefixtures("many")
def test_all_records_come_in_order(workers, size):
    assert ids(City.objects.all(), size, workers=workers) == EVERY


@WORKERS
@pytest.mark.usefixtures("many")
def test_the_order_may_be_descending(workers):
    assert ids(City.objects.order_by("-pk"), workers=workers) == EVERY[::-1]


@WORKERS
@pytest.mark.parametrize("order", ["pk", "-pk"])
def test_ids_may_have_holes(with_holes, workers, order):
    with emulate(like=with_holes):
        expected = sorted(set(EVERY) - HOLES, reverse=order == "-pk")
        assert ids(City.objects.order_by(order), workers=workers) == expected


@pytest.mark.parametrize("order", ["pk", "-pk"])
@pytest.mark.usefixtures("many")
def test_a_filter_applies_to_every_range(order):
    found = ids(City.objects.filter(population__gte=20, population__lt=71).order_by(order), 4)
    assert sorted(found) == list(range(21, 72))


@pytest.mark.usefixtures("many")
def test_pages_may_come_in_any_order():
    assert Counter(ids(City.objects.all(), in_order=False)) == Counter(EVERY)


def test_without_order_a_page_that_is_late_keeps_no_other_waiting(many):
    late = threading.Event()

    def delaying(send, request):
        if 'and $id <= "20"' in request.params["query"]:
            assert late.wait(60)
        return send(request)

    with many.wrap(delaying):
        cities = City.objects.iterator(10, workers=2, in_order=False)
        found = [city.id for city in itertools.islice(cities, 20)]
        late.set()
        found += [city.id for city in cities]
    assert found[:20] == [*range(1, 11), *range(21, 31)]
    assert sorted(found) == EVERY


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (lambda: City.objects.values_list("pk", flat=True), EVERY),
        (lambda: City.objects.values("population"), [{"population": n} for n in range(NUMBER)]),
        (lambda: City.objects.values_list("population", flat=True), list(range(NUMBER))),
    ],
)
@pytest.mark.usefixtures("many")
def test_values_are_read_too(read, expected):
    assert list(read().iterator(10, workers=4)) == expected


def test_related_records_are_read_with_each_page(kintone):
    Customer.objects.bulk_create(Customer(code=code) for code in "ab")
    Order.objects.bulk_create(Order(number=n, customer_code="ab"[n % 2]) for n in range(20))
    with capture_requests(kintone) as sent:
        orders = Order.objects.select_related("customer").iterator(4, workers=3)
        assert [order.customer.code for order in orders] == ["a", "b"] * 10
    assert len(sent) == 8


@pytest.mark.usefixtures("many")
def test_fields_may_be_deferred():
    (city, *_) = City.objects.only("name").iterator(10, workers=4)
    assert "population" in city.get_deferred_fields()


@pytest.mark.usefixtures("many")
def test_no_records_are_found_in_the_first_two_requests():
    assert ids(City.objects.filter(population=-1)) == []
    assert ids(City.objects.none()) == []


# -- requests -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("records", "requests"),
    [(0, 2), (9, 2), (10, 3), (11, 3), (19, 3), (20, 4), (90, 11), (94, 11), (95, 11)],
)
def test_dense_ids_take_one_request_more_than_a_seek(many, records, requests):
    with capture_requests(many) as sent:
        assert len(ids(City.objects.filter(population__lt=records))) == records
    assert len(sent) == requests


@pytest.mark.parametrize("workers", [2, 4])
@pytest.mark.parametrize("order", ["pk", "-pk"])
@pytest.mark.parametrize(
    ("records", "requests"),
    [(0, 2), (1, 2), (499, 2), (500, 3), (501, 3), (10_000, 22), (10_001, 22), (100_000, 202)],
)
def test_pages_of_500_take_as_many_requests_as_explain_says(records, requests, order, workers):
    connection = connect(
        "https://counted.cybozu.com",
        api_token="token",
        apps={"cities": 1},
        adapter=NumberedKintone(records),
        alias="counted",
    )
    cities = City.objects.using(connection).order_by(order).values_list("pk", flat=True)
    expected = range(1, records + 1) if order == "pk" else range(records, 0, -1)
    explanation = cities.explain(rows=records, workers=workers)
    with capture_requests(connection) as sent:
        assert list(cities.iterator(workers=workers)) == list(expected)
    del connections["counted"]
    assert len(sent) == requests
    assert explanation.cost is not None
    assert explanation.cost.requests == requests


@pytest.mark.parametrize("read", [lambda q: q.order_by("name"), lambda q: q[:5]])
@pytest.mark.usefixtures("many")
def test_explain_refuses_what_the_iterator_refuses(read):
    with pytest.raises(NotSupportedError, match="workers=4"):
        read(City.objects.all()).explain(workers=4)


def test_the_first_page_and_the_last_id_are_requested_first(many):
    with capture_requests(many) as sent:
        next(City.objects.iterator(10, workers=4))
    queries = {request.params["query"]: request.params["fields"] for request in sent}
    assert set(itertools.islice(queries, 2)) == {
        "order by $id asc limit 10",
        "order by $id desc limit 1",
    }
    assert queries["order by $id desc limit 1"] == ["$id"]


def test_one_worker_reads_as_before(many):
    with capture_requests(many) as sent:
        assert ids(City.objects.all(), workers=1) == EVERY
    assert len(sent) == 10
    assert not any("<=" in request.params["query"] for request in sent)


@WORKERS
def test_a_loop_that_waits_has_few_pages_ready(many, workers):
    with capture_requests(many) as sent, City.objects.iterator(1, workers=workers) as cities:
        next(cities)
        # the first page, the last id, and the pages that are under way or ready
        assert len(sent) <= 2 + 2 * workers
    assert len(sent) <= 2 + 2 * workers


def test_requests_run_at_once(many):
    barrier = threading.Barrier(4, timeout=60)

    def meeting(send, request):
        if "<=" in request.params["query"] and barrier.n_waiting + 1 <= 4 and not met:
            barrier.wait()
            met.append(True)
        return send(request)

    met: list[bool] = []
    with many.wrap(meeting):
        assert ids(City.objects.all()) == EVERY
    assert met


@pytest.fixture
def connecting(many):
    """A function that makes another connection to the emulator of `many`."""
    username, password = many.emulator.credentials

    def make(**options):
        return connect(
            "https://limited.cybozu.com",
            username=username,
            password=password,
            apps=many.apps,
            adapter=many.emulator.adapter(),
            alias="limited",
            **options,
        )

    yield make
    del connections["limited"]


def test_a_connection_that_sends_one_request_at_once_is_enough(connecting):
    assert ids(City.objects.using(connecting(max_concurrency=1))) == EVERY


def test_each_request_counts_for_the_daily_budget(connecting):
    connection, found = connecting(daily_budget=6), []
    with pytest.raises(DailyBudgetExceeded):
        found.extend(city.id for city in City.objects.using(connection).iterator(10, workers=4))
    assert found == EVERY[: len(found)]
    assert connection.usage().total == 6


def test_threads_use_the_connection_of_override(many, dense):
    with emulate(like=dense):
        City.objects.all().delete()
        with connections.override(many):
            assert ids(City.objects.all()) == EVERY


def test_requests_are_not_sent_again_where_override_switches_it_off(dense):
    with emulate(like=dense, retry=True) as connection, connections.override(retry=False):
        connection.emulator.faults.add(Fault.SERVICE_UNAVAILABLE, after=3)
        with pytest.raises(ServerBusy):
            ids(City.objects.all())


# -- failures -------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", range(11))
@pytest.mark.parametrize(
    "fault",
    [
        Fault.SERVICE_UNAVAILABLE,
        Fault.TOO_MANY_REQUESTS,
        Fault.LOST_ANSWER,
        Fault.LOST_REQUEST,
        Fault.TRUNCATED_BODY,
        Fault.IN_MAINTENANCE,
    ],
)
@pytest.mark.parametrize("order", ["pk", "-pk"])
def test_a_request_that_fails_once_is_sent_again(dense, after, fault, order):
    with emulate(like=dense, retry=True) as connection:
        connection.emulator.faults.add(fault, after=after)
        expected = EVERY if order == "pk" else EVERY[::-1]
        assert ids(City.objects.order_by(order)) == expected


@pytest.mark.parametrize("every", range(2, 7))
@pytest.mark.parametrize("in_order", [True, False])
def test_every_few_requests_may_fail(dense, every, in_order):
    number = itertools.count(1)

    def failing(send, request):
        if next(number) % every == 0:
            connection.emulator.faults.add(Fault.SERVICE_UNAVAILABLE)
        return send(request)

    with emulate(like=dense, retry=True) as connection, connection.wrap(failing):
        found = ids(City.objects.all(), in_order=in_order)
    assert sorted(found) == EVERY
    assert found == EVERY or not in_order


@pytest.mark.parametrize("in_order", [True, False])
@pytest.mark.parametrize("after", range(11))
def test_a_request_that_fails_for_good_ends_the_read(many, after, in_order):
    many.emulator.faults.add(Fault.SERVICE_UNAVAILABLE, after=after, times=None)
    found = []
    with pytest.raises(ServerBusy):
        found.extend(city.id for city in City.objects.iterator(10, workers=4, in_order=in_order))
    assert len(set(found)) == len(found)
    if in_order:
        assert found == EVERY[: len(found)]


def test_an_error_of_a_later_page_comes_after_the_rows_before_it(many):
    def breaking(send, request):
        if '$id > "40"' in request.params["query"]:
            raise ZeroDivisionError
        return send(request)

    found = []
    with many.wrap(breaking), pytest.raises(ZeroDivisionError):
        found.extend(city.id for city in City.objects.iterator(10, workers=4))
    assert found == EVERY[:40]


# -- answers that are not kintone's ---------------------------------------------------------------


def answering(connection, query, change):
    """Change the records of the answer to the request whose query has this part."""

    def wrapper(send, request):
        response = send(request)
        if query not in request.params["query"]:
            return response
        answer = json.loads(response.body)
        answer["records"] = change(answer["records"])
        return type(response)(200, response.headers, json.dumps(answer).encode())

    return connection.wrap(wrapper)


def with_id(record, id_):
    return {**record, "$id": {"type": "__ID__", "value": str(id_)}}


CHANGES = {
    "in another order": (lambda records: records[::-1], "not in the order of their ids"),
    "of the range before": (
        lambda records: [with_id(records[0], 20), *records[1:]],
        "the record 20, which was not requested",
    ),
    "of the range behind": (
        lambda records: [*records[:-1], with_id(records[-1], 31)],
        "the record 31, which was not requested",
    ),
    "twice": (lambda records: [records[0], *records[:9]], "the record 21 twice"),
    "too many": (lambda records: [*records, with_id(records[0], 31)], "11 records"),
    "without ids": (lambda records: [{"number": records[0]["number"]}], "no .id"),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("in_order", [True, False])
def test_an_answer_that_is_not_kintones_is_refused(many, change, in_order):
    (records, message), found = CHANGES[change], []
    with answering(many, '$id > "20"', records), pytest.raises(TransportError, match=message):
        found.extend(c.id for c in City.objects.iterator(10, workers=4, in_order=in_order))
    assert not set(found) & set(range(21, 31))
    if in_order:
        assert found == EVERY[:20]


def test_an_answer_to_the_question_for_the_last_id_that_is_not_kintones_is_refused(many):
    with (
        answering(many, "desc limit 1", lambda _: [{}]),
        pytest.raises(TransportError, match="no .id"),
    ):
        ids(City.objects.all())


@pytest.mark.parametrize("last", [1, 10, 50, 10**9])
def test_a_wrong_last_id_makes_reading_slow_but_not_wrong(many, last):
    with answering(many, "desc limit 1", lambda records: [with_id(records[0], last)]):
        assert ids(City.objects.all(), 10) == EVERY


# -- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [0, -1, 101, True, 2.0, "4", None])
def test_a_number_of_workers_that_cannot_be_is_refused(workers):
    message = f"workers must be a whole number from 1 to 100, not {workers!r}"
    with pytest.raises(ValueError, match=message):
        City.objects.iterator(workers=workers)


@pytest.mark.parametrize("in_order", [0, None, "no"])
def test_in_order_is_true_or_false(in_order):
    with pytest.raises(ValueError, match="in_order must be True or False"):
        City.objects.iterator(workers=2, in_order=in_order)


@pytest.mark.parametrize(
    ("read", "advice"),
    [
        (lambda: City.objects.order_by("name"), 'by .order_by\\("pk"\\)'),
        (lambda: City.objects.all()[:5], "Filter by pk__gt"),
        (lambda: City.objects.all()[5:], "Filter by pk__gt"),
        (lambda: City.objects.all()[:2_000], "Filter by pk__gt"),
    ],
)
def test_what_ranges_of_ids_cannot_read_is_refused_before_a_request(many, read, advice):
    with capture_requests(many) as sent, pytest.raises(NotSupportedError, match=advice):
        read().iterator(workers=4)
    assert sent == []


@pytest.mark.parametrize("paging", ["cursor", "offset"])
@pytest.mark.usefixtures("many")
def test_another_paging_is_refused(paging):
    with pytest.raises(NotSupportedError):
        City.objects.iterator(workers=4, paging=paging)


@pytest.mark.usefixtures("many")
def test_seeking_is_the_paging_of_workers():
    assert ids(City.objects.all(), paging="seek") == EVERY


def test_long_texts_are_compared_again(many):
    text = "x" * 70
    City.objects.filter(pk__in=[3, 94]).update(name=f"{text}!")
    City.objects.filter(pk__in=[5, 95]).update(name=f"{text}?")
    many.short_texts.clear()
    assert ids(City.objects.filter(name=f"{text}!"), 1) == [3, 94]
