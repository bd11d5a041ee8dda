"""load(): JSON becomes values, a new record, or changes of a record; it sends no request."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import marshmallow
import pytest
from support.models.loaded_orders import Line, Order, OrderSchema, Rank, ValuesSchema, errors

from kintone_orm import override
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import ValidationError
from kintone_orm.models import LostSave
from kintone_orm.schema import auto_field
from kintone_orm.testing import assert_requests


@pytest.fixture
def order(kintone):
    """An order, read from kintone."""
    kintone.emulator.add_user("kato", "secret", name="Kato")
    lines = [Line(item="pen", price="1.50", flags=["red"]), Line(item="ink", qty=3)]
    Order.objects.create(number="A-1", total=5, people=["kato"], lines=lines, kind="new")
    return Order.objects.get()


# -- values ---------------------------------------------------------------------------------------


def test_it_gives_a_dict_of_python_values():
    loaded = ValuesSchema().load({"number": "A-1", "total": "1.10", "due": "2026-02-06"})
    assert loaded == {"number": "A-1", "total": Decimal("1.10"), "due": date(2026, 2, 6)}


def test_an_option_is_loaded_as_the_member_of_the_enum():
    assert ValuesSchema().load({"number": "A", "rank": "A"})["rank"] is Rank.HIGH


def test_rows_are_loaded_as_rows_with_their_ids():
    (row,) = ValuesSchema().load({"number": "A", "lines": [{"id": 7, "item": "pen"}]})["lines"]
    assert (row.id, row) == (7, Line(item="pen", qty=None))


def test_a_new_row_has_its_defaults():
    (row,) = ValuesSchema().load({"number": "A", "lines": [{"item": "pen"}]})["lines"]
    assert (row.id, row.qty) == (None, 1)


def test_what_is_only_dumped_is_left_out_when_it_comes_back():
    data = {"number": "A", "id": 5, "revision": 2, "updated": "2026-02-06T00:00:00Z"}
    assert ValuesSchema().load(data) == {"number": "A"}


def test_a_name_for_json_of_its_own_is_left_out_as_well():
    class Schema(ValuesSchema):
        updated = auto_field(data_key="changedAt")

    assert Schema().load({"number": "A", "changedAt": "now"}) == {"number": "A"}


def test_an_unknown_name_is_refused_unless_the_schema_says_otherwise():
    data = {"number": "A", "nubmer": "B"}
    assert errors(ValuesSchema(), data) == {"nubmer": ["Unknown field."]}
    assert ValuesSchema(unknown=marshmallow.EXCLUDE).load(data) == {"number": "A"}


def test_rows_treat_unknown_names_as_their_schema_says():
    class Schema(ValuesSchema):
        class Meta(ValuesSchema.Meta):
            unknown = marshmallow.EXCLUDE

    loaded = Schema().load({"number": "A", "lines": [{"item": "pen", "colour": "red"}]})
    assert loaded["lines"] == [Line(item="pen")]


# -- what is wrong --------------------------------------------------------------------------------


def test_errors_in_rows_and_lists_say_where():
    data = {"lines": [{"item": "pen"}, {"qty": 1.5}], "tags": ["red", "blue"]}
    assert errors(ValuesSchema(), data, partial=["number"]) == {
        "lines": {
            1: {"item": ["Missing data for required field."], "qty": ["Not a valid integer."]}
        },
        "tags": {1: ["Must be one of: red, green."]},
    }


def test_required_fields_must_be_there_unless_it_is_partial():
    assert errors(ValuesSchema(), {}) == {"number": ["Missing data for required field."]}
    assert ValuesSchema().load({}, partial=True) == {}


# -- records --------------------------------------------------------------------------------------


def test_an_instance_is_made_and_not_saved(kintone):
    with assert_requests(0):
        made = OrderSchema().load({"number": "A-1", "lines": [{"item": "pen"}]})

    assert (type(made), made.pk, made.number, made.lines) == (
        Order,
        None,
        "A-1",
        [Line(item="pen")],
    )


def test_a_revision_means_nothing_to_a_new_record():
    assert OrderSchema().load({"number": "A-1", "revision": 3}).revision is None


def test_validate_only_says_what_is_wrong(kintone):
    wrong = {"number": "A-1", "rank": "C"}
    assert OrderSchema().validate(wrong) == {"rank": ["Must be one of: A, B."]}


def test_a_schema_inside_another_makes_records_as_well():
    class Schema(marshmallow.Schema):
        orders = marshmallow.fields.Nested(OrderSchema, many=True)

    (order,) = Schema().load({"orders": [{"number": "A-1"}]})["orders"]
    assert (type(order), order.number) == (Order, "A-1")


def test_a_new_instance_has_its_defaults():
    assert OrderSchema().load({"number": "A-1"}).rank is Rank.LOW


def test_ids_of_rows_mean_nothing_to_a_new_record():
    (row,) = OrderSchema().load({"number": "A-1", "lines": [{"id": 9, "item": "pen"}]}).lines
    assert (row.id, row.qty) == (None, 1)


def test_several_are_loaded_as_a_list():
    loaded = OrderSchema(many=True).load([{"number": "A"}, {"number": "B"}])
    assert [order.number for order in loaded] == ["A", "B"]


@pytest.mark.parametrize("options", [{"many": True}, {"instance": Line()}])
def test_it_is_loaded_into_one_record_of_the_model(order, options):
    with pytest.raises(TypeError, match=r"OrderSchema: 'instance' must be one Order"):
        OrderSchema().load({"number": "A"}, **{"instance": order} | options)


def test_what_the_program_makes_of_the_values_is_what_it_gets():
    class Schema(OrderSchema):
        @marshmallow.post_load
        def count(self, data, **kwargs):
            return len(data)

    assert Schema().load({"number": "A", "total": 5}) == 2


# -- revisions ------------------------------------------------------------------------------------


def test_a_save_is_refused_if_the_client_has_not_seen_the_latest(order):
    seen = OrderSchema().dump(order)
    other = Order.objects.get()
    other.total = 9
    other.save()

    latest = Order.objects.get()
    OrderSchema().load(seen | {"number": "B"}, instance=latest)
    with pytest.raises(Order.Conflict):
        latest.save()


def test_the_conflict_counts_what_the_client_changed_as_changed_by_both(order):
    seen = OrderSchema(only=["total", "note", "revision"]).dump(order)
    Order.objects.filter(pk=order.pk).update(total=7)
    latest = Order.objects.get(pk=order.pk)
    OrderSchema().load(seen | {"note": "mine"}, instance=latest, partial=True)
    with pytest.raises(Order.Conflict) as conflict:
        latest.save()
    assert conflict.value.both == {"note", "total"}
    assert conflict.value.theirs.keys() == {"note", "total"}


def test_a_client_that_has_seen_the_latest_revision_meets_no_conflict(order):
    seen = OrderSchema(only=["total", "revision"]).dump(order)
    OrderSchema().load(seen | {"total": "8"}, instance=order, partial=True)
    order.save()
    order.total = 9
    order.save()
    assert Order.objects.get(pk=order.pk).total == 9


def test_a_client_that_changes_nothing_learns_the_latest_revision(order):
    seen = OrderSchema(only=["total", "revision"]).dump(order)
    Order.objects.filter(pk=order.pk).update(number="B")
    latest = Order.objects.get()
    OrderSchema().load(seen, instance=latest, partial=True)
    latest.save()
    assert OrderSchema(only=["total", "revision"]).dump(latest) == {"total": "5", "revision": 2}


def test_without_a_revision_the_save_compares_with_what_was_read(order):
    OrderSchema().load({"number": "B"}, instance=order)
    order.save()
    assert (order.revision, Order.objects.get().number) == (2, "B")


@pytest.mark.parametrize("revision", [-1, 0, "1", 1.5])
def test_a_revision_that_is_none_is_refused(order, revision):
    found = errors(OrderSchema(), {"number": "B", "revision": revision}, instance=order)
    assert list(found) == ["revision"]


class InsistingSchema(OrderSchema):
    revision = auto_field(required=True)


@pytest.mark.parametrize("partial", [False, True])
def test_a_required_revision_is_never_null(order, partial):
    data = {"number": "B", "revision": None}
    found = errors(InsistingSchema(), data, instance=order, partial=partial)
    assert found == {"revision": ["Field may not be null."]}
    assert order.changed_fields() == {}


def test_a_required_revision_is_required_of_a_partial_change_as_well(order):
    missing = {"revision": ["Missing data for required field."]}
    assert errors(InsistingSchema(), {"number": "B"}, instance=order, partial=True) == missing
    assert errors(InsistingSchema(partial=True), {"number": "B"}, instance=order) == missing
    assert errors(InsistingSchema(), {"number": "B"}, instance=order, partial=["note"]) == missing


def test_a_missing_revision_is_told_with_whatever_else_is_wrong(order):
    found = errors(InsistingSchema(), {"rank": "C"}, instance=order, partial=True)
    assert sorted(found) == ["rank", "revision"]


def test_a_required_revision_is_asked_for_by_its_name_in_json(order):
    class Schema(OrderSchema):
        seen = auto_field("revision", required=True, data_key="version")

    assert list(errors(Schema(), {"number": "B"}, instance=order, partial=True)) == ["version"]
    Schema().load({"number": "B", "version": 1}, instance=order, partial=True)


# -- errors of a save -----------------------------------------------------------------------------


def test_what_a_save_refuses_has_the_shape_of_what_a_schema_refuses(kintone):
    order = Order(number="A", lines=[Line(item="pen"), Line(item="")])
    with pytest.raises(ValidationError) as caught:
        order.save()
    assert caught.value.normalized_messages() == {
        "lines": {"1": {"item": ["Required: kintone refuses a blank here."]}}
    }


def test_a_save_of_loaded_values_whose_answer_was_lost_is_never_a_conflict(order, kintone):
    seen = OrderSchema(only=["total", "revision"]).dump(order)
    OrderSchema().load(seen | {"total": "8"}, instance=order, partial=True)
    kintone.emulator.faults.add(Fault.LOST_ANSWER, method="PUT")
    with override(retry=True), pytest.raises(LostSave) as caught:
        order.save()
    assert caught.value.expected == seen["revision"]
    assert caught.value.looks_saved
