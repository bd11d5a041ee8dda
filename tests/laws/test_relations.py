"""Law: every way of fetching a related record gives the record that a plain search finds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.models.shop import Customer, Order, Region

from kintone_orm.models import FETCH_ONE, FETCH_PEERS, prefetch_related_objects
from kintone_orm.testing import assert_requests, capture_requests, emulate

CODES = ["a", "b", "c", "d"]
WAYS = {
    "peers": lambda: list(Order.objects.fetch_mode(FETCH_PEERS)),
    "one": lambda: list(Order.objects.fetch_mode(FETCH_ONE)),
    "selected": lambda: list(Order.objects.select_related("customer")),
    "prefetched": lambda: list(Order.objects.prefetch_related("customer__region")),
    "partial": lambda: list(Order.objects.only("number")),
    "by hand": lambda: prefetched(list(Order.objects.all())),
    "in small pages": lambda: list(Order.objects.select_related("customer").iterator(2)),
    "in bulk": lambda: sorted(
        Order.objects.select_related("customer").in_bulk().values(), key=lambda each: each.pk
    ),
}


def prefetched(orders):
    prefetch_related_objects(orders, "customer")
    return orders


def customer_of(order):
    try:
        return order.customer and order.customer.code
    except Customer.DoesNotExist:
        return "gone"


@pytest.fixture(scope="module")
def connection():
    with emulate(Order) as connection:
        yield connection


def start(connection, wanted, gone):
    for model in (Order, Customer, Region):
        model.objects.all().delete()
    Region.objects.create(code="r", name="North")
    Customer.objects.bulk_create([Customer(code=each, region_code="r") for each in CODES])
    Order.objects.bulk_create([Order(number=n, customer_code=c) for n, c in enumerate(wanted)])
    if gone:
        Customer.objects.filter(code__in=gone).delete()
    return [("gone" if each in gone else each) if each else None for each in wanted]


@given(
    wanted=st.lists(st.sampled_from(["", *CODES]), max_size=7),
    gone=st.sets(st.sampled_from(CODES)),
    way=st.sampled_from(sorted(WAYS)),
)
def test_every_way_finds_the_same_record(connection, wanted, gone, way):
    expected = start(connection, wanted, gone)
    orders = WAYS[way]()
    assert [customer_of(order) for order in orders] == expected
    with assert_requests(0):  # and no key is requested twice
        assert [customer_of(order) for order in orders] == expected


@given(
    wanted=st.lists(st.sampled_from(["", *CODES]), max_size=7),
    gone=st.sets(st.sampled_from(CODES)),
)
def test_a_loop_costs_one_request_for_the_page_and_one_for_its_keys(connection, wanted, gone):
    start(connection, wanted, gone)
    with capture_requests(connection) as requests:
        for order in Order.objects.all():
            customer_of(order)
    assert len(requests) == 1 + bool(set(wanted) - {""})


@given(wanted=st.lists(st.sampled_from(["", *CODES]), max_size=9))
def test_the_records_that_refer_to_one_are_those_that_a_filter_finds(connection, wanted):
    start(connection, wanted, set())
    for customer in Customer.objects.prefetch_related("orders", "urgent_orders"):
        assert list(customer.orders) == list(Order.objects.filter(customer_code=customer.code))
        assert list(customer.urgent_orders) == []
