"""A model with one field of every type, which the tests of queries and fields share."""

from __future__ import annotations

from typing import Any

from kintone_orm import Model, Q, Row, fields
from kintone_orm.query.compiler import compile_condition
from kintone_orm.query.conditions import NOTHING
from kintone_orm.query.long_texts import to_compare_again
from kintone_orm.query.resolve import resolve


class Shop(Model):
    code = fields.SingleLineTextField(unique=True)
    floor = fields.IntegerField(unique=True)
    name = fields.SingleLineTextField()


class Line(Row):
    item = fields.SingleLineTextField("品名")
    page = fields.LinkField()
    remark = fields.MultiLineTextField()
    text = fields.RichTextField()
    qty = fields.NumberField()
    sum = fields.CalcField("合計", expression="qty * 2")
    grade = fields.DropDownField(choices=["A", "B"])
    marks = fields.CheckBoxField(choices=["x", "y"])
    day = fields.DateField()
    at = fields.TimeField()
    moment = fields.DateTimeField()
    buyer = fields.UserSelectField()
    section = fields.OrganizationSelectField()
    scans = fields.FileField()


class Sale(Model):
    thing = fields.SingleLineTextField()
    amount = fields.NumberField()
    day = fields.DateField()
    grade = fields.DropDownField(choices=["A", "B"])
    notes = fields.MultiLineTextField()
    added = fields.CreatedTimeField("Created_datetime")


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
    total = fields.CalcField(expression="price * 2")
    finished = fields.CalcField(format="DATE", expression="due")
    papers = fields.FileField()
    owner = fields.UserSelectField()
    team = fields.OrganizationSelectField()
    crew = fields.GroupSelectField()
    status = fields.StatusField("Status")
    assignee = fields.StatusAssigneeField("Assignee")
    category = fields.CategoryField("Categories")
    lines = fields.SubtableField(Line, "明細")
    sales = fields.ReferenceTableField(Sale, key="title", related="thing")


def compiled(q: Q, *, negated: bool = False, zone: Any = None) -> str:
    """The query that `q` compiles to, for a Thing."""
    condition = resolve(q, Thing._meta.find, zone=lambda: zone, negated=negated)
    to_compare_again(condition)  # NotSupportedError if the comparison cannot be exact
    if condition == NOTHING:
        return "(no record)"
    return compile_condition(condition) or "(every record)"


class Twelve:
    """A whole number that is no `int`, like those of numpy."""

    def __index__(self) -> int:
        return 12
