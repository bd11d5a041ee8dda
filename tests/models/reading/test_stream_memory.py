"""A stream of records keeps its memory, and its work for a record, however many there are.

Memory is counted in blocks of Python's allocator, and work in calls: both are the same on every
machine.
"""

from __future__ import annotations

import gc
import itertools
import sys
from collections import Counter
from contextlib import contextmanager

import pytest
from support.numbered_kintone import NumberedKintone

from kintone_orm import Model, connect, connections, fields

PAGE = 500
ALIAS = "streamed"


class Item(Model):
    n = fields.IntegerField()

    class Meta:
        app = "item"


@contextmanager
def holding(count):
    """A kintone that holds so many records."""
    connection = connect(
        "https://example.cybozu.com",
        api_token="token",
        apps={"item": 1},
        alias=ALIAS,
        adapter=NumberedKintone(count),
    )
    try:
        with connections.override(connection):
            yield
    finally:
        del connections[ALIAS]


READS = {
    "by seek": lambda: Item.objects.order_by("pk").iterator(),
    "by seek, down": lambda: Item.objects.order_by("-pk").iterator(),
    "by cursor": lambda: Item.objects.order_by("n").iterator(),
    "by seek, not ahead": lambda: Item.objects.order_by("pk").iterator(ahead=0),
    "by cursor, not ahead": lambda: Item.objects.order_by("n").iterator(ahead=0),
    "by four workers": lambda: Item.objects.order_by("pk").iterator(workers=4),
    "as values": lambda: Item.objects.order_by("pk").values_list("pk", "n").iterator(),
    "of a manager's loop": lambda: iter(Item.objects),
}


@pytest.fixture(params=READS)
def read(request):
    return READS[request.param]


def most_blocks(read, pages):
    """The most blocks that were in use while so many pages were read, in the middle of a page."""
    most = 0
    with holding(pages * PAGE), _without_collections():
        before = sys.getallocatedblocks()
        for row in itertools.islice(read(), PAGE // 2, None, PAGE):
            gc.collect()
            most = max(most, sys.getallocatedblocks() - before)
            del row
    return most


@contextmanager
def _without_collections():
    gc.collect()
    gc.disable()
    gc.freeze()  # so that a collection looks only at what is made from here on
    try:
        yield
    finally:
        gc.unfreeze()
        gc.enable()


def blocks_of_a_page():
    with holding(PAGE):
        list(Item.objects.all())
        gc.collect()
        before = sys.getallocatedblocks()
        kept = list(Item.objects.all())
        gc.collect()
        assert len(kept) == PAGE
        return sys.getallocatedblocks() - before


# Pages that wait for the loop. With workers, their number depends on the order of the answers.
WAITING = {"by four workers": 13}


def test_a_long_stream_takes_no_more_memory_than_a_short_one(request, read):
    most_blocks(read, 16)  # what is made once
    short, long = most_blocks(read, 16), most_blocks(read, 64)
    assert long - short < WAITING.get(request.node.callspec.params["read"], 1) * blocks_of_a_page()


@pytest.mark.parametrize("order", ["pk", "-pk", "n"])
def test_a_stream_keeps_the_records_of_at_most_two_pages(order):
    with holding(8 * PAGE):
        stream = Item.objects.order_by(order).iterator()
        for _row in itertools.islice(stream, None, None, PAGE - 1):
            assert sum(isinstance(one, Item) for one in gc.get_objects()) <= 2 * PAGE + 1


@contextmanager
def counting_calls(calls):
    def note(frame, event, arg):
        if event == "call":
            calls[frame.f_globals.get("__name__", "").partition(".")[0]] += 1

    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(None)


@pytest.mark.parametrize("order", ["pk", "-pk", "n"])
def test_a_late_page_takes_as_many_calls_as_an_early_one(order):
    found = []
    with holding(70 * PAGE):
        stream = Item.objects.order_by(order).iterator()
        for skipped in (4, 40):
            list(itertools.islice(stream, skipped * PAGE))
            calls = Counter()
            with counting_calls(calls):
                # A cursor's ids are rearranged every few pages.
                list(itertools.islice(stream, 12 * PAGE))
            found.append(calls["kintone_orm"])
    assert found[1] < 1.02 * found[0]
