"""select_related(): the record that a record refers to, a hundred keys in a request."""

from __future__ import annotations

import pytest
from support.models.shop import Customer, Order, shop

from kintone_orm import Model, fields
from kintone_orm.exceptions import FieldError, NotSupportedError
from kintone_orm.models import (
    FETCH_RAISE,
    Prefetch,
)
from kintone_orm.testing import assert_requests, emulate


@pytest.fixture
def five(kintone):
    shop(customers=5, orders=10)
    return kintone


# -- one record ------------------------------------------------------------------------------------


def test_a_hundred_keys_are_one_request(kintone):
    shop(customers=250, orders=500)
    with assert_requests(1 + 3):
        orders = list(Order.objects.select_related("customer")[:500])
        assert {order.customer.name for order in orders} == {f"C {n}" for n in range(250)}
    assert orders[0].customer is orders[250].customer


def test_a_path_leads_on(five):
    with assert_requests(1 + 1 + 1):
        orders = list(Order.objects.select_related("customer__region"))
        assert [order.customer.region.name for order in orders[:2]] == ["North", "South"]


def test_pages_of_one_reading_share_what_they_find(kintone):
    shop(customers=3, orders=1100)
    with assert_requests(3 + 1):
        orders = list(Order.objects.select_related("customer"))
    assert len({id(order.customer) for order in orders}) == 3


def test_iterator_reads_page_by_page(five):
    read = Order.objects.select_related("customer").iterator(chunk_size=2)
    with assert_requests(2):
        assert next(read).customer.code == "c0"
    read.close()


@pytest.mark.parametrize(
    "one",
    [
        lambda q: q.get(number=1),
        lambda q: q.filter(number=1).first(),
        lambda q: q.order_by("-number").last() and q[1],
        lambda q: q.in_bulk([2])[2],
        lambda q: q.get_or_create(number=1)[0],
        lambda q: q.only("number").get(number=1),
        lambda q: q.defer("customer_code").get(number=1),
    ],
)
def test_every_way_of_reading_brings_them(five, one):
    order = one(Order.objects.select_related("customer").fetch_mode(FETCH_RAISE))
    with assert_requests(0):
        assert order.customer.code == "c1"


def test_blank_keys_ask_nothing(kintone):
    Order.objects.bulk_create([Order(number=n) for n in range(3)])
    with assert_requests(1):
        assert [order.customer for order in Order.objects.select_related("customer")] == [None] * 3


def test_a_key_that_no_record_has_fails_its_reader_not_the_page(five):
    Customer.objects.filter(code="c1").delete()
    orders = list(Order.objects.select_related("customer"))
    with assert_requests(0):
        assert orders[0].customer.code == "c0"
        with pytest.raises(Customer.DoesNotExist):
            orders[1].customer  # noqa: B018


def test_names_add_up_and_none_takes_them_back(five):
    both = Order.objects.select_related("customer").select_related("payer")
    with assert_requests(1 + 1):  # the payers are blank
        list(both)
    with assert_requests(1):
        list(both.select_related(None))


def test_without_names_it_is_refused(kintone):
    with pytest.raises(
        NotSupportedError,
        match="each relation costs requests. The relations of Order: customer, payer",
    ):
        Order.objects.select_related()


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["custommer"], "Order has no relation 'custommer'; it has customer, payer"),
        (["number"], r"RelatedRecord\(\"number\"\) beside it"),
        (["customer_code"], "it has customer, payer.$"),
        (["customer__name"], "Customer has no relation 'name'; it has region, orders"),
        (["customer__orders"], r"Use prefetch_related\('customer__orders'\)"),
        ([Prefetch("customer")], "takes names"),
    ],
)
def test_what_leads_to_no_single_record_is_refused_at_the_call(kintone, names, message):
    with assert_requests(0), pytest.raises(FieldError, match=message):
        Order.objects.select_related(*names)


@pytest.mark.parametrize("method", ["select_related", "prefetch_related"])
def test_values_have_no_related_records(five, method):
    with pytest.raises(TypeError, match=rf"Cannot call {method}\(\) after .values\(\)"):
        getattr(Order.objects.values("number"), method)("customer")
    with assert_requests(1):
        values = getattr(Order.objects, method)("customer").values("number")
        assert len(values) == 10


# -- many records ----------------------------------------------------------------------------------


def test_a_key_is_compared_in_the_form_of_the_other_model(kintone):
    class RelBox(Model):
        code = fields.SingleLineTextField(unique=True)
        things = fields.ReferenceTableField("RelThing", key="code", related="box")

    class RelThing(Model):
        box = fields.NumberField()

    with emulate(RelBox):
        RelThing.objects.create(box=5)
        RelBox.objects.create(code="5.0")
        (box,) = RelBox.objects.prefetch_related("things")
        assert [thing.box for thing in box.things] == [5]
