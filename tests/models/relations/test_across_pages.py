"""The pages of one iteration share the related records that they have read."""

from __future__ import annotations

import copy
import os
import pickle
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.models.shop import Customer, Order, shop

from kintone_orm import Model, connect, connections, fields
from kintone_orm.exceptions import FieldFetchBlocked
from kintone_orm.models import FETCH_ONE, FETCH_RAISE, Prefetch, prefetch_related_objects
from kintone_orm.testing import assert_requests, emulate

ONE_BY_ONE = {"chunk_size": 1}


@pytest.fixture
def two(kintone):
    """Customers "c0" and "c1", and the orders 0 to 5 of them in turn."""
    shop(customers=2, orders=6)
    return kintone


# -- requests --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ten_thousand():
    with emulate(Order) as connection:
        shop(customers=50, orders=10_000)
        yield connection


@pytest.mark.parametrize(
    "read",
    [
        lambda: Order.objects.all(),
        lambda: Order.objects.iterator(),
        lambda: Order.objects.select_related("customer"),
        lambda: Order.objects.prefetch_related("customer").iterator(),
    ],
)
def test_ten_thousand_records_of_fifty_others_are_22_requests(ten_thousand, read):
    with assert_requests(22):
        buyers = {id(order.customer): order.customer for order in read()}
    assert len(buyers) == 50


@pytest.mark.parametrize(
    "orders",
    [
        lambda: Order.objects.all(),
        lambda: Order.objects.select_related("customer"),
        lambda: Order.objects.prefetch_related("customer"),
        lambda: Order.objects.prefetch_related(Prefetch("customer", Customer.objects.all())),
        lambda: Order.objects.only("number", "customer_code"),
    ],
)
def test_a_customer_is_read_once_in_an_iteration(two, orders):
    with assert_requests(4 + 1):
        codes = [order.customer.code for order in orders().iterator(chunk_size=2)]
    assert codes == ["c0", "c1"] * 3


def test_only_keys_that_no_page_had_are_asked_for(kintone):
    shop(customers=3, orders=3)
    Order.objects.create(number=3, customer_code="c0")
    with assert_requests(3 + 2) as requests:
        for order in Order.objects.iterator(chunk_size=2):
            assert order.customer
    queries = [request.params["query"] for request in requests]
    assert [query for query in queries if "code" in query] == [
        'code in ("c0", "c1") order by $id asc limit 3',
        'code = "c2" order by $id asc limit 2',
    ]


def test_one_object_stands_for_a_customer_on_all_pages(two):
    buyers = [order.customer for order in Order.objects.iterator(**ONE_BY_ONE)]
    assert buyers[0] is buyers[2] is buyers[4]
    assert buyers[1] is buyers[3] is buyers[5]


def test_a_nested_path_is_read_once(kintone):
    shop(customers=4, orders=8)
    with assert_requests(3 + 1 + 1):
        orders = Order.objects.select_related("customer__region").iterator(chunk_size=4)
        assert {order.customer.region.name for order in orders} == {"North", "South"}


def test_the_records_of_a_list_share_what_they_refer_to(kintone):
    shop(customers=2, orders=4)
    Order.objects.update(payer_code="c1")
    with assert_requests(3 + 2 + 1):  # pages, the orders of each, the payer
        for customer in Customer.objects.prefetch_related("orders").iterator(**ONE_BY_ONE):
            assert {order.payer.code for order in customer.orders} == {"c1"}


def test_prefetching_by_hand_uses_what_earlier_pages_have_read(two):
    with assert_requests(7 + 2):
        for order in Order.objects.iterator(**ONE_BY_ONE):
            prefetch_related_objects([order], "customer")


def test_a_prefetch_and_the_relation_itself_do_not_share_records(two):
    part = Prefetch("customer", Customer.objects.only("name"), to_attr="named")
    with assert_requests(4 + 1 + 1):
        orders = Order.objects.prefetch_related(part).iterator(chunk_size=2)
        for order in orders:
            assert "region_code" in order.named.get_deferred_fields()
            assert not order.customer.get_deferred_fields()


def test_a_record_outside_of_a_prefetch_is_not_asked_for_again(two):
    north = Prefetch("customer", Customer.objects.filter(region_code="r0"))
    with assert_requests(4 + 1):
        orders = Order.objects.prefetch_related(north).iterator(chunk_size=2)
        assert [order.customer and order.customer.code for order in orders] == ["c0", None] * 3


def test_a_key_that_no_record_has_is_asked_for_once(two):
    Customer.objects.filter(code="c1").delete()
    with assert_requests(4 + 1):
        for order in Order.objects.iterator(chunk_size=2):
            if order.number % 2:
                with pytest.raises(Customer.DoesNotExist):
                    order.customer  # noqa: B018
            else:
                assert order.customer.code == "c0"


def test_a_loop_inside_the_loop_remembers_for_itself(two):
    for order in Order.objects.iterator(chunk_size=3):
        with assert_requests(3 + 1):
            inner = list(Order.objects.select_related("customer").iterator(chunk_size=3))
        assert order.customer is not inner[order.number].customer


# -- writes inside the loop ------------------------------------------------------------------------


def codes_while(action):
    """Return the code of each order's customer; `action` gets that of the first order."""
    codes = []
    for order in Order.objects.iterator(**ONE_BY_ONE):
        try:
            codes.append(order.customer.code)
            if order.number == 0:
                action(order.customer)
        except Customer.DoesNotExist:
            codes.append("gone")
    return codes


@pytest.mark.parametrize(
    "delete",
    [
        lambda customer: customer.delete(),
        lambda customer: Customer.objects.get(pk=customer.pk).delete(),
        lambda customer: Customer.objects.filter(pk=customer.pk).delete(),
    ],
)
def test_a_deleted_customer_is_gone_on_the_next_page(two, delete):
    assert codes_while(delete) == ["c0", "c1", "gone", "c1", "gone", "c1"]


def rename(customer):
    customer.code = "new"
    customer.save()


@pytest.mark.parametrize(
    "rekey",
    [
        rename,
        lambda customer: Customer.objects.filter(pk=customer.pk).update(code="new"),
        lambda customer: rename(Customer.objects.get(pk=customer.pk)),
    ],
)
def test_a_customer_with_another_key_is_gone_on_the_next_page(two, rekey):
    assert codes_while(rekey) == ["c0", "c1", "gone", "c1", "gone", "c1"]


def test_a_customer_that_takes_the_key_is_found_on_the_next_page(two):
    def replace(customer):
        rename(customer)
        Customer.objects.create(code="c0", name="Second")

    names = []
    for order in Order.objects.iterator(**ONE_BY_ONE):
        names.append(order.customer.name)
        if order.number == 0:
            replace(order.customer)
    assert names == ["C 0", "C 1", "Second", "C 1", "Second", "C 1"]


def test_a_missing_customer_that_is_created_is_found_on_the_next_page(two):
    Customer.objects.filter(code="c0").delete()
    created = 0
    for order in Order.objects.iterator(**ONE_BY_ONE):
        try:
            assert order.customer.code
        except Customer.DoesNotExist:
            Customer.objects.create(code=order.customer_code)
            created += 1
    assert created == 1


def test_a_changed_key_that_is_not_saved_finds_the_same_object(two):
    codes = codes_while(lambda customer: setattr(customer, "code", "unsaved"))
    assert codes == ["c0", "c1", "unsaved", "c1", "unsaved", "c1"]


def test_unsaved_changes_stay_visible_on_later_pages(two):
    buyers = {}
    for order in Order.objects.iterator(**ONE_BY_ONE):
        buyers[order.customer.code] = order.customer
        order.customer.name += "!"
    assert [buyer.name for buyer in buyers.values()] == ["C 0!!!", "C 1!!!"]
    for buyer in buyers.values():
        buyer.save()
    assert set(Customer.objects.values_list("name", flat=True)) == {"C 0!!!", "C 1!!!"}


def test_a_customer_is_saved_on_each_page_without_a_conflict(two):
    for order in Order.objects.iterator(**ONE_BY_ONE):
        order.customer.name += "!"
        order.customer.save()
    assert [buyer.name for buyer in Customer.objects.all()] == ["C 0!!!", "C 1!!!"]
    assert [buyer.revision for buyer in Customer.objects.all()] == [4, 4]


def test_unsaved_changes_survive_the_save_of_another_customer(two):
    names = []
    for order in Order.objects.iterator(**ONE_BY_ONE):
        order.customer.name += "!"
        if order.customer.code == "c1":
            order.customer.save()
        names.append(order.customer.name)
    assert names == ["C 0!", "C 1!", "C 0!!", "C 1!!", "C 0!!!", "C 1!!!"]


def test_a_customer_that_was_written_by_a_query_is_read_anew(two):
    names = []
    for order in Order.objects.iterator(**ONE_BY_ONE):
        names.append(order.customer.name)
        Customer.objects.filter(code="c0").update(name=f"after {order.number}")
    assert names == ["C 0", "C 1", "after 1", "C 1", "after 3", "C 1"]


def test_saving_the_orders_of_the_loop_asks_for_no_customer_again(two):
    with assert_requests(4 + 6 + 1):
        for order in Order.objects.iterator(chunk_size=2):
            order.rank = "B" if order.customer.code == "c0" else "A"
            order.save()


# -- writes of others ------------------------------------------------------------------------------


@pytest.fixture
def others(two):
    """The customers through a second connection to the same kintone."""
    username, password = two.emulator.credentials
    connection = connect(
        two.base_url,
        username=username,
        password=password,
        apps=two.apps,
        adapter=two.emulator.adapter(),
        alias="others",
    )
    yield Customer.objects.using(connection)
    del connections["others"]


def test_what_others_write_is_seen_by_the_next_iteration(others):
    assert codes_while(lambda _: others.update(name="Theirs")) == ["c0", "c1"] * 3
    assert {order.customer.name for order in Order.objects.all()} == {"Theirs"}


def test_a_customer_that_is_read_again_under_another_key_is_gone_on_the_next_page(others):
    def refresh(customer):
        others.filter(code="c0").update(code="new")
        customer.refresh_from_db()

    assert codes_while(refresh) == ["c0", "c1", "gone", "c1", "gone", "c1"]


def test_a_customer_that_turned_out_to_be_gone_is_asked_for_again(others):
    part = Prefetch("customer", Customer.objects.only("name"))
    orders = Order.objects.prefetch_related(part).iterator(**ONE_BY_ONE)
    first = next(orders)
    others.filter(code="c0").delete()
    with pytest.raises(Customer.DoesNotExist):
        first.customer.region_code  # noqa: B018
    assert [order.customer and order.customer.code for order in orders] == [
        *("c1", None, "c1", None, "c1")
    ]


# -- modes, copies, connections, threads -----------------------------------------------------------


def test_fetch_one_gives_each_order_a_customer_of_its_own(two):
    with assert_requests(7 + 6):
        orders = Order.objects.fetch_mode(FETCH_ONE).iterator(**ONE_BY_ONE)
        assert len({id(one) for one in [order.customer for order in orders]}) == 6


def test_select_related_shares_with_fetch_one_as_well(two):
    with assert_requests(7 + 2):
        orders = Order.objects.fetch_mode(FETCH_ONE).select_related("customer")
        assert len([order.customer for order in orders.iterator(**ONE_BY_ONE)]) == 6


def test_fetch_raise_forbids_it_whatever_is_remembered(two):
    orders = Order.objects.fetch_mode(FETCH_RAISE).select_related("customer")
    for order in orders.iterator(**ONE_BY_ONE):
        order.customer_code = "c1" if order.customer.code == "c0" else "c0"
        with pytest.raises(FieldFetchBlocked), assert_requests(0):
            order.customer  # noqa: B018


def test_another_key_of_the_loop_needs_no_request(two):
    orders = Order.objects.iterator(chunk_size=2)
    first = next(orders)
    assert first.customer.code == "c0"
    first.customer_code = "c1"
    with assert_requests(0):
        assert first.customer.code == "c1"
    orders.close()


@pytest.mark.parametrize(
    "again", [copy.copy, copy.deepcopy, lambda o: pickle.loads(pickle.dumps(o))]
)
def test_copies_do_not_use_the_memory(two, again):
    orders = Order.objects.iterator(**ONE_BY_ONE)
    buyer = next(orders).customer
    next(orders)
    alone = again(next(orders))
    with assert_requests(1):
        assert alone.customer is not buyer
    orders.close()


def test_orders_of_another_connection_get_their_own_customers(two):
    with emulate(Order) as other:
        shop(customers=1, orders=1)
        Customer.objects.using(other).update(name="Elsewhere")
        there = Order.objects.using(other).get()
        for order in Order.objects.using(two).iterator(chunk_size=2):
            prefetch_related_objects([order, there], "customer")
            assert there.customer.name == "Elsewhere"
            assert order.customer.name == f"C {order.number % 2}"


def test_a_record_number_is_a_key_like_any_other():
    class PageMachine(Model):
        number = fields.RecordNumberField("Record_number")
        name = fields.SingleLineTextField()

    class PageRepair(Model):
        machine_number = fields.LookupField(PageMachine, key="number")
        machine = fields.RelatedRecord("machine_number", to=PageMachine)
        machine_id = fields.NumberField()
        by_id = fields.RelatedRecord("machine_id", to=PageMachine)

    with emulate(PageRepair, PageMachine):
        machine = PageMachine.objects.create(name="Drill")
        PageRepair.objects.bulk_create(
            [PageRepair(machine=machine, machine_id=machine.pk) for _ in range(6)]
        )
        with assert_requests(4 + 2):
            for repair in PageRepair.objects.iterator(chunk_size=2):
                assert repair.machine.name == repair.by_id.name == "Drill"


def test_threads_share_the_orders_of_an_iteration(kintone):
    shop(customers=5, orders=60)
    with ThreadPoolExecutor(4) as threads:
        found = [
            threads.submit(lambda order=order: (order.number % 5, order.customer.code))
            for order in Order.objects.iterator(chunk_size=3)
        ]
    assert {one.result() for one in found} == {(n, f"c{n}") for n in range(5)}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")
def test_a_forked_process_uses_what_was_read_before(two):
    orders = Order.objects.iterator(chunk_size=2)
    first, _, third = next(orders), next(orders), next(orders)
    assert first.customer
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        os._exit(0 if third.customer is first.customer else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    orders.close()
