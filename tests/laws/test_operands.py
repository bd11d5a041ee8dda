"""Law: the operand of a filter is exactly the given value, to the last digit and second."""

from __future__ import annotations

import operator
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from kintone_orm import Model, Q, fields
from kintone_orm.emulator.query import Context, compile_query
from kintone_orm.limits import characters
from kintone_orm.query.compiler import compile_condition
from kintone_orm.query.resolve import resolve

UTC = timezone.utc
CONTEXT = Context(now=datetime(2024, 2, 6, tzinfo=UTC), timezone=UTC, user="alice")
COMPARE = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}


class Sample(Model):
    text = fields.SingleLineTextField()
    number = fields.NumberField()
    moment = fields.DateTimeField()


FORM = {field.code: field.definition() for field in Sample._meta.fields.values()}


def finds(field: fields.Field, wire: str, lookup: str, asked: object) -> bool:
    """True if kintone finds a record with the value `wire`."""
    q = Q(**{f"{field.name}__{lookup}": asked})
    condition = resolve(q, Sample._meta.find, zone=lambda: None)
    query = compile_query(compile_condition(condition), FORM, CONTEXT)
    return query.matches({field.code: {"value": wire}})


TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\t\n "), max_size=63
).filter(lambda text: characters(text) < 64)  # longer texts share their beginnings


def compared(text: str) -> str:
    """The text as kintone compares it: without blanks at its end."""
    return text.rstrip(" ")


ASKED = TEXTS.filter(lambda text: not text or compared(text))  # blanks alone are refused
LIMIT = 10**20
DECIMALS = st.decimals(-LIMIT, LIMIT, allow_nan=False, allow_infinity=False)
NUMBERS = DECIMALS | st.integers(-LIMIT, LIMIT) | st.floats(-LIMIT, LIMIT)
MOMENTS = st.datetimes(
    min_value=datetime(1990, 1, 1),
    max_value=datetime(2030, 1, 1),
    timezones=st.sampled_from([UTC, ZoneInfo("America/New_York"), ZoneInfo("Asia/Tokyo")]),
)


@given(TEXTS, ASKED)
def test_a_text_equals_itself_and_no_other_but_for_blanks_at_the_end(held, asked):
    assert finds(Sample.text, held, "exact", compared(held))
    assert finds(Sample.text, held, "exact", asked) is (compared(held) == compared(asked))
    assert finds(Sample.text, held, "in", [asked, compared(held)])


@given(DECIMALS, NUMBERS)
def test_numbers_compare_exactly(held, asked):
    # A float stands for the number that it shows.
    exact = Decimal(repr(asked)) if isinstance(asked, float) else asked
    wire = format(held, "f")
    assert finds(Sample.number, wire, "exact", asked) is (held == exact)
    for lookup, compare in COMPARE.items():
        assert finds(Sample.number, wire, lookup, asked) is compare(held, exact)


@given(MOMENTS, st.integers(-2, 2))
def test_instants_compare_to_the_second_in_any_zone(asked, minutes_later):
    held = asked.astimezone(UTC).replace(second=0, microsecond=0)
    held += timedelta(minutes=minutes_later)
    for lookup, compare in COMPARE.items():
        found = finds(Sample.moment, f"{held:%Y-%m-%dT%H:%M:00Z}", lookup, asked)
        assert found is compare(held, asked)
