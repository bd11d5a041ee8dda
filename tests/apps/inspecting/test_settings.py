"""The options of a plain field, by its settings in the form."""

from __future__ import annotations

from typing import Any

import pytest
from support.app_descriptions import app, module


def declared(definition: dict[str, Any], **options: Any) -> list[str]:
    """The comments and the declaration of a field `x`, each in one line."""
    text = module(app(fields={"x": definition}), **options).text
    body = text.partition("(Model):")[2].partition('"""\n\n')[2].partition("\n\n    class Meta")[0]
    return [line.strip() for line in body.splitlines()]


@pytest.mark.parametrize(
    ("definition", "line"),
    [
        ({"type": "SINGLE_LINE_TEXT"}, "x = fields.SingleLineTextField()"),
        (
            {"type": "SINGLE_LINE_TEXT", "label": "名", "required": True, "unique": True},
            'x = fields.SingleLineTextField(required=True, unique=True, verbose_name="名")',
        ),
        (
            {"type": "SINGLE_LINE_TEXT", "minLength": "2", "maxLength": "64"},
            "x = fields.SingleLineTextField(min_length=2, max_length=64)",
        ),
        (
            {"type": "SINGLE_LINE_TEXT", "unique": True, "minLength": "", "maxLength": "64"},
            "x = fields.SingleLineTextField(unique=True)",
        ),
        (
            {"type": "SINGLE_LINE_TEXT", "defaultValue": 'a"b'},
            "x = fields.SingleLineTextField(default='a\"b')",
        ),
        (
            {"type": "SINGLE_LINE_TEXT", "expression": "a&b", "label": "y"},
            'x = fields.SingleLineTextField(expression="a&b", verbose_name="y")',
        ),
        (
            {"type": "MULTI_LINE_TEXT", "defaultValue": "a\nb"},
            'x = fields.MultiLineTextField(default="a\\nb")',
        ),
        ({"type": "RICH_TEXT"}, "x = fields.RichTextField()"),
        ({"type": "LINK", "protocol": "MAIL"}, 'x = fields.LinkField(protocol="MAIL")'),
        ({"type": "LINK", "protocol": "WEB"}, "x = fields.LinkField()"),
        (
            {"type": "NUMBER", "minValue": "0", "maxValue": "9.50", "defaultValue": "5"},
            'x = fields.NumberField(min_value=0, max_value=Decimal("9.50"), default=5)',
        ),
        (
            {"type": "NUMBER", "unit": "円", "unitPosition": "AFTER"},
            'x = fields.NumberField(unit="円", unit_position="AFTER")',
        ),
        (
            {"type": "NUMBER", "unit": "$", "unitPosition": "BEFORE"},
            'x = fields.NumberField(unit="$")',
        ),
        (
            {"type": "CALC", "expression": "a*2", "format": "HOUR_MINUTE"},
            'x = fields.CalcField(format="HOUR_MINUTE", expression="a*2")',
        ),
        ({"type": "DATE", "defaultNowValue": True}, "x = fields.DateField(default=Today())"),
        (
            {"type": "DATE", "defaultValue": "2026-02-06"},
            "x = fields.DateField(default=dt.date(2026, 2, 6))",
        ),
        ({"type": "TIME", "defaultNowValue": True}, "x = fields.TimeField(default=Now())"),
        ({"type": "TIME", "defaultValue": "09:05"}, "x = fields.TimeField(default=dt.time(9, 5))"),
        ({"type": "DATETIME", "defaultNowValue": True}, "x = fields.DateTimeField(default=Now())"),
        ({"type": "FILE", "required": True}, "x = fields.FileField(required=True)"),
        (
            {"type": "USER_SELECT", "defaultValue": [{"type": "USER", "code": "sato"}]},
            'x = fields.UserSelectField(default=(fields.User("sato"),))',
        ),
        (
            {"type": "USER_SELECT", "defaultValue": [{"type": "FUNCTION", "code": "LOGINUSER()"}]},
            "x = fields.UserSelectField(default=LoginUser())",
        ),
        (
            {
                "type": "ORGANIZATION_SELECT",
                "defaultValue": [{"type": "FUNCTION", "code": "PRIMARY_ORGANIZATION()"}],
            },
            "x = fields.OrganizationSelectField(default=PrimaryOrganization())",
        ),
        (
            {"type": "GROUP_SELECT", "defaultValue": [{"type": "GROUP", "code": "g"}]},
            'x = fields.GroupSelectField(default=(fields.Group("g"),))',
        ),
        ({"type": "RECORD_NUMBER"}, "x = fields.RecordNumberField()"),
        ({"type": "CREATOR", "label": "y"}, 'x = fields.CreatorField(verbose_name="y")'),
        ({"type": "STATUS", "enabled": True}, "x = fields.StatusField()"),
        ({"type": "STATUS_ASSIGNEE", "enabled": True}, "x = fields.StatusAssigneeField()"),
        ({"type": "CATEGORY", "enabled": True}, "x = fields.CategoryField()"),
    ],
)
def test_a_field_says_its_settings(definition: dict[str, Any], line: str) -> None:
    assert declared(definition) == [line]


def test_the_default_of_an_instant_is_in_utc() -> None:
    lines = declared({"type": "DATETIME", "defaultValue": "2026-02-06T21:59:00+09:00"})
    instant = 'dt.datetime.fromisoformat("2026-02-06T12:59:00+00:00")'
    assert lines == [f"x = fields.DateTimeField(default={instant})"]


OPTIONS = {
    "B": {"label": "B", "index": "1"},
    "A": {"label": "A", "index": "0"},
    "C": {"label": "C", "index": "10"},
    "D": {"label": "D", "index": "2"},
}


@pytest.mark.parametrize(
    ("definition", "line"),
    [
        (
            {"type": "DROP_DOWN", "defaultValue": "B"},
            'DropDownField(choices=["A", "B", "D", "C"], default="B")',
        ),
        (
            {"type": "CHECK_BOX", "defaultValue": ["B"], "required": True},
            'CheckBoxField(choices=["A", "B", "D", "C"], required=True, default=("B",))',
        ),
        (
            {"type": "MULTI_SELECT", "defaultValue": []},
            'MultiSelectField(choices=["A", "B", "D", "C"])',
        ),
        # kintone gives the first option to a radio button without a default, and says required.
        (
            {"type": "RADIO_BUTTON", "defaultValue": "A", "required": True},
            'RadioButtonField(choices=["A", "B", "D", "C"])',
        ),
        (
            {"type": "RADIO_BUTTON", "defaultValue": "B"},
            'RadioButtonField(choices=["A", "B", "D", "C"], default="B")',
        ),
    ],
)
def test_choices_are_in_the_order_of_their_index(definition: dict[str, Any], line: str) -> None:
    assert declared({"options": OPTIONS, **definition}) == [f"x = fields.{line}"]


def test_an_enum_has_the_options_and_the_default() -> None:
    field = {"type": "CHECK_BOX", "options": OPTIONS, "defaultValue": ["B"]}
    assert declared(field, enums=True) == [
        "x = fields.CheckBoxField(choices=XChoice, default=(XChoice.B,))"
    ]


@pytest.mark.parametrize(
    ("definition", "remark"),
    [
        (
            {"type": "USER_SELECT", "entities": [{"type": "USER", "code": "sato"}]},
            "# The form offers only sato to choose from; kintone does not check it.",
        ),
        (
            {"type": "USER_SELECT", "defaultValue": [{"type": "GROUP", "code": "g"}]},
            "# The app's own default (g) is not only Users; kintone sets it.",
        ),
        (
            {"type": "CALC", "expression": "1", "required": True},
            "# The form says required, which kintone does not enforce for a calculation.",
        ),
        (
            {"type": "DROP_DOWN", "options": OPTIONS, "defaultValue": "X"},
            "# The default 'X' is not among the options.",
        ),
        (
            {"type": "DROP_DOWN", "options": {"A": {"label": "Ä", "index": "0"}}},
            "# The form shows the options 'A' under other labels.",
        ),
        (
            {"type": "NUMBER", "minValue": "1", "defaultValue": "0"},
            "# The app's own default '0' is outside the limits that it sets itself.",
        ),
        (
            {"type": "SINGLE_LINE_TEXT", "maxLength": "3", "defaultValue": "🐟🐟"},
            "# The app's own default '🐟🐟' is outside the limits that it sets itself.",
        ),
        ({"type": "DATE", "defaultValue": "soon"}, "# The default 'soon' cannot be read."),
    ],
)
def test_a_setting_without_an_option_is_a_comment_above_the_field(
    definition: dict[str, Any], remark: str
) -> None:
    first, *rest = declared(definition)
    assert first == remark
    assert rest[0].startswith("x = ")


@pytest.mark.parametrize("kind", ["STATUS", "STATUS_ASSIGNEE", "CATEGORY"])
def test_a_field_that_is_not_enabled_is_left_out(kind: str) -> None:
    text = module(app(fields={"x": {"type": kind, "enabled": False}})).text
    assert "Field" not in text


def test_a_field_that_may_not_be_enabled_is_left_out_with_the_reason() -> None:
    text = module(app(fields={"x": "STATUS"})).text
    assert "# No field for 'x': The form does not say whether it is enabled" in text


def test_a_type_from_the_future_is_left_out_with_the_reason() -> None:
    text = module(app(fields={"x": "HOLOGRAM"})).text
    assert "# No field for 'x': kintone_orm does not know the type HOLOGRAM." in text
