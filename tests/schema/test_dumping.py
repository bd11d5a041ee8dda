"""dump(): the loaded values as JSON, without a request."""

from __future__ import annotations

import enum
from datetime import timedelta

import marshmallow
import pytest

from kintone_orm import Model, Row, fields
from kintone_orm.connection import Connection
from kintone_orm.exceptions import DecodeError, FieldFetchBlocked
from kintone_orm.models.record.decoding.page_decoder import decode
from kintone_orm.schema import ModelSchema
from kintone_orm.settings import PartialSettings
from kintone_orm.testing import assert_requests


class Rank(enum.Enum):
    HIGH = "A"


class Line(Row):
    item = fields.SingleLineTextField()
    price = fields.NumberField()
    double = fields.CalcField(expression="price * 2")


class Customer(Model):
    code = fields.SingleLineTextField(unique=True)


class Visit(Model):
    place = fields.SingleLineTextField()


class Place(Model):
    name = fields.SingleLineTextField()
    visits = fields.ReferenceTableField(Visit, key="name", related="place")


class Pass(Model):
    customer_code = fields.LookupField(Customer, "customer", key="code")
    customer = fields.RelatedRecord("customer_code")


class VisitSchema(ModelSchema):
    class Meta:
        model = Visit


class PlaceSchema(ModelSchema):
    visits = marshmallow.fields.Nested(VisitSchema, many=True, dump_only=True)

    class Meta:
        model = Place
        fields = ("visits",)


class CustomerSchema(ModelSchema):
    class Meta:
        model = Customer


class PassSchema(ModelSchema):
    customer = marshmallow.fields.Nested(CustomerSchema, dump_only=True)

    class Meta:
        model = Pass
        fields = ("customer",)


class Order(Model):
    customer = fields.LookupField(Customer, key="code")
    total = fields.NumberField()
    rank = fields.DropDownField(choices=Rank)
    opens = fields.TimeField()
    start = fields.DateTimeField()
    span = fields.CalcField(format="HOUR_MINUTE", expression="start - start")
    people = fields.UserSelectField()
    lines = fields.SubtableField(Line)
    papers = fields.FileField()
    creator = fields.CreatorField("Created_by")
    updated = fields.UpdatedTimeField("Updated_datetime")

    @property
    def who(self):
        return "me"

    @property
    def half(self):
        return f"{self.total / 2} of {self.total}"


class OrderSchema(ModelSchema):
    class Meta:
        model = Order


KATO = {"code": "kato", "name": "Kato"}
FILE = {"fileKey": "secret", "name": "a.txt", "contentType": "text/plain", "size": "3"}


def read(**values):
    """An order as kintone sends it."""
    wire = {
        "customer": "C-1",
        "total": "10.50",
        "rank": "A",
        "opens": "09:30",
        "start": "2026-02-06T00:30:00Z",
        "span": "49:30",
        "people": [KATO],
        "lines": [
            {
                "id": "5",
                "value": {
                    "item": {"value": "pen"},
                    "price": {"value": "1.5"},
                    "double": {"value": "3"},
                },
            }
        ],
        "papers": [FILE],
        "Created_by": KATO,
        "Updated_datetime": "2026-02-06T00:30:00Z",
    } | values
    record = {code: {"value": value} for code, value in wire.items()}
    (order,) = decode(
        Order,
        [{"$id": {"value": "7"}, "$revision": {"value": "3"}} | record],
        Connection(PartialSettings(), timezone="Asia/Tokyo"),
    )
    return order


def test_every_type_has_its_json():
    assert OrderSchema().dump(read()) == {
        "id": 7,
        "customer": "C-1",
        "total": "10.50",
        "rank": "A",
        "opens": "09:30:00",
        "start": "2026-02-06T09:30:00+09:00",
        "span": timedelta(hours=49, minutes=30).total_seconds(),
        "people": [KATO],
        "lines": [{"id": 5, "item": "pen", "price": "1.5", "double": "3"}],
        "papers": [{"name": "a.txt", "content_type": "text/plain", "size": 3}],
        "creator": KATO,
        "updated": "2026-02-06T09:30:00+09:00",
        "revision": 3,
    }


def test_a_new_record_is_dumped_with_its_blanks_and_stays_as_it_is():
    order = Order(lines=[Line(item="pen")])
    assert OrderSchema().dump(order) == {
        "id": None,
        "customer": "",
        "total": None,
        "rank": None,
        "opens": None,
        "start": None,
        "span": None,
        "people": [],
        "lines": [{"id": None, "item": "pen", "price": None, "double": None}],
        "papers": [],
        "creator": None,
        "updated": None,
        "revision": None,
    }
    assert list(order.changed_fields()) == ["lines"]


def test_a_field_that_is_not_loaded_is_refused_and_not_fetched(kintone):
    order = Order(total=5)
    order.save()
    with (
        assert_requests(0),
        pytest.raises(FieldFetchBlocked, match=r"Order\.\w+ is not loaded") as caught,
    ):
        OrderSchema().dump(order)
    assert "save(refresh=True)" in str(caught.value)

    order.refresh_from_db()
    with assert_requests(0):
        assert OrderSchema().dump(order)["total"] == "5"


def test_fields_that_are_loaded_are_dumped_without_the_others(kintone):
    order = Order(total=5)
    order.save()
    with assert_requests(0):
        assert OrderSchema(only=["id", "total"]).dump(order) == {"id": 1, "total": "5"}


def test_a_path_into_a_field_that_is_not_loaded_is_refused_as_well(kintone):
    class Schema(OrderSchema):
        by = marshmallow.fields.String(attribute="creator.code")

    assert Schema(only=["by"]).dump(read()) == {"by": "kato"}
    order = Order(total=5)
    order.save()
    with (
        assert_requests(0),
        pytest.raises(FieldFetchBlocked, match=r"Order\.creator is not loaded"),
    ):
        Schema(only=["by"]).dump(order)


def test_a_field_that_could_not_be_read_says_so():
    with pytest.raises(DecodeError, match=r"Order\.total"):
        OrderSchema().dump(read(total="five"))


def test_what_was_lost_with_its_record_is_not_dumped_as_a_blank(kintone):
    Order(total=5).save()
    order = Order.objects.only("rank").get()
    order.delete()

    with (
        assert_requests(0),
        pytest.raises(Order.DoesNotExist, match="before the value of total was read"),
    ):
        OrderSchema(only=["total"]).dump(order)


def test_a_list_in_a_new_row_that_was_filled_in_place_is_dumped():
    class Task(Row):
        tags = fields.CheckBoxField(choices=["a"])

    class Plan(Model):
        tasks = fields.SubtableField(Task)

    class PlanSchema(ModelSchema):
        class Meta:
            model = Plan

    task = Task()
    task.tags.append("a")
    (dumped,) = PlanSchema(only=["tasks"]).dump(Plan(tasks=[task]))["tasks"]
    assert dumped["tags"] == ["a"]


def test_several_are_dumped_as_a_list():
    assert OrderSchema(many=True, only=["id"]).dump([read(), read()]) == [{"id": 7}, {"id": 7}]


def test_attributes_that_are_no_fields_can_be_dumped():
    class Schema(ModelSchema):
        who = marshmallow.fields.String()

        class Meta:
            model = Order
            fields = ("id", "who")

    assert Schema().dump(read()) == {"id": 7, "who": "me"}


def test_a_property_is_dumped_unless_it_reads_what_is_not_loaded(kintone):
    class Schema(ModelSchema):
        half = marshmallow.fields.String()

        class Meta:
            model = Order
            fields = ("half",)

    order = Order(total=5)
    order.save()
    assert Schema().dump(order) == {"half": "2.5 of 5"}
    order = Order.objects.only("rank").get()
    with (
        assert_requests(0),
        pytest.raises(FieldFetchBlocked, match=r"'half' reads a value that is not"),
    ):
        Schema().dump(order)
    with assert_requests(1):
        assert order.half == "2.5 of 5"


def test_a_dict_can_be_dumped():
    assert OrderSchema(only=["total"]).dump({"total": 5}) == {"total": "5"}


def test_related_records_are_not_read_behind_ones_back(kintone):
    Place.objects.create(name="Kobe")
    Customer.objects.create(code="C-1")
    Pass.objects.create(customer_code="C-1")
    for schema, record, way in [
        (PlaceSchema(), Place.objects.get(), r"Place\.visits .* prefetch_related\('visits'\)"),
        (PassSchema(), Pass.objects.get(), r"Pass\.customer .* select_related\('customer'\)"),
    ]:
        with assert_requests(0), pytest.raises(FieldFetchBlocked, match=way):
            schema.dump(record)


def test_related_records_that_were_fetched_are_dumped(kintone):
    Place.objects.create(name="Kobe")
    Visit.objects.create(place="Kobe")
    Customer.objects.create(code="C-1")
    Pass.objects.create(customer_code="C-1")
    place = Place.objects.prefetch_related("visits").get()
    pass_ = Pass.objects.select_related("customer").get()
    with assert_requests(0):
        assert PlaceSchema().dump(place) == {"visits": [{"id": 1, "place": "Kobe", "revision": 1}]}
        assert PassSchema().dump(pass_) == {"customer": {"id": 1, "code": "C-1", "revision": 1}}


def test_a_related_record_that_is_gone_or_that_none_was_chosen_for_is_null(kintone):
    Customer.objects.create(code="C-1")
    Pass.objects.create(customer_code="C-1")
    Customer.objects.get().delete()
    pass_ = Pass.objects.select_related("customer").get()
    with assert_requests(0):
        assert PassSchema().dump(pass_) == PassSchema().dump(Pass()) == {"customer": None}


def test_a_new_record_has_no_related_records(kintone):
    with assert_requests(0):
        assert PlaceSchema().dump(Place()) == {"visits": []}
