"""What holds for every test, and what makes tests of the documentation's Python blocks.

The blocks of a page share their names, and an emulated kintone that starts empty: whatever a page
connects to, its requests go there.
"""

from __future__ import annotations

from contextlib import ExitStack
from doctest import ELLIPSIS
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from unittest import SkipTest

from hypothesis import HealthCheck, settings
from hypothesis.database import DirectoryBasedExampleDatabase
from sybil import Sybil
from sybil.parsers.myst import PythonCodeBlockParser

from kintone_orm.connection import connections
from kintone_orm.testing import emulate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sybil import Document, Example, Region

# A law draws the same examples in each run, or it would spoil a change that has nothing to do with
# it. A slow machine is no failure: four Pythons may be tested at the same time.
settings.register_profile(
    "house",
    derandomize=True,
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("tenth", settings.get_profile("house"), max_examples=10)
# `tox -e laws`: looks for what nobody has seen yet, which becomes an example of its law.
settings.register_profile(
    "anew",
    settings.get_profile("house"),
    derandomize=False,
    database=DirectoryBasedExampleDatabase(".hypothesis/examples"),
    max_examples=2000,
    print_blob=True,
)
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


_parse_blocks = PythonCodeBlockParser(doctest_optionflags=ELLIPSIS)


def parse_blocks(document: Document) -> Iterator[Region]:
    """The Python blocks of a page. Blocks for Redis need its library, and are skipped without."""
    for region in _parse_blocks(document):
        source = getattr(region.parsed, "source", region.parsed)  # a line with >>> is an object
        if "kintone_orm.contrib.redis" in source and find_spec("redis") is None:
            region.evaluator = skip_redis
        yield region


def skip_redis(_example: Example) -> None:
    """Skip a block."""
    raise SkipTest("the library redis is not installed")


pytest_collect_file = Sybil(
    parsers=[parse_blocks],
    patterns=["README.md", "docs/*.md", "docs/**/*.md"],
    setup=open_page,
    teardown=close_page,
).pytest()
