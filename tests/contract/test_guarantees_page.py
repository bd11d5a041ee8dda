"""docs/querying.md has the table of guarantees of the package."""

from __future__ import annotations

from generators import guarantees_page

from kintone_orm.models.reading.planning.guarantees import GUARANTEES, Reading


def test_the_page_has_the_table_of_the_program() -> None:
    """If not, run: python tests/generate.py."""
    assert guarantees_page.PAGE.read_text("utf-8") == guarantees_page.page()


def test_every_way_of_reading_has_a_guarantee() -> None:
    assert set(GUARANTEES) == set(Reading)
