"""Dates, times and instants: accepted values, and the values read back."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest
from support.plain_kintone import password

DATE = {"type": "DATE"}
TIME = {"type": "TIME"}
DATETIME = {"type": "DATETIME"}


@pytest.mark.parametrize(
    ("definition", "sent", "read"),
    [
        (DATE, "2024-02-29", "2024-02-29"),
        (DATE, "2024-2-9", "2024-02-09"),
        (DATE, "2024-02", "2024-02-01"),
        (DATE, "2024-2", "2024-02-01"),
        (DATE, "2024", "2024-01-01"),
        (DATE, None, None),
        (DATE, "", None),
        (TIME, "23:59", "23:59"),
        (TIME, None, None),
        (TIME, "", None),
        (DATETIME, "2024-02-06T12:59:59Z", "2024-02-06T12:59:00Z"),
        (DATETIME, "2024-02-06T12:59:25.174Z", "2024-02-06T12:59:00Z"),
        (DATETIME, "2024-02-06T12:59Z", "2024-02-06T12:59:00Z"),
        (DATETIME, "2024-02-06T00:30:00+09:00", "2024-02-05T15:30:00Z"),
        (DATETIME, "2024-02-06T23:30:00-01:30", "2024-02-07T01:00:00Z"),
        (DATETIME, "2024-02-06", "2024-02-06T00:00:00Z"),
        (DATETIME, "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        (DATETIME, "", ""),
        (DATETIME, None, ""),
    ],
)
def test_a_value_is_read_back_in_kintones_form(read_back, definition, sent, read):
    assert read_back(definition, sent) == [read, read]


@pytest.mark.parametrize(
    ("definition", "sent", "errors"),
    [
        (
            DATE,
            "2023-02-29",
            {"record.field.value": ["Specify a date: YYYY-MM-DD, YYYY-MM or YYYY."]},
        ),
        (TIME, "24:00", {"record.field.value": ["Specify a time: HH:MM."]}),
        (TIME, "9:00", {"record.field.value": ["Specify a time: HH:MM."]}),
    ],
)
def test_a_value_is_refused_under_its_own_path(kintone, definition, sent, errors):
    app = kintone.new_app({"field": definition})
    body = {"app": app, "record": {"field": {"value": sent}}}
    assert kintone.messages("POST", "record.json", body) == errors


@pytest.mark.parametrize(
    ("definition", "sent"),
    [
        (DATE, 2024),
        (TIME, ["09:00"]),
        (DATETIME, {}),
    ],
)
def test_a_value_of_another_type_is_invalid_json(refused_shape, definition, sent):
    assert refused_shape(definition, sent)


@pytest.mark.parametrize(
    ("definition", "path"),
    [
        (DATE, "record.field.value"),
        (TIME, "record.field.value"),
        (DATETIME, "record.field.value"),
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
        ({**DATE, "defaultNowValue": True}, "2024-02-06"),
        ({**TIME, "defaultNowValue": True}, "12:59"),
        ({**DATETIME, "defaultNowValue": True}, "2024-02-06T12:59:00Z"),
        ({**DATE, "defaultValue": "2020-01-01"}, "2020-01-01"),
    ],
)
def test_a_default_fills_a_field_that_a_new_record_lacks(default_of, definition, read):
    assert default_of(definition) == read


@pytest.mark.parametrize("sent", ["2024-02-06T12:59:00", "2024-02-06T12:59:00+0900", "yesterday"])
def test_an_instant_needs_a_zone(kintone, sent):
    app = kintone.new_app({"field": DATETIME})
    body = {"app": app, "record": {"field": {"value": sent}}}
    (message,) = kintone.messages("POST", "record.json", body)["record.field.value"]
    assert message.startswith("Specify a date and time with a time zone")


def test_a_default_of_now_follows_the_callers_zone(emulator, caller, kintone):
    emulator.add_user("tanaka", "x", timezone=timezone(timedelta(hours=13)))
    app = kintone.new_app({"field": {**DATE, "defaultNowValue": True}})
    tanaka = caller(**password("tanaka", "x"))
    assert tanaka.read(app, tanaka.add(app))["field"] == "2024-02-07"
