from __future__ import annotations

import string

import pytest

from kintone_orm.emulator.calc.reasons import REASONS, refusal, unusable_type, wrong_formula


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("key", REASONS)
def test_both_languages_of_a_reason_have_the_same_blanks(key):
    ja, en = REASONS[key]
    assert blanks(ja) == blanks(en)


def test_the_error_names_the_label_and_the_reason_in_the_callers_language():
    error = refusal(wrong_formula("unknown_function", function="MAX"), label="合計 {x}")
    assert error.status == 400
    assert error.body("ja", "x1") == {
        "code": "GAIA_IL01",
        "id": "x1",
        "message": (
            "フィールド「合計 {x}」の計算式が正しくありません。"
            "(エラーの内容：MAX関数は使用できません。)"
        ),
    }
    assert error.body("en", "x1")["message"] == (
        'The formula in the field "合計 {x}" is invalid. (Reason: The MAX function cannot be used.)'
    )


def test_the_detail_is_not_in_the_answer():
    error = refusal(wrong_formula("syntax", detail="Character 7: expected ')'."), label="x")
    assert "Character 7" in str(error)
    assert "Character 7" not in str(error.body("en", "x1"))


def test_a_field_type_is_called_as_on_the_settings_screen():
    reason = unusable_type("MULTI_LINE_TEXT", code="memo")
    assert "(文字列（複数行）)" in reason.ja
    assert "(Text area)" in reason.en
    assert reason.detail == "memo"
