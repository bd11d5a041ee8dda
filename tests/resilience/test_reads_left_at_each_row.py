"""A read that is left at any row, in any way, leaves no cursor and no thread.

Around the borders of pages, the answer to the next request may be here already. If it was the last
one of a cursor, there is no cursor to delete any more.
"""

from __future__ import annotations

import gc
import threading
from itertools import islice

import pytest
from support.faults.five_pages import PLANS, ROWS, holding_nine

from kintone_orm.testing import capture_requests, emulate


@pytest.fixture(scope="module")
def loaded():
    return holding_nine()


@pytest.fixture
def nine(loaded):
    with emulate(like=loaded) as connection:
        yield connection


class Stop(Exception):
    """The exception of a loop."""


# -- the ways to leave a read after some rows ------------------------------------------------------


def by_break(read, number):
    for place, _ in enumerate(read(), 1):
        if place == number:
            break


def by_an_exception(read, number):
    def loop():
        for place, _ in enumerate(read(), 1):
            if place == number:
                raise Stop

    with pytest.raises(Stop):
        loop()


def by_close(read, number):
    rows = read()
    assert len(list(islice(rows, number))) == number
    rows.close()
    rows.close()


def by_a_with_block(read, number):
    with read() as rows:
        list(islice(rows, number))


def by_del(read, number):
    rows = read()
    list(islice(rows, number))
    del rows


def by_the_garbage_collector(read, number):
    rows = read()
    list(islice(rows, number))
    circle = [rows]
    circle.append(circle)
    del rows, circle
    gc.collect(1)  # the old objects of the suite have nothing to do with it


def by_another_thread(read, number):
    rows = read()
    list(islice(rows, number))
    thread = threading.Thread(target=rows.close)
    thread.start()
    thread.join()


def by_a_thread_that_ends(read, number):
    thread = threading.Thread(target=by_del, args=(read, number))
    thread.start()
    thread.join()


WAYS = (
    by_break,
    by_an_exception,
    by_close,
    by_a_with_block,
    by_del,
    by_the_garbage_collector,
    by_another_thread,
    by_a_thread_that_ends,
)


@pytest.fixture
def no_garbage_collector():
    """Until the end of the test, the garbage collector runs only where it is called."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_garbage_collector")
@pytest.mark.parametrize("plan", ["seek", "cursor"])
@pytest.mark.parametrize("ahead", [0, 1])
@pytest.mark.parametrize("way", WAYS)
def test_it_leaves_no_cursor_and_no_thread(nine, plan, ahead, way):
    threads = threading.enumerate()
    for number in range(1, len(ROWS) + 1):
        way(lambda: PLANS[plan].read(ahead=ahead), number)
        assert not nine.emulator._domain.cursors._cursors, number
    assert threading.enumerate() == threads


# The number of rows that were used, and the last request that was sent.
@pytest.mark.parametrize(
    ("ahead", "number", "last"),
    [
        (0, 6, "DELETE"),  # page 3
        (1, 6, "DELETE"),  # page 3, and page 4 is here
        (0, 7, "DELETE"),  # page 4
        (1, 7, "GET"),  # page 4, and the last page is here
        (1, 8, "GET"),
        (0, 9, "GET"),  # the last page
        (1, 9, "GET"),
    ],
)
def test_a_cursor_is_deleted_unless_its_last_page_is_here(nine, ahead, number, last):
    with capture_requests(nine) as sent:
        by_close(lambda: PLANS["cursor"].read(ahead=ahead), number)
    assert sent[-1].method == last


@pytest.mark.parametrize("ahead", [0, 1])
def test_an_error_that_nobody_asked_for_is_not_raised(nine, ahead):
    """Page 4 fails, but the loop ends in page 3."""

    def failing(send, request):
        if request.method == "GET" and '$id > "6"' in str(request.params.get("query")):
            raise ZeroDivisionError
        return send(request)

    with nine.wrap(failing):
        by_break(lambda: PLANS["seek"].read(ahead=ahead), 6)
