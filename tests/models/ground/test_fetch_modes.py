"""What reading a value costs that is not there: for all peers, for one, or an error."""

from __future__ import annotations

import copy
import gc
import pickle
import weakref

import pytest
from support.shop import Customer, Order, Region, shop

from kintone_orm.exceptions import DecodeError, FieldFetchBlocked
from kintone_orm.models import FETCH_ONE, FETCH_PEERS, FETCH_RAISE
from kintone_orm.models.base import Model
from kintone_orm.testing import assert_requests, emulate


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


def test_records_that_nobody_holds_are_not_fetched_for(five):
    orders = list(Order.objects.all())[:2]
    gc.collect()
    with assert_requests(1) as requests:
        assert orders[0].customer.code == "c0"
    assert 'code in ("c0", "c1")' in requests[0].params["query"]


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
        assert [each.customer.code for each in orders] == ["c0", "c4", "c2", "c3", "c4"]
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
        assert [each.rank for each in orders] == ["A", "B", "A", "B", "A"]
        assert {each.customer_code for each in orders} == {"c0", "c1", "c2", "c3", "c4"}
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
        assert [each.rank for each in orders] == ["A", "A", "A", "B", "A"]
        assert orders[1].customer_code == "c1"
    assert orders[2].number == 99
    assert orders[1].changed_fields()["rank"][1] == "A"


@pytest.mark.parametrize("changed", [{"rank": "A"}, {"rank": "A", "number": 77}])
def test_peers_are_read_in_one_request_whatever_others_wrote(five, changed):
    orders = list(Order.objects.only("number"))
    Order.objects.filter(number__gte=1).update(**changed)
    with assert_requests(1):
        assert [each.rank for each in orders] == ["A"] * 5
        assert [each.customer_code for each in orders] == ["c0", "c1", "c2", "c3", "c4"]


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
        assert {each.customer_name for each in orders} == {"C"}


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
        assert {each.customer_name for each in orders} == {"C"}
    for each in orders:
        each.payer_code, each.customer_code = "c", ""
    Order.objects.bulk_update(orders)
    with assert_requests(1):
        assert {each.customer_name for each in orders} == {""}


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


def test_one_fetches_for_each(five):
    orders = list(Order.objects.fetch_mode(FETCH_ONE).only("number"))
    with assert_requests(5 + 5):
        assert [each.customer.code for each in orders] == ["c0", "c1", "c2", "c3", "c4"]


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


def test_records_of_one_page_are_peers_and_pages_are_not(kintone):
    shop(customers=1, orders=501)
    orders: list[Model] = list(Order.objects.all())
    assert {len(each._state.peers) for each in orders} == {500, 0}
    assert Region.objects.first()._state.fetch_mode is FETCH_PEERS
