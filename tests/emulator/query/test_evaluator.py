from __future__ import annotations

import pytest

from kintone_orm.emulator import choices

MORNING = "2024-02-06T15:00:00Z"  # midnight of 2024-02-07 in Tokyo


@pytest.mark.parametrize(
    ("query", "value", "matches"),
    [
        ('single_line_text = "a"', "a", True),
        ('single_line_text = "a"', "A", False),
        ('single_line_text = "ガ"', "ｶﾞ", False),
        ('single_line_text = "a"', " a", False),
        ('single_line_text = "a"', "a\t", False),
        ('single_line_text = "a"', "a\u3000", False),
        ('single_line_text != "a"', "b", True),
        ('single_line_text != "a"', "a", False),
        ('single_line_text in ("a", "b")', "b", True),
        ('single_line_text not in ("a", "b")', "b", False),
        ('single_line_text not in ("a", "b")', "c", True),
        ("number = 1.50", "1.5", True),
        ("number in (1, 2.0)", "2", True),
        ("number < 10", "9", True),
        ("number > 9007199254740992", "9007199254740993", True),
        ("number >= 10", "10", True),
        ("number <= 10", "10.0000000001", False),
        ("number > -3", "-2", True),
        ('date = "2024-02-06"', "2024-02-06", True),
        ('date < "2024-02-06"', "2024-02-05", True),
        ('time >= "09:00"', "08:59", False),
        ('time > "09:00"', "10:00", True),
        ('datetime = "2024-02-06T12:59:00Z"', "2024-02-06T12:59:00Z", True),
        ('datetime = "2024-02-06T21:59:00+0900"', "2024-02-06T12:59:00Z", True),
        ('datetime = "2024-02-06T21:59:00+09:00"', "2024-02-06T12:59:00Z", True),
        ('datetime = "2024-02-06"', "2024-02-06T00:00:00Z", True),
        ('drop_down in ("a")', "a", True),
        ('drop_down not in ("a")', "b", True),
        ('check_box in ("a", "b")', ["b"], True),
        ('check_box in ("a")', ["b"], False),
        ('check_box not in ("a")', ["a", "b"], False),
        ('status = "open"', "open", True),
        ('status != "open"', "closed", True),
        ('status in ("open", "closed")', "closed", True),
        ('creator in ("bob")', {"code": "bob", "name": "Bob"}, True),
        ("creator in (LOGINUSER())", {"code": "alice", "name": "Alice"}, True),
        ("creator not in (LOGINUSER())", {"code": "bob", "name": "Bob"}, True),
        ('user_select in ("bob", LOGINUSER())', [{"code": "alice", "name": "Alice"}], True),
        ('user_select not in ("bob")', [{"code": "alice"}, {"code": "bob"}], False),
        ('user_select in ("nobody")', [{"code": "alice"}], False),
        ("organization_select in (PRIMARY_ORGANIZATION())", [{"code": "sales"}], True),
        ('group_select in ("everyone")', [{"code": "everyone"}], True),
        ("status_assignee in (LOGINUSER())", [{"code": "alice"}], True),
        ('multi_line_text like "word"', "a word here", True),
        ('multi_line_text not like "word"', "a word here", False),
        ("multi_line_text is empty", "a", False),
        ("multi_line_text is empty", " \n\t", True),
        ("multi_line_text is not empty", " \n\t", False),
        ('file like "report"', [{"name": "report.pdf"}], True),
        ("file is not empty", [{"name": "report.pdf"}], True),
    ],
)
def test_a_value_satisfies_a_condition(finds, query, value, matches):
    assert finds(query, **{query.split()[0]: value}) is matches


@pytest.mark.parametrize("field", ["single_line_text", "link"])
@pytest.mark.parametrize("value", ["abc", "abc ", "abc  "])
@pytest.mark.parametrize("literal", ["abc", "abc ", "abc   "])
def test_blanks_at_the_end_of_a_text_do_not_count(finds, field, value, literal):
    """Measured: SonicGarden, September 2026 (fact sheet "query", section 2)."""
    assert finds(f'{field} = "{literal}"', **{field: value})
    assert finds(f'{field} in ("{literal}", "b")', **{field: value})
    assert not finds(f'{field} != "{literal}"', **{field: value})
    assert not finds(f'{field} not in ("{literal}")', **{field: value})


@pytest.mark.parametrize("field", ["single_line_text", "link"])
def test_the_first_64_characters_of_a_text_are_compared(finds, field):
    """Measured twice: SonicGarden, September 2026; kSQL, August 2026."""
    same = "x" * 64
    assert finds(f'{field} = "{same}C"', **{field: same + "A"})
    assert not finds(f'{field} != "{same}C"', **{field: same + "B"})
    assert not finds(f'{field} not in ("{same}C")', **{field: same})
    assert not finds(f'{field} = "{same}"', **{field: "x" * 63 + "y"})


def test_an_option_is_compared_unchanged(form, finds):
    form["drop_down"]["options"] = {"a ": {"index": "0"}, "a": {"index": "1"}}
    assert not finds('drop_down in ("a")', drop_down="a ")


def test_columns_of_tables_are_compared_like_fields(finds):
    assert finds('in_single_line_text in ("a")', table=rows("a "))


# Literals of numbers: SonicGarden, September 2026.
FIVES = ["5", "05", "+5", "５"]
DECIMAL_FIVES = ["5.0", "5e0", "5E0", "５e0", "500e-2"]
NO_NUMBERS = [" 5", "5 ", "1,234", "5abc", "abc", "＋5", "5．0", "5ｅ0", "５\u3000"]


@pytest.mark.parametrize("literal", FIVES + DECIMAL_FIVES)
def test_a_number_may_be_spelled_in_many_ways(finds, literal):
    """Measured: SonicGarden, September 2026 (fact sheet "query", section 2)."""
    assert finds(f'number = "{literal}"', number="5")
    assert finds(f'number in ("{literal}")', number="5")
    assert finds(f'in_number in ("{literal}")', table=rows("5", field="in_number"))


@pytest.mark.parametrize(("literal", "value"), [(".5", "0.5"), ("-0", "0"), ("-.5", "-0.5")])
def test_a_number_may_lack_digits_before_its_point(finds, literal, value):
    """Measured: SonicGarden, September 2026."""
    assert finds(f'number = "{literal}"', number=value)


@pytest.mark.parametrize("operator", ["=", "!=", "<", "<=", ">", ">="])
@pytest.mark.parametrize("literal", NO_NUMBERS)
def test_a_comparison_with_a_literal_that_is_not_a_number_matches_no_record(
    finds, operator, literal
):
    """Measured: SonicGarden, September 2026."""
    for value in ["5", ""]:
        assert not finds(f'number {operator} "{literal}"', number=value)
    assert not finds(f'$id {operator} "{literal}"')


@pytest.mark.parametrize("literal", NO_NUMBERS)
def test_literals_that_are_not_numbers_are_left_out_of_a_list(finds, literal):
    """Measured: SonicGarden, September 2026."""
    assert finds(f'number in ("{literal}", "5")', number="5")
    assert not finds(f'number in ("{literal}")', number="5")
    for value in ["5", ""]:
        assert finds(f'number not in ("{literal}")', number=value)


@pytest.mark.parametrize("literal", ["7", "07", "+7", "７"])
def test_an_id_may_be_spelled_in_many_ways(finds, literal):
    """Measured: SonicGarden, September 2026."""
    assert finds(f'$id = "{literal}"')
    assert finds(f'record_number in ("{literal}")')


@pytest.mark.parametrize("literal", ["7.0", "7e0", "-0", ".7", "APP-7"])
def test_an_id_is_not_spelled_like_a_decimal(finds, literal):
    """Measured: SonicGarden, September 2026."""
    assert not finds(f'$id = "{literal}"')
    assert not finds(f'record_number != "{literal}"')


def test_no_id_is_blank(finds):
    """js-sdk issue 716: `$id != "" or $id = ""` finds everything."""
    assert finds('$id != ""')
    assert finds('record_number != ""')
    assert not finds('$id = ""')
    assert not finds('record_number = ""')


# The record of these two has the id 7.
@pytest.mark.parametrize(
    ("query", "matches"),
    [("$id = 7", True), ('$id > "10"', False), ("$id in (1, 7)", True), ("$id != 7", False)],
)
def test_ids_compare_as_numbers(finds, query, matches):
    assert finds(query) is matches
    assert finds(query.replace("$id", "record_number"), record_number="APP-7") is matches


@pytest.mark.parametrize(
    ("query", "matches"),
    [("calc = 49", False), ('calc > "2024-01-31"', True), ('calc in ("2024-02-06")', True)],
)
def test_a_calculated_date_compares_as_a_date(form, refused, finds, query, matches):
    form["calc"]["format"] = "DATE"
    if matches:
        assert finds(query, calc="2024-02-06")
    else:
        assert refused(query) == "CB_VA01"


@pytest.mark.parametrize("text", ['calc > "9:59"', 'calc = "10:00"', 'calc < "100:00"'])
def test_a_calculated_length_of_time_compares_as_one(form, finds, text):
    form["calc"]["format"] = "HOUR_MINUTE"
    assert finds(text, calc="10:00")


# A period, with instants before it, at its start, at its last minute and after it.
@pytest.mark.parametrize(
    ("operator", "matches"),
    [
        ("=", [False, True, True, False]),
        ("!=", [True, False, False, True]),
        ("<", [True, False, False, False]),
        ("<=", [True, True, True, False]),
        (">", [False, False, False, True]),
        (">=", [False, True, True, True]),
    ],
)
def test_instants_and_a_period(finds, operator, matches):
    instants = [
        "2024-02-06T14:59:00Z",
        MORNING,
        "2024-02-07T14:59:00Z",
        "2024-02-07T15:00:00Z",
    ]
    query = f"datetime {operator} TODAY()"
    assert [finds(query, datetime=instant) for instant in instants] == matches


@pytest.mark.parametrize(
    ("query", "day", "matches"),
    [
        ("date = THIS_MONTH()", "2024-02-29", True),
        ("date = THIS_MONTH()", "2024-03-01", False),
        ("date <= TODAY()", "2024-02-07", True),
        ("date > YESTERDAY()", "2024-02-07", True),
        ("date < FROM_TODAY(-1, DAYS)", "2024-02-06", False),
        ("date >= LAST_WEEK(MONDAY)", "2024-01-29", True),
    ],
)
def test_dates_and_periods(finds, query, day, matches):
    assert finds(query, date=day) is matches


@pytest.mark.parametrize(("minute", "matches"), [("23:29", True), ("23:30", False)])
def test_instants_before_now(finds, minute, matches):
    assert finds("updated_time < NOW()", updated_time=f"2024-02-06T{minute}:00Z") is matches


BLANKS = {
    "single_line_text": "",
    "link": "",
    "number": "",
    "calc": "",
    "date": None,
    "time": None,
    "datetime": "",
    "drop_down": None,
    "radio_button": None,
    "check_box": [],
    "multi_select": [],
    "user_select": [],
    "organization_select": [],
    "group_select": [],
    "status_assignee": [],
    "multi_line_text": "",
    "rich_text": "",
    "file": [],
}


@pytest.mark.parametrize(
    ("fields", "condition", "matches"),
    [
        ("single_line_text link number calc date time datetime", '= ""', True),
        ("single_line_text link number calc date time datetime", '!= ""', False),
        ("single_line_text link number calc", 'in ("")', True),
        ("single_line_text link number calc", 'not in ("")', False),
        ("single_line_text link number", '!= "1"', True),
        ("single_line_text link number", 'not in ("1")', True),
        ("date", '!= "2024-02-06"', True),
        ("time", '!= "12:00"', True),
        ("datetime", "!= TODAY()", True),
        ("single_line_text link", 'in ("a")', False),
        ("single_line_text link", 'in ("a", "")', True),
        ("single_line_text link", 'not in ("a", "")', False),
        ("drop_down radio_button check_box multi_select", 'in ("")', True),
        ("drop_down radio_button check_box multi_select", 'not in ("")', False),
        ("drop_down radio_button check_box multi_select", 'not in ("", "a")', False),
        ("drop_down radio_button check_box multi_select", 'not in ("a")', True),
        ("drop_down radio_button check_box multi_select", 'in ("a")', False),
        ("user_select organization_select group_select status_assignee", 'in ("")', True),
        ("user_select organization_select group_select status_assignee", 'not in ("")', False),
        ("user_select organization_select group_select status_assignee", 'not in ("a")', True),
        ("user_select organization_select group_select status_assignee", 'in ("a")', False),
        ("number calc", "< 5", True),
        ("number calc", "<= -5", True),
        ("number calc", "> -5", False),
        ("number calc", ">= -5", False),
        ("number calc", "= 0", False),
        ("date", '< "2024-02-06"', True),
        ("date datetime", '<= "2024-02-06"', True),
        ("date datetime", '> "2024-02-06"', False),
        ("date datetime", '>= "2024-02-06"', False),
        ("time", '< "12:00"', True),
        ("date datetime", "<= TODAY()", True),
        ("date datetime", "= TODAY()", False),
        ("date datetime", ">= TODAY()", False),
        ("multi_line_text file", "is empty", True),
        ("multi_line_text file", "is not empty", False),
        ("single_line_text link multi_line_text rich_text file", 'like "a"', False),
    ],
)
def test_a_blank_satisfies_a_condition(finds, fields, condition, matches):
    """Measured: kSQL, 2026-08-07; SonicGarden, September 2026 (fact sheet "query", section 4)."""
    for field in fields.split():
        query = f"{field} {condition}"
        assert finds(query, **{field: BLANKS[field]}) is matches, query
        assert finds(query) is matches, f"{query}, of a record without a cell"


# Behavior that nobody has measured follows the emulator's choices.
@pytest.mark.parametrize(
    ("choice", "queries"),
    [
        (
            "BLANK_IS_UNEQUAL",
            ["calc not in (1)", "calc != 1", 'date != "2024-02-06"', 'time != "12:00"']
            + ["datetime != TODAY()"],
        ),
        ("BLANK_IS_BELOW_ANY_RESULT", ["calc < 5", "calc <= -5"]),
        (
            "BLANK_IS_UNLIKE",
            ['multi_line_text not like "a"', 'file not like "a"', 'link not like "a"'],
        ),
    ],
)
@pytest.mark.parametrize("chosen", [True, False])
def test_a_choice_decides_about_blanks(finds, monkeypatch, choice, queries, chosen):
    monkeypatch.setattr(choices, choice, chosen)
    for query in queries:
        field = query.split()[0]
        assert finds(query, **{field: BLANKS[field]}) is chosen, query


def rows(*values: str, field: str = "in_single_line_text") -> list:
    return [{"id": str(at), "value": {field: {"value": value}}} for at, value in enumerate(values)]


@pytest.mark.parametrize(
    ("condition", "none", "some", "every"),
    [
        ('in ("a")', False, True, True),
        ('like "a"', False, True, True),
        ('not in ("b")', False, False, True),
        ('not like "b"', False, False, True),
    ],
)
def test_one_row_satisfies_and_every_row_does_not(finds, condition, none, some, every):
    query = f"in_single_line_text {condition}"
    tables = [[], rows("a", "b"), rows("a", "a")]
    assert [finds(query, table=table) for table in tables] == [none, some, every]


@pytest.mark.parametrize(
    ("query", "values", "matches"),
    [
        ("in_number > 5", ["1", "6"], True),
        ("in_number > 5", ["1", "5"], False),
        ('in_number in ("")', ["1", ""], True),
        ("in_number not in (1)", ["2", "1"], False),
        ('in_date in ("2024-02-06")', ["2024-02-05", "2024-02-06"], True),
        ('in_date not in ("2024-02-06")', ["2024-02-05", "2024-02-06"], False),
        ("in_date < TODAY()", ["2024-02-08", "2024-02-06"], True),
        ('in_time in ("12:00")', ["12:00"], True),
        ("in_multi_line_text is empty", ["a", " "], True),
        ("in_multi_line_text is not empty", ["a", " "], False),
        ("in_multi_line_text is not empty", ["a", "b"], True),
        ('in_check_box in ("a")', [["b"], ["a"]], True),
    ],
)
def test_rows_of_any_type(finds, query, values, matches):
    assert finds(query, table=rows(*values, field=query.split()[0])) is matches


def test_a_table_without_rows_satisfies_no_condition(finds):
    assert not finds('in_number in ("")', table=[])
    assert not finds('in_number not in ("")', table=[])
    assert not finds("in_number < 5")


def pair(text: str, number: str) -> dict:
    cells = {"in_single_line_text": {"value": text}, "in_number": {"value": number}}
    return {"id": "1", "value": cells}


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ('in_single_line_text in ("a") and in_number in (1)', True),
        ('in_single_line_text in ("a") and in_number in (2)', False),
        ('(in_single_line_text in ("a")) and (in_number in (2))', False),
        ('in_single_line_text in ("a") and (in_number < 5 and in_number > 1)', False),
        ('in_single_line_text in ("a") and number = 1 and in_number in (2)', False),
        ('in_single_line_text in ("a") and (in_number in (2) or in_number in (3))', True),
        ('in_single_line_text in ("c") or in_number in (2)', True),
        ('in_single_line_text in ("a") and in_number not in (3)', True),
        ('in_single_line_text in ("a") and in_number not in (2)', False),
        ('in_single_line_text in ("a") and in_other in (2)', True),
    ],
)
def test_one_row_satisfies_all_that_and_joins(finds, query, matches):
    table = [pair("a", "1"), pair("b", "2")]
    other = rows("2", field="in_other")
    assert finds(query, table=table, other=other, number="1") is matches


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ("", True),
        ("number = 1 or number = 2 and number = 3", True),
        ("(number = 1 or number = 2) and number = 3", False),
        ("number = 2 or number = 3", False),
    ],
)
def test_and_or_and_an_empty_condition(finds, query, matches):
    assert finds(query, number="1") is matches


@pytest.mark.parametrize("joint", ["and", "or"])
def test_thousands_of_conditions(finds, joint):
    query = f" {joint} ".join(["number = 1"] * 10_000)
    assert finds(query, number="1")


def test_conditions_nested_as_deep_as_the_limit(finds):
    query = "number = 1"
    for joint in ["and", "or"] * (choices.QUERY_NESTING // 2):
        query = f"(number = 1 {joint} {query})"
    assert finds(query, number="1")
