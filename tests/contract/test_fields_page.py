"""docs/fields.md has a row for every field class, generated from the classes."""

from __future__ import annotations

from generators.fields_page import PAGE, _one_of_each, field_classes, page


def test_the_page_has_the_table_of_the_program() -> None:
    assert PAGE.read_text("utf-8") == page()


def test_there_is_one_of_each() -> None:
    assert set(_one_of_each()) == field_classes()
