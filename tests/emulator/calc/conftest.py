from __future__ import annotations

from datetime import timedelta, timezone

import pytest

from kintone_orm.emulator.calc import compile_formulas
from kintone_orm.emulator.ground.errors import KintoneError
from kintone_orm.emulator.values import Precision

DEFAULT = Precision(digits=16, decimal_places=4, rounding="ROUND_HALF_EVEN")
TOKYO = timezone(timedelta(hours=9), "JST")

NUMBERS = ["a", "b", "c", "n", "rate"]
TOP = {
    **dict.fromkeys(NUMBERS, "NUMBER"),
    "s": "SINGLE_LINE_TEXT",
    "d": "DATE",
    "dt": "DATETIME",
    "t": "TIME",
    "tags": "CHECK_BOX",
    "multi": "MULTI_SELECT",
    "st": "DROP_DOWN",
    "radio": "RADIO_BUTTON",
    "cre": "CREATED_TIME",
    "upd": "UPDATED_TIME",
    "maker": "CREATOR",
    "changer": "MODIFIER",
}
COLUMNS = {
    "qty": "NUMBER",
    "price": "NUMBER",
    "name": "SINGLE_LINE_TEXT",
    "stcol": "DROP_DOWN",
    "tagcol": "CHECK_BOX",
    "day": "DATE",
}


def definitions(types: dict[str, str]) -> dict:
    return {code: {"type": t, "code": code, "label": code.upper()} for code, t in types.items()}


def calculated(code: str, expression: str, format_: str | None) -> dict:
    """A CALC with this format, or calculated text if it is None."""
    definition = {"code": code, "label": f"the {code}", "expression": expression}
    if format_ is None:
        return {**definition, "type": "SINGLE_LINE_TEXT"}
    return {**definition, "type": "CALC", "format": format_}


@pytest.fixture
def form() -> dict:
    """The fields of the worked examples; `table` has the columns of COLUMNS."""
    table = {"type": "SUBTABLE", "code": "table", "label": "the table"}
    other = {"type": "SUBTABLE", "code": "other", "label": "other"}
    return {
        **definitions(TOP),
        "table": {**table, "fields": definitions(COLUMNS)},
        "other": {**other, "fields": definitions({"far": "NUMBER", "farname": "RADIO_BUTTON"})},
    }


@pytest.fixture
def calc(form):
    """Return the text of a field `x` with this expression in a record with these values.

    A list for a column of `table` has a value for each row. `row=True` puts `x` into the table,
    whose only row has the values of its columns.
    """

    def compute(
        expression: str,
        format_: str | None = "NUMBER",
        *,
        precision: Precision = DEFAULT,
        row: bool = False,
        **values: object,
    ) -> str:
        place = form["table"]["fields"] if row else form
        place["x"] = calculated("x", expression, format_)
        formulas = compile_formulas(form, precision)
        top = {code: value for code, value in values.items() if code not in COLUMNS}
        columns = {code: value for code, value in values.items() if code in COLUMNS}
        record = cells(top)
        if row:
            record["table"] = rows([columns])
        elif columns:
            row_values = [
                dict(zip(columns, cell, strict=True))
                for cell in zip(*columns.values(), strict=True)
            ]
            record["table"] = rows(row_values)
        formulas.fill(record, TOKYO)
        return (record["table"]["value"][0]["value"] if row else record)["x"]["value"]

    return compute


@pytest.fixture
def refused(form):
    """Return the Japanese reason for which kintone refuses a field `x` with this expression."""

    def refuse(expression: str, format_: str | None = "NUMBER", *, row: bool = False) -> str:
        place = form["table"]["fields"] if row else form
        place["x"] = calculated("x", expression, format_)
        with pytest.raises(KintoneError) as caught:
            compile_formulas(form, DEFAULT)
        assert (caught.value.status, caught.value.code) == (400, "GAIA_IL01")
        start = "フィールド「the x」の計算式が正しくありません。(エラーの内容："
        assert caught.value.ja.startswith(start)
        return caught.value.ja.removeprefix(start).removesuffix(")")

    return refuse


def cells(values: dict) -> dict:
    return {code: {"type": "ANY", "value": value} for code, value in values.items()}


def rows(values: list[dict]) -> dict:
    listed = [
        {"id": str(at), "value": cells(row_values)} for at, row_values in enumerate(values, 1)
    ]
    return {"type": "SUBTABLE", "value": listed}
