from __future__ import annotations

import pytest

from kintone_orm.fields.wire_values import require_list, require_text, text_or_none


def test_what_has_the_shape_comes_back_as_it_is():
    rows = [{"id": "1"}]
    assert require_text("a") == "a"
    assert require_text("") == ""
    assert require_list(rows) is rows


@pytest.mark.parametrize("raw", [None, ""])
def test_no_text_and_an_empty_one_are_blank(raw):
    assert text_or_none(raw) is None


def test_a_text_is_not_blank():
    assert text_or_none(" ") == " "


@pytest.mark.parametrize("raw", [5, True, [], {}, b"a"])
def test_something_else_than_a_text_is_refused(raw):
    for read in (require_text, text_or_none):
        with pytest.raises(TypeError, match="not a text"):
            read(raw)


@pytest.mark.parametrize("raw", [None, "", "ab", {}, ()])
def test_something_else_than_a_list_is_refused(raw):
    with pytest.raises(TypeError, match="not a list"):
        require_list(raw)
