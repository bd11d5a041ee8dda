"""What holds for every test, and what makes tests of the documentation's Python blocks.

The blocks of a page share their names, and an emulated kintone that starts empty: whatever a page
connects to, its requests go there.
"""

from __future__ import annotations

from contextlib import ExitStack
from doctest import ELLIPSIS
from typing import Any

from hypothesis import settings
from sybil import Sybil
from sybil.parsers.myst import PythonCodeBlockParser

from kintone_orm.connection import connections
from kintone_orm.testing import emulate

# A slow machine is no failure: four Pythons may be tested at the same time.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


def open_page(names: dict[str, Any]) -> None:
    """A page's own kintone."""
    names["_page"] = page = ExitStack()
    page.enter_context(emulate())


def close_page(names: dict[str, Any]) -> None:
    """A page's kintone and its connections are not there for the next page."""
    names.pop("_page").close()
    for alias in connections:
        del connections[alias]


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(doctest_optionflags=ELLIPSIS)],
    patterns=["README.md", "docs/*.md", "docs/**/*.md"],
    setup=open_page,
    teardown=close_page,
).pytest()
