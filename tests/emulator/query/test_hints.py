from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("query", "bounds"),
    [
        ("", (None, None)),
        ("$id > 5", (6, None)),
        ("$id >= 5", (5, None)),
        ("$id < 5", (None, 4)),
        ("$id <= 5", (None, 5)),
        ('$id = "5"', (5, 5)),
        ("$id in (7, 5, 6)", (5, 7)),
        ("record_number > 5", (6, None)),
        ("$id > 5 and ($id < 9 and number = 1) and $id > 3", (6, 8)),
        ("$id = 5 and $id = 7", (7, 5)),
        ("$id != 5", (None, None)),
        ("$id not in (5)", (None, None)),
        ("$id > 5 or $id < 3", (None, None)),
        ("$id > 5 and ($id < 9 or number = 1)", (6, None)),
    ],
)
def test_the_ids_that_can_match(ask, query, bounds):
    assert ask(query).id_range == bounds


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ('single_line_text = "a"', {"single_line_text": ("a",)}),
        ('link in ("a", "b")', {"link": ("a", "b")}),
        (
            'single_line_text = "a" and link = "b" and number = 1',
            {"single_line_text": ("a",), "link": ("b",)},
        ),
        ('single_line_text = ""', {}),
        ('single_line_text in ("a", "")', {}),
        ('single_line_text != "a"', {}),
        ('single_line_text = "a" or number = 1', {}),
        ('number = 1 and (single_line_text = "a" or number = 2)', {}),
        ('in_single_line_text in ("a")', {}),
        ('drop_down in ("a")', {}),
        ("number = 1", {}),
    ],
)
def test_the_texts_a_field_must_have(ask, query, texts):
    assert ask(query).equalities == texts


@pytest.mark.parametrize(
    ("query", "limit", "offset"),
    [("", None, None), ("limit 500 offset 10000", 500, 10_000), ("limit 0", 0, None)]
    + [("limit 007", 7, None), ("offset 0", None, 0)],
)
def test_limit_and_offset_are_as_written(ask, query, limit, offset):
    compiled = ask(query)
    assert (compiled.limit, compiled.offset) == (limit, offset)
