"""A model with one field of every type, which the tests of queries and fields share."""

from __future__ import annotations

from typing import Any

from kintone_orm import Model, Q, fields
from kintone_orm.query.compiler import compile_condition
from kintone_orm.query.conditions import NOTHING
from kintone_orm.query.resolve import resolve


class Shop(Model):
    code = fields.SingleLineTextField(unique=True)
    floor = fields.IntegerField(unique=True)
    name = fields.SingleLineTextField()


class Thing(Model):
    title = fields.SingleLineTextField("件名")
    site = fields.LinkField()
    memo = fields.MultiLineTextField()
    body = fields.RichTextField()
    price = fields.NumberField()
    count = fields.IntegerField()
    rank = fields.DropDownField(choices=["A", "B", "C"])
    size = fields.RadioButtonField(choices=["S", "M", "L"])
    tags = fields.CheckBoxField(choices=["red", "green", "blue"])
    days = fields.MultiSelectField(choices=["mon", "tue"])
    due = fields.DateField()
    opens = fields.TimeField()
    start = fields.DateTimeField()
    number = fields.RecordNumberField("Record_number")
    creator = fields.CreatorField("Created_by")
    modifier = fields.ModifierField("Updated_by")
    created = fields.CreatedTimeField("Created_datetime")
    updated = fields.UpdatedTimeField("Updated_datetime")
    shop = fields.LookupField(Shop, key="code")
    level = fields.LookupField(Shop, key="floor")


def compiled(q: Q, *, negated: bool = False, zone: Any = None) -> str:
    """What `q` asks of a Thing, in kintone's language."""
    condition = resolve(q, Thing._meta.find, zone=lambda: zone, negated=negated)
    if condition == NOTHING:
        return "(no record)"
    return compile_condition(condition) or "(every record)"
