"""select_related, prefetch_related, Prefetch and prefetch_related_objects: in hundreds, by keys."""

from __future__ import annotations

import pickle

import pytest
from support.models.shop import Customer, Order, Region, shop

from kintone_orm.exceptions import FieldError, NotSupportedError
from kintone_orm.models import (
    FETCH_ONE,
    Prefetch,
    prefetch_related_objects,
)
from kintone_orm.testing import assert_requests, emulate


@pytest.fixture
def five(kintone):
    shop(customers=5, orders=10)
    return kintone


# -- many records ----------------------------------------------------------------------------------


def test_paths_through_many(five):
    Order.objects.update(payer=Customer.objects.get(code="c4"))
    with assert_requests(1 + 1 + 1 + 1):
        customers = list(Customer.objects.prefetch_related("orders__payer__region"))
        assert {o.payer.region.name for c in customers for o in c.orders} == {"North"}


def test_what_is_there_is_not_fetched_again(five):
    with assert_requests(2):
        customers = list(Customer.objects.prefetch_related("orders__customer"))
    with assert_requests(0):
        prefetch_related_objects(customers, "orders__customer")
        assert customers[0].orders[0].customer is customers[0]
    with assert_requests(1):
        prefetch_related_objects(customers, Prefetch("orders", Order.objects.filter(rank="A")))
    assert [order.number for order in customers[0].orders] == [0]


def test_explain_says_what_comes_on_top(five):
    told = str(Order.objects.select_related("customer__region").explain())
    assert "customer: read with each page, 1 request for each 100 distinct keys that no" in told
    assert "distinct" not in str(Order.objects.explain())


# -- Prefetch --------------------------------------------------------------------------------------


def test_a_queryset_narrows_orders_and_leads_on(five):
    best = Order.objects.filter(rank="A").order_by("-number").prefetch_related("payer")
    with assert_requests(2):
        customers = list(Customer.objects.prefetch_related(Prefetch("orders", queryset=best)))
        assert [[o.number for o in c.orders] for c in customers] == [[0], [6], [2], [8], [4]]


def test_only_of_a_queryset_reads_the_key_besides(five):
    part = Order.objects.only("number")
    with assert_requests(2):
        customer = Customer.objects.prefetch_related(Prefetch("orders", part)).first()
        assert [order.number for order in customer.orders] == [0, 5]
    assert customer.orders[0].get_deferred_fields() > {"rank"}
    with assert_requests(3):
        names = Prefetch("customer", Customer.objects.only("name"))
        order = Order.objects.prefetch_related(names, "customer__region").first()
        assert (order.customer.name, order.customer.region.name) == ("C 0", "North")


def test_to_attr_is_a_list_of_its_own(five):
    urgent = Prefetch("orders", Order.objects.filter(rank="A"), to_attr="urgent")
    with assert_requests(1 + 1 + 1):
        customer = Customer.objects.prefetch_related(urgent, "orders").get(code="c1")
        assert [each.number for each in customer.urgent] == [6]
        assert isinstance(customer.urgent, list)
        assert [order.number for order in customer.orders] == [1, 6]


def test_to_attr_of_one_record_is_the_record_or_none(five):
    north = Prefetch("customer", Customer.objects.filter(region_code="r0"), to_attr="northern")
    orders = Order.objects.prefetch_related(north, "northern__region")
    with assert_requests(3):
        first, second, *_ = orders
        assert (first.northern.code, second.northern) == ("c0", None)
        assert first.northern.region.name == "North"


def test_a_record_that_is_gone_is_none_in_an_attribute(five):
    Customer.objects.filter(code="c1").delete()
    orders = list(Order.objects.prefetch_related(Prefetch("customer", to_attr="buyer")))
    assert (orders[0].buyer.code, orders[1].buyer) == ("c0", None)


def test_what_a_queryset_leaves_out_is_none(five):
    north = Prefetch("customer", Customer.objects.filter(region_code="r0"))
    orders = list(Order.objects.prefetch_related(north))
    assert [order.customer and order.customer.code for order in orders[:3]] == ["c0", None, "c2"]


def test_an_attribute_that_nothing_was_put_into(five):
    customer = Customer.objects.first()
    with assert_requests(0), pytest.raises(AttributeError, match="'Customer' object has no .*'urg"):
        customer.urgent  # noqa: B018
    with pytest.raises(AttributeError):
        customer.urgent = []


def test_a_path_of_prefetches_is_read_once(five):
    lookups = ["customer", "customer__region", Prefetch("customer__orders")]
    with assert_requests(4):
        order = Order.objects.prefetch_related(*lookups).first()
        assert (order.customer.region.name, len(order.customer.orders)) == ("North", 2)


@pytest.mark.parametrize(
    ("error", "message", "make"),
    [
        (ValueError, "cannot use values", lambda: Prefetch("orders", Order.objects.values())),
        (
            ValueError,
            "'orders' is prefetched twice",
            lambda: Customer.objects.prefetch_related(
                "orders", Prefetch("orders", Order.objects.all())
            ),
        ),
        (
            ValueError,
            "already has an attribute 'name'",
            lambda: Customer.objects.prefetch_related(Prefetch("orders", to_attr="name")),
        ),
        (
            FieldError,
            "Customer.orders leads to Orders, not Regions",
            lambda: Customer.objects.prefetch_related(Prefetch("orders", Region.objects.all())),
        ),
        (
            TypeError,
            "once a slice has been taken",
            lambda: Customer.objects.prefetch_related(Prefetch("orders", Order.objects.all()[:1])),
        ),
        (FieldError, "takes names and Prefetch", lambda: Customer.objects.prefetch_related(5)),
    ],
)
def test_what_cannot_be_prefetched_is_refused_at_the_call(kintone, error, message, make):
    with assert_requests(0), pytest.raises(error, match=message):
        make()


def test_two_prefetches_to_one_place_are_equal():
    assert Prefetch("a__b", to_attr="c") == Prefetch("a__c")
    assert len({Prefetch("a"), Prefetch("a"), Prefetch("b")}) == 2
    assert repr(Prefetch("a__b", to_attr="c")) == "<Prefetch 'a__b' to 'a__c'>"


def test_a_pickled_queryset_still_prefetches(five):
    some = Prefetch("orders", Order.objects.filter(rank="A"))
    with assert_requests(2):
        pickled = pickle.dumps(Customer.objects.prefetch_related(some))
    with assert_requests(0):
        again = pickle.loads(pickled)
        assert [order.number for order in again[1].orders] == [6]
        assert again[1].orders[0].customer is again[1]
    with assert_requests(2):
        assert [order.number for order in again.all()[1].orders] == [6]


def test_related_records_are_pickled_as_a_queryset(five):
    customer = Customer.objects.get(code="c1")
    again = pickle.loads(pickle.dumps(customer.orders))
    with assert_requests(0):
        assert [each.number for each in again] == [1, 6]
        assert again[0].customer == customer
    assert again.create(number=50).customer_code == "c1"


# -- by hand ---------------------------------------------------------------------------------------


def test_instances_are_given_their_related_records(five):
    orders = list(Order.objects.only("number").fetch_mode(FETCH_ONE))
    with assert_requests(1 + 1 + 1):  # the fetching of missing fields comes first
        prefetch_related_objects(orders, "customer__region")
        assert [order.customer.region.name for order in orders[:2]] == ["North", "South"]


def test_new_instances_are_given_them_as_well(five):
    orders = [Order(customer_code="c1"), Order()]
    with assert_requests(1):
        prefetch_related_objects(orders, "customer")
        assert [order.customer and order.customer.name for order in orders] == ["C 1", None]


def test_no_instances_and_no_names_send_nothing(five):
    with assert_requests(0):
        prefetch_related_objects([], "customer")
        prefetch_related_objects([Order(customer_code="c1")])


def test_instances_of_two_connections_ask_each_its_own(five):
    with emulate(Order) as other:
        Region.objects.create(code="r0")
        Customer.objects.create(code="c1", name="Another")
        there = Order.objects.create(customer_code="c1")
        here = Order.objects.using(five).get(number=1)
        prefetch_related_objects([here, there], "customer")
        with assert_requests(0), assert_requests(0, using=other):
            assert (here.customer.name, there.customer.name) == ("C 1", "Another")
        prefetch_related_objects([here.customer, there.customer], "orders")
        assert [len(each.customer.orders) for each in (here, there)] == [2, 1]


def test_instances_of_two_models_are_refused(five):
    with pytest.raises(ValueError, match="of one model, not of Customer, Order"):
        prefetch_related_objects([Order(), Customer()], "customer")


@pytest.mark.parametrize(
    "refused",
    [
        lambda orders: orders.bulk_create([Order(number=50)], ignore_conflicts=True),
        lambda orders: orders.bulk_create([Order(number=50)], batch_size=0),
        lambda orders: orders.bulk_update(list(orders), []),
        lambda orders: orders.bulk_update(list(orders), ["customer_name"]),
        lambda orders: orders.bulk_update(list(orders), batch_size=0),
        lambda orders: orders.bulk_update([Order(number=50)]),
        lambda orders: orders.bulk_transition([Order(number=50)], "Approve"),
    ],
)
def test_prefetched_records_are_kept_if_a_write_is_refused_before_it_is_sent(five, refused):
    customer = Customer.objects.prefetch_related("orders").get(code="c1")
    with assert_requests(0):
        with pytest.raises((ValueError, FieldError, NotSupportedError)):
            refused(customer.orders)
        assert [order.number for order in customer.orders] == [1, 6]
