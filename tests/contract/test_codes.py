"""kintone's error codes are in one table; no other file of the mapper has one as a literal."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from generators.errors_page import PAGE, page

from kintone_orm.http.codes import code_of

PACKAGE = Path(__file__).parents[2] / "kintone_orm"
TEXT = PAGE.read_text("utf-8")
ALLOWED = {PACKAGE / "http" / "codes.py", PACKAGE / "http" / "failures.py"}
CODE = re.compile(r"\b(?:GAIA|GA|CB|OC)_[A-Z]{2}\d*")
FILES = [
    path
    for path in sorted(PACKAGE.rglob("*.py"))
    if path not in ALLOWED and path.relative_to(PACKAGE).parts[0] != "emulator"
]


def docstrings(tree: ast.AST) -> set[int]:
    """The ids of the constants that are docstrings."""
    ids = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        for statement in body if isinstance(body, list) else ():
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                ids.add(id(statement.value))
    return ids


def literals(source: str) -> list[str]:
    tree = ast.parse(source)
    described = docstrings(tree)
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in described
        and CODE.search(node.value)
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_code_stands_outside_the_table(path):
    assert literals(path.read_text("utf-8")) == []


def test_a_literal_is_found():
    assert literals('if error.code == "GAIA_RE01":\n    """CB_VA01"""') == ["GAIA_RE01"]


def known(code: str) -> list[bool]:
    return [code_of(code, reads=reads) is not None for reads in (True, False)]


def test_the_page_has_the_table():
    assert page() == TEXT


def test_the_codes_that_the_page_names_are_in_the_table():
    named = set(re.findall(r"\b(?:GAIA|GA|CB|OC)_[A-Z]{2}\d+", TEXT))

    assert [code for code in sorted(named) if not any(known(code))] == []
