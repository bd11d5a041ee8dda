"""The form of an app is read once and kept on the connection."""

from __future__ import annotations

from decimal import Decimal

import pytest
from support.models.geography import City

from kintone_orm import connect, connections
from kintone_orm.connection import FieldRules
from kintone_orm.models.ground.app_forms import keep_form
from kintone_orm.testing import capture_requests


def test_the_form_is_looked_at_once_before_the_first_write(kintone):
    again = connect(
        "https://kintone.invalid",
        username=kintone._arguments.username,
        password=kintone._arguments.password,
        apps=kintone.apps,
        alias="again",
        adapter=kintone._adapter,
    )
    with capture_requests(again) as requests:
        for number in range(3):
            City(name=str(number)).save(using=again)
    del connections["again"]

    assert [(request.method, request.path) for request in requests] == [
        ("GET", "/k/v1/app/form/fields.json"),
        *[("POST", "/k/v1/record.json")] * 3,
    ]


@pytest.mark.parametrize(
    ("settings", "rules"),
    [
        ({"type": "SINGLE_LINE_TEXT", "required": True}, {"is_required": True}),
        ({"type": "RADIO_BUTTON", "required": True, "defaultValue": "A"}, {"has_default": True}),
        ({"type": "CALC", "required": True}, {}),
        ({"type": "DATE", "defaultValue": "", "defaultNowValue": True}, {"has_default": True}),
        ({"type": "CHECK_BOX", "defaultValue": []}, {}),
        (
            {"type": "LINK", "minLength": "2", "maxLength": "64"},
            {"min_length": 2, "max_length": 64},
        ),
        ({"type": "SINGLE_LINE_TEXT", "minLength": "", "maxLength": ""}, {}),
        (
            {"type": "NUMBER", "minValue": "-0.5", "maxValue": ""},
            {"min_value": Decimal("-0.5")},
        ),
        ({"type": "NUMBER", "unique": True}, {"is_unique": True}),
        ({"type": "TIME", "unique": True}, {}),
        (
            {"type": "DROP_DOWN", "options": {"B": {"index": "1"}, "A": {"index": "0"}}},
            {"options": ("A", "B")},
        ),
        ({"type": "NUMBER", "lookup": {"fieldMappings": []}}, {}),
        ({"type": "NUMBER", "lookup": None}, {}),  # of an app that the user may not view
    ],
)
def test_the_rules_of_a_field_are_kept(kintone, settings, rules):
    keep_form(kintone, 99, {"x": settings})
    assert kintone.forms[99]["x"].rules == FieldRules(**rules)
