"""The records that refer to a record: a queryset, or read along with it."""

from __future__ import annotations

import pytest
from support.models.shop import Customer, Order, shop

from kintone_orm import Model, fields
from kintone_orm.models import (
    prefetch_related_objects,
)
from kintone_orm.testing import assert_requests, emulate


@pytest.fixture
def five(kintone):
    shop(customers=5, orders=10)
    return kintone


def queries(requests):
    return [request.params["query"] for request in requests]


# -- many records ----------------------------------------------------------------------------------


def test_related_records_are_a_queryset(five):
    customer = Customer.objects.get(code="c1")
    with assert_requests(0):
        orders = customer.orders
    with assert_requests(3):
        assert [order.number for order in orders] == [1, 6]
        assert orders.filter(rank="A").get().number == 6
        assert orders.order_by("-number")[0].number == 6


def test_a_filter_condition_narrows_them(five):
    customer = Customer.objects.get(code="c1")
    with assert_requests(1) as requests:
        assert [each.number for each in customer.urgent_orders] == [6]
    assert queries(requests) == [
        '(rank in ("A")) and customer_code = "c1" order by $id asc limit 500'
    ]


def test_a_blank_key_has_none_without_a_request(kintone):
    Customer.objects.create(name="?")
    customer = Customer.objects.get()
    with assert_requests(0):
        assert list(customer.orders) == []
        with pytest.raises(ValueError, match="its 'code' is blank"):
            customer.orders.create(number=5)


def test_a_record_that_it_creates_refers_to_this_one(five):
    customer = Customer.objects.get(code="c1")
    assert customer.orders.create(number=99).customer_code == "c1"
    order, created = customer.orders.get_or_create(number=98)
    assert (created, order.customer_code) == (True, "c1")
    assert customer.orders.count() == 4


def test_related_records_that_are_added_at_once_refer_to_their_record(five):
    customer = Customer.objects.get(code="c1")
    before = customer.orders.count()
    orders = customer.orders.bulk_create([Order(number=50), Order(number=51, customer_code="c1")])

    assert [order.customer_code for order in orders] == ["c1", "c1"]
    assert customer.orders.count() == before + 2


def test_a_record_that_refers_to_another_is_not_added_to_those_of_this_one(five):
    customer, new = Customer.objects.get(code="c1"), Order(number=50)
    wrong = Order(number=51, customer_code="c0")
    with pytest.raises(ValueError, match="refers to 'c0', not to"):
        customer.orders.bulk_create([new, wrong])
    assert new.customer_code == ""


def test_they_are_not_deleted_by_a_slip(five):
    customer = Customer.objects.get(code="c1")
    with pytest.raises(AttributeError, match=r"write .all\(\).delete\(\)"):
        customer.orders.delete()
    assert customer.orders.all().delete()[0] == 2
    assert Order.objects.count() == 8


def test_prefetched_ones_are_there(five):
    with assert_requests(1 + 1):
        customers = list(Customer.objects.prefetch_related("orders"))
        assert [[record.number for record in c.orders.all()] for c in customers[:2]] == [
            [0, 5],
            [1, 6],
        ]
        assert [len(customer.orders) for customer in customers] == [2] * 5
        assert customers[0].orders.count() == 2
        assert customers[0].orders.exists()
    with assert_requests(1):
        assert customers[0].orders.filter(rank="A").count() == 1
    with assert_requests(1):
        assert len(customers[0].orders.all().all()) == 2


def test_they_lead_back_to_the_record(five):
    for customer in Customer.objects.prefetch_related("orders"):
        with assert_requests(0):
            assert all(order.customer is customer for order in customer.orders)


def test_a_relation_by_another_key_does_not_lead_back(kintone):
    class RelPerson(Model):
        code = fields.SingleLineTextField(unique=True)
        nick = fields.SingleLineTextField(unique=True)
        letters = fields.ReferenceTableField("RelLetter", key="nick", related="to_code")

    class RelLetter(Model):
        to_code = fields.SingleLineTextField()
        to = fields.RelatedRecord("to_code", to="RelPerson", key="code")

    with emulate(RelPerson):
        first = RelPerson.objects.create(code="a", nick="b")
        second = RelPerson.objects.create(code="b", nick="a")
        RelLetter.objects.create(to_code="b")
        (letter,) = first.letters
        assert letter.to == second


def test_prefetched_ones_are_peers_of_each_other(five):
    names = [f"d{n}" for n in range(150)]
    Customer.objects.bulk_create([Customer(code=name) for name in names])
    Order.objects.bulk_create([Order(customer_code=name, payer_code="c4") for name in names])
    queryset = Customer.objects.filter(code__in=names)
    with assert_requests(1 + 2 + 1):
        customers = list(queryset.prefetch_related("orders"))
        assert {o.payer.code for c in customers for o in c.orders} == {"c4"}


def test_many_of_one_key_are_read_to_the_end(kintone):
    shop(customers=1, orders=1200)
    with assert_requests(1 + 3):
        (customer,) = Customer.objects.prefetch_related("orders")
    assert len(customer.orders) == 1200


def test_the_condition_of_the_field_holds_for_prefetched_ones(five):
    with assert_requests(2):
        customers = list(Customer.objects.prefetch_related("urgent_orders"))
        assert [[o.number for o in c.urgent_orders] for c in customers[:2]] == [[0], [6]]


def test_another_key_and_a_refresh_are_read_afresh(five):
    customer = Customer.objects.prefetch_related("orders").get(code="c1")
    customer.code = "c2"
    assert [order.number for order in customer.orders] == [2, 7]
    customer.code = "c1"
    with assert_requests(0):
        assert [order.number for order in customer.orders] == [1, 6]
    customer.refresh_from_db()
    with assert_requests(1):
        assert len(customer.orders) == 2


WRITES = [
    lambda orders: orders.create(number=90),
    lambda orders: orders.get_or_create(number=91),
    lambda orders: orders.update_or_create({"rank": "A"}, number=1),
    lambda orders: orders.bulk_create([Order(number=92)]),
    lambda orders: orders.bulk_update([_with(orders[0], rank="A")]),
    lambda orders: orders.modify(orders[0].pk, lambda order: _with(order, rank="A")),
    lambda orders: orders.filter(number=1).update(rank="A"),
    lambda orders: orders.all().delete(),
]


def _with(order, **values):
    for name, value in values.items():
        setattr(order, name, value)
    return order


@pytest.mark.parametrize("write", WRITES)
def test_what_was_prefetched_ends_when_a_record_is_written_through_the_manager(five, write):
    customer = Customer.objects.prefetch_related("orders").get(code="c1")
    orders = customer.orders
    with assert_requests(0):
        before = [(order.number, order.rank) for order in orders]
    write(orders)

    with assert_requests(1):
        after = [(order.number, order.rank) for order in orders]
    assert after == list(Order.objects.filter(customer_code="c1").values_list("number", "rank"))
    assert after != before


def test_what_was_prefetched_answers_a_manager_that_was_handed_out_before(five):
    customer = Customer.objects.get(code="c1")
    orders = customer.orders
    prefetch_related_objects([customer], "orders")
    with assert_requests(0):
        assert [order.number for order in orders] == [order.number for order in orders] == [1, 6]
        assert (len(orders), orders.count(), orders.exists(), bool(orders)) == (2, 2, True, True)
        assert (orders[0].number, orders.first().number, orders.last().number) == (1, 1, 6)
        assert [record.number for record in orders.all()[1:]] == [6]
        assert "number" not in repr(orders)
    customer.refresh_from_db()
    with assert_requests(2):
        assert len(orders) == len(orders) == 2


def test_related_records_that_were_not_prefetched_are_asked_for_each_time(five):
    orders = Customer.objects.get(code="c1").orders
    with assert_requests(2):
        assert len(list(orders)) == len(orders) == 2
    orders.create(number=90)
    with assert_requests(2):
        assert len(list(orders)) == len(orders.all()) == 3


def test_each_leads_back_to_the_record_without_a_request(five):
    customer = Customer.objects.get(code="c1")
    with assert_requests(1):
        assert all(record.customer is customer for record in customer.orders.filter(rank="A"))
    every = customer.orders | Order.objects.filter(number=3)
    with assert_requests(2):
        assert [each.customer.code for each in every] == ["c1", "c3", "c1"]
