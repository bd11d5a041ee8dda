"""Types of the schema of a model."""

from __future__ import annotations

from typing import Any

from marshmallow import fields as ma
from typing_extensions import assert_type

from kintone_orm import Model, Row, fields
from kintone_orm.exceptions import ValidationError
from kintone_orm.schema import ModelConverter, ModelSchema, auto_field


class Line(Row):
    item = fields.SingleLineTextField()


class Order(Model):
    number = fields.SingleLineTextField(required=True)
    lines = fields.SubtableField(Line)


class HouseConverter(ModelConverter):
    TYPE_MAPPING = {**ModelConverter.TYPE_MAPPING, fields.LinkField: ma.Url}


class OrderSchema(ModelSchema):
    nr = auto_field("number", data_key="Nr")
    shout = ma.Function(lambda order: order.number.upper())

    class Meta:
        model = Order
        load_instance = True
        model_converter = HouseConverter


def loading_into_a_record_gives_it_back(order: Order, data: dict[str, Any]) -> None:
    assert_type(OrderSchema().load(data, instance=order), Order)
    assert_type(OrderSchema().loads("{}", instance=order, partial=True), Order)


def what_else_is_loaded_depends_on_meta(data: dict[str, Any]) -> None:
    made: Order = OrderSchema().load(data, partial=("number",))
    several: list[Order] = OrderSchema(many=True).load([data])
    print(made, several, OrderSchema(only=["nr"]).dump(made))


def only_a_record_is_loaded_into(data: dict[str, Any]) -> None:
    OrderSchema().load(data, instance=5)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]


def refusals_have_the_shape_of_json(error: ValidationError) -> None:
    assert_type(error.normalized_messages(), dict[str, Any])
