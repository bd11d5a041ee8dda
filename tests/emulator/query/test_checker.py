from __future__ import annotations

from dataclasses import replace

import pytest

from kintone_orm.emulator.ground.errors import KintoneError
from kintone_orm.emulator.query import compile_query


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nobody = 1", "GAIA_IQ11"),
        ("$revision = 1", "GAIA_IQ11"),
        ("order by nobody asc", "GAIA_IQ11"),
        ("table.in_number = 1", "GAIA_IR02"),
        ("reference_table.$id in (1)", "GAIA_IR02"),
        ("order by table.in_number asc", "GAIA_IR02"),
        ("in_number = 1", "GAIA_IQ07"),
        ('drop_down in ("a", "c")', "GAIA_IQ10"),
        ('drop_down = "c"', "GAIA_IQ10"),
        ('drop_down = "a"', "GAIA_IQ03"),
        ('check_box like "c"', "GAIA_IQ10"),
        ('in_drop_down in ("c")', "GAIA_IQ10"),
        ('in_drop_down = "c"', "GAIA_IQ07"),
        ('status = "gone"', "GAIA_IQ10"),
        ('status = ""', "GAIA_IQ10"),
        ("limit 501", "GAIA_QU01"),
        ("limit 1" + "0" * 5_000, "GAIA_QU01"),
        ("offset 10001", "GAIA_QU02"),
        ("offset 99999", "GAIA_QU02"),
        *(
            (f'{field} {operator} ""', "GAIA_IL08")
            for field in ["number", "$id", "record_number", "in_number", "date"]
            for operator in ["<", "<=", ">", ">="]
        ),
        ("date = FROM_TODAY(1)", "GAIA_IL08"),
        ("date = TODAY(1)", "GAIA_IL08"),
        ("datetime = NOW(1)", "GAIA_IL08"),
        ("creator in (LOGINUSER(1))", "GAIA_IL08"),
        ("date = THIS_MONTH(1, 2)", "GAIA_IL08"),
        ("date = THIS_MONTH(0)", "GAIA_IQ23"),
        ("date = THIS_MONTH(32)", "GAIA_IQ23"),
        ("date = THIS_MONTH(1.5)", "GAIA_IQ23"),
        ("date = THIS_MONTH(FIRST)", "GAIA_IQ23"),
        ("date = FROM_TODAY(1, HOURS)", "GAIA_IQ25"),
    ],
)
def test_a_query_that_does_not_fit_the_form_has_kintones_error_code(refused, text, code):
    """Codes: kSQL, SonicGarden (fact sheet "query", section 10)."""
    assert refused(text) == code


@pytest.mark.parametrize(
    "text",
    [
        'date = "2024-2-6"',
        'date = "2024-02-30"',
        'date = "20240206"',
        'date = "2024-W06-2"',
        'date = "2024-02-06T00:00:00Z"',
        "date = 20240206",
        'time = "24:00"',
        'time = "1:00"',
        'time = "12:00:00"',
        'datetime = "2024-02-06T12:59Z"',
        'datetime = "2024-02-06T12:59:00"',
        'datetime = "2024-02-30T12:59:00Z"',
        'datetime = "2024-02-06T12:59:00+25:00"',
        'datetime = "0001-01-01T00:00:00+09:00"',
        'created_time = ""',
        "single_line_text = 10",
        'creator in ("")',
        'single_line_text like ""',
        "number = TODAY()",
        "date = NOW()",
        "time = TODAY()",
        "date = LOGINUSER()",
        "in_date in (TODAY())",
        "group_select in (LOGINUSER())",
        "creator in (PRIMARY_ORGANIZATION())",
        "date = today()",
        "date = SOMEDAY()",
        "date = THIS_WEEK(TODAY)",
        "date = THIS_WEEK(1)",
        "date = FROM_TODAY(1.5, DAYS)",
        "date = FROM_TODAY(9999999, YEARS)",
        "date = FROM_TODAY(-9999999, WEEKS)",
        "date = FROM_TODAY(1" + "0" * 5_000 + ", DAYS)",
    ],
)
def test_a_literal_of_another_shape_is_refused(refused, text):
    assert refused(text) == "CB_VA01"


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("user_select", "GAIA_IL26"),
        ("creator", "GAIA_IL26"),
        ("modifier", "GAIA_IL26"),
        ("status_assignee", "GAIA_IL26"),
        ("in_user_select", "GAIA_IL26"),
        ("group_select", "GAIA_IL27"),
        ("organization_select", "GAIA_IL28"),
    ],
)
@pytest.mark.parametrize("operator", ["in", "not in"])
def test_an_unknown_person_is_refused(form, context, field, code, operator):
    """Measured: kSQL, July and August 2026 (fact sheet "query", section 2)."""
    known = replace(context, exists=lambda kind, code: code == "known")
    compile_query(f'{field} {operator} ("known")', form, known)
    with pytest.raises(KintoneError) as caught:
        compile_query(f'{field} {operator} ("known", "gone")', form, known)
    assert (caught.value.status, caught.value.code) == (400, code)
    assert "gone" in caught.value.ja


@pytest.mark.parametrize("text", ["number = 10", 'number = "10"', "$id in (1)", '$id in ("1")'])
def test_numbers_may_be_quoted(refused, text):
    assert refused(text) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nobody = 1", "指定されたフィールド（nobody）が見つかりません。"),
        (
            "number is empty",
            "numberフィールドのフィールドタイプには演算子is emptyを使用できません。",
        ),
        ('drop_down in ("c")', "フィールド「drop_down」の項目に「c」は存在しません。"),
        ("order by file asc", "「the file」フィールドはソート条件に使用できません。"),
        (
            "date = THIS_MONTH(40)",
            "指定した日にち（40）は無効です。1から31までの整数で指定します。",
        ),
    ],
)
def test_the_error_text_names_the_cause(ask, text, message):
    with pytest.raises(KintoneError) as caught:
        ask(text)
    assert caught.value.ja == message


@pytest.mark.parametrize(
    "text", ['status = "open"', 'status_assignee in ("alice")', "order by status asc"]
)
def test_status_is_unknown_while_the_process_is_off(form, refused, text):
    form["status"]["enabled"] = form["status_assignee"]["enabled"] = False
    assert refused(text) == "GAIA_ST02"


@pytest.mark.parametrize("choice", ["check_box", "multi_select", "radio_button", "drop_down"])
def test_a_blank_is_an_option_of_every_choice(refused, choice):
    assert refused(f'{choice} not in ("", "a")') is None


def test_an_app_without_states_has_none(form, refused):
    del form["status"]["states"]
    assert refused('status = "open"') == "GAIA_IQ10"
