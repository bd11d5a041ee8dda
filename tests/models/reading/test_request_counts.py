"""The number of requests that each plan takes, for each number of records."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from support.numbered_kintone import NumberedKintone

from kintone_orm import Model, connect, connections, fields
from kintone_orm.testing import capture_requests, emulate


class Entry(Model):
    n = fields.IntegerField()

    class Meta:
        app = "entry"


@contextmanager
def holding(count):
    """A kintone that holds so many records."""
    url, alias = "https://example.cybozu.com", "counted"
    connection = connect(
        url,
        api_token="token",
        apps={"entry": 1},
        alias=alias,
        adapter=NumberedKintone(count),
    )
    try:
        with connections.override(connection):
            yield connection
    finally:
        del connections[alias]


def requests_of(connection, rows, *, expected):
    """The number of requests in which these rows are read; the rows are the expected ones."""
    with capture_requests(connection) as sent:
        assert list(rows) == list(expected)
    return len(sent)


# Without the last page's end in its answer, a full page is followed by a request for another one.
BY_SEEK = [
    (0, 1),
    (1, 1),
    (499, 1),
    (500, 2),
    (501, 2),
    (10_000, 21),
    (10_001, 21),
    (100_000, 201),
]
# A page, the cursor, and the cursor's pages: its last one says that it is the last.
BY_CURSOR = [
    (0, 1),
    (1, 1),
    (499, 1),
    (500, 3),
    (501, 4),
    (10_000, 22),
    (10_001, 23),
    (100_000, 202),
]
# Each page begins with the last record of the page before.
BY_OFFSET = [(0, 1), (1, 1), (499, 1), (500, 2), (501, 2), (10_000, 21), (10_001, 21)]
AHEAD = pytest.mark.parametrize("ahead", [0, 1])


@AHEAD
@pytest.mark.parametrize(("count", "requests"), BY_SEEK)
def test_a_seek_reads_500_records_in_a_request(count, requests, ahead):
    with holding(count) as connection:
        rows = Entry.objects.values_list("pk", flat=True).iterator(ahead=ahead)
        assert requests_of(connection, rows, expected=range(1, count + 1)) == requests


@AHEAD
@pytest.mark.parametrize(("count", "requests"), BY_SEEK[:-1])
def test_a_descending_seek_takes_as_many(count, requests, ahead):
    with holding(count) as connection:
        rows = Entry.objects.order_by("-pk").values_list("pk", flat=True).iterator(ahead=ahead)
        assert requests_of(connection, rows, expected=range(count, 0, -1)) == requests


@AHEAD
@pytest.mark.parametrize(
    ("stop", "requests"), [(501, 2), (1_000, 2), (1_001, 3), (10_000, 20), (10_001, 21)]
)
def test_a_seek_of_a_slice_sends_no_request_after_its_end(stop, requests, ahead):
    with holding(20_000) as connection:
        rows = Entry.objects.values_list("pk", flat=True)[:stop].iterator(ahead=ahead)
        assert requests_of(connection, rows, expected=range(1, stop + 1)) == requests


@AHEAD
@pytest.mark.parametrize(("count", "requests"), BY_CURSOR)
def test_a_cursor_takes_two_requests_more_than_it_has_pages(count, requests, ahead):
    with holding(count) as connection:
        rows = Entry.objects.order_by("n").values_list("pk", flat=True).iterator(ahead=ahead)
        assert requests_of(connection, rows, expected=range(1, count + 1)) == requests
        assert connection._adapter.cursors == {}


@AHEAD
@pytest.mark.parametrize(("count", "requests"), BY_OFFSET)
def test_offsets_read_499_records_with_each_request_after_the_first(count, requests, ahead):
    with holding(count) as connection:
        entries = Entry.objects.order_by("n").values_list("pk", flat=True)
        rows = entries[:10_500].iterator(paging="OFFSET", ahead=ahead)
        assert requests_of(connection, rows, expected=range(1, count + 1)) == requests


@AHEAD
@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 10_000, 10_001, 100_000])
def test_a_slice_of_one_page_is_one_request(count, ahead):
    with holding(count) as connection:
        entries = Entry.objects.order_by("n").values_list("pk", flat=True)
        rows = entries[:500].iterator(ahead=ahead)
        expected = range(1, min(500, count) + 1)
        assert requests_of(connection, rows, expected=expected) == 1


@pytest.mark.parametrize("in_order", [True, False])
@pytest.mark.parametrize(("count", "requests"), BY_SEEK)
def test_workers_send_one_request_more_for_the_last_id(count, requests, in_order):
    with holding(count) as connection, capture_requests(connection) as sent:
        entries = Entry.objects.values_list("pk", flat=True)
        found = list(entries.iterator(workers=4, in_order=in_order))
    assert sorted(found) == list(range(1, count + 1))
    assert found == sorted(found) or not in_order
    assert len(sent) == requests + 1


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 10_001])
def test_a_list_of_a_queryset_takes_as_many_as_its_iterator(count):
    with holding(count) as connection:
        rows = Entry.objects.values_list("pk", flat=True)
        assert requests_of(connection, rows, expected=range(1, count + 1)) == count // 500 + 1


@pytest.fixture(scope="module")
def full():
    """An emulator with 501 records."""
    with emulate(Entry) as connection:
        Entry.objects.bulk_create(Entry(n=n) for n in range(1, 502))
        return connection.snapshot()


EMULATED = pytest.mark.parametrize("count", [0, 1, 499, 500, 501])


@AHEAD
@EMULATED
def test_the_emulator_answers_a_seek_in_as_many_requests(full, count, ahead):
    with emulate(like=full) as connection:
        entries = Entry.objects.filter(pk__lte=count).iterator(ahead=ahead)
        rows = (entry.n for entry in entries)
        expected = range(1, count + 1)
        assert requests_of(connection, rows, expected=expected) == dict(BY_SEEK)[count]


@AHEAD
@EMULATED
def test_the_emulator_answers_a_cursor_in_as_many_requests(full, count, ahead):
    with emulate(like=full) as connection:
        entries = Entry.objects.filter(pk__lte=count).order_by("n").iterator(ahead=ahead)
        rows = (entry.n for entry in entries)
        expected = range(1, count + 1)
        assert requests_of(connection, rows, expected=expected) == dict(BY_CURSOR)[count]
