"""Orders as JSON describes them, and their schemas, for the tests of loading."""

from __future__ import annotations

import enum

import marshmallow
import pytest
from marshmallow.validate import Length, Range

from kintone_orm import Model, Row, fields
from kintone_orm.schema import ModelSchema


class Rank(enum.Enum):
    HIGH = "A"
    LOW = "B"


class Line(Row):
    item = fields.SingleLineTextField(required=True)
    qty = fields.IntegerField(default=1)
    price = fields.NumberField()
    papers = fields.FileField()
    flags = fields.CheckBoxField(choices=["red", "green"])


class Order(Model):
    number = fields.SingleLineTextField("受注番号", required=True, validators=[Length(max=5)])
    note = fields.MultiLineTextField(validators=[Length(min=3)])
    total = fields.NumberField(validators=[Range(min=0)])
    rank = fields.DropDownField(choices=Rank, default=Rank.LOW)
    kind = fields.RadioButtonField(choices=["new", "used"])
    due = fields.DateField()
    opens = fields.TimeField()
    start = fields.DateTimeField()
    people = fields.UserSelectField()
    tags = fields.CheckBoxField(choices=["red", "green"])
    lines = fields.SubtableField(Line)
    updated = fields.UpdatedTimeField("Updated_datetime")


class OrderSchema(ModelSchema):
    class Meta:
        model = Order
        load_instance = True


class ValuesSchema(ModelSchema):
    class Meta:
        model = Order


def errors(schema, data, **options):
    with pytest.raises(marshmallow.ValidationError) as caught:
        schema.load(data, **options)
    return caught.value.messages
