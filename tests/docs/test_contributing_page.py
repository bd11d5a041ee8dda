"""docs/contributing.md names files and directories that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "contributing.md").read_text("utf-8")
PACKAGE = ROOT / "kintone_orm"
CODE = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", PAGE, flags=re.MULTILINE | re.DOTALL))
IS_PATH = re.compile(r"[\w.]+(/[\w.]+)*/|[\w.]+(/[\w.]+)+|\w+\.(py|md|txt|cfg|toml|ini)")
WORDS = {word for code in CODE for word in code.split()}
PATHS = sorted({word for word in WORDS if IS_PATH.fullmatch(word)} - {".venv/bin"})


def exists(path: str) -> bool:
    """True for a path from the root of the project, or from the package as in the map."""
    return (ROOT / path).exists() or (PACKAGE / path).exists()


def test_the_page_names_paths() -> None:
    assert {"kintone_orm/fields/base.py", "tests/laws/", "http/"} <= set(PATHS)


@pytest.mark.parametrize("path", PATHS)
def test_a_path_on_the_page_exists(path: str) -> None:
    assert exists(path)


def test_a_directory_is_written_with_a_slash_at_its_end() -> None:
    directories = [path for path in PATHS if (ROOT / path).is_dir() or (PACKAGE / path).is_dir()]
    assert [path for path in directories if path[-1] != "/"] == []


def rooms(*inside: str) -> set[str]:
    """The files and directories with code in a room, as the map writes them."""
    place = "".join(f"{name}/" for name in inside)
    packages = PACKAGE.joinpath(*inside).glob("*/__init__.py")
    return {f"{place}{path.parent.name}/" for path in packages}


def test_every_room_is_on_the_map() -> None:
    files = {path.name for path in PACKAGE.glob("*.py")} - {"__init__.py"}
    assert (files | rooms()) - set(PATHS) == set()


@pytest.mark.parametrize("outer", ["models", "emulator"])
def test_the_rooms_inside_are_on_the_map(outer: str) -> None:
    assert rooms(outer) - set(PATHS) == set()
