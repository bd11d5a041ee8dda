"""The options of a field that are settings of the app's form: deployed, and checked before a save.

The emulator checks the same settings by itself, so a test compares both verdicts.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from marshmallow.validate import Length

from kintone_orm import Model, Row, fields
from kintone_orm.api.form import get_form_fields
from kintone_orm.exceptions import FieldDoesNotExist, ImproperlyConfigured, ValidationError
from kintone_orm.testing import assert_requests, emulate


class Shelf(Model):
    code = fields.SingleLineTextField(unique=True)
    place = fields.SingleLineTextField("場所")


class Piece(Row):
    serial = fields.SingleLineTextField(min_length=2, max_length=4)
    grams = fields.NumberField(min_value=1, unit="g", unit_position="AFTER")


class Stock(Model):
    name = fields.SingleLineTextField(min_length=2, max_length=5)
    page = fields.LinkField(max_length=20)
    price = fields.NumberField(min_value="0.5", max_value=10, unit="¥")
    count = fields.IntegerField(min_value=-3, unit="pc", unit_position="AFTER")
    worth = fields.CalcField(expression="price * count", unit="¥", unit_position="BEFORE")
    shelf = fields.LookupField(
        Shelf,
        key="code",
        copies={"place": "place"},
        filter_cond='code != ""',
        sort="code asc",
        display=["place", "code"],
    )
    place = fields.SingleLineTextField("place_")
    pieces = fields.SubtableField(Piece)


@pytest.fixture(scope="module")
def form():
    with emulate(Shelf, Stock) as connection:
        yield get_form_fields(connection, app=connection.apps["stock"])["properties"]


@pytest.mark.parametrize(
    ("code", "settings"),
    [
        ("name", {"minLength": "2", "maxLength": "5"}),
        ("page", {"minLength": "", "maxLength": "20"}),
        ("price", {"minValue": "0.5", "maxValue": "10", "unit": "¥", "unitPosition": "BEFORE"}),
        ("count", {"minValue": "-3", "maxValue": "", "unit": "pc", "unitPosition": "AFTER"}),
        ("worth", {"unit": "¥", "unitPosition": "BEFORE"}),
    ],
)
def test_the_app_has_the_settings(form, code, settings):
    assert {name: form[code][name] for name in settings} == settings


def test_the_columns_of_a_table_have_them_too(form):
    columns = form["pieces"]["fields"]
    assert (columns["serial"]["minLength"], columns["serial"]["maxLength"]) == ("2", "4")
    assert (columns["grams"]["minValue"], columns["grams"]["unit"]) == ("1", "g")


def test_a_lookup_has_its_picker(form):
    lookup = form["shelf"]["lookup"]
    assert lookup["lookupPickerFields"] == ["場所", "code"]
    assert (lookup["filterCond"], lookup["sort"]) == ('code != ""', "code asc")


# -- what a definition says ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "settings"),
    [
        (fields.SingleLineTextField("c", min_length=0), {"minLength": "0"}),
        (fields.LinkField("c", max_length=9), {"maxLength": "9"}),
        (fields.NumberField("c", max_value=Decimal("1E+2")), {"maxValue": "100"}),
        (fields.IntegerField("c", unit="kg"), {"unit": "kg"}),
        (fields.CalcField("c", expression="1", unit_position="AFTER"), {"unitPosition": "AFTER"}),
    ],
)
def test_a_definition_has_what_was_declared_and_no_other_setting(field, settings):
    known = {"minLength", "maxLength", "minValue", "maxValue", "unit", "unitPosition"}
    definition = field.definition()
    assert {name: definition[name] for name in known & definition.keys()} == settings


# -- a save ----------------------------------------------------------------------------------------

VALUES = [
    ("name", "a", False),
    ("name", "", False),
    ("name", "ab", True),
    ("name", "abcde", True),
    ("name", "abcdef", False),
    ("name", "👍👍", True),
    ("name", "👍👍👍", False),
    ("page", "", True),
    ("page", "https://example.com/", True),
    ("page", "https://example.com/1", False),
    ("price", "0.5", True),
    ("price", "0.49999", False),
    ("price", "10", True),
    ("price", "10.00004", False),
    ("price", None, True),
    ("count", -3, True),
    ("count", -4, False),
    ("pieces", [{"serial": "abcd", "grams": 1}], True),
    ("pieces", [{"serial": "", "grams": 1}], False),
    ("pieces", [{"grams": 1}], False),
    ("pieces", [{"serial": "ab", "grams": "0.5"}], False),
]


@pytest.fixture(scope="module")
def stocks():
    with emulate(Shelf, Stock) as connection:
        yield connection


@pytest.mark.parametrize(("name", "value", "fits"), VALUES)
def test_the_model_and_the_app_agree_on_a_value(stocks, name, value, fits):
    values = {"name": "abc"} | {name: value}
    expected = [] if fits else [name]
    assert refused_fields(values, validate=True) == expected
    assert refused_fields(values, validate=False) == expected


def refused_fields(values, *, validate):
    try:
        Stock(**values).save(validate=validate)
    except ValidationError as refused:
        return [place.partition("[")[0] for place in refused.messages]
    return []


def test_a_refusal_of_the_model_costs_no_request(stocks):
    with assert_requests(0), pytest.raises(ValidationError) as refused:
        Stock(name="abcdef", price=11, pieces=[{"serial": "abcde"}]).save()
    assert refused.value.messages == {
        "name": ["'abcdef' has 6 characters; the field takes at most 5."],
        "price": ["11 is too large; the field takes at most 10."],
        "pieces[0].serial": ["'abcde' has 5 characters; the field takes at most 4."],
    }


def test_a_minimum_is_for_a_new_record_and_a_new_row_without_the_field_as_well(stocks):
    with assert_requests(0), pytest.raises(ValidationError) as refused:
        Stock(pieces=[Piece(grams=2)]).save()
    assert refused.value.messages == {
        "name": ["'' has 0 characters; the field takes at least 2."],
        "pieces[0].serial": ["'' has 0 characters; the field takes at least 2."],
    }


def test_a_minimum_is_not_for_a_stored_record_whose_field_does_not_change(stocks):
    stock = Stock.objects.create(name="abc", count=1)
    stock.count = 2
    stock.save()
    assert Stock.objects.get(pk=stock.pk).count == 2


def test_a_lookup_has_no_bounds_of_its_own():
    class Short(Model):
        code = fields.SingleLineTextField(unique=True, min_length=3, max_length=3)

    class Uses(Model):
        short = fields.LookupField(Short, key="code")

    assert Uses.short.all_problems("a") == Uses.short.all_problems("") == []


@pytest.mark.parametrize(
    ("field", "most"),
    [
        (fields.SingleLineTextField(), None),
        (fields.SingleLineTextField(max_length=80), 80),
        (fields.SingleLineTextField(min_length=8), None),
        (fields.SingleLineTextField(unique=True), 64),
        (fields.LinkField(unique=True, max_length=20), 20),
        (fields.LinkField(max_length=20, validators=[Length(max=9)]), 9),
    ],
)
def test_the_most_characters_are_the_least_of_the_limits(field, most):
    assert field.most_characters == most


@pytest.mark.parametrize("option", ["filter_cond", "sort"])
def test_the_condition_and_the_order_of_a_picker_are_texts(option):
    with pytest.raises(ImproperlyConfigured, match=rf"LookupField\({option}=5\): .* a text\."):
        fields.LookupField(Shelf, key="code", **{option: 5})


@pytest.mark.parametrize("display", ["place", 5, [5]])
def test_the_fields_of_a_picker_are_a_list_of_names(display):
    with pytest.raises(ImproperlyConfigured) as refused:
        fields.LookupField(Shelf, key="code", display=display)
    assert str(refused.value) == (
        f"LookupField(display={display!r}) is not a list of field names. Write it as in "
        'display=["name"].'
    )


def test_a_picker_shows_fields_that_the_other_model_has():
    class Wrong(Model):
        shelf = fields.LookupField(Shelf, key="code", display=["plaec"])

    with pytest.raises(FieldDoesNotExist, match="Did you mean 'place'"):
        Wrong.shelf.definition()
