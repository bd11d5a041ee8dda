"""Reading a deferred value: it is fetched for all peers, for one record, or is an error."""

from __future__ import annotations

import pickle

import pytest
from support.models.shop import Customer, Order, shop

from kintone_orm.exceptions import DecodeError, FieldFetchBlocked
from kintone_orm.models import FETCH_ONE, FETCH_PEERS, FETCH_RAISE
from kintone_orm.testing import assert_requests


@pytest.fixture
def five(kintone):
    shop(customers=5, orders=5)


def test_five_hundred_orders_of_five_hundred_customers_are_six_requests(kintone):
    shop(customers=500, orders=500)
    with assert_requests(1 + 5):
        for order in Order.objects.all()[:500]:
            assert order.customer.name == f"C {order.number}"
    with assert_requests(1 + 5 + 1):  # the regions of five hundred customers are two
        assert {order.customer.region.name for order in Order.objects.all()[:500]} == {
            "North",
            "South",
        }


def test_a_key_is_asked_for_once_and_its_record_is_shared(kintone):
    shop(customers=2, orders=6)
    orders = list(Order.objects.all())
    with assert_requests(1) as requests:
        assert orders[0].customer is orders[2].customer is orders[4].customer
    assert 'code in ("c0", "c1")' in requests[0].params["query"]


# -- the other modes -------------------------------------------------------------------------------


def test_one_fetches_for_each(five):
    orders = list(Order.objects.fetch_mode(FETCH_ONE).only("number"))
    with assert_requests(5 + 5):
        assert [order.customer.code for order in orders] == ["c0", "c1", "c2", "c3", "c4"]


def test_raise_fetches_nothing(five):
    order = Order.objects.fetch_mode(FETCH_RAISE).defer("rank").first()
    with assert_requests(0):
        assert order.customer_code == "c0"
        with pytest.raises(FieldFetchBlocked, match=r"<Order id=1 .*: Order.rank is not .*only"):
            order.rank  # noqa: B018
        with pytest.raises(FieldFetchBlocked, match=r"Name it in select_related\('customer'\)"):
            order.customer  # noqa: B018


def test_what_was_named_is_there_in_every_mode(five):
    queryset = Order.objects.fetch_mode(FETCH_RAISE).only("number").select_related("customer")
    with assert_requests(2):
        assert [each.customer.code for each in queryset] == ["c0", "c1", "c2", "c3", "c4"]


@pytest.mark.parametrize("named", [True, False])
def test_related_records_have_the_mode(five, named):
    queryset = Order.objects.fetch_mode(FETCH_ONE)
    order = (queryset.select_related("customer") if named else queryset).first()
    assert order.customer._state.fetch_mode is FETCH_ONE
    assert pickle.loads(pickle.dumps(order))._state.fetch_mode is FETCH_ONE


def test_asking_for_it_fetches_all_the_same(five):
    order = Order.objects.fetch_mode(FETCH_RAISE).only("number").first()
    order.refresh_from_db(fields=["rank"])
    assert order.rank == "A"
    assert order.duplicate().customer_code == "c0"


def test_records_that_refer_to_one_have_the_mode(five):
    customer = Customer.objects.fetch_mode(FETCH_ONE).first()
    assert customer.orders[0]._state.fetch_mode is FETCH_ONE
    customer = Customer.objects.fetch_mode(FETCH_ONE).prefetch_related("orders").first()
    assert customer.orders[0]._state.fetch_mode is FETCH_ONE


@pytest.mark.parametrize(
    "chain",
    [
        lambda q: q.fetch_mode(FETCH_ONE).only("number"),
        lambda q: q.only("number").fetch_mode(FETCH_ONE).defer("rank"),
        lambda q: q.fetch_mode(FETCH_ONE).defer("rank").only("number", "rank"),
        lambda q: q.defer("rank").fetch_mode(FETCH_ONE).defer(None),
        lambda q: q.fetch_mode(FETCH_PEERS).fetch_mode(FETCH_ONE).filter(number=0),
    ],
)
def test_the_mode_stays_in_a_chain(five, chain):
    assert chain(Order.objects.all())[0]._state.fetch_mode is FETCH_ONE


def test_a_mode_is_one_of_the_three(kintone):
    with pytest.raises(TypeError, match="takes FETCH_PEERS, FETCH_ONE or FETCH_RAISE"):
        Order.objects.fetch_mode("PEERS")
    with pytest.raises(TypeError, match=r"after .values\(\)"):
        Order.objects.values().fetch_mode(FETCH_ONE)


def test_a_key_that_cannot_be_read_costs_its_record_alone(five, monkeypatch):
    orders = list(Order.objects.all())
    Order.customer_code.clear(orders[1])
    orders[1]._state.undecoded = {"customer_code": {"value": 5}}
    with assert_requests(1):
        assert orders[0].customer.code == "c0"
    with assert_requests(0), pytest.raises(DecodeError, match="Order.customer_code"):
        orders[1].customer  # noqa: B018
