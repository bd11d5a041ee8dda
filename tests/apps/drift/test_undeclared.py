"""Fields of an app that no model declares: drift if they make every create fail."""

from __future__ import annotations

import pytest
from support.changed_forms import add_fields, change_field, found
from support.models.deals import Customer, Deal
from support.process_of import states
from support.workflows import set_process

from kintone_orm import Model, Row, fields
from kintone_orm.apps import check
from kintone_orm.exceptions import ValidationError

OPTIONS = {"options": {"a": {"label": "a", "index": "0"}}}
REQUIRED = {"required": True}


@pytest.mark.parametrize(
    ("field", "is_drift"),
    [
        ({"type": "SINGLE_LINE_TEXT"}, False),
        ({"type": "SINGLE_LINE_TEXT", **REQUIRED}, True),
        ({"type": "SINGLE_LINE_TEXT", **REQUIRED, "defaultValue": "x"}, False),
        ({"type": "SINGLE_LINE_TEXT", "minLength": "2"}, True),
        ({"type": "SINGLE_LINE_TEXT", "minLength": "2", "defaultValue": "xy"}, False),
        ({"type": "SINGLE_LINE_TEXT", **REQUIRED, "expression": "金額"}, False),
        ({"type": "DATE", **REQUIRED}, True),
        ({"type": "DATE", **REQUIRED, "defaultNowValue": True}, False),
        ({"type": "CHECK_BOX", **REQUIRED, **OPTIONS}, True),
        ({"type": "CHECK_BOX", **REQUIRED, **OPTIONS, "defaultValue": ["a"]}, False),
        ({"type": "RADIO_BUTTON", **REQUIRED, **OPTIONS}, False),
        ({"type": "CALC", **REQUIRED, "expression": "金額"}, False),
        ({"type": "FILE", **REQUIRED}, True),
        ({"type": "USER_SELECT", **REQUIRED}, True),
    ],
)
def test_an_undeclared_field_is_drift_if_creates_fail_without_it(kintone, field, is_drift):
    add_fields(kintone, kintone.apps["deal"], extra=field)
    (finding,) = check(Deal)
    assert (finding.kind, finding.code, finding.is_drift) == ("undeclared field", "extra", is_drift)
    try:
        Deal.objects.create(title="x")
    except ValidationError:
        assert is_drift
    else:
        assert not is_drift


def test_a_message_says_how_to_declare_the_field(kintone):
    add_fields(kintone, kintone.apps["deal"], extra={"type": "DATETIME", **REQUIRED})
    (finding,) = check(Deal)
    assert "kintone refuses new records" in finding.message
    assert "Declare a DateTimeField('extra')" in finding.message


def test_a_field_that_a_declared_lookup_fills_is_no_drift(kintone):
    class Narrow(Model):
        customer = fields.LookupField(Customer, key="code")

        class Meta:
            app = "deal"

    change_field(kintone, kintone.apps["deal"], "company", required=True)
    assert found(Narrow, code="company") == [("undeclared field", "", False)]


def test_a_field_that_only_an_undeclared_lookup_fills_is_drift(kintone):
    class Narrower(Model):
        title = fields.SingleLineTextField("件名")

        class Meta:
            app = "deal"

    change_field(kintone, kintone.apps["deal"], "company", required=True)
    assert found(Narrower, code="company") == [("undeclared field", "", True)]


class Column(Row):
    qty = fields.NumberField("数量")


class Key(Row):
    item_code = fields.LookupField(Customer, key="code")


def test_a_required_column_that_the_model_lacks_is_drift(kintone):
    class Short(Model):
        lines = fields.SubtableField(Column, "明細")

        class Meta:
            app = "deal"

    assert found(Short, code="品名") == [("undeclared field", "", True)]


def test_a_required_column_that_a_declared_lookup_fills_is_no_drift(kintone):
    class Filled(Model):
        lines = fields.SubtableField(Key, "明細")

        class Meta:
            app = "deal"

    assert found(Filled, code="品名") == [("undeclared field", "", False)]


def test_a_table_that_no_model_declares_is_information_whatever_its_columns(kintone):
    class Flat(Model):
        title = fields.SingleLineTextField("件名")

        class Meta:
            app = "deal"

    assert found(Flat, code="明細") == [("undeclared field", "", False)]


def test_a_field_that_one_of_two_models_declares_is_declared(kintone):
    class Half(Model):
        title = fields.SingleLineTextField("件名")

        class Meta:
            app = "deal"

    assert check(Half, Deal) == ()
    assert len(check(Half)) > 5


def test_an_undeclared_field_is_reported_once_for_the_models_of_an_app(kintone):
    class Half(Model):
        title = fields.SingleLineTextField("件名")

        class Meta:
            app = "deal"

    add_fields(kintone, kintone.apps["deal"], extra={"type": "NUMBER"})
    (finding,) = check(Half, Deal)
    assert (finding.model, finding.code) == ("Half", "extra")


def test_built_in_fields_and_groups_are_not_reported(kintone):
    add_fields(kintone, kintone.apps["customer"], group={"type": "GROUP"})
    assert check(Customer) == ()


def test_the_status_is_reported_while_the_app_has_a_process(kintone):
    set_process(
        kintone, kintone.apps["customer"], states=states(new=["ONE"], done=["ONE"]), actions=[]
    )
    findings = check(Customer)
    assert [(finding.code, finding.is_drift) for finding in findings] == [
        ("Status", False),
        ("Assignee", False),
    ]
