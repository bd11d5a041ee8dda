"""Records that were read together fetch together what they lack."""

from __future__ import annotations

import copy
import gc
import pickle
import weakref

import pytest
from support.models.shop import Customer, Order, Region, shop

from kintone_orm.models import FETCH_PEERS
from kintone_orm.models.base import Model
from kintone_orm.testing import assert_requests, emulate


@pytest.fixture
def five(kintone):
    shop(customers=5, orders=5)


def test_records_that_nobody_holds_are_not_fetched_for(five):
    orders = list(Order.objects.all())[:2]
    gc.collect()
    with assert_requests(1) as requests:
        assert orders[0].customer.code == "c0"
    assert 'code in ("c0", "c1")' in requests[0].params["query"]


def test_records_outside_of_a_slice_are_no_peers(five):
    with Order.objects.order_by("-number")[1:].iterator(chunk_size=2) as orders:
        order = next(orders)
        with assert_requests(1) as requests:
            assert order.customer.code == "c3"
    assert 'code = "c3"' in requests[0].params["query"]


def test_peers_keep_nobody_alive(five):
    orders = list(Order.objects.all())
    gone = weakref.ref(orders[1])
    del orders[1:]
    gc.collect()
    assert gone() is None


def test_what_was_assigned_to_a_peer_stays(five):
    first, second, *_ = orders = list(Order.objects.all())
    second.customer = mine = Customer.objects.get(code="c4")
    with assert_requests(1) as requests:
        assert [order.customer.code for order in orders] == ["c0", "c4", "c2", "c3", "c4"]
    assert second.customer is mine
    assert '"c1"' not in requests[0].params["query"]
    assert first.customer.code == "c0"


def test_one_gone_record_is_told_by_its_reader_alone(five):
    Customer.objects.filter(code="c1").delete()
    orders = list(Order.objects.all())
    with assert_requests(1):
        assert orders[0].customer.code == "c0"
        with pytest.raises(Customer.DoesNotExist):
            orders[1].customer  # noqa: B018


def test_copies_and_pickles_have_no_peers(five):
    orders = list(Order.objects.all())
    for alone in (copy.copy(orders[0]), pickle.loads(pickle.dumps(orders[0]))):
        assert list(alone._state.peers) == []
        with assert_requests(1) as requests:
            assert alone.customer.code == "c0"
        assert 'code = "c0"' in requests[0].params["query"]


def test_a_deleted_peer_is_none(five):
    orders = list(Order.objects.only("number"))
    orders[1].delete()
    with assert_requests(1) as requests:
        assert orders[0].rank == "A"
    assert requests[0].params["query"].startswith('$id in ("1", "3", "4", "5") ')


def test_nothing_is_fetched_for_a_deleted_peer(five):
    orders = list(Order.objects.all())
    orders[1].delete()
    with assert_requests(1) as requests:
        assert orders[0].customer.code == "c0"
    assert '"c1"' not in requests[0].params["query"]


# -- deferred fields -------------------------------------------------------------------------------


def test_a_deferred_field_is_fetched_for_all_peers(five):
    orders = list(Order.objects.only("number"))
    with assert_requests(1) as requests:
        assert [order.rank for order in orders] == ["A", "B", "A", "B", "A"]
        assert {order.customer_code for order in orders} == {"c0", "c1", "c2", "c3", "c4"}
    assert requests[0].params["query"].endswith('"3", "4", "5") order by $id asc limit 5')


def test_five_hundred_partial_records_are_two_requests(kintone):
    shop(customers=1, orders=500)
    with assert_requests(2):
        for order in Order.objects.only("number")[:500]:
            assert order.customer_name == "C 0"


def test_what_peers_hold_is_not_overwritten(five):
    orders = list(Order.objects.only("number"))
    orders[1].rank = "A"
    orders[2].number = 99
    with assert_requests(1):
        assert [order.rank for order in orders] == ["A", "A", "A", "B", "A"]
        assert orders[1].customer_code == "c1"
    assert orders[2].number == 99
    assert orders[1].changed_fields()["rank"][1] == "A"


@pytest.mark.parametrize("changed", [{"rank": "A"}, {"rank": "A", "number": 77}])
def test_peers_are_read_in_one_request_whatever_others_wrote(five, changed):
    orders = list(Order.objects.only("number"))
    Order.objects.filter(number__gte=1).update(**changed)
    with assert_requests(1):
        assert [order.rank for order in orders] == ["A"] * 5
        assert [order.customer_code for order in orders] == ["c0", "c1", "c2", "c3", "c4"]


def test_a_peer_that_others_wrote_elsewhere_is_as_good_as_read_now(five):
    orders = list(Order.objects.only("number"))
    Order.objects.filter(number=1).update(rank="A")
    assert orders[0].rank == "A"
    assert (orders[1].rank, orders[1].revision) == ("A", 2)
    orders[1].number = 5
    with assert_requests(1):
        orders[1].save()


def test_a_peer_of_which_others_wrote_what_it_holds_meets_the_conflict(five):
    orders = list(Order.objects.only("number"))
    Order.objects.filter(number=1).update(rank="A", number=77)
    assert orders[0].rank == "A"
    assert (orders[1].rank, orders[1].number, orders[1].revision) == ("A", 1, 1)
    orders[1].payer_code = "c1"
    with pytest.raises(Order.Conflict) as conflict:
        orders[1].save()
    assert conflict.value.theirs.keys() == {"number", "rank", "customer_code", "payer_code"}
    assert conflict.value.both == {"payer_code"}


def test_a_hundred_records_and_what_one_update_wrote_are_one_request(kintone):
    Customer.objects.create(code="c", name="C")
    orders = [Order(number=n, customer_code="c") for n in range(100)]
    Order.objects.bulk_create(orders)
    Order.objects.filter(number__gte=0).update(rank="B")
    with assert_requests(1):
        assert {order.customer_name for order in orders} == {"C"}


def test_a_deleted_peer_is_asked_for_once(five):
    orders = list(Order.objects.only("number"))
    Order.objects.get(number=1).delete()
    with assert_requests(1):
        assert orders[0].rank == "A"
        for _ in range(2):
            with pytest.raises(Order.DoesNotExist, match="no longer exists"):
                orders[1].rank  # noqa: B018
    with assert_requests(1), pytest.raises(Order.DoesNotExist):
        orders[1].refresh_from_db()


def test_what_kintone_writes_is_fetched_for_all_that_were_written_together(kintone):
    Customer.objects.create(code="c", name="C")
    orders = [Order(number=n, customer_code="c") for n in range(10)]
    Order.objects.bulk_create(orders)
    with assert_requests(1):
        assert {order.customer_name for order in orders} == {"C"}
    for each in orders:
        each.payer_code, each.customer_code = "c", ""
    Order.objects.bulk_update(orders)
    with assert_requests(1):
        assert {order.customer_name for order in orders} == {""}


def test_peers_are_no_more_than_a_page(kintone):
    orders = [Order(number=n) for n in range(600)]
    Order.objects.bulk_create(orders)
    with assert_requests(1) as requests:
        assert orders[0].customer_name == ""
    assert requests[0].params["query"].endswith("limit 500")
    with assert_requests(1):
        assert orders[599].customer_name == orders[500].customer_name == ""


def test_saving_all_and_reading_what_kintone_wrote_is_one_request_more(five):
    orders = list(Order.objects.all())
    for order in orders:
        order.customer_code = "c0"
        order.save()
    with assert_requests(1):
        assert {order.customer_name for order in orders} == {"C 0"}


def test_a_peer_that_lives_elsewhere_now_is_none(five):
    orders = list(Order.objects.only("number"))
    orders[1].delete()
    orders[1].rank = orders[1].customer_code = orders[1].payer_code = None
    with emulate(Order) as other:
        orders[1].save(using=other)
    with assert_requests(1) as requests:
        assert orders[0].rank == "A"
    assert '"2"' not in requests[0].params["query"]


def test_a_record_that_was_read_alone_is_its_own_only_peer(five):
    first, second = Order.objects.only("number").get(number=0), Order.objects.get(number=1)
    with assert_requests(1) as requests:
        assert first.rank == "A"
    assert requests[0].params["query"].startswith('$id = "1" ')
    assert list(second._state.peers) == []


# -- the other modes -------------------------------------------------------------------------------


def test_records_of_one_page_are_peers_and_pages_are_not(kintone):
    shop(customers=1, orders=501)
    orders: list[Model] = list(Order.objects.all())
    assert {len(order._state.peers) for order in orders} == {500, 0}
    assert Region.objects.first()._state.fetch_mode is FETCH_PEERS
