"""Filters by the values of another queryset, which is read first."""

from __future__ import annotations

import pickle

import pytest

from kintone_orm import Model, Row, fields
from kintone_orm.exceptions import FieldError, NotSupportedError
from kintone_orm.models import QuerySet
from kintone_orm.testing import assert_requests, capture_requests, emulate


class Customer(Model):
    code = fields.SingleLineTextField(unique=True)
    city = fields.SingleLineTextField()


class Line(Row):
    item = fields.SingleLineTextField()


class Order(Model):
    number = fields.NumberField()
    customer = fields.LookupField(Customer, key="code")
    city = fields.SingleLineTextField()
    lines = fields.SubtableField(Line)


@pytest.fixture(autouse=True)
def records(kintone):
    Customer.objects.bulk_create(
        [
            Customer(code="a", city="Kobe"),
            Customer(code="b", city="Kobe"),
            Customer(code="c", city="Oita"),
            Customer(code="d"),
        ]
    )
    Order.objects.bulk_create(
        [
            Order(number=1, customer="a", city="Oita", lines=[Line(item="pen")]),
            Order(number=2, customer="b", lines=[Line(item="ink")]),
            Order(number=3, customer="c", city="Kobe"),
            Order(number=4),
        ]
    )


IN_KOBE = Customer.objects.filter(city="Kobe")


def numbers(queryset):
    return [int(order.number) for order in queryset]


def test_a_lookup_is_compared_with_the_keys_of_its_model():
    assert numbers(Order.objects.filter(customer__in=IN_KOBE)) == [1, 2]


def test_exclude_finds_the_others_blanks_among_them():
    assert numbers(Order.objects.exclude(customer__in=IN_KOBE)) == [3, 4]


def test_ids_are_compared_with_ids():
    pens = Order.objects.filter(lines__item="pen")
    assert numbers(Order.objects.filter(pk__in=pens)) == [1]
    assert numbers(Order.objects.exclude(pk__in=pens)) == [2, 3, 4]


def test_any_field_is_compared_with_picked_values_of_which_blanks_are_none():
    cities = Customer.objects.values_list("city", flat=True)
    assert numbers(Order.objects.filter(city__in=cities)) == [1, 3]


def test_values_with_one_name_do_as_well():
    assert numbers(Order.objects.filter(city__in=IN_KOBE.values("city"))) == [3]


def test_a_column_of_a_table_too():
    found = Order.objects.filter(lines__item__in=Customer.objects.values_list("code", flat=True))
    assert numbers(found) == []


def test_a_slice_counts():
    first = Customer.objects.order_by("code")[:1]
    assert numbers(Order.objects.filter(customer__in=first)) == [1]


def test_building_sends_nothing():
    with assert_requests(0):
        orders = Order.objects.filter(customer__in=IN_KOBE).exclude(number=5)
        str(orders.query)
        repr(orders)


def test_reading_reads_the_inner_one_first():
    orders = Order.objects.filter(customer__in=IN_KOBE)
    for ask in (list, QuerySet.count, QuerySet.exists):
        with assert_requests(2):
            ask(orders.all())


def test_only_the_field_that_is_compared_is_read(kintone):
    with capture_requests(kintone) as requests:
        list(Order.objects.filter(customer__in=IN_KOBE))
    assert requests[0].params["fields"] == ["$id", "$revision", "code"]


def test_the_requests_of_the_inner_one_are_explained():
    explained = Order.objects.filter(customer__in=IN_KOBE)[:5].explain().requests
    assert explained == "1; before, for customer: 1, and 1 more after each full 500 records"


def test_the_inner_one_sends_nothing_where_nothing_depends_on_it():
    with assert_requests(0):
        assert numbers(Order.objects.filter(pk__in=[], customer__in=IN_KOBE)) == []


def test_an_inner_one_without_records_finds_none_and_saves_the_second_request():
    nobody = Customer.objects.filter(city="Nowhere")
    with assert_requests(1):
        assert numbers(Order.objects.filter(customer__in=nobody)) == []


def test_a_second_one_is_not_read_where_the_first_decides():
    nowhere = Customer.objects.filter(city="Nowhere").values_list("city", flat=True)
    with assert_requests(1):
        assert numbers(Order.objects.filter(city__in=nowhere, customer__in=IN_KOBE)) == []


def test_a_pickle_holds_what_was_found():
    orders = Order.objects.filter(customer__in=IN_KOBE)
    with assert_requests(2):
        pickled = pickle.dumps(orders)
    with assert_requests(0):
        unpickled = pickle.loads(pickled)
        assert numbers(unpickled) == [1, 2]
    assert unpickled.query == 'customer in ("a", "b") order by $id asc'


def test_explain_says_that_it_is_read_first():
    with assert_requests(0):
        explanation = Order.objects.filter(customer__in=IN_KOBE).explain(ahead=0)
    assert explanation.notes == (
        "customer: the other queryset is read first, with requests of its own",
    )


def test_the_query_shows_what_is_waited_for():
    assert str(Order.objects.filter(customer__in=IN_KOBE).query) == (
        'customer in (<QuerySet of Customer: city = "Kobe" order by $id asc (not fetched)>) '
        "order by $id asc"
    )


def test_writing_what_it_finds_works_too():
    assert Order.objects.filter(customer__in=IN_KOBE).update(number=9) == 2
    assert Order.objects.filter(customer__in=IN_KOBE).delete() == (2, {"Order": 2})


@pytest.mark.parametrize("inner", [IN_KOBE, IN_KOBE.values("city", "code")])
def test_which_value_is_meant_must_be_clear(inner):
    with pytest.raises(FieldError) as refused:
        Order.objects.filter(city__in=inner)
    assert str(refused.value) == (
        "Order.city__in needs one value from each Customer. Add "
        '.values_list("name", flat=True) to the queryset, with the name of the field to compare '
        "with."
    )


def test_rows_cannot_be_excluded_by_it_either():
    with pytest.raises(NotSupportedError, match="cannot be used in exclude"):
        Order.objects.exclude(lines__item__in=Customer.objects.values_list("code", flat=True))


def test_six_hundred_values_travel_in_one_request(kintone):
    Customer.objects.bulk_create([Customer(code=f"code number {n}") for n in range(600)])
    with capture_requests(kintone) as requests:
        numbers(Order.objects.filter(customer__in=Customer.objects.all()))
    assert [request.method for request in requests] == ["GET"] * 3


def test_the_inner_one_is_read_where_the_outer_one_is(kintone):
    with emulate(Customer, Order) as other:
        Customer.objects.using(other).create(code="z", city="Kobe")
        Order.objects.using(other).create(number=7, customer="z")
        connection = other
        found = Order.objects.using(connection).filter(customer__in=IN_KOBE)
        assert numbers(found) == [7]


def test_an_inner_one_that_names_its_connection_is_read_there(kintone):
    here = IN_KOBE.using(kintone)
    with emulate(Customer, Order) as other:
        Customer.objects.using(other).bulk_create([Customer(code="a"), Customer(code="z")])
        Order.objects.using(other).bulk_create(
            [Order(number=8, customer="a"), Order(number=9, customer="z")]
        )
        assert numbers(Order.objects.using(other).filter(customer__in=here)) == [8]
