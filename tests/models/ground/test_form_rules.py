"""The rules of an app's form, applied to the values of a model that does not declare them."""

from __future__ import annotations

import enum
from decimal import Decimal
from types import MappingProxyType

import pytest

from kintone_orm import Model, Row, fields
from kintone_orm.connection import FieldRules, KnownField, KnownPrecision
from kintone_orm.fields.base import UNSET
from kintone_orm.models.ground.form_rules import form_rules

REQUIRED = "Required: kintone refuses a blank here."
MISSING = (
    "The app requires '{}', which {} does not declare, so kintone refuses every new {}. Declare "
    "the field, or give it a default in the app."
)
NO_BASES = MappingProxyType({})


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


def check(field, value, rules, *, kind=None, own=(), is_new=False):
    """Return the problems of one value of a field `x`; `UNSET` for a missing value."""
    model = type("Thing", (Model,), {"x": field, "__module__": __name__})
    form = {"x": KnownField(kind or field.kintone_type, None, None, rules=rules)}
    made = form_rules(model._meta, form)
    values = {} if value is UNSET else {"x": value}
    known = {"x": list(own)} if own else {}
    problems = made.problems(values, NO_BASES, known, is_new=is_new)
    if problems:
        assert not made.fits(values, is_new=is_new)
    return problems.get("x", [])


TEXT = FieldRules(min_length=2, max_length=4)
RANGE = FieldRules(min_value=Decimal(1), max_value=Decimal("10.5"))
OPTIONS = FieldRules(options=("red", "blue"))


@pytest.mark.parametrize(
    ("field", "value", "rules"),
    [
        (fields.SingleLineTextField(), "ab", TEXT),
        (fields.SingleLineTextField(), "😀😀", TEXT),
        (fields.SingleLineTextField(), "", FieldRules(max_length=4)),
        (fields.SingleLineTextField(), " ", FieldRules(is_required=True)),
        (fields.NumberField(), Decimal("10.5"), RANGE),
        (fields.IntegerField(), 1, RANGE),
        (fields.NumberField(), None, RANGE),
        (fields.NumberField(), Decimal(0), FieldRules(is_required=True)),
        (fields.DropDownField(), "red", OPTIONS),
        (fields.DropDownField(), None, OPTIONS),
        (fields.DropDownField(choices=Color), Color.RED, OPTIONS),
        (fields.CheckBoxField(), ["red", "blue"], OPTIONS),
        (fields.CheckBoxField(), [], OPTIONS),
        (fields.CheckBoxField(choices=Color), [Color.BLUE], OPTIONS),
    ],
)
def test_a_value_within_the_rules_is_accepted(field, value, rules):
    assert check(field, value, rules) == []


@pytest.mark.parametrize(
    ("field", "value", "rules", "message"),
    [
        (
            fields.SingleLineTextField(),
            "abcde",
            TEXT,
            "'abcde' has 5 characters; the app's field takes at most 4.",
        ),
        (
            fields.LinkField(),
            "😀😀a",
            TEXT,
            "'😀😀a' has 5 characters; the app's field takes at most 4.",
        ),
        (
            fields.SingleLineTextField(),
            "a",
            TEXT,
            "'a' has 1 character; the app's field takes at least 2.",
        ),
        (
            fields.SingleLineTextField(),
            "",
            TEXT,
            "'' has 0 characters; the app's field takes at least 2.",
        ),
        (
            fields.NumberField(),
            Decimal("10.50001"),
            RANGE,
            "10.50001 is too large; the app's field takes at most 10.5.",
        ),
        (
            fields.IntegerField(),
            0,
            RANGE,
            "0 is too small; the app's field takes at least 1.",
        ),
        (
            fields.DropDownField(),
            "reed",
            OPTIONS,
            "'reed' is not among the app's options 'red', 'blue'. Did you mean 'red'?",
        ),
        (
            fields.CheckBoxField(),
            ["red", "x"],
            OPTIONS,
            "'x' is not among the app's options 'red', 'blue'.",
        ),
        (
            fields.DropDownField(choices=Color),
            Color.RED,
            FieldRules(options=("blue",)),
            "'red' is not among the app's options 'blue'.",
        ),
        (fields.SingleLineTextField(), "", FieldRules(is_required=True), REQUIRED),
        (fields.SingleLineTextField(), "", FieldRules(is_required=True, min_length=2), REQUIRED),
        (fields.DateField(), None, FieldRules(is_required=True), REQUIRED),
        (fields.NumberField(), None, RANGE._replace(is_required=True), REQUIRED),
        (fields.DropDownField(), None, OPTIONS._replace(is_required=True), REQUIRED),
        (fields.CheckBoxField(), [], OPTIONS._replace(is_required=True), REQUIRED),
        (fields.UserSelectField(), [], FieldRules(is_required=True), REQUIRED),
    ],
)
def test_a_value_that_breaks_a_rule_is_named(field, value, rules, message):
    assert check(field, value, rules) == [message]


def test_a_value_that_the_model_refuses_itself_is_not_named_again():
    assert check(fields.SingleLineTextField(), "abcde", TEXT, own=["Longer than 3."]) == []


def test_only_the_options_that_the_model_accepts_are_named_besides_its_own():
    field = fields.CheckBoxField(choices=["red", "green"])
    assert check(field, ["pink", "green"], OPTIONS, own=["'pink' is not among"]) == [
        "'green' is not among the app's options 'red', 'blue'."
    ]


def test_an_unknown_option_that_occurs_twice_is_named_once():
    problems = check(fields.CheckBoxField(), ["x", "red", "x"], OPTIONS)
    assert problems == ["'x' is not among the app's options 'red', 'blue'."]


def test_many_options_are_counted():
    rules = FieldRules(options=tuple(map(str, range(25))))
    (text,) = check(fields.DropDownField(), "x", rules)
    assert text.endswith("'19' and 5 more.")


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (FieldRules(is_required=True), REQUIRED),
        (TEXT, "'' has 0 characters; the app's field takes at least 2."),
    ],
)
def test_a_value_may_be_missing_only_where_the_app_has_a_default(rules, message):
    text = fields.SingleLineTextField
    assert check(text(), UNSET, rules, is_new=True) == [message]
    assert check(text(), UNSET, rules, is_new=False) == []
    assert check(text(), UNSET, rules._replace(has_default=True), is_new=True) == []


def test_a_blank_is_refused_although_the_app_has_a_default():
    rules = FieldRules(is_required=True, has_default=True)
    assert check(fields.SingleLineTextField(), "", rules, is_new=True) == [REQUIRED]


def test_a_missing_value_that_the_model_requires_is_left_to_the_model():
    field = fields.SingleLineTextField(required=True)
    assert check(field, UNSET, FieldRules(is_required=True), is_new=True) == []


def test_a_field_of_another_type_has_no_rules():
    assert check(fields.SingleLineTextField(), "x", RANGE, kind="NUMBER") == []


class Line(Row):
    item = fields.SingleLineTextField()
    qty = fields.NumberField()


class Order(Model):
    lines = fields.SubtableField(Line)


def known(kind, table=None, why=None, **rules):
    return KnownField(kind, table, why, rules=FieldRules(**rules))


FORM = {
    "lines": known("SUBTABLE"),
    "item": known("SINGLE_LINE_TEXT", "lines", is_required=True),
    "qty": known("NUMBER", "lines", max_value=Decimal(9)),
}


def test_cells_are_named_by_row():
    rules = form_rules(Order._meta, FORM)
    values = {"lines": [Line(item="a", qty=1), Line(qty=10)]}
    assert not rules.fits(values, is_new=True)
    assert rules.problems(values, NO_BASES, {}, is_new=True) == {
        "lines[1].item": [REQUIRED],
        "lines[1].qty": ["10 is too large; the app's field takes at most 9."],
    }


def test_cells_that_are_not_sent_are_not_checked():
    row = Line(item="", qty=10)
    row._id = 7
    base = {"lines": Order._meta.fields["lines"].snapshot([row])}
    rules = form_rules(Order._meta, FORM)
    assert rules.problems({"lines": [row]}, base, {}, is_new=False) == {}

    row.qty = 11
    assert list(rules.problems({"lines": [row]}, base, {}, is_new=False)) == ["lines[0].qty"]


def test_an_item_that_is_no_row_is_left_to_the_model():
    rules = form_rules(Order._meta, FORM)
    values = {"lines": ["x", Line(item="a")]}
    assert rules.fits(values, is_new=False)
    assert rules.problems(values, NO_BASES, {}, is_new=False) == {}


def test_required_fields_that_the_model_lacks_are_named():
    form = {
        **FORM,
        "部署": known("DROP_DOWN", is_required=True),
        "日付": known("DATE", is_required=True, has_default=True),
        "住所": known("SINGLE_LINE_TEXT", None, "is copied by the lookup 'k'", is_required=True),
        "単位": known("SINGLE_LINE_TEXT", "lines", is_required=True),
    }
    values = {"lines": [Line(item="a")]}
    assert form_rules(Order._meta, form).problems(values, NO_BASES, {}, is_new=True) == {
        "": [
            MISSING.format("部署", "Order", "record"),
        ],
        "lines[0]": [
            MISSING.format("単位", "Line", "row"),
        ],
    }
    assert form_rules(Order._meta, form).problems({}, NO_BASES, {}, is_new=False) == {}


class Sold(Model):
    customer = fields.SingleLineTextField()
    name = fields.SingleLineTextField()


SOLD = {
    "customer": KnownField("SINGLE_LINE_TEXT", None, None, is_lookup=True),
    "name": KnownField(
        "SINGLE_LINE_TEXT", None, "is copied", "customer", rules=FieldRules(is_required=True)
    ),
}
NO_KEY = {"customer": ["Required: this lookup fills 'name', which the app requires."]}


@pytest.mark.parametrize(
    ("values", "is_new", "problems"),
    [
        ({}, True, NO_KEY),
        ({"customer": ""}, True, NO_KEY),
        ({"customer": "C-1"}, True, {}),
        ({"customer": ""}, False, NO_KEY),
        ({}, False, {}),
    ],
)
def test_a_lookup_that_fills_a_required_field_needs_a_key(values, is_new, problems):
    rules = form_rules(Sold._meta, SOLD)
    assert rules.problems(values, NO_BASES, {}, is_new=is_new) == problems
    assert rules.fits(values, is_new=is_new) is not bool(problems)


def test_a_lookup_that_fills_a_field_with_a_default_needs_no_key():
    copied = SOLD["name"]._replace(rules=FieldRules(is_required=True, has_default=True))
    rules = form_rules(Sold._meta, SOLD | {"name": copied})
    assert rules.problems({}, NO_BASES, {}, is_new=True) == {}


def test_choices_that_the_app_has_need_no_second_check():
    model = type(
        "Thing",
        (Model,),
        {"x": fields.DropDownField(choices=["red"]), "__module__": __name__},
    )
    form = {"x": KnownField("DROP_DOWN", None, None, rules=OPTIONS)}
    assert form_rules(model._meta, form).tests == []


def test_rules_are_made_once_for_each_form():
    rules = form_rules(Order._meta, FORM)
    assert form_rules(Order._meta, FORM) is rules
    assert form_rules(Order._meta, dict(FORM)) is not rules


PRECISION = KnownPrecision(digits=5, decimal_places=2, rounding_mode="HALF_EVEN")
TOO_MANY = "{} has more than 3 digits before the decimal point, which is the limit of the app."


@pytest.mark.parametrize(
    ("value", "problems"),
    [
        ("999.994", []),
        ("-999.99", []),
        ("0.000001", []),
        ("999.995", [TOO_MANY.format("999.995")]),
        ("1000", [TOO_MANY.format("1000")]),
        ("-1000", [TOO_MANY.format("-1000")]),
        ("1e900", [TOO_MANY.format("1E+900")]),
    ],
)
def test_digits_are_counted_after_rounding_if_the_apps_settings_are_known(value, problems):
    model = type("Thing", (Model,), {"x": fields.NumberField(), "__module__": __name__})
    form = {"x": known("NUMBER")}
    values = {"x": Decimal(value)}
    found = form_rules(model._meta, form, PRECISION).problems(values, NO_BASES, {}, is_new=True)
    assert found.get("x", []) == problems
    assert form_rules(model._meta, form).problems(values, NO_BASES, {}, is_new=True) == {}


def test_digits_that_the_model_declares_are_left_to_the_model():
    class Exact(Model):
        x = fields.NumberField()

        class Meta:
            number_precision = {"digits": 9, "decimal_places": 2}

    rules = form_rules(Exact._meta, {"x": known("NUMBER")}, PRECISION)
    assert rules.problems({"x": Decimal(1000)}, NO_BASES, {}, is_new=True) == {}
