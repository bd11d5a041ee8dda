"""Law, from end to end: a saved record is found by its value, and by no other value."""

from __future__ import annotations

import operator
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples

from kintone_orm import Model, Q, fields
from kintone_orm.testing import emulate

CHOICES = ["x", "y"]


class Note(Model):
    text = fields.SingleLineTextField("件名")


class Mixed(Model):
    text = fields.SingleLineTextField()
    number = fields.NumberField()
    day = fields.DateField()
    rank = fields.DropDownField(choices=CHOICES)
    tags = fields.CheckBoxField(choices=CHOICES)


SPECIAL = st.sampled_from(
    ['"', "\\", '\\"', "\n", "\t", "\u3000", "😀", '" or text != "', "%", "'"]
)
LETTERS = st.characters(exclude_categories=["Cs", "Cc"])
TEXTS = st.lists(SPECIAL | LETTERS, max_size=12).map("".join)


@examples(25)
@given(st.lists(TEXTS, min_size=1, max_size=8), TEXTS)
def test_any_text_is_found_by_itself_and_nothing_else_is(held, asked):
    with emulate(Note):
        Note.objects.bulk_create([Note(text=text) for text in held])
        for wanted in {*held, asked}:
            found = [note.text for note in Note.objects.filter(text=wanted)]
            assert found == [text for text in held if text == wanted]
            others = [note.text for note in Note.objects.exclude(text=wanted)]
            assert others == [text for text in held if text != wanted]


VALUES: dict[str, list[Any]] = {
    "text": ["a", "b", ""],
    "number": [Decimal(-1), Decimal(0), Decimal("2.5"), None],
    "day": [date(2024, 2, 28), date(2024, 2, 29), None],
    "rank": ["x", "y", None],
    "tags": [["x"], ["x", "y"], []],
}
BLANKS = ("", None, [])
COMPARE = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}
RECORDS = st.lists(
    st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()}),
    max_size=12,
)


def asked_of(name: str) -> st.SearchStrategy[tuple[str, Any]]:
    values = CHOICES if name == "tags" else [each for each in VALUES[name] if each not in BLANKS]
    one, several = st.sampled_from(values), st.lists(st.sampled_from(values))
    questions = [
        one.map(lambda value: (name, value)),
        several.map(lambda value: (f"{name}__in", value)),
        st.booleans().map(lambda value: (f"{name}__isnull", value)),
    ]
    if name in ("number", "day"):
        compared = st.tuples(st.sampled_from(list(COMPARE)), one)
        questions.append(compared.map(lambda pair: (f"{name}__{pair[0]}", pair[1])))
    return st.one_of(questions)


TREES = st.recursive(
    st.sampled_from(list(VALUES)).flatmap(asked_of).map(lambda pair: Q(**dict([pair]))),
    lambda inner: st.one_of(
        st.builds(operator.and_, inner, inner),
        st.builds(operator.or_, inner, inner),
        st.builds(operator.invert, inner),
    ),
    max_leaves=5,
)


def holds(q: Q, record: dict[str, Any]) -> bool:
    results = [
        holds(child, record) if isinstance(child, Q) else compared(record, *child)
        for child in q.children
    ]
    return (all(results) if q.connector == Q.AND else any(results)) is not q.negated


def compared(record: dict[str, Any], key: str, wanted: Any) -> bool:
    name, _, lookup = key.partition("__")
    value = record[name]
    if lookup == "isnull":
        return (value in BLANKS) is wanted
    if value in BLANKS:
        return False
    if lookup in COMPARE:
        return bool(COMPARE[lookup](value, wanted))
    several = wanted if lookup == "in" else [wanted]
    return any(each in value if isinstance(value, list) else each == value for each in several)


@examples(60)
@given(RECORDS, TREES)
def test_filter_finds_what_python_does_and_exclude_the_rest(records, q):
    with emulate(Mixed):
        saved = Mixed.objects.bulk_create([Mixed(**record) for record in records])
        ids = {True: [], False: []}
        for each, record in zip(saved, records, strict=True):
            ids[holds(q, record)].append(each.pk)
        assert list(Mixed.objects.filter(q).values_list("pk", flat=True)) == ids[True]
        assert list(Mixed.objects.exclude(q).values_list("pk", flat=True)) == ids[False]
        assert Mixed.objects.filter(q).count() == len(ids[True])
