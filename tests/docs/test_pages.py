"""Every block of a page that looks like Python is run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

# Blocks of `python` are run; the other languages are only shown.
LANGUAGES = {"python", "console", "text", "ini", "toml", "json", "html", "{toctree}", "{eval-rst}"}


def opened_fences(page: Path) -> list[str]:
    """The text after the backquotes of each block's opening fence."""
    fences = re.findall(r"^ *```+(.*)$", page.read_text("utf-8"), re.MULTILINE)
    return [info.strip() for info in fences[::2]]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_block_is_python_or_plainly_something_else(page: Path) -> None:
    assert set(opened_fences(page)) - LANGUAGES == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_block_of_a_page_is_skipped(page: Path) -> None:
    assert not re.search(r"^(%|<!-*|\[comment\]).*\bskip:", page.read_text("utf-8"), re.MULTILINE)
