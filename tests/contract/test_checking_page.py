"""The page on check() lists the kinds of findings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from kintone_orm.apps.drift.finding import Kind

PAGE = Path(__file__).parents[2] / "docs" / "checking.md"


def test_the_page_lists_each_kind_once_in_the_order_of_the_kinds():
    listed = re.findall(r"^\| `([a-z ]+)` \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert listed == list(get_args(Kind))
