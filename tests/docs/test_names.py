"""The dotted names that the pages mention can be imported."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = {ROOT / "README.md", *(ROOT / "docs").rglob("*.md")}
PAGES.remove(ROOT / "docs" / "changelog.md")  # which has old names, too
NAMES = sorted(
    {
        name
        for page in PAGES
        for name in re.findall(r"`(kintone_orm(?:\.\w+)+)\b", page.read_text("utf-8"))
    }
)


def resolved(name: str) -> object:
    """The module, or the object in a module or a class; None if there is none."""
    try:
        return import_module(name)
    except ImportError:
        parent, _, last = name.rpartition(".")
        return getattr(resolved(parent), last, None) if parent else None


def test_the_pages_mention_names() -> None:
    assert "kintone_orm.api.records.get_records" in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_name_on_a_page_exists(name: str) -> None:
    assert resolved(name) is not None


def test_a_misspelt_name_does_not_exist() -> None:
    assert resolved("kintone_orm.api.records.get_recods") is None
