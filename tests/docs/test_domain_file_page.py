"""The page on domain files shows files that can be loaded, and has every key."""

from __future__ import annotations

import re
import sys
from contextlib import closing
from pathlib import Path

import pytest

from kintone_orm.emulator import Emulator
from kintone_orm.emulator.domain_file import shape
from kintone_orm.emulator.settings.webhooks import EVENTS

PAGE = (Path(__file__).parents[2] / "docs" / "domain-file.md").read_text("utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("language", ["json", "toml"])
def test_the_first_file_of_each_kind_can_be_loaded(tmp_path, language):
    if language == "toml":
        pytest.importorskip("tomllib" if sys.version_info >= (3, 11) else "tomli")
    path = tmp_path / f"shop.{language}"
    path.write_text(blocks(language)[0], "utf-8")
    with closing(Emulator.from_domain(path, environ={"SATO_PASSWORD": "x"})) as emulator:
        assert "orders" in emulator.made.apps


def test_the_tables_have_every_key():
    cells = re.findall(r"^\| (.*?) \|", PAGE, re.MULTILINE)
    told = {key for cell in cells for key in re.findall(r"`(\w+)`", cell)}
    assert told == {*shape.DOMAIN, *shape.APP, *EVENTS}


@pytest.mark.parametrize("table", ["USER", "GUEST", "GROUP", "ORGANIZATION", "SPACE", "TOKEN"])
def test_the_keys_of_people_spaces_and_tokens_are_named(table):
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{table.lower()}s` |")]
    for key in getattr(shape, table):
        assert f"`{key}`" in row
