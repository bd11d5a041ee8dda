"""A module of models, as text, for tests of commands that take MODELS."""

from __future__ import annotations

SHOP = """
from kintone_orm import Model, Row, fields


class Customer(Model):
    code = fields.SingleLineTextField("顧客コード", unique=True)
    name = fields.SingleLineTextField("会社名")


class Line(Row):
    item = fields.SingleLineTextField("品名")
    qty = fields.NumberField("数量")


class Order(Model):
    number = fields.SingleLineTextField("受注番号", unique=True)
    rank = fields.DropDownField(choices=["A", "B"])
    due = fields.DateField("納期")
    amount = fields.NumberField("金額")
    customer_code = fields.LookupField("Customer", key="code")
    customer = fields.RelatedRecord("customer_code")
    lines = fields.SubtableField(Line, "明細")

    class Meta:
        app = "orders"
"""
