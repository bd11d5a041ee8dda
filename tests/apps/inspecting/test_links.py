"""Lookups and reference tables between the apps of a module."""

from __future__ import annotations

import pytest
from support.app_descriptions import app, lines_of, lookup, module, reference, text

CUSTOMER = app(
    2,
    "CUSTOMER",
    fields={
        "code": text(unique=True),
        "name": "SINGLE_LINE_TEXT",
        "num": {"type": "NUMBER", "unique": True},
        "RecordNo": "RECORD_NUMBER",
        "plain": "SINGLE_LINE_TEXT",
        "sum": text(unique=True, expression="name"),
    },
)


def test_a_lookup_names_the_model_the_key_and_the_copies() -> None:
    order = app(
        fields={
            "customerCode": lookup(2, "code", {"customerName": "name"}, required=True),
            "customerName": "SINGLE_LINE_TEXT",
        },
        code="order",
    )
    assert lines_of(order, CUSTOMER)[:3] == [
        "customer_code = fields.LookupField(",
        'customer = fields.RelatedRecord["Customer"]("customer_code")',
        'customer_name = fields.SingleLineTextField("customerName")',
    ]
    assert '"Customer", "customerCode", key="code", copies={"customer_name": "name"}' in (
        module(order, CUSTOMER).text
    )


def test_a_lookup_says_its_picker() -> None:
    field = lookup(2, "code", filterCond='name = "a"', sort="name asc", lookupPickerFields=["name"])
    written = module(app(fields={"c": field}), CUSTOMER).text
    assert """display=["name"], filter_cond='name = "a"', sort="name asc\"""" in written


@pytest.mark.parametrize(
    ("key", "kind", "required", "declaration"),
    [
        ("code", "SINGLE_LINE_TEXT", False, "LookupField("),
        ("num", "NUMBER", False, "LookupField[Decimal | None]("),
        ("num", "NUMBER", True, "LookupField[Decimal]("),
        ("RecordNo", "NUMBER", False, "LookupField[int | None]("),
        ("RecordNo", "SINGLE_LINE_TEXT", True, "LookupField[int]("),
    ],
)
def test_a_lookup_has_the_type_of_its_key(
    key: str, kind: str, required: bool, declaration: str
) -> None:
    order = app(fields={"c": {**lookup(2, key, required=required), "type": kind}})
    assert f"c = fields.{declaration}" in module(order, CUSTOMER).text


def test_a_lookup_of_an_app_that_is_not_given_is_a_plain_field() -> None:
    order = app(fields={"c": lookup(7, "code", {"n": "name"}), "n": "SINGLE_LINE_TEXT"})
    written = module(order).text
    assert "    c = fields.SingleLineTextField()\n" in written
    assert "# A lookup of app 7, which is not inspected here. kintone copies 'n' from there." in (
        written
    )
    assert "Add 7 to the apps" in written.replace("\n    # ", " ")
    assert "RelatedRecord" not in written


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("gone", "by its field 'gone', which is not there."),
        ("plain", "by its field 'plain', which allows duplicates."),
        ("num", "by its field 'num', which is a NUMBER while this field is a SINGLE_LINE_TEXT."),
        ("sum", "by its field 'sum', which is a calculated text."),
    ],
)
def test_a_lookup_by_a_key_that_cannot_be_is_a_plain_field(key: str, reason: str) -> None:
    written = module(app(fields={"c": lookup(2, key)}), CUSTOMER).text
    assert f" A lookup of Customer {reason}" in written.replace("\n    # ", " ")
    assert "    c = fields.SingleLineTextField()\n" in written


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        (None, "there is no such field beside it"),
        ("FILE", "into which a model cannot copy (FILE)"),
        ({"type": "SINGLE_LINE_TEXT", "expression": "a"}, "cannot copy (calculated text)"),
        (lookup(2, "code"), "which is a lookup itself"),
    ],
)
def test_a_copy_that_a_model_cannot_have_is_a_remark(target: object, reason: str) -> None:
    fields = {"c": lookup(2, "code", {"t": "name"})} | ({} if target is None else {"t": target})
    written = module(app(fields=fields), CUSTOMER).text.replace("\n    # ", " ")
    assert "The app also copies 'name' into 't': " in written
    assert reason in written
    assert "copies=" not in written


def test_a_field_that_a_lookup_fills_has_no_default() -> None:
    fields = {"c": lookup(2, "code", {"n": "name"}), "n": text(defaultValue="x")}
    written = module(app(fields=fields), CUSTOMER).text
    assert "# The default is left out: a lookup fills this field." in written
    assert "    n = fields.SingleLineTextField()\n" in written


def test_a_relation_gets_another_name_where_a_field_has_it() -> None:
    fields = {"customer_code": lookup(2, "code"), "customer": "SINGLE_LINE_TEXT"}
    assert 'customer_record = fields.RelatedRecord["Customer"]("customer_code")' in (
        lines_of(app(fields=fields), CUSTOMER)
    )


def test_two_lookups_of_one_app_have_a_relation_each() -> None:
    lines = lines_of(app(fields={"a": lookup(2, "code"), "b": lookup(2, "code")}), CUSTOMER)
    assert 'a_record = fields.RelatedRecord["Customer"]("a")' in lines
    assert 'b_record = fields.RelatedRecord["Customer"]("b")' in lines


def test_a_row_has_lookups_without_relations() -> None:
    table = {"type": "SUBTABLE", "fields": {"c": {"code": "c", **lookup(2, "code")}}}
    lines = lines_of(app(fields={"lines": table}), CUSTOMER)
    assert 'c = fields.LookupField("Customer", key="code")' in lines
    assert not any("RelatedRecord" in line for line in lines)


def test_a_reference_table_names_the_model_and_both_fields() -> None:
    own = app(fields={"no": text(unique=True), "orders": reference(2, "no", "code")}, code="a")
    written = module(own, CUSTOMER).text
    type_ = 'fields.ReferenceTableField["QuerySet[Customer]"]'
    assert f'orders = {type_}("Customer", key="no", related="code")' in written
    assert "from kintone_orm.models import QuerySet" in written


def test_a_reference_table_of_an_app_that_is_not_given_is_a_comment() -> None:
    written = module(app(fields={"no": "NUMBER", "orders": reference(7, "no", "code")})).text
    assert "# No field for 'orders': The records of app 7, which is not inspected here." in written
    assert "ReferenceTableField[" not in written


def test_an_app_may_look_itself_up() -> None:
    node = app(1, "NODE", fields={"no": "RECORD_NUMBER", "parent": lookup(1, "no")})
    lines = lines_of(node)
    assert 'parent = fields.LookupField[int | None]("Node", key="no")' in lines
    assert 'parent_record = fields.RelatedRecord["Node"]("parent")' in lines


def test_a_form_from_a_file_is_found_by_its_app_code() -> None:
    field = lookup(9, "code")
    field["lookup"]["relatedApp"]["code"] = "C"
    source = app(None, "C", fields={"code": text(unique=True)})
    assert 'c = fields.LookupField("C", key="code")' in lines_of(app(fields={"c": field}), source)


def test_an_app_that_the_form_does_not_show_is_a_remark() -> None:
    fields = {
        "c": text(lookup=None),
        "orders": {"type": "REFERENCE_TABLE", "referenceTable": None},
    }
    written = module(app(fields=fields)).text
    why = "The form does not show the other app, perhaps because you may not view it."
    assert f"    # A lookup. {why}\n    c = fields.SingleLineTextField()\n" in written
    assert f"No field for 'orders': Related records. {why}" in written.replace("\n    # ", " ")
