"""An iteration remembers the related records that it has read, and forgets them when it ends."""

from __future__ import annotations

import gc
import sys
import weakref

import pytest
from support.models.shop import Customer, Order, Region, shop

from kintone_orm.models.record import related_memory
from kintone_orm.models.record.related_memory import RelatedMemory
from kintone_orm.testing import assert_requests


@pytest.fixture
def memory():
    return RelatedMemory()


HOME = (None, 1)


def customer(code):
    return Customer(code=code)


def learned(memory, *codes, last_write=None, keep=True):
    records = {code: customer(code) for code in codes}
    return memory.of("customer", keep=keep).learn(HOME, records, last_write)


def known(memory, *codes, last_write=None, source="customer", home=HOME):
    return memory.of(source).recall(home, codes, last_write)


def test_a_record_is_recalled_by_its_key(memory):
    record = learned(memory, "a")["a"]
    assert known(memory, "a", "b") == {"a": record}


def test_a_key_that_no_record_has_is_recalled_as_none(memory):
    memory.of("customer").learn(HOME, {"a": None}, None)
    assert known(memory, "a", "b") == {"a": None}


def test_relations_connections_and_apps_do_not_share_keys(memory):
    held = learned(memory, "a")
    assert known(memory, "a", source="payer") == {}
    assert known(memory, "a", home=(None, 2)) == {}
    assert known(memory, "a", home=("other", 1)) == {}
    assert held


def test_what_was_read_before_a_write_is_not_recalled(memory):
    held = learned(memory, "a", last_write="first")
    assert known(memory, "a", last_write="second") == {}
    assert held


def test_an_object_of_the_same_revision_is_used_on_after_a_write(kintone):
    shop(customers=2, orders=0)
    memory, first, again = RelatedMemory(), Customer.objects.first(), Customer.objects.first()
    memory.of("customer").learn(HOME, {"c0": first}, "first")
    assert memory.of("customer").learn(HOME, {"c0": again}, "second")["c0"] is first
    assert known(memory, "c0", last_write="second")["c0"] is first


@pytest.mark.parametrize("key", ["c0", "c1"])
def test_another_revision_or_another_record_replaces_the_object(kintone, key):
    shop(customers=2, orders=0)
    memory, first = RelatedMemory(), Customer.objects.get(code="c0")
    memory.of("customer").learn(HOME, {"key": first}, "first")
    Customer.objects.filter(code="c0").update(name="Other")
    again = Customer.objects.get(code=key)
    assert memory.of("customer").learn(HOME, {"key": again}, "second")["key"] is again


def test_the_records_used_last_are_kept_alive(memory, monkeypatch):
    monkeypatch.setattr(related_memory, "MOST_KEPT", 2)
    learned(memory, "a", "b")
    known(memory, "a")
    learned(memory, "c")
    gc.collect()
    assert known(memory, "a", "b", "c").keys() == {"a", "c"}


def test_absent_keys_count_among_those_that_are_kept(memory, monkeypatch):
    monkeypatch.setattr(related_memory, "MOST_KEPT", 2)
    memory.of("customer").learn(HOME, {"a": None, "b": None, "c": None}, None)
    assert known(memory, "a", "b", "c") == {"b": None, "c": None}


def test_a_record_that_something_else_holds_is_remembered_beyond_the_limit(memory, monkeypatch):
    monkeypatch.setattr(related_memory, "MOST_KEPT", 2)
    held = learned(memory, "a", "b", "c", "d")
    assert known(memory, *held) == held


def test_without_keep_a_record_is_remembered_while_something_else_holds_it(memory):
    held = learned(memory, "a", keep=False)
    assert memory.of("customer", keep=False).recall(HOME, "a", None) == held
    held.clear()
    gc.collect()
    assert known(memory, "a") == {}


def test_entries_of_dropped_records_are_removed(memory, monkeypatch):
    monkeypatch.setattr(related_memory, "MOST_KEPT", 10)
    for number in range(1_000):
        learned(memory, str(number))
    gc.collect()
    assert len(memory._entries) == 10


class Other:
    """An object in place of a record, which costs little."""


@pytest.mark.parametrize("make", [Other, lambda: None])
def test_the_memory_grows_no_further_beyond_the_limit(memory, make):
    def learn(first):
        for number in range(first, first + 5_000):
            memory.of("customer").learn(HOME, {number: make()}, None)
        gc.collect()
        return sys.getallocatedblocks()

    assert learn(5_000) - learn(0) < 100


def test_closing_forgets_everything_and_nothing_is_learned_afterwards(memory):
    record = weakref.ref(learned(memory, "a")["a"])
    memory.close()
    assert record() is None
    held = learned(memory, "b")
    assert held["b"].code == "b"
    assert known(memory, "a", "b") == {}


# -- the memory of an iteration --------------------------------------------------------------------


def customers_alive():
    gc.collect()
    return sum(isinstance(one, Customer) for one in gc.get_objects())


@pytest.fixture
def many(kintone):
    shop(customers=30, orders=30)


def read_three(orders):
    for _ in range(3):
        assert next(orders).customer.region.name


def test_a_streaming_read_keeps_no_more_related_records_than_the_limit(many, monkeypatch):
    monkeypatch.setattr(related_memory, "MOST_KEPT", 5)
    seen, alive = [], 0
    for order in Order.objects.iterator(chunk_size=2):
        seen.append(weakref.ref(order.customer))
        alive = max(alive, sum(one() is not None for one in seen))
    assert len(seen) == 30
    assert alive <= 5 + 2 * 2  # those of two pages, which their own orders keep


def test_a_streaming_read_keeps_no_pages_alive(many):
    orders = Order.objects.iterator(chunk_size=2)
    first = next(orders)
    assert first.customer.region.name
    first = weakref.ref(first)
    read_three(orders)
    gc.collect()
    assert first() is None
    orders.close()


def ended(orders):
    for order in orders:
        assert order.customer


def closed(orders):
    read_three(orders)
    orders.close()


def abandoned(orders):
    read_three(orders)


def failed(orders):
    def read():
        for order in orders:
            assert order.customer
            assert 1 / (order.number - 3)

    with pytest.raises(ZeroDivisionError):
        read()


@pytest.mark.parametrize("way", [ended, closed, abandoned, failed])
def test_no_related_record_outlives_its_iteration(many, way):
    before = customers_alive()
    way(Order.objects.iterator(chunk_size=2))
    assert customers_alive() == before


def test_a_record_that_is_held_keeps_its_own_related_record(many):
    orders = Order.objects.iterator(chunk_size=2)
    first = next(orders)
    buyer = first.customer
    orders.close()
    with assert_requests(0):
        assert first.customer is buyer


def test_after_the_end_each_page_reads_its_own(kintone):
    shop(customers=2, orders=8)
    orders = list(Order.objects.iterator(chunk_size=2))
    with assert_requests(4):
        assert [order.customer.code for order in orders] == ["c0", "c1"] * 4


def test_lists_of_records_are_not_kept_by_the_memory(kintone):
    shop(customers=4, orders=4)
    orders = Order.objects.prefetch_related("customer__orders").iterator(chunk_size=1)
    first = weakref.ref(next(orders).customer)
    next(orders)
    gc.collect()
    assert first() is None
    orders.close()


def test_the_related_records_of_related_records_are_kept_as_well(kintone):
    shop(customers=4, orders=8)
    regions = set()
    with assert_requests(5 + 2 + 1):  # pages; new customers on two of them; the regions
        for order in Order.objects.iterator(chunk_size=2):
            regions.add(order.customer.region)
    assert regions == set(Region.objects.all())
