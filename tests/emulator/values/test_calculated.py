"""Calculated fields: their definitions, deploys, results at each write, and queries."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest
from support.plain_kintone import cells, described

FIELDS = "preview/app/form/fields.json"
DEPLOY = "preview/app/deploy.json"

NUMBER = {"type": "NUMBER"}
TEXT = {"type": "SINGLE_LINE_TEXT"}


def calc(expression, format_="NUMBER"):
    return {"type": "CALC", "expression": expression, "format": format_}


def text(expression):
    return {**TEXT, "expression": expression}


@pytest.fixture
def app(kintone):
    """A form with amounts in a table, their total, and a text about it."""
    columns = {"qty": NUMBER, "price": NUMBER, "amount": calc("qty * price * rate")}
    return kintone.new_app(
        {
            "rate": {**NUMBER, "defaultValue": "1"},
            "lines": {"type": "SUBTABLE", "fields": columns},
            "total": calc("SUM(amount)"),
            "words": text('"total: " & total'),
            "percent": calc("rate * 100"),
        }
    )


def line(qty, price, number=None):
    row = {"value": cells({"qty": qty, "price": price})}
    return row if number is None else {**row, "id": number}


def amounts(kintone, app, number):
    return [row["value"]["amount"]["value"] for row in kintone.read(app, number)["lines"]]


# Definitions


def test_a_calculated_field_is_completed(kintone, app):
    body = {"app": app, "properties": described({"x": {"type": "CALC", "expression": "rate"}})}
    kintone.ok("POST", FIELDS, body)
    assert kintone.ok("GET", FIELDS, {"app": app})["properties"]["x"] == {
        "type": "CALC",
        "code": "x",
        "label": "x",
        "noLabel": False,
        "required": False,
        "expression": "rate",
        "hideExpression": False,
        "format": "NUMBER",
        "displayScale": "",
        "unit": "",
        "unitPosition": "BEFORE",
    }


@pytest.mark.parametrize(
    ("definition", "errors"),
    [
        (calc("1", "CURRENCY"), {"properties[x].format": ["must be one of the enum value"]}),
        (
            {**calc("1"), "displayScale": "11"},
            {"properties[x].displayScale": ["Enter an integer between 0 and 10."]},
        ),
        (
            {**text("1"), "unique": True},
            {"properties[x].unique": ["A calculated field cannot prohibit duplicate values."]},
        ),
    ],
)
def test_a_definition_is_checked(kintone, app, definition, errors):
    body = {"app": app, "properties": described({"x": definition})}
    assert kintone.messages("POST", FIELDS, body) == errors


@pytest.mark.parametrize(
    ("definition", "reason"),
    [
        (calc("nothing + 1"), "The field code (nothing) in the formula does not exist."),
        (calc(""), "The syntax of the formula is not valid."),
        (text("rate *"), "The syntax of the formula is not valid."),
        (calc("x"), "The references between the fields are circular."),
    ],
)
def test_a_wrong_formula_is_refused_by_the_deploy(kintone, app, definition, reason):
    properties = described({"x": {**definition, "label": "The X"}})
    kintone.ok("POST", FIELDS, {"app": app, "properties": properties})
    message = f'The formula in the field "The X" is invalid. (Reason: {reason})'
    assert kintone.error("POST", DEPLOY, {"apps": [{"app": app}]}) == (400, "GAIA_IL01", message)
    assert "x" not in kintone.ok("GET", "app/form/fields.json", {"app": app})["properties"]


def test_a_formula_keeps_the_fields_that_it_needs(kintone, app):
    kintone.ok("DELETE", FIELDS, {"app": app, "fields": ["rate"]})
    assert kintone.error("POST", DEPLOY, {"apps": [{"app": app}]})[1] == "GAIA_IL01"


def test_formulas_follow_a_new_code(kintone, app):
    changes = {"rate": {"code": "factor"}, "lines": {"fields": {"qty": {"code": "quantity"}}}}
    kintone.ok("PUT", FIELDS, {"app": app, "properties": changes})
    assert kintone.deploy(app) == "SUCCESS"
    form = kintone.ok("GET", "app/form/fields.json", {"app": app})["properties"]
    assert form["lines"]["fields"]["amount"]["expression"] == "quantity * price * factor"


# Records


def test_formulas_are_computed_when_a_record_is_added(kintone, app):
    number = kintone.add(app, rate="1.1", lines=[line(2, 100), line(3, 200)])
    read = kintone.read(app, number)
    assert amounts(kintone, app, number) == ["220", "660"]
    assert (read["total"], read["words"]) == ("880", "total: 880")


def test_formulas_are_computed_in_a_record_of_defaults(kintone, app):
    read = kintone.read(app, kintone.add(app))
    assert (read["total"], read["words"], read["percent"]) == ("", "", "100")


def test_formulas_are_computed_from_the_merged_record(kintone, app):
    number = kintone.add(app, rate="1", lines=[line(2, 100)])
    kintone.put(app, number, rate="2")
    assert (amounts(kintone, app, number), kintone.read(app, number)["total"]) == (["400"], "400")


def test_formulas_follow_the_rows(kintone, app):
    number = kintone.add(app, lines=[line(2, 100)])
    (row,) = kintone.read(app, number)["lines"]
    kintone.put(app, number, lines=[line(5, 100, row["id"]), line(1, 1)])
    assert amounts(kintone, app, number) == ["500", "1"]


@pytest.mark.parametrize("value", ["5", 5, None, ["x"], {}])
def test_a_value_sent_for_a_calculated_field_is_ignored(kintone, app, value):
    number = kintone.add(app, total=value, words=value, percent=value)
    kintone.put(app, number, total=value, words=value, percent=value)
    read = kintone.read(app, number)
    assert (read["total"], read["words"], read["percent"]) == ("", "", "100")


def test_required_has_no_effect_on_a_calculated_field(kintone):
    never = {**calc('IF(0 = 1, "ok", "")'), "required": True}
    app = kintone.new_app({"never": never, "blank": {**text('""'), "required": True}})
    read = kintone.read(app, kintone.add(app))
    assert (read["never"], read["blank"]) == ("", "")


def test_the_time_of_this_very_write_counts(kintone, clock):
    app = kintone.new_app({"age": calc("Updated_datetime - Created_datetime")})
    number = kintone.add(app)
    assert kintone.read(app, number)["age"] == "0"
    clock.move(seconds=70)
    kintone.put(app, number)
    assert kintone.read(app, number)["age"] == "60"


def test_formulas_use_the_values_that_a_lookup_copies(kintone):
    source = kintone.new_app({"key": {**TEXT, "unique": True}, "price": NUMBER})
    kintone.add(source, key="a", price="30")
    lookup = {
        "relatedApp": {"app": source},
        "relatedKeyField": "key",
        "fieldMappings": [{"field": "price", "relatedField": "price"}],
    }
    app = kintone.new_app(
        {"key": {**TEXT, "lookup": lookup}, "price": NUMBER, "double": calc("price * 2")}
    )
    assert kintone.read(app, kintone.add(app, key="a"))["double"] == "60"


def test_the_precision_of_the_app_counts(kintone):
    app = kintone.new_app({"third": calc("1 / 3")}, precision={"decimalPlaces": 2})
    assert kintone.read(app, kintone.add(app))["third"] == "0.33"


def test_the_zone_system_is_the_administrators(kintone, emulator):
    app = kintone.new_app({"t": text('DATE_FORMAT(0, "HH:mm", "system")')})
    assert kintone.read(app, kintone.add(app))["t"] == "00:00"
    emulator.add_user("Administrator", "x", timezone=timezone(timedelta(hours=9)))
    assert kintone.read(app, kintone.add(app))["t"] == "09:00"


def test_old_records_have_no_value_until_they_are_saved(kintone, app):
    number = kintone.add(app)
    body = {"app": app, "properties": described({"double": calc("rate * 2")})}
    kintone.ok("POST", FIELDS, body)
    assert kintone.deploy(app) == "SUCCESS"
    assert kintone.read(app, number)["double"] == ""
    kintone.put(app, number)
    assert kintone.read(app, number)["double"] == "2"


def test_results_are_found_and_sorted_as_numbers(kintone):
    app = kintone.new_app({"n": NUMBER, "ten": calc("n * 10"), "t": text('"n" & n')})
    nine, ten, none = (kintone.add(app, n=n) for n in (9, 10, None))
    assert kintone.find(app, "ten > 90") == [ten]
    assert kintone.find(app, "order by ten asc") == [none, nine, ten]
    assert kintone.find(app, 't in ("n9", "n")') == [none, nine]


def test_results_in_rows_are_found(kintone, app):
    number = kintone.add(app, lines=[line(2, 100)])
    kintone.add(app, lines=[line(3, 100)])
    assert kintone.find(app, 'amount in ("200")') == [number]


@pytest.mark.parametrize(
    ("target", "refused"),
    [
        (TEXT, None),
        (NUMBER, None),
        ({"type": "DATE"}, "relatedField"),
        (calc("1"), "field"),
        (text("1"), "field"),
    ],
)
def test_a_lookup_copies_from_a_calculated_number_and_never_into_one(kintone, target, refused):
    source = kintone.new_app({"key": {**TEXT, "unique": True}, "six": calc("2 * 3")})
    kintone.add(source, key="a")
    lookup = {
        "relatedApp": {"app": source},
        "relatedKeyField": "key",
        "fieldMappings": [{"field": "target", "relatedField": "six"}],
    }
    properties = described({"key": {**TEXT, "lookup": lookup}, "target": target})
    if refused is None:
        app = kintone.new_app(properties)
        assert kintone.read(app, kintone.add(app, key="a"))["target"] == "6"
    else:
        app = kintone.new_app({})
        errors = kintone.messages("POST", FIELDS, {"app": app, "properties": properties})
        assert list(errors) == [f"properties[key].lookup.fieldMappings[0].{refused}"]
