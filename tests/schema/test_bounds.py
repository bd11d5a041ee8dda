"""A schema has the lengths and ranges of the model's fields."""

from __future__ import annotations

from decimal import Decimal

import pytest
from marshmallow.validate import Length, Range
from support.models.loaded_orders import errors

from kintone_orm import Model, Row, fields
from kintone_orm.schema import ModelSchema


class Parcel(Row):
    mark = fields.SingleLineTextField(max_length=2)


class Sending(Model):
    code = fields.SingleLineTextField(min_length=2, max_length=4)
    page = fields.LinkField(max_length=20)
    weight = fields.NumberField(min_value="0.1", max_value=10)
    pieces = fields.IntegerField(max_value=9)
    note = fields.SingleLineTextField(required=True, max_length=3)
    parcels = fields.SubtableField(Parcel)


class SendingSchema(ModelSchema):
    class Meta:
        model = Sending


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"code": "a"}, "Length must be between 2 and 4."),
        ({"code": ""}, "Length must be between 2 and 4."),
        ({"code": "👍👍a"}, "Length must be between 2 and 4."),
        ({"page": "https://example.com/1"}, "Longer than maximum length 20."),
        ({"weight": "0.09"}, "Must be greater than or equal to 0.1 and less than or equal to 10."),
        ({"pieces": 10}, "Must be less than or equal to 9."),
        ({"note": "abcd"}, "Longer than maximum length 3."),
    ],
)
def test_a_value_out_of_bounds_is_refused(data, message):
    (name,) = data
    assert errors(SendingSchema(), data, partial=True) == {name: [message]}


def test_a_value_within_bounds_is_loaded():
    data = {"code": "👍👍", "page": "", "weight": "0.1", "pieces": 9, "note": "abc"}
    loaded = SendingSchema().load(data)
    assert loaded == data | {"weight": Decimal("0.1")}


def test_a_text_with_a_minimum_must_be_there():
    assert errors(SendingSchema(), {"note": "a"}) == {"code": ["Missing data for required field."]}


def test_the_bounds_are_for_rows_as_well():
    refused = errors(SendingSchema(), {"parcels": [{"mark": "abc"}]}, partial=True)
    assert refused == {"parcels": {0: {"mark": ["Longer than maximum length 2."]}}}


def test_other_libraries_can_see_the_bounds():
    schema = SendingSchema().fields
    (length,) = [check for check in schema["code"].validators if isinstance(check, Length)]
    (weight,) = [check for check in schema["weight"].validators if isinstance(check, Range)]
    (pieces,) = [check for check in schema["pieces"].validators if isinstance(check, Range)]
    assert (length.min, length.max) == (2, 4)
    assert (weight.min, weight.max, type(weight.max)) == (Decimal("0.1"), 10, int)
    assert (pieces.min, pieces.max) == (None, 9)
