"""Laws for every formula and every record."""

from __future__ import annotations

import re
from datetime import timezone
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kintone_orm.emulator.calc import compile_formulas
from kintone_orm.emulator.calc.functions import FUNCTIONS
from kintone_orm.emulator.ground.errors import KintoneError
from kintone_orm.emulator.values import Precision

FORMATS = ["NUMBER", "NUMBER_DIGIT", "DATETIME", "DATE", "TIME", "HOUR_MINUTE"] + [
    "DAY_HOUR_MINUTE",
    None,
]
TYPES = {"n": "NUMBER", "d": "DATE", "t": "TIME", "dt": "DATETIME", "s": "SINGLE_LINE_TEXT"}
TYPES |= {"choice": "DROP_DOWN", "boxes": "CHECK_BOX", "by": "CREATOR"}
COLUMNS = {"qty": "NUMBER", "name": "SINGLE_LINE_TEXT"}


def field(code: str, field_type: str) -> dict:
    return {"type": field_type, "code": code, "label": code}


def form(*calculated: tuple[str, str | None]) -> dict:
    """Return a form with every type of field, and with x0, x1 ... of these formulas and formats."""
    columns = {code: field(code, field_type) for code, field_type in COLUMNS.items()}
    properties = {code: field(code, field_type) for code, field_type in TYPES.items()}
    properties["table"] = {**field("table", "SUBTABLE"), "fields": columns}
    for at, (expression, format_) in enumerate(calculated):
        field_type = "SINGLE_LINE_TEXT" if format_ is None else "CALC"
        formula = {"expression": expression, "format": format_}
        properties[f"x{at}"] = {**field(f"x{at}", field_type), **formula}
    return properties


precisions = st.builds(
    Precision,
    digits=st.integers(1, 30),
    decimal_places=st.integers(0, 10),
    rounding=st.sampled_from(["ROUND_HALF_EVEN", "ROUND_UP", "ROUND_DOWN"]),
)

# Likely texts: the tokens of formulas in any order, with any characters between them.
words = st.sampled_from(
    ["n", "d", "s", "boxes", "qty", "name", "table", "x0", "1", "0.5", "1000", '"x"', '"']
    + ["+", "-", "*", "/", "^", "&", "=", "<>", "<", ">=", "(", ")", ",", "==", "＋", "$id"]
    + [f"{name}(" for name in FUNCTIONS]
)
texts = st.lists(words | st.text(max_size=3), max_size=12).map("".join) | st.text()


@given(texts, st.sampled_from(FORMATS))
@example("\ud800", None)
@example('"\\', "NUMBER")
def test_any_text_is_a_formula_or_refused(text, format_):
    try:
        compiled = compile_formulas(form((text, format_)), Precision(16, 4, "ROUND_HALF_EVEN"))
    except KintoneError:
        return
    record: dict = {}
    compiled.fill(record, timezone.utc)
    assert all(isinstance(record[code]["value"], str) for code in compiled.codes)


# Formulas that fit the form, by the type of their value: smallest ones, and larger ones in which
# every <type> is a formula again.
SMALLEST: dict[str, st.SearchStrategy[str]] = {
    "number": st.one_of(
        st.decimals(0, 10**15, places=3).map("{:f}".format),
        st.integers(0, 200).map(str),
        st.sampled_from(["n", "d", "t", "dt"]),
    ),
    "string": st.sampled_from(['""', '"x"', r'"\""', "s", "choice", "by"]),
    "truth": st.sampled_from(["(1 = 1)", '(n = "")']),
    "pattern": st.sampled_from(['"YYYY-MM-dd"', '"E MMMM a Z"', '"nonsense"', "s"]),
    "zone": st.sampled_from(['"UTC"', '"Asia/Tokyo"', '"system"', '"nowhere"', "s"]),
}
LARGER = {
    "number": [f"(<number> {operator} <number>)" for operator in "+-*/^"]
    + ["-<number>", "SUM(<number>, qty)", "IF(<truth>, <number>, <number>)"]
    + [f"{name}(<number>, <number>)" for name in ("ROUND", "ROUNDUP", "ROUNDDOWN")],
    "string": ["<string> & <number>", "IF(<truth>, <string>, <string>)", "YEN(<number>, <number>)"]
    + ["DATE_FORMAT(<number>, <pattern>, <zone>)"],
    "truth": [f"(<number> {operator} <number>)" for operator in ("=", "<>", "<", ">=")]
    + ["(<string> = <number>)", "(<truth> != <string>)", "NOT(<truth>)", "AND(<truth>, <truth>)"]
    + ["OR(<truth>, <truth>)", "CONTAINS(name, <string>)", "CONTAINS(boxes, <string>)"]
    + ["CONTAINS(s, <string>)"],
}


@st.composite
def formulas(draw: st.DrawFn, kind: str | None = None, depth: int = 4) -> str:
    kind = kind or draw(st.sampled_from(sorted(LARGER)))
    if kind not in LARGER or depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(SMALLEST[kind])
    larger = draw(st.sampled_from(LARGER[kind]))
    return re.sub("<([a-z]+)>", lambda operand: draw(formulas(operand[1], depth - 1)), larger)


numbers = st.none() | st.just("") | st.decimals(-(10**12), 10**12, places=4).map(str)
records = st.fixed_dictionaries(
    {},
    optional={
        "n": numbers,
        "d": st.none() | st.dates().map(str),
        "t": st.none() | st.times().map(lambda time: f"{time:%H:%M}"),
        "dt": st.just("") | st.datetimes().map(lambda at: at.isoformat("T", "minutes") + ":00Z"),
        "s": st.none() | st.text(),
        "choice": st.none() | st.text(),
        "boxes": st.lists(st.sampled_from("xyz")),
        "by": st.fixed_dictionaries({"code": st.text(), "name": st.text()}),
    },
)
rows = st.lists(st.fixed_dictionaries({}, optional={"qty": numbers, "name": st.text()}))


def cells(values: dict) -> dict:
    return {code: {"type": "ANY", "value": value} for code, value in values.items()}


@given(
    st.lists(st.tuples(formulas(), st.sampled_from(FORMATS)), min_size=1, max_size=3),
    records,
    rows,
    precisions,
)
def test_every_formula_gives_a_text_for_every_record(calculated, values, table, precision):
    record = cells(values)
    record["table"] = {"value": [{"id": "1", "value": cells(row)} for row in table]}
    compiled = compile_formulas(form(*calculated), precision)
    compiled.fill(record, timezone.utc)
    result = {code: record[code]["value"] for code in compiled.codes}
    assert all(isinstance(text, str) for text in result.values())
    compiled.fill(record, timezone.utc)
    assert result == {code: record[code]["value"] for code in compiled.codes}


# Python computes what it spells like kintone: whole numbers, + - * and parentheses.
whole = st.recursive(
    st.integers(0, 99).map(str),
    lambda inner: (
        st.builds("{} {} {}".format, inner, st.sampled_from("+-*"), inner)
        | inner.map("({})".format)
        | inner.map("-({})".format)
    ),
    max_leaves=8,
)


@given(whole)
def test_whole_numbers_are_calculated_as_python_does(expression):
    wide = Precision(digits=30, decimal_places=0, rounding="ROUND_DOWN")
    record: dict = {}
    compile_formulas(form((expression, "NUMBER")), wide).fill(record, timezone.utc)
    assert record["x0"]["value"] == str(eval(expression))


@given(st.decimals(-(10**9), 10**9, places=6), st.integers(-8, 8))
@pytest.mark.parametrize(
    ("name", "error"),
    [("ROUND", lambda moved: abs(moved) * 2 <= 1), ("ROUNDUP", lambda moved: 0 <= moved < 1)]
    + [("ROUNDDOWN", lambda moved: -1 < moved <= 0)],
)
def test_a_rounded_number_is_a_multiple_and_near(name, error, number, places):
    record = cells({"n": str(number)})
    precision = Precision(digits=30, decimal_places=10, rounding="ROUND_HALF_EVEN")
    compile_formulas(form((f"{name}(n, {places})", "NUMBER")), precision).fill(record, timezone.utc)
    result, step = Decimal(record["x0"]["value"]), Decimal(10) ** -places
    assert result % step == 0
    assert error((abs(result) - abs(number)) / step)
