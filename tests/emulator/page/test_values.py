from __future__ import annotations

import pytest

from kintone_orm.emulator.page.values import brief_text, columns_of, field_view

FILE = {"fileKey": "k", "name": "a.txt", "contentType": "text/plain", "size": "1234"}
TABLE = {"type": "SUBTABLE", "fields": {"item": {"label": "品名"}, "tags": {"label": ""}}}
ROW = {"item": {"type": "LINK", "value": "pen"}, "tags": {"type": "CHECK_BOX", "value": ["a", "b"]}}


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        ({"type": "NUMBER", "value": "5"}, "5"),
        ({"type": "DATE", "value": None}, ""),
        ({"type": "MULTI_LINE_TEXT", "value": "a\nb"}, "a b"),
        ({"type": "MULTI_LINE_TEXT", "value": "x" * 81}, "x" * 79 + "…"),
        ({"type": "CHECK_BOX", "value": ["a", "b"]}, "a, b"),
        ({"type": "USER_SELECT", "value": [{"code": "sato", "name": "Sato"}]}, "Sato (sato)"),
        ({"type": "CREATOR", "value": {"code": "sato", "name": "sato"}}, "sato"),
        ({"type": "FILE", "value": [FILE]}, "a.txt (text/plain, 1,234 bytes)"),
        ({"type": "SUBTABLE", "value": [{}]}, "1 row"),
        ({"type": "SUBTABLE", "value": [{}, {}]}, "2 rows"),
    ],
)
def test_a_cell_in_one_line(cell, text):
    assert brief_text(cell) == text


def test_the_view_of_a_table_has_its_columns_and_rows():
    cell = {"type": "SUBTABLE", "value": [{"id": "7", "value": ROW}]}
    view = field_view("lines", TABLE, cell)
    assert view.columns == [("item", "品名"), ("tags", "")]
    assert view.rows == [("7", ["pen", "a\nb"])]


def test_the_view_of_another_field_has_its_texts():
    view = field_view("memo", {"label": "Memo"}, {"type": "MULTI_LINE_TEXT", "value": "a\nb"})
    assert (view.label, view.texts, view.columns) == ("Memo", ["a\nb"], None)


def test_built_in_fields_come_at_the_end_and_those_without_values_not_at_all():
    properties = {
        "Created_by": {"type": "CREATOR", "label": "Created by"},
        "title": {"type": "SINGLE_LINE_TEXT", "label": "件名"},
        "others": {"type": "REFERENCE_TABLE", "label": "Others"},
        "n": {"type": "NUMBER"},
    }
    assert columns_of(properties) == [("title", "件名"), ("n", ""), ("Created_by", "Created by")]
