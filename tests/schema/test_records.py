"""Loaded values are assigned to a record, all or none of them."""

from __future__ import annotations

import marshmallow
import pytest
from support.models.loaded_orders import Line, Order, OrderSchema, Rank, ValuesSchema, errors

from kintone_orm.exceptions import FieldDoesNotExist, FieldFetchBlocked
from kintone_orm.testing import assert_requests


@pytest.fixture
def order(kintone):
    """An order, read from kintone."""
    kintone.emulator.add_user("kato", "secret", name="Kato")
    lines = [Line(item="pen", price="1.50", flags=["red"]), Line(item="ink", qty=3)]
    Order.objects.create(number="A-1", total=5, people=["kato"], lines=lines, kind="new")
    return Order.objects.get()


# -- records --------------------------------------------------------------------------------------


def test_an_instance_is_changed_and_not_saved(order):
    with assert_requests(0):
        same = OrderSchema().load({"number": "A-2", "rank": "A"}, instance=order)

    assert same is order
    assert order.changed_fields() == {"number": ("A-1", "A-2"), "rank": (Rank.LOW, Rank.HIGH)}


def test_an_instance_can_be_given_to_a_schema_of_dicts_as_well(order):
    assert ValuesSchema().load({"number": "A-2"}, instance=order) is order
    assert ValuesSchema().loads('{"number": "A-3"}', instance=order).number == "A-3"


def test_what_is_left_out_stays_as_it_is(order):
    OrderSchema().load({"total": "7"}, instance=order, partial=True)
    assert list(order.changed_fields()) == ["total"]


def test_an_error_assigns_nothing(order):
    errors(OrderSchema(), {"number": "B", "rank": "C"}, instance=order)
    assert order.changed_fields() == {}


def test_what_a_field_of_ones_own_lets_through_is_an_error_too_and_assigns_nothing(order):
    class Schema(OrderSchema):
        due = marshmallow.fields.String()

    data = {"number": "B", "due": "soon"}
    assert list(errors(Schema(), data, instance=order)) == ["due"]
    assert order.changed_fields() == {}


def test_a_value_that_the_model_does_not_have_is_refused(order):
    class Schema(OrderSchema):
        coupon = marshmallow.fields.String()

    for instance in (None, order):
        with pytest.raises(FieldDoesNotExist, match=r"no field 'coupon'"):
            Schema().load({"number": "B", "coupon": "X"}, instance=instance)


def test_an_equal_value_leaves_the_names_of_people_alone(order):
    OrderSchema().load({"people": [{"code": "kato"}]}, instance=order, partial=True)
    assert order.people[0].name == "Kato"


# -- rows of a record -----------------------------------------------------------------------------


def test_rows_keep_their_ids_and_what_is_not_said_of_them(order):
    pen, ink = order.lines
    data = {"lines": [{"id": ink.id, "item": "ink", "qty": 4}, {"id": pen.id, "item": "pencil"}]}
    OrderSchema().load(data, instance=order, partial=True)

    assert [row.id for row in order.lines] == [ink.id, pen.id]
    assert order.lines[1] == Line(item="pencil", qty=1, price="1.50", flags=["red"])
    order.save()
    assert Order.objects.get().lines == order.lines


def test_a_row_of_an_unknown_id_is_a_new_one(order):
    OrderSchema().load({"lines": [{"id": 999, "item": "cap"}]}, instance=order, partial=True)
    assert [(row.id, row.item, row.qty) for row in order.lines] == [(None, "cap", 1)]


def test_the_same_rows_are_no_change(order):
    data = OrderSchema(only=["lines"]).dump(order)
    OrderSchema().load(data, instance=order, partial=True)
    assert order.changed_fields() == {}


def test_rows_cannot_be_matched_with_those_that_are_not_loaded(order):
    order.lines.append(Line(item="cap"))
    order.save()
    with assert_requests(0), pytest.raises(FieldFetchBlocked, match=r"Order\.lines is not loaded"):
        OrderSchema().load({"lines": [{"id": 1, "item": "x"}]}, instance=order, partial=True)
