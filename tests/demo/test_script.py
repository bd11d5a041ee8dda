from __future__ import annotations

import ast

import pytest

from kintone_orm.demo.models import City, Country
from kintone_orm.demo.script import CHAPTERS

EXAMPLES = [example for examples in CHAPTERS.values() for example in examples]
NAMES = {*City._meta.fields, *Country._meta.fields, "id", "revision"}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
def test_an_example_is_python_and_names_fields_of_the_models(example):
    assert ast.parse(example.source).body
    assert set(example.shown) <= NAMES


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
def test_an_example_fits_a_terminal_of_80_columns(example):
    printed = [f"# {example.title}", *(f">>> {line}" for line in example.source.splitlines())]
    assert max(map(len, printed)) <= 80


def test_titles_are_different():
    titles = [example.title for example in EXAMPLES]
    assert len(titles) == len(set(titles))
