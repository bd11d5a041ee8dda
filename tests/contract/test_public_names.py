"""Every public name exists, has a docstring, and is in the reference.

The public modules are those of the top level: `from kintone_orm.x import y` reaches a name that
`__all__` lists.
"""

from __future__ import annotations

import importlib
import inspect
import re
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "kintone_orm"

# The command and its demonstration are documented as a command, not as Python.
NOT_PYTHON = {"cli", "demo"}


def public_modules() -> list[str]:
    modules = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    inner = sorted((modules | packages) - NOT_PYTHON)
    return ["kintone_orm", *(f"kintone_orm.{name}" for name in inner)]


def names(module: ModuleType) -> list[str]:
    return getattr(module, "__all__", [])


def documented_modules() -> list[str]:
    pages = (ROOT / "docs" / "reference").glob("*.md")
    text = "\n".join(page.read_text("utf-8") for page in pages)
    modules = re.findall(r"^\.\. automodule:: (\S+)$", text, re.MULTILINE)
    return [name for name in modules if is_importable(name)]


def is_importable(name: str) -> bool:
    """A module of `contrib` needs a library of its own, which has the module's name."""
    return ".contrib." not in name or find_spec(name.rpartition(".")[2]) is not None


def documented_objects() -> set[int]:
    modules = [importlib.import_module(name) for name in documented_modules()]
    objects = {id(getattr(module, name)) for module in modules for name in names(module)}
    return objects | {id(module) for module in modules}


@pytest.mark.parametrize("module_name", public_modules())
def test_every_public_name_exists(module_name: str) -> None:
    module = importlib.import_module(module_name)
    assert [name for name in names(module) if not hasattr(module, name)] == []


@pytest.mark.parametrize("module_name", public_modules())
def test_every_public_name_is_in_the_reference(module_name: str) -> None:
    module = importlib.import_module(module_name)
    documented = documented_objects()
    assert [name for name in names(module) if id(getattr(module, name)) not in documented] == []


@pytest.mark.parametrize("module_name", public_modules())
def test_every_public_class_and_function_says_what_it_gives(module_name: str) -> None:
    module = importlib.import_module(module_name)
    public = {name: getattr(module, name) for name in names(module)}
    silent = [
        name
        for name, value in public.items()
        if (inspect.isclass(value) or inspect.isroutine(value)) and not inspect.getdoc(value)
    ]
    assert silent == []
