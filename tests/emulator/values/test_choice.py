"""Choice fields: accepted values, and the values read back."""

from __future__ import annotations

import pytest
from support.plain_kintone import options

DROP_DOWN = {"type": "DROP_DOWN", "options": options("a", "b")}
RADIO = {"type": "RADIO_BUTTON", "options": options("a", "b")}
CHECK_BOX = {"type": "CHECK_BOX", "options": options("a", "b")}
MULTI_SELECT = {"type": "MULTI_SELECT", "options": options("a", "b")}


@pytest.mark.parametrize(
    ("definition", "sent", "read"),
    [
        (DROP_DOWN, "a", "a"),
        (DROP_DOWN, "", None),
        (DROP_DOWN, None, None),
        (RADIO, "b", "b"),
        (RADIO, "", "a"),
        ({**RADIO, "defaultValue": "b"}, "", "b"),
        (CHECK_BOX, ["b", "a", "b"], ["b", "a"]),
        (CHECK_BOX, [], []),
        (CHECK_BOX, None, []),
        (MULTI_SELECT, ["a"], ["a"]),
    ],
)
def test_a_value_is_read_back_in_kintones_form(read_back, definition, sent, read):
    assert read_back(definition, sent) == [read, read]


@pytest.mark.parametrize(
    ("definition", "sent", "errors"),
    [
        (DROP_DOWN, "c", {"record.field.value": ['The value, "c", is not in options.']}),
        (RADIO, "c", {"record.field.value": ['The value, "c", is not in options.']}),
        (
            CHECK_BOX,
            ["a", "c", "d"],
            {
                "record.field.values[1].value": ['The value, "c", is not in options.'],
                "record.field.values[2].value": ['The value, "d", is not in options.'],
            },
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
        (DROP_DOWN, ["a"]),
        (RADIO, {}),
        (CHECK_BOX, "a"),
        (CHECK_BOX, [1]),
        (MULTI_SELECT, {}),
    ],
)
def test_a_value_of_another_type_is_invalid_json(refused_shape, definition, sent):
    assert refused_shape(definition, sent)


@pytest.mark.parametrize(
    ("definition", "path"),
    [
        (DROP_DOWN, "record.field.value"),
        (CHECK_BOX, "record.field.values"),
        (MULTI_SELECT, "record.field.values"),
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
        ({**CHECK_BOX, "defaultValue": ["b"]}, ["b"]),
        ({**DROP_DOWN, "defaultValue": "b"}, "b"),
        (RADIO, "a"),
    ],
)
def test_a_default_fills_a_field_that_a_new_record_lacks(default_of, definition, read):
    assert default_of(definition) == read


def test_a_required_radio_button_is_not_enforced(kintone):
    app = kintone.new_app({"field": {**RADIO, "required": True}})
    assert kintone.read(app, kintone.add(app))["field"] == "a"
