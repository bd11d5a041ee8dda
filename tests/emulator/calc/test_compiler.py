from __future__ import annotations

import copy
from datetime import timezone

import pytest

from kintone_orm.emulator.calc import compile_formulas
from kintone_orm.emulator.ground.errors import KintoneError
from kintone_orm.emulator.values import Precision

PRECISION = Precision(digits=16, decimal_places=4, rounding="ROUND_HALF_EVEN")


def number(code: str) -> dict:
    return {"type": "NUMBER", "code": code, "label": code}


def calc(code: str, expression: str, format_: str = "NUMBER") -> dict:
    return {
        "type": "CALC",
        "code": code,
        "label": f"the {code}",
        "expression": expression,
        "format": format_,
    }


def text(code: str, expression: str) -> dict:
    return {"type": "SINGLE_LINE_TEXT", "code": code, "label": code, "expression": expression}


def form(*fields: dict) -> dict:
    return {field["code"]: field for field in fields}


def table(*fields: dict, code: str = "table") -> dict:
    return {"type": "SUBTABLE", "code": code, "label": code, "fields": form(*fields)}


def cells(**values: object) -> dict:
    return {code: {"type": "NUMBER", "value": value} for code, value in values.items()}


def rows(*values: dict) -> dict:
    return {
        "type": "SUBTABLE",
        "value": [{"id": "1", "value": row_values} for row_values in values],
    }


def filled(properties: dict, record: dict) -> dict:
    compile_formulas(properties, PRECISION).fill(record, timezone.utc)
    return record


def shown(properties: dict, **values: object) -> dict:
    record = filled(properties, cells(**values))
    return {code: record[code]["value"] for code in properties}


def test_a_form_without_formulas_is_false():
    formulas = compile_formulas(form(number("a"), text("s", "")), PRECISION)
    assert not formulas
    assert formulas.codes == frozenset()


def test_the_fields_that_formulas_fill_are_named():
    properties = form(number("a"), calc("x", "a"), text("s", "a"), table(calc("y", "a")))
    formulas = compile_formulas(properties, PRECISION)
    assert formulas
    assert formulas.codes == {"x", "s", "y"}


def test_a_calculated_cell_is_replaced_and_has_its_type():
    record = {"x": {"type": "CALC", "value": "sent"}, "s": {"type": "?", "value": "sent"}}
    filled(form(calc("x", "1 + 1"), text("s", '"a"')), record)
    assert record == {
        "x": {"type": "CALC", "value": "2"},
        "s": {"type": "SINGLE_LINE_TEXT", "value": "a"},
    }


def test_other_cells_stay_as_they_are():
    record = {**cells(a="1.50"), "table": rows(cells(b="2.0"))}
    before = copy.deepcopy(record)
    filled(form(number("a"), table(number("b")), calc("x", "a + SUM(b)")), record)
    assert record.pop("x")["value"] == "3.5"
    assert record == before


@pytest.mark.parametrize("swap", [False, True])
def test_a_formula_reads_the_result_of_another_in_any_order(swap):
    fields = [number("a"), calc("x", "a * 2"), calc("y", "x + 1")]
    assert shown(form(*(reversed(fields) if swap else fields)), a="10") == {
        "a": "10",
        "x": "20",
        "y": "21",
    }


def test_calculated_text_and_numbers_use_each_other():
    properties = form(
        number("a"), text("s", 'a & "!"'), calc("x", 'IF(s = "1!", 5, 6)'), text("u", "x & s")
    )
    assert shown(properties, a="1") == {"a": "1", "s": "1!", "x": "5", "u": "51!"}


@pytest.mark.parametrize("failing", ["1 / 0", "10 ^ 20", '"text"'])
@pytest.mark.parametrize("expression", ["x + 1", "SUM(x)", 'x = ""', "IF(x > 0, 1, 2)", "x"])
def test_a_missing_value_spreads(failing, expression):
    properties = form(calc("x", failing), calc("y", expression))
    assert shown(properties) == {"x": "", "y": ""}


def test_a_missing_value_in_a_branch_not_taken_does_not_spread():
    properties = form(calc("x", "1 / 0"), calc("y", "IF(1 = 1, 5, x)"), calc("z", "2"))
    assert shown(properties) == {"x": "", "y": "5", "z": "2"}


def test_a_value_of_last_time_does_not_survive_a_failure():
    properties = form(number("a"), calc("x", "1 / a"), calc("y", "x + 1"))
    formulas = compile_formulas(properties, PRECISION)
    record = cells(a="1")
    formulas.fill(record, timezone.utc)
    assert (record["x"]["value"], record["y"]["value"]) == ("1", "2")
    record["a"]["value"] = "0"
    formulas.fill(record, timezone.utc)
    assert (record["x"]["value"], record["y"]["value"]) == ("", "")


def test_other_formulas_read_the_number_behind_a_format():
    properties = form(
        calc("x", "90061.5", "TIME"), calc("y", "x + 1"), calc("z", "1 = 1"), calc("w", "z + 1")
    )
    assert shown(properties) == {"x": "01:01", "y": "90062.5", "z": "1", "w": "2"}


def test_a_truth_value_is_a_text_in_calculated_text():
    assert shown(form(text("s", "1 = 1"), text("u", 's & "!"'))) == {"s": "1", "u": "1!"}


def test_a_row_sees_itself_and_the_record_and_the_record_all_rows():
    properties = form(
        number("rate"),
        table(number("qty"), calc("sub", "qty * rate"), text("note", 'qty & "/" & total')),
        calc("total", "SUM(sub)"),
    )
    record = {**cells(rate="1.1"), "table": rows(cells(qty="200"), cells(qty="600"), {})}
    filled(properties, record)
    cells_of_row = [row["value"] for row in record["table"]["value"]]
    assert [row["sub"]["value"] for row in cells_of_row] == ["220", "660", "0"]
    assert [row["note"]["value"] for row in cells_of_row] == ["200/880", "600/880", "/880"]
    assert record["total"]["value"] == "880"


def test_one_row_without_a_value_leaves_the_total_without_one():
    properties = form(table(number("qty"), calc("sub", "1 / qty")), calc("total", "SUM(sub)"))
    record = {"table": rows(cells(qty="1"), cells(qty="0"))}
    filled(properties, record)
    subtotals = [row["value"]["sub"]["value"] for row in record["table"]["value"]]
    assert (subtotals, record["total"]["value"]) == (["1", ""], "")


def test_a_column_of_another_table_is_an_array_in_a_row():
    properties = form(
        table(number("far"), code="other"), table(number("qty"), calc("share", "qty / SUM(far)"))
    )
    record = {"other": rows(cells(far="1"), cells(far="3")), "table": rows(cells(qty="2"))}
    filled(properties, record)
    assert record["table"]["value"][0]["value"]["share"]["value"] == "0.5"


def test_the_sum_of_an_own_column_is_the_value_of_the_row():
    record = {"table": rows(cells(qty="1"), cells(qty="2"))}
    filled(form(table(number("qty"), calc("x", "SUM(qty, qty)"))), record)
    assert [row["value"]["x"]["value"] for row in record["table"]["value"]] == ["2", "4"]


def test_a_table_without_rows_or_without_a_cell():
    properties = form(table(number("qty"), calc("sub", "qty * 2")), calc("total", "SUM(sub)"))
    assert filled(properties, {"table": rows()})["total"]["value"] == ""
    assert filled(properties, {})["total"]["value"] == ""


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        ([calc("x", "x + 1")], "the x"),
        ([calc("x", "y + 1"), calc("y", "x + 1")], "the x"),
        ([calc("z", "x"), calc("y", "x + 1"), calc("x", "y + 1")], "the y"),
        ([calc("x", "IF(1 = 1, 1, x)")], "the x"),
        ([table(calc("sub", "total")), calc("total", "SUM(sub)")], "the sub"),
        ([text("s", "x & 1"), calc("x", 'IF(s = "", 1, 2)')], "s"),
    ],
)
def test_references_in_circles_are_refused(fields, label):
    with pytest.raises(KintoneError) as caught:
        compile_formulas(form(*fields), PRECISION)
    assert caught.value.ja == (
        f"フィールド「{label}」の計算式が正しくありません。"
        "(エラーの内容：フィールドの参照が循環しています。)"
    )


def test_a_long_chain_of_formulas_does_not_recurse():
    chain = [calc(f"x{at}", f"x{at + 1} + 1") for at in range(2_000)]
    assert shown(form(*chain, number("x2000")), x2000="0")["x0"] == "2000"


def test_a_long_circle_is_refused():
    chain = [calc(f"x{at}", f"x{(at + 1) % 2_000} + 1") for at in range(2_000)]
    with pytest.raises(KintoneError, match="GAIA_IL01"):
        compile_formulas(form(*chain), PRECISION)


def test_the_first_wrong_field_of_the_form_is_named_and_circles_come_last():
    properties = form(calc("x", "x"), table(calc("y", "1 +")), calc("z", "FOO()"))
    with pytest.raises(KintoneError, match='in the field "the y" is invalid'):
        compile_formulas(properties, PRECISION)


def test_a_calc_without_an_expression_is_refused():
    with pytest.raises(KintoneError, match="syntax"):
        compile_formulas(form(calc("x", "")), PRECISION)


def test_a_calc_without_a_format_is_a_number():
    field = calc("x", "1 / 8")
    del field["format"]
    assert shown(form(field)) == {"x": "0.125"}


def test_texts_that_double_and_double_come_to_an_end():
    doubled = [text(f"s{at}", f"s{at + 1} & s{at + 1}") for at in range(100)]
    texts = shown(form(*doubled, text("s100", '"x"')))
    assert texts["s90"] == "x" * 1024
    assert texts["s0"] == ""
