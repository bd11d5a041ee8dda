from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest

from kintone_orm import Model, fields
from kintone_orm.exceptions import FieldError, ImproperlyConfigured
from kintone_orm.testing import assert_requests


class Bill(Model):
    price = fields.NumberField()
    day = fields.DateField()
    total = fields.CalcField(expression="price * 2")
    ratio = fields.CalcField(expression="1 / price")
    next_day = fields.CalcField(expression="day + 86400", format="DATE")
    moment = fields.CalcField(expression="day + 60", format="DATETIME")
    clock = fields.CalcField(expression="price * 60", format="TIME")
    span = fields.CalcField(expression="price * 60", format="HOUR_MINUTE")
    days = fields.CalcField(expression="price * 60", format="DAY_HOUR_MINUTE")
    label = fields.SingleLineTextField(expression='"No. " & price')


# kintone REST API, "Field Types", calculated: the value by format.
VALUES = {
    "total": Decimal(8000),
    "ratio": Decimal("0.0002"),
    "next_day": date(2026, 2, 7),
    "moment": datetime(2026, 2, 6, 0, 1, tzinfo=timezone.utc),
    "clock": time(18, 40),
    "span": timedelta(hours=66, minutes=40),
    "days": timedelta(hours=66, minutes=40),
    "label": "No. 4000",
}
CALCULATED = list(VALUES)


@pytest.mark.parametrize("name", CALCULATED)
def test_what_kintone_calculates_is_read_by_its_format(kintone, name):
    Bill(price=4000, day="2026-02-06").save()
    value = getattr(Bill.objects.get(), name)
    assert value == VALUES[name]
    assert type(value) is type(VALUES[name])


def test_what_cannot_be_worked_out_is_none(kintone):
    Bill(price=0).save()
    assert Bill.objects.get().ratio is None


@pytest.mark.parametrize("name", CALCULATED)
def test_it_cannot_be_set(name):
    with pytest.raises(AttributeError, match=rf"Bill\.{name} cannot be set: kintone sets it"):
        setattr(Bill(), name, None)


def test_it_is_read_again_after_every_save(kintone):
    bill = Bill(price=3)
    bill.save()
    assert bill.total == 6
    bill.price = 4
    bill.save()
    assert bill.get_deferred_fields() == set(CALCULATED)
    with assert_requests(1):
        assert (bill.total, bill.label) == (8, "No. 4")


def test_it_is_found_by_its_value(kintone):
    Bill(price=3).save()
    Bill(price=30).save()
    assert [bill.price for bill in Bill.objects.filter(total__gt=5, total__lt=50)] == [3]


@pytest.mark.parametrize(
    ("raw", "span"),
    [
        ("49:30", timedelta(hours=49, minutes=30)),
        ("1:01", timedelta(hours=1, minutes=1)),
        ("-0:30", timedelta(minutes=-30)),
        ("", None),
    ],
)
def test_hours_and_minutes(raw, span):
    assert Bill.span.to_python(raw) == span
    assert Bill.span.to_api(span) == (raw or None)


@pytest.mark.parametrize("raw", ["soon", "1", "1:5", "1:00:00"])
def test_what_is_no_span_is_refused(raw):
    with pytest.raises(ValueError, match="not hours and minutes"):
        Bill.span.to_python(raw)


def test_a_span_is_compared_with_a_timedelta():
    with pytest.raises(FieldError, match=r"Bill\.span takes a timedelta, not str '1:00'"):
        Bill.span.coerce("1:00", lambda: None)


def test_a_format_that_kintone_lacks_is_refused():
    with pytest.raises(ImproperlyConfigured, match="must be one of NUMBER, NUMBER_DIGIT"):
        fields.CalcField(format="MONEY")  # type: ignore[call-overload]


def test_definition():
    assert Bill.span.definition() == {
        "type": "CALC",
        "code": "span",
        "label": "span",
        "expression": "price * 60",
        "format": "HOUR_MINUTE",
    }
    assert Bill.label.definition()["expression"] == '"No. " & price'
    with pytest.raises(ImproperlyConfigured, match="has no formula, so its field cannot be"):
        fields.CalcField("total").definition()


def test_a_calculated_text_is_never_unique():
    with pytest.raises(ImproperlyConfigured, match="with an expression cannot be unique"):
        fields.SingleLineTextField(expression="1", unique=True)
