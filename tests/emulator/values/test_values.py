"""What each field type takes, how it is read back, and what it refuses."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest
from support.plain_kintone import options, password

TEXT = {"type": "SINGLE_LINE_TEXT"}
MEMO = {"type": "MULTI_LINE_TEXT"}
LINK = {"type": "LINK"}
MAIL = {"type": "LINK", "protocol": "MAIL"}
CALL = {"type": "LINK", "protocol": "CALL"}
NUMBER = {"type": "NUMBER"}
DATE = {"type": "DATE"}
TIME = {"type": "TIME"}
DATETIME = {"type": "DATETIME"}
DROP_DOWN = {"type": "DROP_DOWN", "options": options("a", "b")}
RADIO = {"type": "RADIO_BUTTON", "options": options("a", "b")}
CHECK_BOX = {"type": "CHECK_BOX", "options": options("a", "b")}
MULTI_SELECT = {"type": "MULTI_SELECT", "options": options("a", "b")}
USERS = {"type": "USER_SELECT"}
FILE = {"type": "FILE"}
TABLE = {"type": "SUBTABLE", "fields": {"inner": TEXT}}

SATO = {"code": "sato", "name": "sato"}
KATO = {"code": "kato", "name": "kato"}


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
        (USERS, [{"code": "kato"}, {"code": "sato", "name": "ignored"}], [KATO, SATO]),
        (USERS, [{"code": "kato"}, {"code": "kato"}], [KATO]),
        (USERS, [], []),
        ({"type": "ORGANIZATION_SELECT"}, [{"code": "dev"}], [{"code": "dev", "name": "開発"}]),
        ({"type": "GROUP_SELECT"}, [{"code": "staff"}], [{"code": "staff", "name": "staff"}]),
        (FILE, [], []),
        (TABLE, [], []),
        (TABLE, None, []),
    ],
)
def test_a_value_is_read_back_in_kintones_form(kintone, emulator, definition, sent, read):
    emulator.add_organization("dev", name="開発")
    emulator.add_group("staff")
    app = kintone.new_app({"field": definition})
    assert kintone.read(app, kintone.add(app, field=sent))["field"] == read
    number = kintone.add(app)
    kintone.put(app, number, field=sent)
    assert kintone.read(app, number)["field"] == read


TOO_LONG = "Enter less than 6 characters."
TOO_SHORT = "Enter more than 1 characters."
NOT_A_NUMBER = "Only numbers are allowed."


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
        (
            DATE,
            "2023-02-29",
            {"record.field.value": ["Specify a date: YYYY-MM-DD, YYYY-MM or YYYY."]},
        ),
        (TIME, "24:00", {"record.field.value": ["Specify a time: HH:MM."]}),
        (TIME, "9:00", {"record.field.value": ["Specify a time: HH:MM."]}),
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
    [(TEXT, 5), (TEXT, ["a"]), (TEXT, {"a": 1}), (MEMO, ["a"]), (LINK, ["a"]), (NUMBER, True)]
    + [(NUMBER, {"a": 1}), (NUMBER, ["1"]), (DATE, 2024), (TIME, ["09:00"]), (DATETIME, {})]
    + [(DROP_DOWN, ["a"]), (RADIO, {}), (CHECK_BOX, "a"), (CHECK_BOX, [1]), (MULTI_SELECT, {})]
    + [(USERS, "sato"), (USERS, ["sato"]), (USERS, {"code": "sato"}), (FILE, "key")]
    + [(FILE, [{"key": "x"}]), (TABLE, "row"), (TABLE, ["row"]), (TABLE, {"id": "1"})],
)
def test_a_value_of_another_shape_is_no_valid_json(kintone, definition, sent):
    """Forma's help page; monosashi, August 2026 (fact sheet "fields", section 1)."""
    app = kintone.new_app({"field": definition})
    body = {"app": app, "record": {"field": {"value": sent}}}
    assert kintone.error("POST", "record.json", body) == (400, "CB_IJ01", "Invalid JSON string.")
    body["id"] = kintone.add(app)
    assert kintone.error("PUT", "record.json", body)[1] == "CB_IJ01"
    body["record"] = {"field": sent if not isinstance(sent, dict) else [sent]}
    assert kintone.error("PUT", "record.json", body)[1] == "CB_IJ01"


@pytest.mark.parametrize("sent", ["2024-02-06T12:59:00", "2024-02-06T12:59:00+0900", "yesterday"])
def test_an_instant_needs_a_zone(kintone, sent):
    app = kintone.new_app({"field": DATETIME})
    body = {"app": app, "record": {"field": {"value": sent}}}
    (message,) = kintone.messages("POST", "record.json", body)["record.field.value"]
    assert message.startswith("Specify a date and time with a time zone")


@pytest.mark.parametrize(
    ("definition", "path"),
    [
        (TEXT, "record.field.value"),
        (MEMO, "record.field.value"),
        (LINK, "record.field.value"),
        (NUMBER, "record.field.value"),
        (DATE, "record.field.value"),
        (TIME, "record.field.value"),
        (DATETIME, "record.field.value"),
        (DROP_DOWN, "record.field.value"),
        (CHECK_BOX, "record.field.values"),
        (MULTI_SELECT, "record.field.values"),
        (FILE, "record.field.values"),
        (USERS, "record.field.values.value"),
        ({"type": "ORGANIZATION_SELECT"}, "record.field.values.value"),
        ({"type": "GROUP_SELECT"}, "record.field.values.value"),
    ],
)
def test_a_required_field_must_hold_something(kintone, definition, path):
    app = kintone.new_app({"field": {**definition, "required": True}})
    for record in ({}, {"field": {}}, {"field": {"value": None}}):
        body = {"app": app, "record": record}
        assert kintone.messages("POST", "record.json", body) == {path: ["Required."]}


def test_a_required_radio_button_is_not_enforced(kintone):
    app = kintone.new_app({"field": {**RADIO, "required": True}})
    assert kintone.read(app, kintone.add(app))["field"] == "a"


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


@pytest.mark.parametrize(
    ("kind", "code", "word"),
    [
        ("USER_SELECT", "GAIA_IL26", "user"),
        ("GROUP_SELECT", "GAIA_IL27", "group"),
        ("ORGANIZATION_SELECT", "GAIA_IL28", "organization"),
    ],
)
def test_an_unknown_entity_is_an_error_without_a_path(kintone, kind, code, word):
    app = kintone.new_app({"field": {"type": kind}})
    body = {"app": app, "record": {"field": {"value": [{"code": "nobody"}]}}}
    assert kintone.error("POST", "record.json", body) == (
        400,
        code,
        f"The specified {word} (code：nobody) not found.",
    )


def test_a_file_that_was_never_uploaded_is_not_found(kintone):
    app = kintone.new_app({"field": FILE})
    body = {"app": app, "record": {"field": {"value": [{"fileKey": "abc"}]}}}
    assert kintone.error("POST", "record.json", body) == (
        404,
        "GAIA_BL01",
        "The specified file (id: abc) not found.",
    )


@pytest.mark.parametrize(
    ("definition", "read"),
    [
        ({**TEXT, "defaultValue": "x"}, "x"),
        ({**NUMBER, "defaultValue": "1.5"}, "1.5"),
        ({**CHECK_BOX, "defaultValue": ["b"]}, ["b"]),
        ({**DROP_DOWN, "defaultValue": "b"}, "b"),
        (RADIO, "a"),
        ({**DATE, "defaultNowValue": True}, "2024-02-06"),
        ({**TIME, "defaultNowValue": True}, "12:59"),
        ({**DATETIME, "defaultNowValue": True}, "2024-02-06T12:59:00Z"),
        ({**DATE, "defaultValue": "2020-01-01"}, "2020-01-01"),
        ({**USERS, "defaultValue": [{"code": "LOGINUSER()", "type": "FUNCTION"}]}, [SATO]),
        ({**USERS, "defaultValue": [{"code": "kato", "type": "USER"}]}, [KATO]),
    ],
)
def test_a_default_fills_what_is_not_sent_to_a_new_record_only(kintone, definition, read):
    empty = [] if isinstance(read, list) else ""
    app = kintone.new_app({"field": definition, "other": TEXT})
    number = kintone.add(app)
    assert kintone.read(app, number)["field"] == read
    if definition is not RADIO:
        kintone.put(app, number, field=empty)
        kintone.put(app, number, other="changed")
        assert not kintone.read(app, number)["field"]


def test_an_explicit_blank_is_not_replaced_by_the_default(kintone):
    app = kintone.new_app({"field": {**TEXT, "defaultValue": "x", "required": True}})
    body = {"app": app, "record": {"field": {"value": ""}}}
    assert kintone.messages("POST", "record.json", body) == {"record.field.value": ["Required."]}


def test_a_default_of_now_follows_the_callers_zone(emulator, caller, kintone):
    emulator.add_user("tanaka", "x", timezone=timezone(timedelta(hours=13)))
    app = kintone.new_app({"field": {**DATE, "defaultNowValue": True}})
    tanaka = caller(**password("tanaka", "x"))
    assert tanaka.read(app, tanaka.add(app))["field"] == "2024-02-07"


@pytest.mark.parametrize(
    ("kind", "entity", "chosen"),
    [
        ("ORGANIZATION_SELECT", ("PRIMARY_ORGANIZATION()", "FUNCTION"), ["sales"]),
        ("ORGANIZATION_SELECT", ("sales", "ORGANIZATION"), ["sales"]),
        ("GROUP_SELECT", ("everyone", "GROUP"), ["everyone"]),
        ("USER_SELECT", ("LOGINUSER()", "FUNCTION"), ["tanaka"]),
        ("USER_SELECT", ("everyone", "GROUP"), []),
        ("USER_SELECT", ("sales", "ORGANIZATION"), []),
    ],
)
def test_people_and_functions_may_be_a_default(kintone, emulator, caller, kind, entity, chosen):
    emulator.add_organization("sales")
    emulator.add_user("tanaka", "x", organization="sales")
    code, kind_of_entity = entity
    preset = [{"code": code, "type": kind_of_entity}]
    app = kintone.new_app({"field": {"type": kind, "defaultValue": preset}})
    tanaka = caller(**password("tanaka", "x"))
    found = tanaka.read(app, tanaka.add(app))["field"]
    assert [entry["code"] for entry in found] == chosen


def test_a_primary_organization_that_a_caller_lacks_is_none(kintone):
    preset = [{"code": "PRIMARY_ORGANIZATION()", "type": "FUNCTION"}]
    app = kintone.new_app({"field": {"type": "ORGANIZATION_SELECT", "defaultValue": preset}})
    assert kintone.read(app, kintone.add(app))["field"] == []
