from __future__ import annotations

import pytest

from kintone_orm.emulator.ground.errors import KintoneError
from kintone_orm.emulator.ground.problems import Problems


def test_without_a_problem_nothing_is_raised():
    problems = Problems()
    problems.check()
    assert len(problems) == 0


def test_all_problems_are_in_one_error_in_the_order_found():
    problems = Problems()
    problems.add("record.b.value", "required")
    problems.add("record.a.value", "at_most", limit=500)
    problems.add("record.b.value", "unknown_entity", code="kato")
    with pytest.raises(KintoneError) as raised:
        problems.check()
    assert (raised.value.status, raised.value.code) == (400, "CB_VA01")
    assert {path: len(texts) for path, texts in raised.value.errors.items()} == {
        "record.b.value": 2,
        "record.a.value": 1,
    }
    assert list(raised.value.errors) == ["record.b.value", "record.a.value"]
    assert "500" in raised.value.errors["record.a.value"][0][1]


def test_choices_are_for_who_reads_more_than_kintone_tells():
    problems = Problems()
    problems.add("type", "required")
    problems.offer("type", ["NUMBER", "DATE"])
    with pytest.raises(KintoneError) as raised:
        problems.check()
    assert raised.value.choices == {"type": ("NUMBER", "DATE")}
    assert "NUMBER" not in str(raised.value.body("en", "1"))
