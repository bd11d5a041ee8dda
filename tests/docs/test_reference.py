"""The reference shows every public method that a program calls, and lists the refused ones apart.

Read from the pages' directives, as Sphinx reads them: building the pages takes too long here.
"""

from __future__ import annotations

import importlib
import inspect
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

import kintone_orm.models
from kintone_orm import Model, Row
from kintone_orm.models import BaseManager, Manager, QuerySet
from kintone_orm.models.ground.refused import MODEL, QUERYSET

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"

# Called by the package itself.
NOT_FOR_PROGRAMS = {"picked_for"}

_DIRECTIVE = re.compile(r"^\.\. auto(\w+):: (\S+)((?:\n   :.*)*)", re.MULTILINE)
_OPTION = re.compile(r"^ +:([\w-]+): ?(.*)$", re.MULTILINE)


def directives():
    """Each directive for a module, a class, a function or a value: what it names, its options."""
    for page in sorted(REFERENCE.glob("*.md")):
        for kind, name, options in _DIRECTIVE.findall(page.read_text("utf-8")):
            if ".contrib." in name and find_spec(name.rpartition(".")[2]) is None:
                continue  # its library is not installed
            module, _, attribute = name.partition("(")[0].rpartition(".")
            target = (
                importlib.import_module(name)
                if kind == "module"
                else getattr(importlib.import_module(module), attribute)
            )
            yield kind, target, dict(_OPTION.findall(options))


def public(owner):
    names = {name for name in dir(owner) if name[0] != "_"}
    return names - QUERYSET.keys() - MODEL.keys() - NOT_FOR_PROGRAMS


def shown(owner):
    """The names of `owner` that a directive shows."""
    names = set()
    for kind, target, options in directives():
        excluded = {name.strip() for name in options.get("exclude-members", "").split(",")}
        if kind == "module" and "no-members" not in options:
            exported = [getattr(target, name) for name in target.__all__ if name not in excluded]
            if any(value is owner for value in exported):
                names |= set(vars(owner))
        if kind == "class" and target is owner:
            own = set(dir(owner)) if "inherited-members" in options else set(vars(owner))
            names |= own - excluded
    return names


@pytest.mark.parametrize("owner", [Model, Manager, BaseManager, QuerySet, Row])
def test_the_reference_shows_every_public_name(owner):
    assert public(owner) - shown(owner) == set()


@pytest.mark.parametrize("owner", [Model, Manager, QuerySet])
def test_every_public_method_says_what_it_does(owner):
    methods = {name: inspect.getattr_static(owner, name) for name in public(owner)}
    silent = [
        name
        for name, method in methods.items()
        if inspect.isroutine(method) and not inspect.getdoc(method)
    ]
    assert silent == []


@pytest.mark.parametrize("name", kintone_orm.models.__all__)
def test_the_reference_shows_what_the_models_export(name):
    value = getattr(kintone_orm.models, name)
    assert any(target is value for _, target, _ in directives())


@pytest.mark.parametrize("table", [QUERYSET, MODEL])
def test_the_reference_lists_what_is_refused(table):
    page = (REFERENCE / "models.md").read_text("utf-8")
    names = {"^" if name == "__xor__" else name for name in table}

    assert {name for name in names if f"`{name}`" not in page} == set()
