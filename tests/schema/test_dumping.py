"""dump(): what is loaded, as JSON; never a request."""

from __future__ import annotations

import enum
from datetime import timedelta

import marshmallow
import pytest

from kintone_orm import Model, Row, fields
from kintone_orm.connection import Connection
from kintone_orm.exceptions import DecodeError
from kintone_orm.models.rows import decode
from kintone_orm.schema import ModelSchema, auto_field
from kintone_orm.settings import Given
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


class VisitSchema(ModelSchema):
    class Meta:
        model = Visit


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
        Connection(Given(), timezone="Asia/Tokyo"),
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


def test_the_key_of_a_file_is_not_told():
    assert "secret" not in OrderSchema().dumps(read())


def test_a_file_that_is_still_to_be_sent_is_told_by_its_name():
    order = Order(papers=[fields.ContentFile(b"x", name="a.txt")])
    dumped = OrderSchema(only=["papers"]).dump(order)
    assert dumped == {"papers": [{"name": "a.txt", "content_type": "text/plain"}]}


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
    with assert_requests(0), pytest.raises(ValueError, match=r"Order\.\w+ is not loaded") as caught:
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
    with assert_requests(0), pytest.raises(ValueError, match=r"Order\.creator is not loaded"):
        Schema(only=["by"]).dump(order)


def test_a_field_that_could_not_be_read_says_so():
    with pytest.raises(DecodeError, match=r"Order\.total"):
        OrderSchema().dump(read(total="five"))


def test_several_are_dumped_as_a_list():
    assert OrderSchema(many=True, only=["id"]).dump([read(), read()]) == [{"id": 7}, {"id": 7}]


def test_attributes_that_are_no_fields_can_be_dumped():
    class Schema(ModelSchema):
        who = marshmallow.fields.String()

        class Meta:
            model = Order
            fields = ("id", "who")

    assert Schema().dump(read()) == {"id": 7, "who": "me"}


def test_a_dict_can_be_dumped():
    assert OrderSchema(only=["total"]).dump({"total": 5}) == {"total": "5"}


def test_a_field_can_have_another_name():
    class Schema(ModelSchema):
        sum = auto_field("total")

        class Meta:
            model = Order
            fields = ("sum",)

    assert Schema().dump(read()) == {"sum": "10.50"}
    assert Schema().load({"sum": "3"}) == {"total": 3}


def test_keyword_arguments_take_the_place_of_ours():
    class Schema(ModelSchema):
        total = auto_field(as_string=False, data_key="Total")

        class Meta:
            model = Order
            fields = ("total",)

    assert str(Schema().dump(read())) == "{'Total': Decimal('10.50')}"


def test_related_records_are_not_read_behind_ones_back(kintone):
    class Schema(ModelSchema):
        visits = marshmallow.fields.Nested(VisitSchema, many=True)

        class Meta:
            model = Place

    with assert_requests(0), pytest.raises(ValueError, match=r"Place\.visits is not loaded"):
        Schema().dump(Place(name="Kobe"))


def test_related_records_are_read_by_a_function_of_ones_own(kintone):
    class Schema(ModelSchema):
        visits = marshmallow.fields.Function(
            lambda place: VisitSchema(only=["id"]).dump(place.visits, many=True)
        )

        class Meta:
            model = Place
            fields = ("visits",)

    Visit(place="Kobe").save()
    Place(name="Kobe").save()
    place = Place.objects.get()
    with assert_requests(1):
        assert Schema().dump(place) == {"visits": [{"id": 1}]}
