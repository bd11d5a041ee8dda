"""Each changed setting of a field is a finding: drift if it makes a program wrong."""

from __future__ import annotations

import pytest
from marshmallow.validate import Length
from support.changed_forms import change_field, found
from support.models.deals import Deal

from kintone_orm import Model, fields
from kintone_orm.testing import emulate


def with_option(name):
    return lambda options: {**options, name: {"label": name, "index": "9"}}


def without_option(name):
    return lambda options: {key: value for key, value in options.items() if key != name}


def reversed_options(options):
    indexes = [option["index"] for option in options.values()][::-1]
    return {
        name: {**option, "index": index}
        for (name, option), index in zip(options.items(), indexes, strict=True)
    }


CHANGES = [
    # code, settings, the kind of the finding, the field, is it drift
    ("件名", {"required": True}, "required", "title", True),
    ("件名", {"unique": True}, "unique", "title", True),
    ("件名", {"minLength": "2"}, "length", "title", True),
    ("件名", {"maxLength": "20"}, "length", "title", True),
    ("件名", {"expression": "金額"}, "formula", "title", True),
    ("件名", {"defaultValue": "x"}, "default", "title", False),
    ("件名", {"label": "題名"}, "label", "title", False),
    ("金額", {"minValue": "0"}, "range", "amount", True),
    ("金額", {"maxValue": "9.5"}, "range", "amount", True),
    ("金額", {"unit": "円"}, "unit", "amount", False),
    ("金額", {"defaultValue": "0"}, "default", "amount", False),
    ("rank", {"options": with_option("D")}, "choices", "rank", True),
    ("rank", {"options": without_option("C")}, "choices", "rank", True),
    ("rank", {"options": reversed_options}, "order of choices", "rank", False),
    ("rank", {"defaultValue": "B"}, "default", "rank", False),
    ("kind", {"defaultValue": "old"}, "default", "kind", False),
    ("customer", {"required": True}, "required", "customer", True),
    ("double", {"expression": "金額 * 3"}, "formula", "double", True),
    ("double", {"format": "DATE"}, "format", "double", True),
    ("double", {"format": "NUMBER_DIGIT"}, "format", "double", False),
    ("days", {"format": "DAY_HOUR_MINUTE"}, "format", "days", False),
    ("heading", {"expression": '"No."&金額'}, "formula", "heading", True),
    ("heading", {"expression": ""}, "formula", "heading", True),
    ("期日", {"unique": True}, "unique", "due", True),
    ("期日", {"defaultNowValue": True}, "default", "due", False),
]


@pytest.mark.parametrize(("code", "settings", "kind", "field", "is_drift"), CHANGES)
def test_a_changed_setting_is_a_finding(kintone, code, settings, kind, field, is_drift):
    change_field(kintone, kintone.apps["deal"], code, **settings)
    assert found(Deal) == [(kind, field, is_drift)]


class Loose(Model):
    """A model that leaves to the app what it can."""

    rank = fields.DropDownField()
    double = fields.CalcField()
    days = fields.CalcField(format="DAY_HOUR_MINUTE")

    class Meta:
        app = "deal"


def test_a_model_without_choices_and_formulas_leaves_them_to_the_app(kintone):
    assert found(Loose, is_drift=True) == []


def test_a_field_that_cannot_be_created_is_compared_in_what_it_declares(kintone):
    change_field(kintone, kintone.apps["deal"], "rank", required=True)
    change_field(kintone, kintone.apps["deal"], "double", format="DATE", label="2x")
    assert found(Loose, is_drift=True) == [
        ("required", "rank", True),
        ("format", "double", True),
    ]
    assert ("label", "double", False) in found(Loose)


def test_a_validator_may_limit_a_text_as_the_app_does(kintone):
    class Short(Model):
        title = fields.SingleLineTextField("件名", validators=[Length(max=10)])

        class Meta:
            app = "deal"

    change_field(kintone, kintone.apps["deal"], "件名", maxLength="10")
    assert found(Short, field="title") == []
    change_field(kintone, kintone.apps["deal"], "件名", maxLength="9")
    assert found(Short, field="title") == [("length", "title", True)]


def test_a_default_of_the_program_is_not_compared(kintone):
    class Own(Model):
        title = fields.SingleLineTextField("件名", default=lambda: "mine")

        class Meta:
            app = "deal"

    change_field(kintone, kintone.apps["deal"], "件名", defaultValue="theirs")
    assert found(Own, field="title") == []


class Priced(Model):
    price = fields.NumberField()
    tax = fields.CalcField(expression="price * 0.1", unit="円", unit_position="AFTER")
    rank = fields.DropDownField(choices=["A", "B"], default="A")

    class Meta:
        app = "priced"


class PricedByTheApp(Model):
    """The same app; the formula and the choices are left to it, so they cannot be created."""

    price = fields.NumberField()
    tax = fields.CalcField(unit="円", unit_position="AFTER")
    rank = fields.DropDownField(default="A")

    class Meta:
        app = "priced"


def test_the_unit_and_default_of_a_field_that_cannot_be_created_are_compared():
    with emulate(Priced):
        assert found(PricedByTheApp) == []
