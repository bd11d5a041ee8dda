from __future__ import annotations

import enum
from datetime import date, datetime
from decimal import Decimal

import pytest

from kintone_orm import Model, Row, fields
from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.fields import Organization, User
from kintone_orm.functions import FromToday, LoginUser, Now, PrimaryOrganization, Today


class Rank(enum.Enum):
    GOLD = "金"
    SILVER = "銀"


def declared(kind, field):
    return type(kind)("Bad", (kind,), {"x": field})


# -- what a save would refuse ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Model, Row])
@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (
            lambda: fields.NumberField(default="x"),
            "NumberField takes a number, not str 'x'.",
        ),
        (
            lambda: fields.NumberField(default=11, max_value=10),
            "11 is too large; the field takes at most 10.",
        ),
        (
            lambda: fields.SingleLineTextField(default="abc", max_length=2),
            "'abc' has 3 characters; the field takes at most 2.",
        ),
        (
            lambda: fields.DateField(default="soon"),
            "DateField takes a date such as \"2026-02-06\", not str 'soon'.",
        ),
        (
            lambda: fields.UserSelectField(default=(5,)),
            "UserSelectField takes Users or their codes, not int 5.",
        ),
        (
            lambda: fields.CheckBoxField(choices=["A"], default="A"),
            "CheckBoxField takes a list of its choices, not str 'A'.",
        ),
        (
            lambda: fields.UserSelectField(default=(LoginUser(),)),
            "UserSelectField takes Users or their codes, not LoginUser LoginUser().",
        ),
    ],
)
def test_a_constant_that_a_save_would_refuse_is_refused_in_the_class(kind, make, problem):
    field = make()
    with pytest.raises(ImproperlyConfigured) as refused:
        declared(kind, field)
    assert str(refused.value) == (
        f"Bad.x has the default {field.default!r}, which a save would refuse. {problem}"
    )


@pytest.mark.parametrize("default", [("A", "C"), ("C",)])
def test_each_option_of_a_default_is_one_of_the_choices(default):
    with pytest.raises(ImproperlyConfigured) as refused:
        fields.MultiSelectField(choices=["A", "B"], default=default)
    assert str(refused.value).startswith(
        f"MultiSelectField(default={default!r}): 'C' is not among the choices 'A', 'B'."
    )


@pytest.mark.parametrize(("default", "kind"), [(["A"], "list"), ({"A"}, "set"), ({}, "dict")])
def test_a_default_that_records_would_share_is_refused(default, kind):
    with pytest.raises(ImproperlyConfigured) as refused:
        fields.CheckBoxField(choices=["A"], default=default)
    assert str(refused.value) == (
        f"CheckBoxField(default={default!r}) would share one value between all records. Write "
        f"default={kind} or a function; a list can also be a tuple."
    )


# -- functions of kintone --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cls", "function", "reason"),
    [
        (fields.DateField, Now(), "kintone takes only Today() here. Write default=Today(),"),
        (fields.DateTimeField, Today(), "kintone takes only Now() here. Write default=Now(),"),
        (fields.TimeField, Today(), "kintone takes only Now() here. Write default=Now(),"),
        (
            fields.DateField,
            FromToday(1, "DAYS"),
            "kintone takes only Today() here. Write default=Today(),",
        ),
        (
            fields.UserSelectField,
            PrimaryOrganization(),
            "kintone takes only LoginUser() here. Write default=LoginUser(),",
        ),
        (
            fields.OrganizationSelectField,
            LoginUser(),
            "kintone takes only PrimaryOrganization() here. Write default=PrimaryOrganization(),",
        ),
        (
            fields.GroupSelectField,
            LoginUser(),
            "kintone evaluates no query function as the default of this field. Write",
        ),
        (
            fields.SingleLineTextField,
            Today(),
            "kintone evaluates no query function as the default of this field. Write",
        ),
    ],
)
def test_a_field_takes_the_function_that_kintone_takes(cls, function, reason):
    with pytest.raises(ImproperlyConfigured) as refused:
        cls(default=function)
    assert str(refused.value) == (
        f"{cls.__name__}(default={function!r}): {reason} a value, or a function that returns a "
        "value."
    )


def test_a_function_needs_its_parentheses():
    with pytest.raises(ImproperlyConfigured) as refused:
        fields.DateField(default=Today)
    assert str(refused.value) == "DateField(default=Today) is a class. Write default=Today()."


@pytest.mark.parametrize("kind", [Model, Row])
@pytest.mark.parametrize("default", [Today(), date(2026, 2, 6)])
def test_what_a_lookup_fills_has_no_default(kind, default):
    body = {
        "to": fields.LookupField("Elsewhere", key="code", copies={"day": "day"}),
        "day": fields.DateField(default=default),
    }
    with pytest.raises(ImproperlyConfigured, match="It cannot have a default either"):
        type(kind)("Bad", (kind,), body)


# -- the setting of the app ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "setting"),
    [
        (fields.SingleLineTextField("c", default="a"), {"defaultValue": "a"}),
        (fields.MultiLineTextField("c", default="a\r\nb"), {"defaultValue": "a\nb"}),
        (fields.SingleLineTextField("c", default=""), {"defaultValue": ""}),
        (fields.NumberField("c", default=Decimal("1E+2")), {"defaultValue": "100"}),
        (fields.IntegerField("c", default=0), {"defaultValue": "0"}),
        (fields.NumberField("c", default=None), {"defaultValue": ""}),
        (fields.DateField("c", default=date(2026, 2, 6)), {"defaultValue": "2026-02-06"}),
        (fields.TimeField("c", default="09:30"), {"defaultValue": "09:30"}),
        (
            fields.DateTimeField("c", default="2026-02-06T09:30:00+09:00"),
            {"defaultValue": "2026-02-06T00:30:00Z"},
        ),
        (fields.DropDownField("c", choices=Rank, default=Rank.GOLD), {"defaultValue": "金"}),
        (fields.CheckBoxField("c", choices=Rank, default=("銀",)), {"defaultValue": ["銀"]}),
        (
            fields.UserSelectField("c", default=(User("sato"), "kato")),
            {"defaultValue": [{"code": c, "type": "USER"} for c in ("sato", "kato")]},
        ),
        (
            fields.OrganizationSelectField("c", default=(Organization("dev"),)),
            {"defaultValue": [{"code": "dev", "type": "ORGANIZATION"}]},
        ),
        (
            fields.GroupSelectField("c", default=("all",)),
            {"defaultValue": [{"code": "all", "type": "GROUP"}]},
        ),
        (fields.DateField("c", default=Today()), {"defaultNowValue": True}),
        (fields.TimeField("c", default=Now()), {"defaultNowValue": True}),
        (fields.DateTimeField("c", default=Now()), {"defaultNowValue": True}),
        (
            fields.UserSelectField("c", default=LoginUser()),
            {"defaultValue": [{"code": "LOGINUSER()", "type": "FUNCTION"}]},
        ),
        (
            fields.OrganizationSelectField("c", default=PrimaryOrganization()),
            {"defaultValue": [{"code": "PRIMARY_ORGANIZATION()", "type": "FUNCTION"}]},
        ),
        (fields.NumberField("c"), {}),
        (fields.NumberField("c", default=lambda: 5), {}),
        (fields.CheckBoxField("c", default=list), {}),
        (fields.DateTimeField("c", default=datetime(2026, 2, 6)), {}),
        (fields.FileField("c", default=()), {}),
        (fields.LookupField("Elsewhere", "c", key="code", default="a"), {}),
    ],
)
def test_the_default_of_the_app(field, setting):
    assert field.default_setting() == setting


def test_a_definition_has_the_default():
    assert fields.SingleLineTextField("c", default="a").definition()["defaultValue"] == "a"
    assert fields.DateField("c", default=Today()).definition()["defaultNowValue"] is True
    assert "defaultValue" not in fields.NumberField("c", default=lambda: 5).definition()
