"""A row by itself: its class, its values, its copies."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal

import pytest

from kintone_orm import Model, Row, fields
from kintone_orm.exceptions import FieldError, ImproperlyConfigured
from kintone_orm.fields import row_sending


@pytest.fixture(autouse=True, params=["id", "empty value", "whole"])
def untouched_rows(request, monkeypatch):
    """Run each test with every value of UNTOUCHED_ROWS: rows and ids must be the same."""
    monkeypatch.setattr(row_sending, "UNTOUCHED_ROWS", request.param)


class Item(Model):
    code = fields.SingleLineTextField(unique=True)
    label = fields.SingleLineTextField()


class Line(Row):
    name = fields.SingleLineTextField("品名", required=True)
    qty = fields.NumberField()
    tags = fields.CheckBoxField("flags", choices=["red", "green"])
    at = fields.DateTimeField()


class Order(Model):
    number = fields.SingleLineTextField()
    lines = fields.SubtableField(Line)


class Pick(Row):
    item = fields.LookupField(Item, key="code", copies={"item_label": "label"})
    item_label = fields.SingleLineTextField()
    price = fields.NumberField()
    double = fields.CalcField(expression="price * 2")


class Job(Row):
    who = fields.UserSelectField()
    papers = fields.FileField()


def ids(order: Order) -> list[int | None]:
    return [line.id for line in Order.objects.get(pk=order.pk).lines]


# -- a row by itself ------------------------------------------------------------------------------


def test_rows_are_equal_by_their_values_and_have_no_hash(kintone):
    assert Line(name="a", qty=3) == Line(name="a", qty=Decimal("3.0"), tags=[])
    assert Line(name="a") != Line(name="b")
    assert Line(name="a") != Pick()
    with pytest.raises(TypeError, match="unhashable"):
        hash(Line())


def test_a_row_coerces_what_it_is_given():
    line = Line(qty="3")
    line.tags = ("red",)
    assert (line.qty, line.tags, line.name, line.at) == (Decimal(3), ["red"], "", None)
    with pytest.raises(FieldError, match=r"Line\.qty takes a number"):
        line.qty = "three"
    with pytest.raises(FieldError, match="Line has no field 'nam'"):
        Line(nam="a")


def test_an_id_cannot_be_set():
    assert Line().id is None
    with pytest.raises(AttributeError):
        Line().id = 5  # type: ignore[misc]


def test_a_row_has_no_other_attributes():
    with pytest.raises(AttributeError):
        Line().quantity = 5  # type: ignore[attr-defined]


def test_repr_shows_what_was_set():
    assert repr(Line(name="a", qty=3)) == "Line(name='a', qty=Decimal('3'))"


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda r: pickle.loads(pickle.dumps(r))]
)
def test_a_copy_is_equal(copied):
    line = Line(name="a", qty=3, tags=["red"])
    assert copied(line) == line


@pytest.mark.parametrize(
    ("name", "field", "why"),
    [
        ("a__b", fields.NumberField(), "the double underscore separates lookups"),
        ("id", fields.NumberField(), "every row already has 'id'"),
        (
            "code",
            fields.NumberField(unique=True),
            "kintone does not prohibit duplicates in a subtable",
        ),
        ("made", fields.CreatedTimeField(), "a subtable of kintone cannot have a CreatedTimeField"),
        ("rows", fields.SubtableField(Line), "a subtable of kintone cannot have a SubtableField"),
        ("status", fields.StatusField(), "a subtable of kintone cannot have a StatusField"),
    ],
)
def test_what_a_row_cannot_have_is_refused(name, field, why):
    with pytest.raises(ImproperlyConfigured, match=why):
        type(Row)("Bad", (Row,), {name: field})


def test_a_row_of_two_rows_is_refused():
    with pytest.raises(ImproperlyConfigured, match=r"Both cannot inherit from several rows \(Line"):
        type(Row)("Both", (Line, Job), {})
