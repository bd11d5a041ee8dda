"""Customers and the deals with them: lookups, related records, a table and formulas."""

from __future__ import annotations

from kintone_orm import Model, Row, fields


class Customer(Model):
    code = fields.SingleLineTextField("顧客コード", unique=True, required=True)
    number = fields.SingleLineTextField("顧客番号", unique=True)
    name = fields.SingleLineTextField("会社名")
    tel = fields.LinkField("電話", protocol="CALL")
    deals = fields.ReferenceTableField(
        "Deal", "案件", key="code", related="customer", filter_cond='rank in ("A")'
    )


class Line(Row):
    item = fields.SingleLineTextField("品名", required=True)
    qty = fields.NumberField("数量")
    item_code = fields.LookupField(Customer, key="code", copies={"item": "name"})


class Deal(Model):
    title = fields.SingleLineTextField("件名")
    amount = fields.NumberField("金額")
    rank = fields.DropDownField(choices=["A", "B", "C"])
    kind = fields.RadioButtonField(choices=["new", "old"])
    customer = fields.LookupField(Customer, key="code", copies={"company": "name"})
    company = fields.SingleLineTextField()
    double = fields.CalcField(expression="金額 * 2")
    days = fields.CalcField(format="HOUR_MINUTE", expression="金額")
    heading = fields.SingleLineTextField(expression='"No. " & 金額')
    due = fields.DateField("期日")
    number = fields.RecordNumberField("番号")
    lines = fields.SubtableField(Line, "明細")
