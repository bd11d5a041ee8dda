"""Text and link fields: accepted values, the values read back, and refusals."""

from __future__ import annotations

import pytest

TEXT = {"type": "SINGLE_LINE_TEXT"}
MEMO = {"type": "MULTI_LINE_TEXT"}
LINK = {"type": "LINK"}
MAIL = {"type": "LINK", "protocol": "MAIL"}
CALL = {"type": "LINK", "protocol": "CALL"}
TOO_LONG = "Enter less than 6 characters."
TOO_SHORT = "Enter more than 1 characters."


@pytest.mark.parametrize(
    ("definition", "sent", "read"),
    [
        (TEXT, "abc", "abc"),
        (TEXT, " spaces stay ", " spaces stay "),
        (TEXT, 'quotes " \\ and \n lines,\n too', 'quotes " \\ and \n lines,\n too'),
        (TEXT, "😀 日本語 \u2028", "😀 日本語 \u2028"),
        (TEXT, "", ""),
        (TEXT, None, ""),
        (MEMO, "a\nb", "a\nb"),
        ({"type": "RICH_TEXT"}, "<b>a</b>", "<b>a</b>"),
        (LINK, "https://example.com/?a=b", "https://example.com/?a=b"),
        (LINK, "", ""),
        (LINK, None, ""),
        (MAIL, "a@example.com", "a@example.com"),
        (CALL, "+81-3-1234-5678", "+81-3-1234-5678"),
    ],
)
def test_a_value_is_read_back_in_kintones_form(read_back, definition, sent, read):
    assert read_back(definition, sent) == [read, read]


@pytest.mark.parametrize(
    ("definition", "sent", "errors"),
    [
        ({**TEXT, "maxLength": "5"}, "abcdef", {"record.field.value": [TOO_LONG]}),
        ({**TEXT, "maxLength": "5"}, "😀😀😀", {"record.field.value": [TOO_LONG]}),
        ({**TEXT, "minLength": "2"}, "a", {"record.field.value": [TOO_SHORT]}),
        ({**TEXT, "minLength": "2"}, "", {"record.field.value": [TOO_SHORT]}),
        (
            {**TEXT, "unique": True},
            "a" * 65,
            {"record.field.value": ["Enter less than 65 characters."]},
        ),
        (LINK, "example", {"record.field.value": ["The format of the URL is not valid."]}),
        (MAIL, "https://a.b", {"record.field.value": ["The format of the URL is not valid."]}),
        (
            {**LINK, "maxLength": "5"},
            "example",
            {"record.field.value": [TOO_LONG, "The format of the URL is not valid."]},
        ),
    ],
)
def test_a_value_is_refused_under_its_own_path(kintone, definition, sent, errors):
    app = kintone.new_app({"field": definition})
    body = {"app": app, "record": {"field": {"value": sent}}}
    assert kintone.messages("POST", "record.json", body) == errors


@pytest.mark.parametrize(
    ("definition", "sent"),
    [
        (TEXT, 5),
        (TEXT, ["a"]),
        (TEXT, {"a": 1}),
        (MEMO, ["a"]),
        (LINK, ["a"]),
    ],
)
def test_a_value_of_another_type_is_invalid_json(refused_shape, definition, sent):
    assert refused_shape(definition, sent)


@pytest.mark.parametrize(
    ("definition", "path"),
    [
        (TEXT, "record.field.value"),
        (MEMO, "record.field.value"),
        (LINK, "record.field.value"),
    ],
)
def test_a_required_field_must_hold_something(kintone, definition, path):
    app = kintone.new_app({"field": {**definition, "required": True}})
    for record in ({}, {"field": {}}, {"field": {"value": None}}):
        body = {"app": app, "record": record}
        assert kintone.messages("POST", "record.json", body) == {path: ["Required."]}


@pytest.mark.parametrize(
    ("definition", "read"),
    [
        ({**TEXT, "defaultValue": "x"}, "x"),
    ],
)
def test_a_default_fills_a_field_that_a_new_record_lacks(default_of, definition, read):
    assert default_of(definition) == read


def test_an_explicit_blank_is_not_replaced_by_the_default(kintone):
    app = kintone.new_app({"field": {**TEXT, "defaultValue": "x", "required": True}})
    body = {"app": app, "record": {"field": {"value": ""}}}
    assert kintone.messages("POST", "record.json", body) == {"record.field.value": ["Required."]}
