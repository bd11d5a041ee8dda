"""auto_field(): a field of the model, named or changed by the schema."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kintone_orm import Model, fields
from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.schema import ModelSchema, auto_field


class Order(Model):
    number = fields.SingleLineTextField()
    total = fields.NumberField()


def schema(*names, **declared):
    meta = type("Meta", (), {"model": Order, "fields": names} if names else {"model": Order})
    return type(ModelSchema)("OrderSchema", (ModelSchema,), {"Meta": meta} | declared)


def test_an_auto_field_of_nothing_is_refused_with_the_nearest_names():
    with pytest.raises(ImproperlyConfigured, match=r"OrderSchema\.sum: Order has no field 'totl'"):
        schema(sum=auto_field("totl"))
    with pytest.raises(ImproperlyConfigured, match=r"OrderSchema\.totl: .*Did you mean 'total'"):
        schema(totl=auto_field())


def test_a_field_can_have_another_name():
    renamed = schema("sum", sum=auto_field("total"))()
    assert renamed.dump(Order(total="10.50")) == {"sum": "10.50"}
    assert renamed.load({"sum": "3"}) == {"total": 3}


def test_keyword_arguments_take_the_place_of_ours():
    changed = schema("total", total=auto_field(as_string=False, data_key="Total"))()
    dumped = changed.dump(Order(total="10.50"))
    assert dumped == {"Total": Decimal("10.50")}
    assert isinstance(dumped["Total"], Decimal)
