from __future__ import annotations

import string

import pytest

from kintone_orm.emulator.ground.error_texts import FAULTS
from kintone_orm.emulator.ground.errors import fault, invalid, message
from kintone_orm.emulator.ground.validation_texts import MESSAGES


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("code", FAULTS)
def test_both_languages_of_a_fault_have_the_same_blanks(code):
    _, ja, en = FAULTS[code]
    assert blanks(ja) == blanks(en)


@pytest.mark.parametrize("key", MESSAGES)
def test_both_languages_of_a_message_have_the_same_blanks(key):
    ja, en = MESSAGES[key]
    assert blanks(ja) == blanks(en)


def test_a_fault_is_rendered_in_the_callers_language():
    error = fault("GAIA_RE01", id=12)
    assert error.status == 404
    assert error.body("ja", "x1") == {
        "code": "GAIA_RE01",
        "id": "x1",
        "message": "指定したレコード（id: 12）が見つかりません。",
    }
    assert error.body("fr", "x1")["message"] == "The specified record (ID: 12) is not found."


def test_a_value_with_braces_is_kept_as_it_is():
    error = fault("GAIA_IQ11", code="{a}")
    assert error.en == "Specified field ({a}) not found."


def test_validation_messages_are_listed_by_parameter():
    error = invalid({"ids": ["required", message("size", low=1, high=100)]})
    assert error.body("en", "x1") == {
        "code": "CB_VA01",
        "id": "x1",
        "message": "Missing or invalid input.",
        "errors": {"ids": {"messages": ["Required field.", "size must be between 1 and 100"]}},
    }


def test_an_unknown_code_is_a_programming_error():
    with pytest.raises(KeyError):
        fault("GAIA_XX99")
