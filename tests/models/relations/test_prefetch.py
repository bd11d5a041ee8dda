"""select_related, prefetch_related, Prefetch and prefetch_related_objects: in hundreds, by keys."""

from __future__ import annotations

import pickle

import pytest
from support.shop import Customer, Order, Region, shop

from kintone_orm import Model, fields
from kintone_orm.exceptions import FieldError, NotSupportedError
from kintone_orm.models import (
    FETCH_ONE,
    FETCH_RAISE,
    Prefetch,
    prefetch_related_objects,
)
from kintone_orm.testing import assert_requests, emulate


@pytest.fixture
def five(kintone):
    shop(customers=5, orders=10)
    return kintone


def queries(requests):
    return [each.params["query"] for each in requests]


# -- one record ------------------------------------------------------------------------------------


def test_a_hundred_keys_are_one_request(kintone):
    shop(customers=250, orders=500)
    with assert_requests(1 + 3):
        orders = list(Order.objects.select_related("customer")[:500])
        assert {each.customer.name for each in orders} == {f"C {n}" for n in range(250)}
    assert orders[0].customer is orders[250].customer


def test_a_path_leads_on(five):
    with assert_requests(1 + 1 + 1):
        orders = list(Order.objects.select_related("customer__region"))
        assert [each.customer.region.name for each in orders[:2]] == ["North", "South"]


def test_pages_of_one_reading_share_what_they_find(kintone):
    shop(customers=3, orders=1100)
    with assert_requests(3 + 1):
        orders = list(Order.objects.select_related("customer"))
    assert len({id(each.customer) for each in orders}) == 3


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
        assert [each.customer for each in Order.objects.select_related("customer")] == [None] * 3


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
        NotSupportedError, match="each of them costs requests. Order has customer, payer"
    ):
        Order.objects.select_related()


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["custommer"], "Order has no relation 'custommer'; it has customer, payer"),
        (["number"], r"RelatedRecord\(\"number\"\) beside it"),
        (["customer_code"], "it has customer, payer.$"),
        (["customer__name"], "Customer has no relation 'name'; it has region, orders"),
        (["customer__orders"], r"write prefetch_related\('customer__orders'\)"),
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


def test_related_records_are_a_queryset(five):
    customer = Customer.objects.get(code="c1")
    with assert_requests(0):
        orders = customer.orders
    with assert_requests(3):
        assert [each.number for each in orders] == [1, 6]
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

    assert [each.customer_code for each in orders] == ["c1", "c1"]
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
        assert [[each.number for each in c.orders.all()] for c in customers[:2]] == [[0, 5], [1, 6]]
        assert [len(each.orders) for each in customers] == [2] * 5
        assert customers[0].orders.count() == 2
        assert customers[0].orders.exists()
    with assert_requests(1):
        assert customers[0].orders.filter(rank="A").count() == 1
    with assert_requests(1):
        assert len(customers[0].orders.all().all()) == 2


def test_they_lead_back_to_the_record(five):
    for customer in Customer.objects.prefetch_related("orders"):
        with assert_requests(0):
            assert all(each.customer is customer for each in customer.orders)


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
    assert [each.number for each in customer.orders] == [2, 7]
    customer.code = "c1"
    with assert_requests(0):
        assert [each.number for each in customer.orders] == [1, 6]
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
        before = [(each.number, each.rank) for each in orders]
    write(orders)

    with assert_requests(1):
        after = [(each.number, each.rank) for each in orders]
    assert after == list(Order.objects.filter(customer_code="c1").values_list("number", "rank"))
    assert after != before


def test_what_was_prefetched_answers_a_manager_that_was_handed_out_before(five):
    customer = Customer.objects.get(code="c1")
    orders = customer.orders
    prefetch_related_objects([customer], "orders")
    with assert_requests(0):
        assert [each.number for each in orders] == [each.number for each in orders] == [1, 6]
        assert (len(orders), orders.count(), orders.exists(), bool(orders)) == (2, 2, True, True)
        assert (orders[0].number, orders.first().number, orders.last().number) == (1, 1, 6)
        assert [each.number for each in orders.all()[1:]] == [6]
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


def test_paths_through_many(five):
    Order.objects.update(payer=Customer.objects.get(code="c4"))
    with assert_requests(1 + 1 + 1 + 1):
        customers = list(Customer.objects.prefetch_related("orders__payer__region"))
        assert {o.payer.region.name for c in customers for o in c.orders} == {"North"}


def test_each_leads_back_to_the_record_without_a_request(five):
    customer = Customer.objects.get(code="c1")
    with assert_requests(1):
        assert all(each.customer is customer for each in customer.orders.filter(rank="A"))
    every = customer.orders | Order.objects.filter(number=3)
    with assert_requests(2):
        assert [each.customer.code for each in every] == ["c1", "c3", "c1"]


def test_what_is_there_is_not_fetched_again(five):
    with assert_requests(2):
        customers = list(Customer.objects.prefetch_related("orders__customer"))
    with assert_requests(0):
        prefetch_related_objects(customers, "orders__customer")
        assert customers[0].orders[0].customer is customers[0]
    with assert_requests(1):
        prefetch_related_objects(customers, Prefetch("orders", Order.objects.filter(rank="A")))
    assert [each.number for each in customers[0].orders] == [0]


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


def test_explain_says_what_comes_on_top(five):
    told = str(Order.objects.select_related("customer__region").explain())
    assert "customer: read with each page, 1 request for each 100 distinct keys" in told
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
        assert [each.number for each in customer.orders] == [0, 5]
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
        assert [each.number for each in customer.orders] == [1, 6]


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
    assert [each.customer and each.customer.code for each in orders[:3]] == ["c0", None, "c2"]


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
            "'orders' was named before",
            lambda: Customer.objects.prefetch_related(
                "orders", Prefetch("orders", Order.objects.all())
            ),
        ),
        (
            ValueError,
            "to_attr='name' conflicts",
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
        assert [each.number for each in again[1].orders] == [6]
        assert again[1].orders[0].customer is again[1]
    with assert_requests(2):
        assert [each.number for each in again.all()[1].orders] == [6]


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
    with assert_requests(1 + 1 + 1):  # what they lack comes first
        prefetch_related_objects(orders, "customer__region")
        assert [each.customer.region.name for each in orders[:2]] == ["North", "South"]


def test_new_instances_are_given_them_as_well(five):
    orders = [Order(customer_code="c1"), Order()]
    with assert_requests(1):
        prefetch_related_objects(orders, "customer")
        assert [each.customer and each.customer.name for each in orders] == ["C 1", None]


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
