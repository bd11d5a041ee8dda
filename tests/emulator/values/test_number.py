"""Number fields: accepted values, rounding, and refusals."""

from __future__ import annotations

import pytest

NUMBER = {"type": "NUMBER"}
NOT_A_NUMBER = "Only numbers are allowed."


@pytest.mark.parametrize(
    ("definition", "sent", "read"),
    [
        (NUMBER, "12", "12"),
        (NUMBER, 12, "12"),
        (NUMBER, -1.5, "-1.5"),
        (NUMBER, "1.5e1", "15"),
        (NUMBER, "1E2", "100"),
        (NUMBER, " 42 ", "42"),
        (NUMBER, "+7", "7"),
        (NUMBER, "5.", "5"),
        (NUMBER, "007", "7"),
        (NUMBER, "00012.50", "12.5"),
        (NUMBER, "1e11", "100000000000"),
        (NUMBER, "1e-7", "0"),
        (NUMBER, "-0", "0"),
        (NUMBER, "1.50", "1.5"),
        (NUMBER, "999999999999", "999999999999"),
        (NUMBER, "", ""),
        (NUMBER, None, ""),
    ],
)
def test_a_value_is_read_back_in_kintones_form(read_back, definition, sent, read):
    assert read_back(definition, sent) == [read, read]


@pytest.mark.parametrize(
    ("definition", "sent", "errors"),
    [
        (NUMBER, "abc", {"record[field].value": [NOT_A_NUMBER]}),
        (NUMBER, "1,000", {"record[field].value": [NOT_A_NUMBER]}),
        (NUMBER, "１２", {"record[field].value": [NOT_A_NUMBER]}),
        (NUMBER, ".5", {"record[field].value": [NOT_A_NUMBER]}),
        (NUMBER, "0x10", {"record[field].value": [NOT_A_NUMBER]}),
        (NUMBER, "0b1", {"record[field].value": [NOT_A_NUMBER]}),
        (
            {**NUMBER, "maxValue": "100"},
            "１０１",
            {
                "record[field].value": [NOT_A_NUMBER],
                "record.field.value": ["The value must be 100 or less."],
            },
        ),
        (
            NUMBER,
            "１" + "0" * 12,
            {
                "record[field].value": [NOT_A_NUMBER],
                "record.field.value": ["The number of significant digits is exceeded."],
            },
        ),
        (
            {**NUMBER, "maxValue": "10"},
            "10.00004",
            {"record.field.value": ["The value must be 10 or less."]},
        ),
        (
            {**NUMBER, "required": True},
            "abc",
            {"record[field].value": [NOT_A_NUMBER], "record.field.value": ["Required."]},
        ),
        (
            {**NUMBER, "maxValue": "100"},
            "100.1",
            {"record.field.value": ["The value must be 100 or less."]},
        ),
        (
            {**NUMBER, "minValue": "10"},
            "9",
            {"record.field.value": ["The value must be 10 or more."]},
        ),
        (
            {**NUMBER, "maxValue": "1000000"},
            "1000001",
            {"record.field.value": ["The value must be 1,000,000 or less."]},
        ),
        (
            NUMBER,
            "1000000000000",
            {"record.field.value": ["The number of significant digits is exceeded."]},
        ),
        (
            NUMBER,
            "999999999999.99999",
            {"record.field.value": ["The number of significant digits is exceeded."]},
        ),
        (
            NUMBER,
            "9" * 120 + ".123456",
            {"record.field.value": ["The number of significant digits is exceeded."]},
        ),
        (
            NUMBER,
            "1e999999999",
            {"record.field.value": ["The number of significant digits is exceeded."]},
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
        (NUMBER, True),
        (NUMBER, {"a": 1}),
        (NUMBER, ["1"]),
    ],
)
def test_a_value_of_another_type_is_invalid_json(refused_shape, definition, sent):
    assert refused_shape(definition, sent)


@pytest.mark.parametrize(
    ("definition", "path"),
    [
        (NUMBER, "record.field.value"),
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
        ({**NUMBER, "defaultValue": "1.5"}, "1.5"),
    ],
)
def test_a_default_fills_a_field_that_a_new_record_lacks(default_of, definition, read):
    assert default_of(definition) == read


@pytest.mark.parametrize(
    ("precision", "sent", "read"),
    [
        ({}, "0.00005", "0"),
        ({}, "0.00015", "0.0002"),
        ({}, "0.00025", "0.0002"),
        ({}, "-0.00005", "0"),
        ({"roundingMode": "UP"}, "0.00001", "0.0001"),
        ({"roundingMode": "DOWN"}, "-0.00009", "0"),
        ({"decimalPlaces": "0"}, "2.5", "2"),
        (
            {"digits": "30", "decimalPlaces": "10"},
            "12345678901234567890.12345678901",
            "12345678901234567890.123456789",
        ),
        ({"digits": 30}, "9007199254740993", "9007199254740993"),
    ],
)
def test_a_number_is_rounded_silently_as_the_app_says(kintone, precision, sent, read):
    app = kintone.new_app({"field": NUMBER}, precision=precision)
    assert kintone.read(app, kintone.add(app, field=sent))["field"] == read
