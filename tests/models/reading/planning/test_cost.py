"""The cost that explain() computes is the cost of a real read."""

from __future__ import annotations

import math
import time

import pytest

from kintone_orm import Model, fields
from kintone_orm.models.reading.planning.cost import Cost, cost_of
from kintone_orm.query.planner import Paging
from kintone_orm.testing import capture_requests, emulate

PAGE = 10


class Number(Model):
    n = fields.IntegerField()


@pytest.fixture(scope="module")
def loaded():
    with emulate(Number) as connection:
        Number.objects.bulk_create(Number(n=n) for n in range(10 * PAGE + 1))
        return connection.snapshot()


QUERYSETS = {
    "by id": lambda q: q,
    "by id, downwards": lambda q: q.order_by("-pk"),
    "from a row on": lambda q: q[3:],
    "a slice by id": lambda q: q[3:38],
    "a short slice": lambda q: q[:PAGE],
    "a slice by offset": lambda q: q.order_by("n")[5:45],
    "by a cursor": lambda q: q.order_by("-n"),
    "by a cursor, from a row on": lambda q: q.order_by("n")[7:],
    "nothing": lambda q: q.none(),
}


def cost_with_small_pages(queryset, rows):
    plan = queryset.explain()
    way = plan.paging
    if way is Paging.SINGLE and plan.most > PAGE:
        way = Paging.SEEK if plan.query.startswith("order by $id") else Paging.OFFSET
    return cost_of(way, rows, size=PAGE, start=plan.start, most=plan.most, workers=1)


@pytest.mark.parametrize("records", [0, 1, 9, 10, 11, 99, 100, 101])
@pytest.mark.parametrize("name", QUERYSETS)
def test_a_read_costs_what_was_computed(loaded, name, records):
    with emulate(like=loaded) as connection:
        queryset = QUERYSETS[name](Number.objects.filter(n__lt=records))
        with capture_requests(connection) as sent:
            rows = len(list(queryset.iterator(PAGE)))

        requests, cursors, round_trips = len(sent), 0, len(sent)
        cursors = sum(
            request.method == "POST" and request.path.endswith("cursor.json") for request in sent
        )
        assert cost_with_small_pages(queryset, rows) == Cost(requests, cursors, round_trips)


@pytest.mark.parametrize("workers", [2, 4])
@pytest.mark.parametrize("records", [0, 1, 9, 10, 11, 99, 100, 101])
def test_a_read_by_workers_costs_what_was_computed(loaded, records, workers):
    with emulate(like=loaded) as connection:
        queryset = Number.objects.filter(n__lt=records)
        with capture_requests(connection) as sent:
            assert len(list(queryset.iterator(PAGE, workers=workers))) == records

    cost = cost_of(Paging.SEEK, records, size=PAGE, start=0, most=None, workers=workers)
    # The highest id is not needed if the first page is not full.
    assert cost.requests - (records < PAGE) <= len(sent) <= cost.requests


def test_the_round_trips_of_workers_take_the_time(loaded):
    wait = 0.03

    def delay(send, request):
        time.sleep(wait)
        return send(request)

    cost = cost_of(Paging.SEEK, 101, size=PAGE, start=0, most=None, workers=4)
    assert cost == Cost(12, 0, 4)
    with emulate(like=loaded) as connection, connection.wrap(delay):
        begun = time.monotonic()
        assert len(list(Number.objects.iterator(PAGE, workers=4))) == 101
        seconds = time.monotonic() - begun
    assert cost.round_trips * wait <= seconds


@pytest.mark.parametrize(
    ("rows", "by_id", "ordered"),
    [
        (0, Cost(1, 0, 1), Cost(1, 0, 1)),
        (1, Cost(1, 0, 1), Cost(1, 0, 1)),
        (499, Cost(1, 0, 1), Cost(1, 0, 1)),
        (500, Cost(2, 0, 2), Cost(3, 1, 3)),
        (501, Cost(2, 0, 2), Cost(4, 1, 4)),
        (9_999, Cost(20, 0, 20), Cost(22, 1, 22)),
        (10_000, Cost(21, 0, 21), Cost(22, 1, 22)),
        (10_001, Cost(21, 0, 21), Cost(23, 1, 23)),
    ],
)
def test_the_cost_of_large_pages(kintone, rows, by_id, ordered):
    assert Number.objects.explain(rows=rows).cost == by_id
    with_workers = Number.objects.explain(rows=rows, workers=4).cost
    assert with_workers.requests == by_id.requests + 1
    assert with_workers.round_trips == 1 + math.ceil((by_id.requests - 1) / 4)
    assert Number.objects.order_by("n").explain(rows=rows).cost == ordered


def test_there_is_no_cost_without_a_number_of_rows(kintone):
    assert Number.objects.explain().cost is None


def test_a_slice_costs_no_more_than_all_of_its_rows(kintone):
    assert Number.objects.order_by("n")[:700].explain(rows=20_000).cost == Cost(2, 0, 2)


@pytest.mark.parametrize("stop", [2 * PAGE, 2 * PAGE + 5, 95, 10 * PAGE])
@pytest.mark.parametrize("ahead", [0, 1])
def test_a_cursor_with_more_pages_than_the_slice_takes_one_request_more(loaded, stop, ahead):
    with emulate(like=loaded) as connection, capture_requests(connection) as sent:
        found = Number.objects.order_by("n")[:stop].iterator(PAGE, paging="cursor", ahead=ahead)
        assert len(list(found)) == stop

    assert sent[-1].method == "DELETE"
    for rows, requests in [(stop, len(sent) - 1), (10 * PAGE + 1, len(sent))]:
        cost = cost_of(Paging.CURSOR, rows, size=PAGE, start=0, most=stop, workers=1)
        assert cost.requests == requests


@pytest.mark.parametrize("start", [0, 12])
def test_a_cursor_without_pages_behind_the_slice_deletes_itself(loaded, start):
    with emulate(like=loaded) as connection, capture_requests(connection) as sent:
        found = Number.objects.filter(n__lt=98).order_by("n")[start:93]
        assert len(list(found.iterator(PAGE, paging="cursor"))) == 93 - start

    assert sent[-1].method == "GET"
    cost = cost_of(Paging.CURSOR, 98 - start, size=PAGE, start=start, most=93 - start, workers=1)
    assert len(sent) == cost.requests


def test_a_loop_that_stops_inside_a_full_page_from_the_second_on_has_sent_one_request_more(loaded):
    for stop, requests in [(PAGE, 1), (PAGE + 1, 3), (2 * PAGE + 1, 4), (10 * PAGE + 1, 11)]:
        with emulate(like=loaded) as connection, capture_requests(connection) as sent:
            rows = Number.objects.iterator(PAGE)
            for _ in range(stop):
                next(rows)
            rows.close()
        assert len(sent) == requests


@pytest.mark.parametrize(
    ("cost", "text"),
    [
        (Cost(1, 0, 1), "1 request"),
        (Cost(1_001, 0, 1_001), "1,001 requests, one after the other"),
        (Cost(22, 0, 6), "22 requests in 6 round trips"),
        (Cost(2, 0, 1), "2 requests in 1 round trip"),
        (Cost(0, 0, 0), "0 requests"),
        (Cost(22, 1, 22), "22 requests, one after the other, with a cursor"),
    ],
)
def test_a_cost_in_words(cost, text):
    assert str(cost) == text
