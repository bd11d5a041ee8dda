"""Subtables: row ids, updates of rows, and the paths of errors."""

from __future__ import annotations

import pytest
from support.plain_kintone import cells, options


@pytest.fixture
def app(kintone):
    columns = {
        "item": {"type": "SINGLE_LINE_TEXT", "defaultValue": "?"},
        "qty": {"type": "NUMBER", "maxValue": "9"},
        "tags": {"type": "CHECK_BOX", "options": options("a", "b")},
        "must": {"type": "SINGLE_LINE_TEXT", "required": True, "defaultValue": "!"},
    }
    return kintone.new_app(
        {
            "lines": {"type": "SUBTABLE", "fields": columns},
            "others": {"type": "SUBTABLE", "fields": {"x": {"type": "NUMBER"}}},
        }
    )


def row(number=None, /, **values):
    return {"value": cells(values)} | ({} if number is None else {"id": number})


def read(kintone, app, number):
    """Return the id, item and qty of each row."""
    return [
        (line["id"], line["value"]["item"]["value"], line["value"]["qty"]["value"])
        for line in kintone.read(app, number)["lines"]
    ]


def test_a_row_is_read_with_every_column(kintone, app):
    number = kintone.add(app, lines=[row(item="a")])
    assert kintone.read(app, number)["lines"] == [
        {
            "id": "1",
            "value": {
                "item": {"type": "SINGLE_LINE_TEXT", "value": "a"},
                "qty": {"type": "NUMBER", "value": ""},
                "tags": {"type": "CHECK_BOX", "value": []},
                "must": {"type": "SINGLE_LINE_TEXT", "value": "!"},
            },
        }
    ]


def test_row_ids_are_one_rising_sequence(kintone, app):
    first = kintone.add(app, lines=[row(99, item="a"), row(item="b")], others=[row(x=1)])
    second = kintone.add(app, lines=[row(item="c")])
    assert read(kintone, app, first) == [("1", "a", ""), ("2", "b", "")]
    assert [line["id"] for line in kintone.read(app, first)["others"]] == ["3"]
    assert read(kintone, app, second) == [("4", "c", "")]


@pytest.mark.parametrize(
    ("rows", "result"),
    [
        ([], []),
        (None, []),
        ([row("1")], [("1", "a", "1")]),
        ([row(1, qty="5")], [("1", "a", "5")]),
        ([row("2", item="x"), row("1")], [("2", "x", "2"), ("1", "a", "1")]),
        ([row("1"), row(item="new")], [("1", "a", "1"), ("3", "new", "")]),
        ([row("99", qty="7")], [("3", "?", "7")]),
        ([row("1"), row("1")], [("1", "a", "1"), ("3", "?", "")]),
        ([{"id": "1"}], [("1", "a", "1")]),
        ([{}], [("3", "?", "")]),
    ],
)
def test_rows_are_merged_by_id_in_the_order_sent(kintone, app, rows, result):
    number = kintone.add(app, lines=[row(item="a", qty="1"), row(item="b", qty="2")])
    kintone.put(app, number, lines=rows)
    assert read(kintone, app, number) == result


def test_rows_that_are_not_sent_stay(kintone, app):
    number = kintone.add(app, lines=[row(item="a")])
    kintone.put(app, number, others=[row(x=1)])
    assert read(kintone, app, number) == [("1", "a", "")]


def test_the_id_of_another_records_row_is_unknown(kintone, app):
    kintone.add(app, lines=[row(item="a")])
    second = kintone.add(app)
    kintone.put(app, second, lines=[row("1", qty="3")])
    assert read(kintone, app, second) == [("2", "?", "3")]


def test_a_column_at_the_top_level_is_ignored(kintone, app):
    number = kintone.add(app, item="a")
    assert "item" not in kintone.read(app, number)


def test_problems_in_rows_have_their_place(kintone, app):
    rows = [row(), row(qty="10", tags=["c"]), row(must="")]
    body = {"app": app, "record": cells({"lines": rows})}
    errors = {
        "record.lines.value[1].value.qty.value": ["The value must be 9 or less."],
        "record.lines.value[1].value.tags.values[0].value": ['The value, "c", is not in options.'],
        "record.lines.value[2].value.must.value": ["Required."],
    }
    assert kintone.messages("POST", "record.json", body) == errors
    records = {"app": app, "records": [body["record"]]}
    assert kintone.messages("POST", "records.json", records) == {
        path.replace("record", "records[0]", 1): messages for path, messages in errors.items()
    }


@pytest.mark.parametrize("sent", ["1,000", "12abc", "0x10", "＋1", "1．5", "1ｅ2", "\u22121"])
def test_a_value_that_is_not_a_number_in_a_row_is_stored_blank(kintone, app, sent):
    """Measured: SonicGarden, September 2026 (fact sheet "fields", section 5.4)."""
    number = kintone.add(app, lines=[row(qty=sent)])
    assert read(kintone, app, number) == [("1", "?", "")]


@pytest.mark.parametrize("bad", ["x", {"value": "x"}, {"value": []}, None, 5])
def test_a_row_must_be_an_object(kintone, app, bad):
    body = {"app": app, "record": cells({"lines": [row(), bad]})}
    assert kintone.error("POST", "record.json", body)[:2] == (400, "CB_IJ01")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [(".5", "0.5"), ("１２", "12"), ("1２", "12"), ("１e３", "1000"), ("\u300042\u3000", "42")]
    + [(" 42 ", "42"), ("5.", "5"), ("1.50", "1.5")],
)
def test_a_number_in_a_row_may_be_spelled_in_more_ways(kintone, sent, kept):
    """Measured: SonicGarden, September 2026."""
    columns = {"qty": {"type": "NUMBER"}}
    app = kintone.new_app({"lines": {"type": "SUBTABLE", "fields": columns}})
    number = kintone.add(app, lines=[row(qty=sent)])
    assert kintone.read(app, number)["lines"][0]["value"]["qty"]["value"] == kept


def test_a_number_in_a_row_has_as_many_digits_as_the_app_keeps(kintone, app):
    """Measured: SonicGarden, September 2026."""
    body = {"app": app, "record": cells({"lines": [row(qty="1000000000000")]})}
    assert kintone.messages("POST", "record.json", body) == {
        "record.lines.value[0].value.qty.value": ["The number of significant digits is exceeded."]
    }


@pytest.mark.parametrize("first_row", [{}, {"value": {}}, {"value": None}])
def test_a_row_sent_with_its_id_only_is_unchanged(kintone, app, first_row):
    """ithelp article 10398737; kintone's article on tables: columns not sent are not updated."""
    number = kintone.add(app, lines=[row(item="a", qty="1"), row(item="b", qty="2")])
    before = read(kintone, app, number)
    kintone.put(
        app, number, lines=[{"id": before[1][0], **first_row}, {"id": before[0][0], **first_row}]
    )
    assert read(kintone, app, number) == before[::-1]


def test_a_subtable_is_found_by_its_rows(kintone, app):
    number = kintone.add(app, lines=[row(item="a")])
    kintone.add(app, lines=[row(item="b")])
    assert kintone.find(app, 'item in ("a")') == [number]


TABLE = {"type": "SUBTABLE", "fields": {"inner": {"type": "SINGLE_LINE_TEXT"}}}


@pytest.mark.parametrize("sent", [[], None])
def test_a_value_is_read_back_in_kintones_form(read_back, sent):
    assert read_back(TABLE, sent) == [[], []]


@pytest.mark.parametrize("sent", ["row", ["row"], {"id": "1"}])
def test_a_value_of_another_type_is_invalid_json(refused_shape, sent):
    assert refused_shape(TABLE, sent)
