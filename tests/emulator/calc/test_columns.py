from __future__ import annotations

import pytest

from kintone_orm.emulator.calc.columns import columns_of
from kintone_orm.emulator.calc.data_types import DataType


@pytest.mark.parametrize(
    ("code", "value", "result"),
    [
        ("a", "1.50", "1.5"),
        ("d", "1969-12-31", "-86400"),
        ("d", "0001-01-01", "-62135596800"),
        ("t", "23:59", "86340"),
        ("dt", "2026-04-25T10:00:00Z", "1777111200"),
        ("dt", "9999-12-31T23:59:00Z", "253402300740"),
        ("cre", "1970-01-01T00:01:00Z", "60"),
        ("upd", "1970-01-01T00:01:00Z", "60"),
        ("s", "x", "x"),
        ("st", "x", "x"),
        ("radio", "x", "x"),
        ("maker", {"code": "bob", "name": "Bob"}, "Bob"),
        ("changer", {"code": "bob", "name": "Bob"}, "Bob"),
    ],
)
def test_the_data_type_of_a_field(calc, code, value, result):
    assert calc(f'{code} & ""', None, **{code: value}) == result


@pytest.mark.parametrize(
    ("code", "top", "own", "other"),
    [
        ("a", DataType.NUMBER, DataType.NUMBER, DataType.NUMBER),
        ("tags", DataType.STRINGS, DataType.STRINGS, DataType.STRINGS),
        ("qty", DataType.NUMBERS, DataType.NUMBER, DataType.NUMBERS),
        ("name", DataType.STRINGS, DataType.STRING, DataType.STRINGS),
        ("tagcol", DataType.LISTS, DataType.STRINGS, DataType.LISTS),
    ],
)
def test_a_column_is_an_array_from_outside_its_table(form, code, top, own, other):
    column = columns_of(form)[code]
    assert [column.seen_from(place) for place in (None, "table", "other")] == [top, own, other]


def test_a_lookup_has_the_data_type_of_its_field(form, calc):
    form["a"]["lookup"] = {"relatedApp": {"app": "1"}}
    assert calc("a + 1", a="1") == "2"


def test_a_text_with_an_empty_expression_is_entered_by_hand(form, calc):
    form["s"]["expression"] = ""
    assert calc("s", None, s="typed") == "typed"
