"""The facts in the definitions of a form."""

from __future__ import annotations

from kintone_orm.models.ground.form_definitions import copied_fields, copies, option_names

LOOKUP = {
    "type": "SINGLE_LINE_TEXT",
    "lookup": {"fieldMappings": [{"field": "会社名", "relatedField": "名前"}]},
}


def test_options_are_in_the_order_of_the_form():
    options = {"b": {"index": "10"}, "c": {"index": "2"}, "a": {"index": "0"}}
    assert option_names({"type": "DROP_DOWN", "options": options}) == ["a", "c", "b"]


def test_a_field_without_options_has_no_names():
    assert option_names({"type": "NUMBER"}) == []


def test_copies_are_by_the_fields_that_they_fill():
    assert copies(LOOKUP) == {"会社名": "名前"}


def test_a_lookup_of_a_hidden_app_copies_nothing_that_is_known():
    assert copies({"type": "NUMBER", "lookup": None}) == {}


def test_a_copied_field_has_the_code_of_its_lookup():
    form = {"顧客": LOOKUP, "会社名": {"type": "SINGLE_LINE_TEXT"}}
    assert copied_fields(form) == {"会社名": "顧客"}
