"""Programs that come to an end although connections are closed and requests fail."""

from __future__ import annotations

import itertools
import time

import pytest
from support.faults.served import serving_emulators
from support.faults.wire_faults import FAULTS
from support.faults.wired import wired

from kintone_orm import Model, connections, fields
from kintone_orm.testing import emulate

RECORDS, PAGE = 100, 5
EVERY = 50
FAILURES = ["dropped before", "503 page before", "reset after", "body cut", "GAIA_TO04"]


class Item(Model):
    code = fields.SingleLineTextField()
    n = fields.IntegerField()


@pytest.fixture(scope="module")
def served():
    with serving_emulators() as served:
        yield served


@pytest.fixture
def inside():
    with emulate(Item) as connection:
        Item.objects.bulk_create(Item(code=f"c{n}", n=n) for n in range(RECORDS))
        yield connection


def test_a_proxy_that_closes_idle_connections_breaks_no_save_and_no_read(served, inside):
    wire = wired(served, inside, idle=0.002)
    with wire as (connection, _), connections.override(connection):
        items = list(Item.objects.all())
        for number in range(150):
            item = items[number % RECORDS]
            item.n += 1000
            time.sleep(number % 4 * 0.001)
            item.save()
            if number % 5 == 0:
                assert Item.objects.get(pk=item.pk).n == item.n
    with connections.override(inside):
        stored = Item.objects.values_list("n", "revision")
    times = [2 if n < 150 - RECORDS else 1 for n in range(RECORDS)]
    assert [*stored] == [(n + 1000 * saved, 1 + saved) for n, saved in enumerate(times)]


@pytest.mark.parametrize(
    "items",
    [
        lambda: Item.objects.iterator(PAGE),
        lambda: Item.objects.order_by("-n")[:RECORDS].iterator(PAGE),
        lambda: Item.objects.iterator(PAGE, workers=4),
    ],
    ids=["by id", "by offset", "by workers"],
)
def test_twenty_reads_of_twenty_pages_come_to_an_end(served, inside, items):
    failures = itertools.cycle(FAULTS[name] for name in FAILURES)

    def spoiling(number):
        return next(failures) if number % EVERY == EVERY - 1 else None

    with wired(served, inside) as (connection, proxy), connections.override(connection):
        proxy.spoil_by(spoiling)
        for _ in range(20):
            assert sorted(item.n for item in items()) == [*range(RECORDS)]
    assert len(proxy.arrived) > 20 * RECORDS / PAGE
