"""Types of a model's fields: the value on a record, the field on the model."""

from __future__ import annotations

import enum
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from typing_extensions import assert_type

from kintone_orm import Model, Q, Row, fields
from kintone_orm.fields import Attachment, ContentFile, File, Group, Organization, User
from kintone_orm.functions import LoginUser, Today
from kintone_orm.models.queryset import QuerySet


class Rank(enum.Enum):
    A = "a"
    B = "b"


class Line(Row):
    item = fields.SingleLineTextField("品名", required=True)
    qty = fields.NumberField()


class Order(Model):
    number = fields.SingleLineTextField("受注番号", unique=True, required=True)
    note = fields.MultiLineTextField()
    page = fields.LinkField(protocol="WEB")
    body = fields.RichTextField()
    total = fields.NumberField(required=True)
    discount = fields.NumberField()
    pieces = fields.IntegerField(required=True)
    returned = fields.IntegerField()
    weight = fields.NumberField(required=True, min_value="0.5", max_value=Decimal(9), unit="kg")
    width = fields.IntegerField(min_value=1, unit="cm", unit_position="AFTER")
    slip = fields.SingleLineTextField(min_length=2, max_length=9)
    photo = fields.LinkField(protocol="WEB", max_length=200)
    fee = fields.CalcField(expression="total", unit="¥", unit_position="BEFORE")
    rank = fields.DropDownField(choices=["A", "B"], required=True)
    reason = fields.DropDownField(choices=["broken", "late"])
    pay = fields.RadioButtonField(choices=["cash", "card"], required=True)
    kind = fields.RadioButtonField(choices=["new", "used"])
    tags = fields.CheckBoxField(choices=["gift"], required=True)
    days = fields.MultiSelectField()
    due = fields.DateField(required=True)
    paid = fields.DateField()
    opens = fields.TimeField(required=True)
    closes = fields.TimeField()
    sent = fields.DateTimeField(required=True)
    arrived = fields.DateTimeField()
    record_number = fields.RecordNumberField("Record_number")
    creator = fields.CreatorField("Created_by")
    modifier = fields.ModifierField("Updated_by")
    created = fields.CreatedTimeField("Created_datetime")
    updated = fields.UpdatedTimeField("Updated_datetime")
    lines = fields.SubtableField(Line)
    papers = fields.FileField()
    owners = fields.UserSelectField()
    departments = fields.OrganizationSelectField()
    roles = fields.GroupSelectField()
    sum = fields.CalcField()
    until = fields.CalcField("until_", format="DATE", expression="due")
    span = fields.CalcField(format="HOUR_MINUTE")
    status = fields.StatusField("Status")
    assignees = fields.StatusAssigneeField("Assignee")
    categories = fields.CategoryField("Categories")
    grade = fields.DropDownField(choices=Rank)
    level = fields.DropDownField(choices=Rank, required=True)
    way = fields.RadioButtonField("way_", choices=Rank, required=True)
    likes = fields.CheckBoxField(choices=Rank, default=(Rank.A,))
    written = fields.DateField(required=True, default=Today())
    writers = fields.UserSelectField(default=LoginUser())
    wants = fields.MultiSelectField("wants_", choices=Rank)


def on_a_record_it_is_the_value(order: Order) -> None:
    assert_type(order.number, str)
    assert_type(order.note, str)
    assert_type(order.page, str)
    assert_type(order.body, str)
    assert_type(order.total, Decimal)
    assert_type(order.pieces, int)
    assert_type(order.weight, Decimal)
    assert_type(order.slip, str)
    assert_type(order.photo, str)
    assert_type(order.rank, str)
    assert_type(order.pay, str)
    assert_type(order.tags, list[str])
    assert_type(order.days, list[str])
    assert_type(order.due, date)
    assert_type(order.written, date)
    assert_type(order.opens, time)
    assert_type(order.sent, datetime)
    assert_type(order.record_number, str)
    assert_type(order.creator, User)
    assert_type(order.modifier, User)
    assert_type(order.created, datetime)
    assert_type(order.updated, datetime)
    assert_type(order.id, int | None)
    assert_type(order.pk, int | None)
    assert_type(order.revision, int | None)


def what_is_not_required_may_be_none(order: Order) -> None:
    assert_type(order.discount, Decimal | None)
    assert_type(order.returned, int | None)
    assert_type(order.width, int | None)
    assert_type(order.reason, str | None)
    assert_type(order.kind, str | None)
    assert_type(order.paid, date | None)
    assert_type(order.closes, time | None)
    assert_type(order.arrived, datetime | None)


def rows_and_other_values_of_several_parts(order: Order) -> None:
    assert_type(order.lines, list[Line])
    assert_type(order.lines[0].item, str)
    assert_type(order.lines[0].qty, Decimal | None)
    assert_type(order.lines[0].id, int | None)
    assert_type(Order.lines, fields.SubtableField[Line])
    assert_type(Line.qty, fields.NumberField[Decimal | None])
    assert_type(order.papers[0], Attachment)
    assert_type(order.papers[0].read(), bytes)
    assert_type(order.papers[0].save_to("."), Path)
    order.papers.append(Path("a.pdf"))
    order.papers += [ContentFile(b"", "a.pdf"), File(Path("a.pdf"), name="b.pdf")]
    order.papers = [Path("a.pdf"), open("a.pdf", "rb"), order.papers[0]]  # noqa: SIM115, PTH123
    order.papers.append("a.pdf")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    assert_type(order.owners, list[User])
    assert_type(order.writers, list[User])
    assert_type(order.departments, list[Organization])
    assert_type(order.roles, list[Group])
    order.lines = [Line(item="a"), {"item": "b"}]
    order.lines += [Line(item="c")]
    order.lines = [{"item": "d"}]
    order.lines.append(Line(item="e"))
    assert_type(order.lines, list[Line])
    order.lines[0].qty = "5"
    order.owners = ["alice", User("bob")]
    order.owners = None
    order.lines = [5]  # type: ignore[list-item]  # pyright: ignore[reportAttributeAccessIssue]
    order.lines[0].qty = [5]  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
    order.papers = ["a.pdf"]  # type: ignore[list-item]  # pyright: ignore[reportAttributeAccessIssue]


def what_kintone_works_out(order: Order) -> None:
    assert_type(order.sum, Decimal | None)
    assert_type(order.fee, Decimal | None)
    assert_type(order.until, date | None)
    assert_type(order.span, timedelta | None)
    assert_type(order.status, str)
    assert_type(order.assignees, list[User])
    assert_type(order.categories, list[str])
    order.sum = Decimal(5)  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
    order.status = "Done"  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
    fields.CalcField(format="MONEY")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]


def choices_of_an_enum_are_its_members(order: Order) -> None:
    assert_type(order.grade, Rank | None)
    assert_type(order.level, Rank)
    assert_type(order.way, Rank)
    assert_type(order.likes, list[Rank])
    assert_type(order.wants, list[Rank])
    order.grade = Rank.A
    order.grade = "a"
    order.likes = [Rank.A, "b"]
    order.likes.append(Rank.B)
    order.likes.append("b")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def on_the_model_it_is_the_field() -> None:
    assert_type(Order.number, fields.SingleLineTextField)
    assert_type(Order.total, fields.NumberField[Decimal])
    assert_type(Order.discount, fields.NumberField[Decimal | None])
    assert_type(Order.pieces, fields.IntegerField[int])
    assert_type(Order.rank, fields.DropDownField[str])
    assert_type(Order.due, fields.DateField[date])
    assert_type(Order.arrived, fields.DateTimeField[datetime | None])
    assert_type(Order.tags, fields.CheckBoxField[str])
    assert_type(Order.created, fields.CreatedTimeField)
    assert_type(Order.number.code, str)


def what_may_be_assigned(order: Order) -> None:
    order.number = "A-1"
    order.note = None
    order.total = 5
    order.total = 0.5
    order.total = "5.50"
    order.discount = None
    order.pieces = Decimal(3)
    order.rank = "A"
    order.reason = None
    order.tags = ("gift",)
    order.tags = None
    order.tags.append("gift")
    order.due = "2026-02-06"
    order.paid = None
    order.closes = time(17, 30)
    order.arrived = datetime(2026, 2, 6)


def what_may_not_be_assigned(order: Order) -> None:
    order.number = 5  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
    order.total = [5]  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
    order.rank = 5  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
    order.tags = [5]  # type: ignore[list-item]  # pyright: ignore[reportAttributeAccessIssue]
    order.due = time(9)  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
    order.sent = 5  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
    order.created = datetime(2026, 2, 6)  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
    order.creator = "alice"  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
    order.id = 5  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]


def a_value_that_may_be_none_is_not_used_as_if_it_were_there(order: Order) -> Decimal:
    return order.discount  # type: ignore[return-value]  # pyright: ignore[reportReturnType]


def querysets_know_their_model() -> None:
    late = Order.objects.filter(Q(rank="A") | ~Q(due=None), total__gt=5).exclude(reason="late")
    assert_type(Order.objects, QuerySet[Order])
    assert_type(late, QuerySet[Order])
    assert_type(late.get(), Order)
    assert_type(late.order_by("-due").reverse().first(), Order | None)
    assert_type(late[0], Order)
    assert_type([order.total for order in late], list[Decimal])
    assert_type(late.query, str)


def wrong_options_are_errors() -> None:
    fields.NumberField(require=True)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    fields.NumberField(min_value=[5])  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    fields.NumberField(unit_position="LEFT")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    fields.CalcField(min_value=5)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    fields.SingleLineTextField(max_length="5")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    fields.MultiLineTextField(max_length=5)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    fields.LookupField(Order, key="number", sort=5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    fields.LinkField(protocol="FTP")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Q(Order)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def what_is_refused_is_an_error_before_the_program_runs() -> None:
    Order.objects.annotate(n=1)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
