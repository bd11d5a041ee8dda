"""Changed lookups and tables of related records."""

from __future__ import annotations

import pytest
from support.changed_forms import change_field, found, hiding_links
from support.models.deals import Customer, Deal

from kintone_orm import Model, fields
from kintone_orm.apps import check, deploy


def with_pairs(*pairs):
    def change(lookup):
        mappings = [{"field": field, "relatedField": related} for field, related in pairs]
        return {**lookup, "fieldMappings": mappings}

    return change


def within(**settings):
    return lambda link: {**link, **settings}


CHANGES = [
    # code, settings, the kind of the finding, the field, is it drift
    ("customer", {"lookup": within(relatedKeyField="顧客番号")}, "lookup", "customer", True),
    ("customer", {"lookup": with_pairs()}, "lookup", "customer", True),
    ("customer", {"lookup": with_pairs(("company", "顧客番号"))}, "lookup", "customer", True),
    ("customer", {"lookup": within(filterCond='会社名 = "A"')}, "lookup picker", "customer", False),
    ("customer", {"lookup": within(sort="会社名 asc")}, "lookup picker", "customer", False),
    (
        "customer",
        {"lookup": within(lookupPickerFields=["会社名"])},
        "lookup picker",
        "customer",
        False,
    ),
]


@pytest.mark.parametrize(("code", "settings", "kind", "field", "is_drift"), CHANGES)
def test_a_changed_lookup_is_a_finding(kintone, code, settings, kind, field, is_drift):
    change_field(kintone, kintone.apps["deal"], code, **settings)
    assert found(Deal) == [(kind, field, is_drift)]


def test_settings_that_the_form_does_not_show_are_information(kintone):
    with kintone.wrap(hiding_links):
        findings = check(Deal, Customer)
    assert [(finding.kind, finding.field, finding.is_drift) for finding in findings] == [
        ("lookup", "customer", False),
        ("lookup", "lines.item_code", False),
        ("related records", "deals", False),
    ]
    assert "perhaps because you may not view the app of Customer" in findings[0].message


def test_a_plain_field_may_be_a_lookup_that_the_form_does_not_show(kintone):
    with kintone.wrap(hiding_links):
        assert not [finding for finding in check(Plain) if finding.field == "customer"]


IN_REFERENCE_TABLES = [
    ({"condition": {"field": "顧客番号", "relatedField": "customer"}}, True),
    ({"condition": {"field": "顧客コード", "relatedField": "company"}}, True),
    ({"filterCond": 'rank in ("B")'}, True),
    ({"filterCond": ""}, True),
    ({"displayFields": ["件名"]}, False),
    ({"sort": "件名 asc"}, False),
    ({"size": "10"}, False),
]


@pytest.mark.parametrize(("settings", "is_drift"), IN_REFERENCE_TABLES)
def test_a_changed_table_of_related_records_is_a_finding(kintone, settings, is_drift):
    change_field(kintone, kintone.apps["customer"], "案件", referenceTable=within(**settings))
    kind = "related records" if is_drift else "related records display"
    assert found(Customer) == [(kind, "deals", is_drift)]


class Vendor(Model):
    code = fields.SingleLineTextField("顧客コード", unique=True)
    name = fields.SingleLineTextField("会社名")
    customer = fields.SingleLineTextField()


def test_a_lookup_into_another_app_is_drift(kintone):
    vendor = deploy(Vendor)["vendor"]
    change_field(
        kintone, kintone.apps["deal"], "customer", lookup=within(relatedApp={"app": str(vendor)})
    )
    (finding,) = check(Deal)
    assert (finding.kind, finding.field, finding.is_drift) == ("lookup", "customer", True)
    customer = kintone.apps["customer"]
    refers = f"refers to Customer (app {customer}), but the app's field refers to the app {vendor}"
    assert refers in finding.message


def test_related_records_of_another_app_are_drift(kintone):
    vendor = deploy(Vendor)["vendor"]
    change_field(
        kintone,
        kintone.apps["customer"],
        "案件",
        referenceTable=within(
            relatedApp={"app": str(vendor)}, filterCond="", displayFields=["会社名"], sort=""
        ),
    )
    assert found(Customer, is_drift=True) == [("related records", "deals", True)] * 2


class Unknown(Model):
    code = fields.SingleLineTextField("顧客コード", unique=True)
    name = fields.SingleLineTextField("会社名")


def test_a_model_without_an_app_here_is_not_compared_with_the_app_of_a_lookup(kintone):
    class Abroad(Model):
        customer = fields.LookupField(Unknown, key="code", copies={"company": "name"})
        company = fields.SingleLineTextField()

        class Meta:
            app = "deal"

    assert found(Abroad, field="customer") == []
    change_field(kintone, kintone.apps["deal"], "customer", lookup=with_pairs())
    assert found(Abroad, field="customer") == [("lookup", "customer", True)]


def test_a_lookup_into_a_model_that_does_not_exist_is_compared_in_what_it_declares(kintone):
    class Dangling(Model):
        customer = fields.LookupField("Nobody", key="code", required=True)
        title = fields.LookupField("Nobody", "件名", key="code")

        class Meta:
            app = "deal"

    assert found(Dangling, is_drift=True) == [
        ("required", "customer", True),
        ("lookup", "title", True),
    ]


class Plain(Model):
    """The model of somebody who cannot see the app of the customers."""

    customer = fields.SingleLineTextField()
    company = fields.SingleLineTextField()

    class Meta:
        app = "deal"


def test_a_lookup_that_the_model_declares_as_a_plain_field_is_information(kintone):
    assert found(Plain, kind="lookup") == [
        ("lookup", "customer", False),
        ("lookup", "company", False),  # the lookup copies into it
    ]


def test_a_plain_field_that_the_model_declares_as_a_lookup_is_drift(kintone):
    class Eager(Model):
        title = fields.LookupField(Customer, "件名", key="code")

        class Meta:
            app = "deal"

    assert found(Eager, is_drift=True) == [("lookup", "title", True)]


def test_a_copy_into_a_field_that_the_model_lacks_is_information(kintone):
    class Narrow(Model):
        customer = fields.LookupField(Customer, key="code")

        class Meta:
            app = "deal"

    assert found(Narrow, kind="lookup") == [("lookup", "customer", False)]


def test_a_copy_of_a_field_that_the_other_model_lacks_is_drift(kintone):
    lookup = with_pairs(("company", "会社名"), ("件名", "顧客番号"))
    change_field(kintone, kintone.apps["deal"], "customer", lookup=lookup)
    (finding,) = check(Deal)
    assert (finding.kind, finding.is_drift) == ("lookup", True)
    assert "copies nothing into '件名', but the app copies '顧客番号'" in finding.message


def test_the_order_of_the_copies_does_not_count(kintone):
    class Both(Model):
        customer = fields.LookupField(
            Customer, key="code", copies={"company": "name", "title": "number"}
        )
        title = fields.SingleLineTextField("件名")
        company = fields.SingleLineTextField()

        class Meta:
            app = "deal"

    lookup = with_pairs(("件名", "顧客番号"), ("company", "会社名"))
    change_field(kintone, kintone.apps["deal"], "customer", lookup=lookup)
    assert found(Both, kind="lookup") == []


def test_spaces_in_a_filter_do_not_count_outside_of_strings(kintone):
    app = kintone.apps["customer"]
    change_field(kintone, app, "案件", referenceTable=within(filterCond='rank  in("A")'))
    assert found(Customer) == []
    change_field(kintone, app, "案件", referenceTable=within(filterCond='件名 like "a  b"'))

    class Spaced(Model):
        code = fields.SingleLineTextField("顧客コード", unique=True, required=True)
        deals = fields.ReferenceTableField(
            Deal, "案件", key="code", related="customer", filter_cond='件名 like "a b"'
        )

        class Meta:
            app = "customer"

    assert found(Spaced, is_drift=True) == [("related records", "deals", True)]
