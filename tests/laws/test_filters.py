"""For any model, any Q and any records: `filter` finds what Python would, `exclude` the rest.

The emulator is the judge, under every combination of its answers to what nobody knows about
kintone: what a filter finds must not depend on them. Python's side is written here, by Django's
rule: a comparison is never true of a blank.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import partial
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples

from kintone_orm import Model, Q, fields
from kintone_orm.emulator import choices
from kintone_orm.emulator.query import Context, compile_query
from kintone_orm.query.compiler import compile_condition
from kintone_orm.query.conditions import NOTHING
from kintone_orm.query.resolve import resolve

UTC, NEW_YORK, TOKYO = timezone.utc, ZoneInfo("America/New_York"), ZoneInfo("Asia/Tokyo")
CONTEXT = Context(now=datetime(2024, 2, 6, tzinfo=UTC), timezone=UTC, user="alice")
UNKNOWN = [
    "BLANK_IS_UNEQUAL",
    "BLANK_IS_BELOW_ANY_RESULT",
    "BLANK_IS_UNLIKE",
    "HIDDEN_SECONDS",
]

COMPARE = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}
EQUAL = ("exact", "in", "isnull")
ORDERED = (*EQUAL, *COMPARE, "range")
WORDS = ("contains", "like", "isnull")
CALENDAR = ("year", "year__gt", "year__range", "month", "month__lte")
OF_INSTANTS = (*CALENDAR, "date", "date__lt", "date__gte", "date__range")


@dataclass(frozen=True)
class Kind:
    """A type of field, made from a code: its lookups, and what records hold of it.

    `held` has values as (Python's, the wire's), `blanks` the wire's blanks. `between` are values
    to compare with that no record holds. `form` is what the app's form says of such a field, where
    the field does not.
    """

    make: Any
    lookups: tuple[str, ...]
    held: tuple[tuple[Any, Any], ...]
    blanks: tuple[Any, ...] = ()
    between: tuple[Any, ...] = ()
    form: dict[str, Any] | None = None

    @property
    def name(self) -> str:
        return getattr(self.make, "func", self.make).__name__

    @property
    def many(self) -> bool:
        return isinstance(self.held[0][0], tuple)


def as_they_are(*values: Any) -> tuple[tuple[Any, Any], ...]:
    return tuple((value, value) for value in values)


def as_text(*values: Any) -> tuple[tuple[Any, str], ...]:
    return tuple((value, str(value)) for value in values)


# In New York, clocks are put back from 2 to 1 o'clock at 06:00 UTC on that day.
FIVE = datetime(2024, 11, 3, 5, 0, tzinfo=UTC)
MINUTES = [FIVE + timedelta(minutes=minutes) for minutes in (-1, 0, 59, 60, 61, 120)]
LAST = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
INSTANTS = tuple((minute, f"{minute:%Y-%m-%dT%H:%M:00Z}") for minute in (*MINUTES, LAST))
SECONDS = tuple(
    (minute + timedelta(seconds=30)).astimezone(zone)
    for minute in MINUTES
    for zone in (UTC, NEW_YORK)
)
TIMES = tuple((time.fromisoformat(text), text) for text in ("00:00", "09:30", "23:59"))
DAYS = as_text(date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(9999, 12, 31))
NUMBERS = as_text(Decimal(-1), Decimal(0), Decimal("1.50"), Decimal(20))
PEOPLE = tuple((code, {"code": code, "name": "?"}) for code in ("alice", "bob", "carol"))
TEXTS = as_they_are("a", "a  ", " a", "A", 'say "hi"', "back\\slash", "tab\tline\n", "東京")
SENTENCES = as_they_are("red", "green", "red green", "blue")
OPTIONS = ["x", "y", "z"]
CODES = [("alice",), ("bob",), ("alice", "bob"), ("bob", "carol")]
ENTITIES = tuple((each, [{"code": code, "name": "?"} for code in each]) for each in CODES)
NAMES = [("red",), ("green",), ("red", "green")]
FILES = tuple((" ".join(each), [{"name": f"{name}.txt"} for name in each]) for each in NAMES)
STATES = {name: {"name": name, "index": str(at)} for at, name in enumerate(["New", "Done"])}
SETS = tuple((each, list(each)) for each in (("x",), ("y",), ("x", "y"), ("y", "z")))

KINDS = [
    Kind(fields.SingleLineTextField, EQUAL, TEXTS, ("", None, "  ")),
    Kind(fields.SingleLineTextField, WORDS, SENTENCES, ("", None)),
    Kind(fields.LinkField, EQUAL, TEXTS, ("",)),
    Kind(fields.LinkField, WORDS, SENTENCES, ("",)),
    Kind(fields.MultiLineTextField, WORDS, SENTENCES, ("", " \n\t")),  # kintone's blanks
    Kind(fields.NumberField, ORDERED, NUMBERS, ("", None), between=(1, 1.25, Decimal("1E+1"))),
    Kind(fields.IntegerField, ORDERED, as_text(-1, 0, 7), ("", None)),
    Kind(partial(fields.DropDownField, choices=OPTIONS), EQUAL, as_they_are("x", "y"), (None, "")),
    Kind(partial(fields.RadioButtonField, choices=OPTIONS), EQUAL, as_they_are("x", "y"), (None,)),
    Kind(partial(fields.CheckBoxField, choices=OPTIONS), EQUAL, SETS, ([],)),
    Kind(partial(fields.MultiSelectField, choices=OPTIONS), EQUAL, SETS, ([],)),
    Kind(fields.DateField, (*ORDERED, *CALENDAR), DAYS, (None, "")),
    Kind(fields.TimeField, ORDERED, TIMES, (None, "")),
    Kind(fields.DateTimeField, (*ORDERED, *OF_INSTANTS), INSTANTS, ("", None), between=SECONDS),
    Kind(fields.CreatedTimeField, (*ORDERED, *OF_INSTANTS), INSTANTS, between=SECONDS),
    Kind(fields.UpdatedTimeField, (*ORDERED, *OF_INSTANTS), INSTANTS, between=SECONDS),
    Kind(fields.CreatorField, EQUAL, PEOPLE),
    Kind(fields.ModifierField, EQUAL, PEOPLE),
    Kind(partial(fields.CalcField, expression="1"), ORDERED, NUMBERS, ("", None)),
    Kind(fields.FileField, WORDS, FILES, ([],)),
    Kind(fields.UserSelectField, EQUAL, ENTITIES, ([],)),
    Kind(fields.OrganizationSelectField, EQUAL, ENTITIES, ([],)),
    Kind(fields.GroupSelectField, EQUAL, ENTITIES, ([],)),
    Kind(
        fields.StatusAssigneeField,
        EQUAL,
        ENTITIES,
        ([],),
        form={"type": "STATUS_ASSIGNEE", "enabled": True},
    ),
    Kind(
        fields.StatusField,
        EQUAL,
        as_they_are("New", "Done"),
        form={"type": "STATUS", "enabled": True, "states": STATES},
    ),
]
FORMS = {kind.form["type"]: kind.form for kind in KINDS if kind.form}
IDS = Kind(None, ORDERED, as_text(1, 2, 10))


# -- Python's side --------------------------------------------------------------------------------


def found_by(q: Q, record: dict[str, Any]) -> bool:
    results = [
        found_by(child, record) if isinstance(child, Q) else compared(record, *child)
        for child in q.children
    ]
    return (all(results) if q.connector == Q.AND else any(results)) is not q.negated


def compared(record: dict[str, Any], key: str, asked: Any) -> bool:
    name, _, lookup = key.partition("__")
    value = record[name]
    part, _, rest = lookup.partition("__")
    if part in ("year", "month", "date"):
        value, lookup = None if value is None else part_of(value, part), rest or "exact"
    if lookup == "isnull":
        return (value is None) is asked
    if lookup == "in":
        return any(equal(value, each) for each in asked)
    if lookup == "exact":
        return equal(value, asked)
    if value is None:
        return False
    if lookup == "range":
        return asked[0] <= value <= asked[1]
    if lookup in COMPARE:
        return COMPARE[lookup](value, asked)
    return asked in value.split()


def part_of(value: Any, part: str) -> Any:
    """The year, (year, month) or day of a date, or of an instant in UTC."""
    value = value.astimezone(UTC) if isinstance(value, datetime) else value
    if part == "date":
        return value.date()
    return value.year if part == "year" else (value.year, value.month)


def equal(value: Any, asked: Any) -> bool:
    if value is None or asked in (None, ""):
        return value is None and asked in (None, "")
    if isinstance(value, str):  # blanks at the end do not count
        return value.rstrip(" ") == asked.rstrip(" ")
    several = isinstance(value, tuple) and not isinstance(asked, tuple)
    return asked in value if several else value == asked


# -- any model, any Q, any records ----------------------------------------------------------------


def asked_of(kind: Kind, lookup: str) -> st.SearchStrategy[Any]:
    """Values for a filter, close to the values of records."""
    if lookup == "isnull":
        return st.booleans()
    if lookup in WORDS:
        return st.sampled_from(["red", "green", "violet"])
    held = [value for value, _ in kind.held]
    if kind.many:
        held = sorted({each for value in held for each in value})
    part, _, rest = lookup.partition("__")
    if part in ("year", "month", "date"):
        edge = st.sampled_from([part_of(value, part) for value in (*held, *kind.between)])
        return st.tuples(edge, edge) if rest == "range" else edge
    if lookup == "exact":
        return st.sampled_from([*held, None])
    if lookup == "in":
        return st.lists(st.sampled_from(held + [""] * (bool(kind.blanks) and not kind.many)))
    bound = st.sampled_from([*held, *kind.between])
    return st.tuples(bound, bound) if lookup == "range" else bound


def comparisons(kinds: dict[str, Kind]) -> st.SearchStrategy[Q]:
    return st.one_of(
        asked_of(kind, lookup).map(lambda asked, key=f"{name}__{lookup}": Q(**{key: asked}))
        for name, kind in kinds.items()
        for lookup in kind.lookups
    )


def trees(leaves: st.SearchStrategy[Q]) -> st.SearchStrategy[Q]:
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(operator.and_, inner, inner),
            st.builds(operator.or_, inner, inner),
            st.builds(operator.invert, inner),
        ),
        max_leaves=5,
    )


@st.composite
def cases(draw: st.DrawFn, drawn: list[Kind]) -> tuple[type[Model], Q, list[tuple[dict, dict]]]:
    """A model, a Q, and records as (Python's values by name, kintone's record)."""
    kinds = {f"f{at}": kind for at, kind in enumerate(drawn)}
    made = {name: kind.make(f"項目_{name}") for name, kind in kinds.items()}
    codes = {"pk": "$id"} | {name: field.code for name, field in made.items()}
    kinds["pk"] = IDS
    cells = {
        name: st.sampled_from([*kind.held, *((None, blank) for blank in kind.blanks)])
        for name, kind in kinds.items()
    }
    # The seconds that a created time hides; no other type has this cell.
    seconds = draw(st.sampled_from(["00", "01", "59"]))
    records = [
        (
            {name: value for name, (value, _) in record.items()},
            {
                codes[name]: {"value": wire, "seconds": seconds}
                for name, (_, wire) in record.items()
            },
        )
        for record in draw(st.lists(st.fixed_dictionaries(cells), min_size=1, max_size=5))
    ]
    return type(Model)("Any", (Model,), made), draw(trees(comparisons(kinds))), records


def found(model: type[Model], q: Q, records: list[dict], *, negated: bool = False) -> list[bool]:
    """The records that the emulator finds."""
    condition = resolve(q, model._meta.find, zone=lambda: None, negated=negated)
    if condition == NOTHING:
        return [False] * len(records)
    properties = {
        field.code: FORMS.get(field.kintone_type) or field.definition()
        for field in model._meta.fields.values()
    }
    query = compile_query(compile_condition(condition), properties, CONTEXT)
    return [query.matches(record) for record in records]


def check(model: type[Model], q: Q, records: list[tuple[dict, dict]]) -> None:
    ours = [found_by(q, values) for values, _ in records]
    theirs = [record for _, record in records]
    for answers in product([True, False], repeat=len(UNKNOWN)):
        with pytest.MonkeyPatch.context() as patch:
            for choice, answer in zip(UNKNOWN, answers, strict=True):
                patch.setattr(choices, choice, answer)
            assert found(model, q, theirs) == ours
            assert found(model, q, theirs, negated=True) == [not each for each in ours]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@examples(20)
@given(st.data())
def test_filter_finds_what_python_would_and_exclude_the_rest(kind, data):
    check(*data.draw(cases([kind])))


@examples(60)
@given(st.lists(st.sampled_from(KINDS), max_size=4).flatmap(cases))
def test_that_holds_for_fields_of_several_types(case):
    check(*case)
