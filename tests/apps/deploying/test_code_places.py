"""kintone takes a code only once in an app, wherever the first field of the code is."""

from __future__ import annotations

import pytest

from kintone_orm import Model, Row, fields
from kintone_orm.apps import deploy
from kintone_orm.exceptions import DeployError
from kintone_orm.testing import capture_requests, emulate


class Line(Row):
    qty = fields.NumberField("数量")


class Order(Model):
    number = fields.SingleLineTextField("受注番号")
    lines = fields.SubtableField(Line, "明細")

    class Meta:
        app = "orders"


class OfOrders:
    app = "orders"


class Flat(Model):
    qty = fields.NumberField("数量")

    Meta = OfOrders


class NumberRow(Row):
    number = fields.SingleLineTextField("受注番号")


class Deep(Model):
    lines = fields.SubtableField(NumberRow, "明細")

    Meta = OfOrders


class Second(Model):
    items = fields.SubtableField(Line, "内訳")

    Meta = OfOrders


class Fresh(Model):
    title = fields.SingleLineTextField()


@pytest.fixture
def kintone():
    with emulate(Order) as connection:
        yield connection


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (Flat, r"Flat.qty declares the code '数量' in the form, but the app has it in the subt"),
        (Deep, r"Deep.lines.number .*'受注番号' in the subtable '明細', but .* in the form"),
        (Second, r"Second.items.qty .* in the subtable '内訳', but .* in the subtable '明細'"),
    ],
)
def test_a_code_of_another_place_is_refused_before_a_change(kintone, model, message):
    with capture_requests(kintone) as sent, pytest.raises(DeployError, match=message):
        deploy(Fresh, model)
    assert {request.method for request in sent} == {"GET"}


def test_two_models_of_a_new_app_must_agree_on_the_place():
    message = "Flat.qty .* but Order has it in the subtable '明細'"
    with (
        emulate() as connection,
        capture_requests(connection) as sent,
        pytest.raises(DeployError, match=message),
    ):
        deploy(Order, Flat)
    assert {request.method for request in sent} <= {"GET"}
