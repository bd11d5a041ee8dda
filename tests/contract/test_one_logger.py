"""A program finds all lines of the mapper by one name, and those of the emulator below it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "kintone_orm"
CALLS = [
    (str(path.relative_to(PACKAGE)), argument)
    for path in sorted(PACKAGE.rglob("*.py"))
    for argument in re.findall(r"\bgetLogger\((.*?)\)", path.read_text("utf-8"))
]


@pytest.mark.parametrize(("module", "argument"), CALLS)
def test_a_module_logs_by_the_name_of_the_package(module: str, argument: str) -> None:
    if module.startswith("emulator/") or module == "cli/emulator.py":
        assert argument == "LOGGER" or argument.startswith('"kintone_orm.emulator.')
    else:
        assert argument == '"kintone_orm"'
