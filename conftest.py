"""What holds for every test, and what makes tests of the documentation's Python blocks.

The blocks of a page share their names. What a page connects to is forgotten when it ends.
"""

from __future__ import annotations

from doctest import ELLIPSIS
from typing import Any

from hypothesis import settings
from sybil import Sybil
from sybil.parsers.myst import PythonCodeBlockParser

from kintone_orm.connection import connections

# A slow machine is no failure: four Pythons may be tested at the same time.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


def close_page(names: dict[str, Any]) -> None:
    """A page's connections are not there for the next page."""
    del names
    for alias in connections:
        del connections[alias]


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(doctest_optionflags=ELLIPSIS)],
    patterns=["README.md", "docs/*.md", "docs/**/*.md"],
    teardown=close_page,
).pytest()
