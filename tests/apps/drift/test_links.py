"""Changed lookups and tables of related records."""

from __future__ import annotations

import pytest
from support.changed_forms import change_field, found
from support.models.deals import Customer, Deal


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
