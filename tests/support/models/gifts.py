"""Orders of items, with lookups, people and rows that kintone may refuse."""

from __future__ import annotations

from kintone_orm import Model, Row, fields


class Item(Model):
    code = fields.SingleLineTextField(unique=True)
    price = fields.NumberField()


class Other(Model):
    code = fields.SingleLineTextField(unique=True)


class Line(Row):
    item = fields.LookupField(Item, key="code")
    qty = fields.NumberField()
    guard = fields.UserSelectField()


class Order(Model):
    number = fields.SingleLineTextField(unique=True)
    label = fields.SingleLineTextField()
    gift = fields.LookupField(Item, key="code")
    other = fields.LookupField(Other, key="code")
    staff = fields.UserSelectField()
    team = fields.GroupSelectField()
    lines = fields.SubtableField(Line)
