"""Edits of a list that was written and not read again since are saved."""

from __future__ import annotations

import pytest

from kintone_orm import Model, Row, fields
from kintone_orm.testing import assert_requests


class Line(Row):
    item = fields.SingleLineTextField()
    qty = fields.NumberField()


class Order(Model):
    number = fields.SingleLineTextField()
    lines = fields.SubtableField(Line)


@pytest.fixture
def order(kintone):
    """An order whose new rows were saved: their ids are not read yet."""
    return Order.objects.create(number="1", lines=[Line(item="pen"), Line(item="ink")])


def stored():
    return [(line.item, line.qty) for line in Order.objects.get().lines]


def test_a_list_that_was_written_is_deferred(order):
    assert "lines" in order.get_deferred_fields()
    with assert_requests(1):
        assert [line.id is not None for line in order.lines] == [True, True]


def test_ids_are_learned_into_the_rows_that_a_program_holds(kintone):
    pen = Line(item="pen")
    order = Order.objects.create(number="1", lines=[pen])
    (held,) = order.lines
    assert held is pen
    assert pen.id is not None


def test_an_edit_of_a_held_row_is_saved_with_the_record(kintone):
    pen = Line(item="pen")
    order = Order(number="1")
    order.lines.append(pen)
    order.save()
    pen.qty = 5
    assert "lines" in order.changed_fields()
    order.save()
    assert stored() == [("pen", 5)]


def test_a_list_that_nobody_edits_is_not_sent_again(order):
    order.number = "2"
    with assert_requests(1) as sent:
        order.save()
    assert list(sent[0].params["record"]) == ["number"]


def test_rows_that_others_added_are_read_into_the_list(order):
    held = order.lines
    theirs = Order.objects.get()
    theirs.lines.append(Line(item="cap"))
    theirs.save()
    order.refresh_from_db()
    assert [line.item for line in order.lines] == ["pen", "ink", "cap"]
    assert held[0].item == "pen"
