"""docs/errors.md explains every error, under its own name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kintone_orm import exceptions

PAGE = (Path(__file__).parents[2] / "docs" / "errors.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL))


def test_the_page_has_a_section_for_every_error_and_for_nothing_else() -> None:
    assert sorted(SECTIONS) == sorted(exceptions.__all__)


@pytest.mark.parametrize("part", ["Meaning", "Usual cause", "Fix"])
@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_has_its_three_parts(name: str, part: str) -> None:
    assert f"\n**{part}.** " in SECTIONS[name]


@pytest.mark.parametrize("name", exceptions.__all__)
def test_an_error_stands_in_the_tree_that_the_module_draws(name: str) -> None:
    assert re.search(rf"\b{name}\b", exceptions.__doc__ or "")
