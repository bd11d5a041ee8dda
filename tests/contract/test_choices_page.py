"""docs/choices.md is generated from the table of choices; every switch is in it and is tested."""

from __future__ import annotations

from pathlib import Path

import pytest
from generators import choices_page

from kintone_orm.emulator import choices
from kintone_orm.emulator.ground.choice_table import ROWS

TESTS = Path(__file__).parents[1]
# The switches; the other choices are lists and lengths.
SWITCHES = [name for name in choices.__all__ if isinstance(getattr(choices, name), bool)]
SWITCHES.append("DISPLAY_LANGUAGE")
OF_THE_MAPPER = [
    path.read_text(encoding="utf-8")
    for folder in ("laws", "models", "fields", "query", "apps")
    for path in (TESTS / folder).rglob("test_*.py")
]


def test_the_page_is_what_the_table_makes():
    """If not, run: python tests/generate.py."""
    assert choices_page.PAGE.read_text(encoding="utf-8") == choices_page.page()


def test_every_row_is_whole():
    for row in ROWS:
        assert all((row.subject, row.choice, row.evidence)), row
        assert row.constant in ("", *SWITCHES), row


@pytest.mark.parametrize("switch", SWITCHES)
def test_every_switch_is_one_row_and_the_mapper_is_tested_under_both_answers(switch):
    assert [row.constant for row in ROWS].count(switch) == 1
    assert any(f'"{switch}"' in text for text in OF_THE_MAPPER)
