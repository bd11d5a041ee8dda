"""docs/performance.md and its figures show the numbers of tests/benchmarks/measured.json."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from generators import performance_page

TEXT = performance_page.PAGE.read_text("utf-8")
FIGURES = performance_page.figures()


def test_the_tables_are_those_of_the_numbers() -> None:
    """If not, run: python tests/generate.py."""
    assert performance_page.page() == TEXT


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_that_of_the_numbers(name: str) -> None:
    """If not, run: python tests/generate.py."""
    assert (performance_page.FIGURES / f"{name}.svg").read_text("utf-8") == FIGURES[name]


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_has_a_name_for_people_who_cannot_see_it(name: str) -> None:
    assert ET.fromstring(FIGURES[name]).get("aria-label")


def test_the_page_shows_each_figure() -> None:
    shown = re.findall(r"!\[[^]]+\]\(figures/(\w+)\.svg\)", TEXT)
    assert sorted(shown) == sorted(FIGURES)
