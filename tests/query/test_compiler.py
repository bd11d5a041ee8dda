from __future__ import annotations

import pytest

from kintone_orm.emulator.query.parser import parse
from kintone_orm.query.compiler import OrderKey, compile_condition, compile_query
from kintone_orm.query.conditions import EVERYTHING, NOTHING, Predicate, all_of, any_of

A = Predicate("a", "=", '"1"')
B = Predicate("b", "in", '("x", "y")')
C = Predicate("c", "is not", "empty")


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (EVERYTHING, ""),
        (A, 'a = "1"'),
        (B, 'b in ("x", "y")'),
        (C, "c is not empty"),
        (all_of([A, B, C]), 'a = "1" and b in ("x", "y") and c is not empty'),
        (any_of([A, B]), 'a = "1" or b in ("x", "y")'),
        (all_of([any_of([A, B]), C]), '(a = "1" or b in ("x", "y")) and c is not empty'),
        (any_of([all_of([A, B]), C]), '(a = "1" and b in ("x", "y")) or c is not empty'),
        (
            all_of([any_of([all_of([A, B]), C]), A]),
            '((a = "1" and b in ("x", "y")) or c is not empty) and a = "1"',
        ),
    ],
)
def test_conditions(condition, text):
    assert compile_condition(condition) == text


def test_no_record_never_reads_like_every_record():
    assert compile_condition(NOTHING) == '$id = "0"'


DUE = OrderKey("due", descending=True)
ID = OrderKey("$id")


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ({}, ""),
        ({"condition": A}, 'a = "1"'),
        ({"order": [DUE, ID]}, "order by due desc, $id asc"),
        ({"limit": 500}, "limit 500"),
        ({"limit": 0}, "limit 0"),
        ({"offset": 0}, ""),
        ({"offset": 20}, "offset 20"),
        (
            {"condition": A, "order": [ID], "limit": 10, "offset": 20},
            'a = "1" order by $id asc limit 10 offset 20',
        ),
        ({"condition": any_of([A, B]), "limit": 1}, 'a = "1" or b in ("x", "y") limit 1'),
    ],
)
def test_queries(parts, text):
    assert compile_query(**parts) == text
    parse(text)
