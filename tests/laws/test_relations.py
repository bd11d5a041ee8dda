"""Law: every way of fetching a related record gives the record that a plain search finds.

On each page of an iteration that is the search of that moment, whatever the program wrote before.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples
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


# -- the pages of one iteration --------------------------------------------------------------------


def rename(codes):
    for customer in Customer.objects.filter(code__in=codes):
        customer.name += "!"
        customer.save()


ACTIONS = {
    "nothing": lambda _codes, _known: None,
    "delete": lambda codes, _known: Customer.objects.filter(code__in=codes).delete(),
    "create": lambda codes, _known: [Customer.objects.get_or_create(code=each) for each in codes],
    "update": lambda codes, _known: Customer.objects.filter(code__in=codes).update(name="other"),
    "rename": lambda codes, _known: rename(codes),
    "save what the loop got": lambda codes, known: [
        known[each].save(check_revision=False, update_fields=["name"])
        for each in codes
        if each in known and Customer.objects.filter(pk=known[each].pk).exists()
    ],
    "edit what the loop got": lambda codes, known: [
        setattr(known[each], "name", "edited") for each in codes if each in known
    ],
}
EAGERLY = {"lazily": [], "selected": ["customer"], "with regions": ["customer__region"]}


@examples(60)
@given(
    wanted=st.lists(st.sampled_from(["", *CODES]), min_size=1, max_size=8),
    size=st.integers(1, 3),
    actions=st.lists(
        st.tuples(st.sampled_from(sorted(ACTIONS)), st.sets(st.sampled_from(CODES))), max_size=8
    ),
    eagerly=st.sampled_from(sorted(EAGERLY)),
)
def test_each_page_finds_the_records_of_its_moment(connection, wanted, size, actions, eagerly):
    start(connection, wanted, set())
    known = {}
    orders = Order.objects.select_related(*EAGERLY[eagerly] or [None]).iterator(chunk_size=size)
    for first in range(0, len(wanted), size):
        for action, codes in actions[first // size : first // size + 1]:
            ACTIONS[action](codes, known)
        now = {customer.code: customer for customer in Customer.objects.all()}
        for code in wanted[first : first + size]:
            order = next(orders)
            if code in now:
                related, found = order.customer, now[code]
                assert (related.pk, related.revision) == (found.pk, found.revision)
                assert related.name == found.name or related.changed_fields()
                known[code] = related
            else:
                assert customer_of(order) == ("gone" if code else None)
    orders.close()


@given(wanted=st.lists(st.sampled_from(["", *CODES]), max_size=9), size=st.integers(1, 4))
def test_a_loop_costs_a_request_for_each_page_and_for_each_page_with_new_keys(
    connection, wanted, size
):
    start(connection, wanted, {"d"})
    pages = [set(wanted[at : at + size]) - {""} for at in range(0, len(wanted), size)]
    news = [bool(page - set().union(*pages[:at])) for at, page in enumerate(pages)]
    with capture_requests(connection) as requests:
        for order in Order.objects.iterator(chunk_size=size):
            customer_of(order)
    assert len(requests) == len(wanted) // size + 1 + sum(news)
