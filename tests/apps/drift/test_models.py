"""A model is compared with its app field by field, and column by column."""

from __future__ import annotations

import pytest
from support.changed_forms import change_field, found
from support.models.deals import Customer, Deal, Line
from support.process_of import states
from support.workflows import set_process

from kintone_orm import Model, fields
from kintone_orm.apps import check


def with_pairs(*pairs):
    def change(lookup):
        mappings = [{"field": field, "relatedField": related} for field, related in pairs]
        return {**lookup, "fieldMappings": mappings}

    return change


def within(**settings):
    return lambda link: {**link, **settings}


def test_a_deployed_model_has_no_finding(kintone):
    assert check(Customer, Deal) == ()


IN_COLUMNS = [
    ("品名", {"required": False}, "required", "lines.item", True),
    ("数量", {"maxValue": "5"}, "range", "lines.qty", True),
    ("item_code", {"lookup": with_pairs()}, "lookup", "lines.item_code", True),
]


@pytest.mark.parametrize(("code", "settings", "kind", "field", "is_drift"), IN_COLUMNS)
def test_a_changed_column_is_a_finding(kintone, code, settings, kind, field, is_drift):
    def change(columns):
        changed = {
            name: value(columns[code][name]) if callable(value) else value
            for name, value in settings.items()
        }
        return {**columns, code: {**columns[code], **changed}}

    change_field(kintone, kintone.apps["deal"], "明細", fields=change)
    assert found(Deal) == [(kind, field, is_drift)]


def test_a_column_has_its_own_code(kintone):
    change_field(
        kintone,
        kintone.apps["deal"],
        "明細",
        fields=lambda columns: {**columns, "数量": {**columns["数量"], "maxValue": "5"}},
    )
    assert [finding.code for finding in check(Deal)] == ["数量"]


@pytest.mark.parametrize(
    ("declared", "says"),
    [
        (fields.NumberField("件名"), "the app's field '件名' is a SINGLE_LINE_TEXT"),
        (fields.LookupField(Customer, "期日", key="code"), "LookupField with a SINGLE_LINE_TEXT"),
        (fields.SubtableField(Line, "件名"), "declares a SubtableField, but"),
        (fields.SingleLineTextField("明細"), "Declare a SubtableField"),
        (fields.SingleLineTextField("金額"), "Declare a NumberField"),
        (fields.NumberField("customer"), "Declare a LookupField"),
    ],
)
def test_another_type_is_drift(kintone, declared, says):
    class Other(Model):
        field = declared

        class Meta:
            app = "deal"

    finding = check(Other)[0]
    assert (finding.kind, finding.field, finding.is_drift) == ("type", "field", True)
    assert says in finding.message


def test_an_integer_field_fits_a_number(kintone):
    class Whole(Model):
        amount = fields.IntegerField("金額")

        class Meta:
            app = "deal"

    assert found(Whole, field="amount") == []


def test_a_built_in_field_with_another_code_is_drift(kintone):
    change_field(kintone, kintone.apps["deal"], "番号", code="管理番号")
    (finding,) = check(Deal)
    assert (finding.kind, finding.field, finding.is_drift) == ("code", "number", True)
    assert "Write RecordNumberField('管理番号')." in finding.message


class Processed(Model):
    code = fields.SingleLineTextField("顧客コード", unique=True, required=True)
    status = fields.StatusField("Status")
    people = fields.StatusAssigneeField("Assignee")
    categories = fields.CategoryField("Categories")

    class Meta:
        app = "customer"


def test_a_status_in_an_app_without_a_process_is_drift(kintone):
    assert found(Processed, is_drift=True) == [
        ("process", "status", True),
        ("process", "people", True),
        ("category", "categories", True),
    ]
    message = check(Processed)[0].message
    assert "but the app has no process management, so its records cannot be read" in message


def test_a_status_in_an_app_with_a_process_is_no_finding(kintone):
    app = kintone.apps["customer"]
    set_process(kintone, app, states=states(new=["ONE"], done=["ONE"]), actions=[])
    assert found(Processed, kind="process") == []


def test_the_code_of_a_status_counts_while_there_is_a_process(kintone):
    class Foreign(Model):
        status = fields.StatusField("ステータス")

        class Meta:
            app = "customer"

    assert found(Foreign, field="status") == [("process", "status", True)]
    app = kintone.apps["customer"]
    set_process(kintone, app, states=states(new=["ONE"], done=["ONE"]), actions=[])
    assert found(Foreign, field="status") == [("code", "status", True)]


def test_the_label_of_a_built_in_field_counts_if_the_model_declares_one(kintone):
    class Labelled(Model):
        number = fields.RecordNumberField("番号", verbose_name="No.")

        class Meta:
            app = "deal"

    assert found(Labelled, field="number") == [("label", "number", False)]
