"""A slice by offset while others write: pages overlap by a row, which shows if rows have moved."""

from __future__ import annotations

import pytest
from support.models.geography import City, cities
from support.oauth import using_oauth

from kintone_orm import Model, fields
from kintone_orm.exceptions import NotSupportedError
from kintone_orm.testing import assert_requests, capture_requests, emulate

RECORDS, CURSOR = "/k/v1/records.json", "/k/v1/records/cursor.json"


@pytest.fixture(scope="module")
def loaded():
    with emulate(City) as connection:
        City.objects.bulk_create(cities(1203))
        return connection.snapshot()


@pytest.fixture
def many(loaded):
    with emulate(like=loaded) as connection:
        yield connection


class Meanwhile:
    """Call a function before the requests of these numbers, counted from 0."""

    def __init__(self, act, *numbers):
        self._act, self._numbers, self._sent = act, numbers, -1
        self._acting = False

    def __call__(self, send, request):
        if not self._acting:
            self._sent += 1
            if self._sent in self._numbers:
                self._acting = True
                self._act()
                self._acting = False
        return send(request)


def row(n):
    """The n-th of the rows by population."""
    return City.objects.filter(population=(n + 1) * 1000)


MOVES = {
    "a row before is deleted": lambda: row(3).delete(),
    "a row comes before": lambda: City.objects.create(name="New", population=1),
    "the boundary is deleted": lambda: row(499).delete(),
    "the boundary is changed": lambda: row(499).update(notes="x"),
    "the boundary moves away": lambda: row(499).update(population=2_000_000),
    "a row moves behind": lambda: row(3).update(population=2_000_000),
    "all are gone": lambda: City.objects.filter(population__gt=3000).delete(),
    "it stands in its old place again": lambda: (
        row(3).delete(),
        row(499).update(population=501_500),
    ),
}
NAMES = {
    "instances": lambda found: [item.name for item in found],
    "values": lambda found: [value["name"] for value in found.values("name")],
}


@pytest.mark.parametrize("read", NAMES)
@pytest.mark.parametrize("move", MOVES)
def test_a_slice_whose_rows_moved_is_read_again_from_its_start(many, move, read):
    queryset = City.objects.order_by("population")[:1000]
    with capture_requests(many) as sent, many.wrap(Meanwhile(MOVES[move], 1)):
        found = NAMES[read](queryset)

    assert found == [city.name for city in City.objects.order_by("population")][:1000]
    offsets = [
        request.params["query"] for request in sent if "population asc" in str(request.params)
    ]
    assert sum("offset" not in query for query in offsets) >= 2


def test_a_change_of_other_rows_is_no_reason_to_read_again(many):
    with many.wrap(Meanwhile(lambda: row(3).update(notes="x"), 1)), assert_requests(3 + 2):
        assert len(City.objects.order_by("population")[:1000]) == 1000


def test_rows_that_move_each_time_are_read_by_a_cursor(many):
    with capture_requests(many) as sent, many.wrap(Meanwhile(MOVES["a row comes before"], 1, 3)):
        found = [city.population for city in City.objects.order_by("population")[3:1001]]

    assert found == [n * 1000 for n in range(2, 1000)]
    read = [request for request in sent if request.method == "GET" or request.path == CURSOR]
    assert [each.path for each in read] == [RECORDS] * 4 + [CURSOR] * 4


def test_where_there_are_no_cursors_the_remedy_is_named(many):
    with (
        using_oauth(many) as by_oauth,
        by_oauth.wrap(Meanwhile(MOVES["a row comes before"], 1, 3)),
        pytest.raises(
            NotSupportedError,
            match="at most 500 rows at once, order by id, or connect with a pass",
        ),
    ):
        list(City.objects.order_by("population")[:1000])


@pytest.mark.parametrize(
    ("start", "stop", "requests"), [(0, 501, 2), (600, 1200, 2), (0, 1000, 3), (0, 2000, 3)]
)
def test_pages_overlap_by_a_row(many, start, stop, requests):
    with assert_requests(requests):
        found = City.objects.order_by("-population").values_list("pk", flat=True)[start:stop]
        assert list(found) == list(range(1203, 0, -1))[start:stop]


def test_a_page_that_is_short_is_the_last(many):
    some = City.objects.filter(pk__lte=500).order_by("population")
    with assert_requests(2):
        assert len(some[:1100]) == 500
    with assert_requests(1):
        assert len(some[1:1100]) == 499


class Number(Model):
    n = fields.IntegerField()


def test_the_last_pages_begin_at_the_last_offset():
    with emulate(Number):
        Number.objects.bulk_create(Number(n=n) for n in range(10_600))
        for start, stop, requests in [(0, 10_000, 21), (9_500, 10_500, 3), (9_900, 10_450, 2)]:
            with assert_requests(requests):
                found = Number.objects.order_by("n").values_list("n", flat=True)[start:stop]
                assert list(found) == list(range(start, stop))
            explanation = Number.objects.order_by("n")[start:stop].explain()
            assert explanation.requests_for(stop - start) == requests


def test_pages_of_one_row_are_of_two(many):
    found = City.objects.order_by("population")[:5].iterator(1, paging="offset")
    with assert_requests(4):
        assert [item.pk for item in found] == [1, 2, 3, 4, 5]


def test_the_guarantee_is_explained(kintone):
    explanation = City.objects.order_by("name")[:1000].explain()
    assert explanation.guarantee.startswith("No row comes twice, and between the first row and")
    assert "3 at most" in str(explanation)
