from __future__ import annotations

import pytest

from kintone_orm.fields.wire_values import sent_list, sent_text, text_or_blank


def test_what_has_the_shape_comes_back_as_it_is():
    rows = [{"id": "1"}]
    assert sent_text("a") == "a"
    assert sent_text("") == ""
    assert sent_list(rows) is rows


@pytest.mark.parametrize("raw", [None, ""])
def test_no_text_and_an_empty_one_are_blank(raw):
    assert text_or_blank(raw) is None


def test_a_text_is_not_blank():
    assert text_or_blank(" ") == " "


@pytest.mark.parametrize("raw", [5, True, [], {}, b"a"])
def test_something_else_than_a_text_is_refused(raw):
    for read in (sent_text, text_or_blank):
        with pytest.raises(TypeError, match="not a text"):
            read(raw)


@pytest.mark.parametrize("raw", [None, "", "ab", {}, ()])
def test_something_else_than_a_list_is_refused(raw):
    with pytest.raises(TypeError, match="not a list"):
        sent_list(raw)
