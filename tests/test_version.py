from __future__ import annotations

import re
from pathlib import Path

import kintone_orm
from kintone_orm.version import __version__

CHANGELOG = Path(__file__).parents[1] / "docs" / "changelog.md"


def test_it_is_public():
    assert kintone_orm.__version__ == __version__


def test_it_is_a_version_of_python_packages():
    assert re.fullmatch(r"\d+\.\d+\.\d+((a|b|rc|\.dev)\d+)?", __version__)
