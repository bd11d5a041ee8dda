"""Examples of formulas from kintone's help and from measurements, one in each row.

Fact sheet "calc", section 12; on blanks, digits and truth values: SonicGarden, 2026-09-26.
"""

from __future__ import annotations

import pytest

from kintone_orm.emulator.values import Precision

EMPTY = ""


def test_a_record_that_was_changed_is_computed_from_all_its_values(calc):
    assert calc("a + b", a="20", b="3") == "23"


@pytest.mark.parametrize(
    ("expression", "values", "result"),
    [
        ("a + b", {"a": "10", "b": "3"}, "13"),
        ("a - b", {"a": "10", "b": "3"}, "7"),
        ("a * b", {"a": "10", "b": "3"}, "30"),
        ("a / b", {"a": "10", "b": "3"}, "3.3333"),
        ("a ^ b", {"a": "10", "b": "3"}, "1000"),
        ("a / b", {"a": "10", "b": "0"}, EMPTY),
        ("0 / 0", {}, EMPTY),
        ("a + b", {"a": "5", "b": ""}, "5"),
        ("a + b", {"a": "", "b": "3"}, "3"),
        ("a + b", {"a": "", "b": ""}, "0"),
        ("a + b", {"a": None}, "0"),
        ("a + b", {"a": "-5", "b": "3"}, "-2"),
        ("1 / 3", {}, "0.3333"),
        ("1 / 7", {}, "0.1429"),
        ("2 / 6", {}, "0.3333"),
        ("a / b", {"a": "10", "b": "4"}, "2.5"),
        ("7 * 0.1", {}, "0.7"),
        ("100 * 0.1", {}, "10"),
        ("4 ^ 1.5", {}, "4"),
        ("4 ^ -2", {}, "0.0625"),
        ("3 ^ 2.5", {}, "9"),
        ("2 ^ 101", {}, EMPTY),
        ("1 + 2 * 3", {}, "7"),
        ("(1 + 2) * 3", {}, "9"),
        ("-(a + b)", {"a": "2", "b": "3"}, "-5"),
        ("2 ^ 3 ^ 2", {}, "512"),
        ("-a ^ 2", {"a": "2"}, "4"),
        ("10 - 4 - 3", {}, "3"),
        ("1 / 32", {}, "0.0312"),
        ("3 / 32", {}, "0.0938"),
        ("10 / 3 * 3", {}, "9.9999"),
        ("1.2345 * 1.2345 * 10000", {}, "15240"),
        ("a * 1000000", {"a": "123456789012"}, EMPTY),
        ("a = b", {"a": "5", "b": "5"}, "1"),
        ("a = b", {"a": "3", "b": "5"}, "0"),
        ("a != b", {"a": "3", "b": "5"}, "1"),
        ("a <> b", {"a": "5", "b": "5"}, "0"),
        ("a <> b", {"a": "3", "b": "5"}, "1"),
        ("a < b", {"a": "5", "b": "5"}, "0"),
        ("a <= b", {"a": "5", "b": "5"}, "1"),
        ("a > b", {"a": "3", "b": "5"}, "0"),
        ("a >= b", {"a": "5", "b": "5"}, "1"),
        ("a > 10", {"a": "50"}, "1"),
        ("AND(a > 0, a < 100)", {"a": "50"}, "1"),
        ("AND(a > 0, a < 100)", {"a": "200"}, "0"),
        ("OR(a > 0, b > 0)", {"a": "-1", "b": "2"}, "1"),
        ("NOT(a > b)", {"a": "1", "b": "2"}, "1"),
        ("IF(a > 10, a * 2, a / 2)", {"a": "15"}, "30"),
        ("IF(a > 10, a * 2, a / 2)", {"a": "4"}, "2"),
        ("IF(b = 0, 0, a / b)", {"a": "10", "b": "0"}, "0"),
        ('IF(a > 0, "pos", "neg")', {"a": "5"}, EMPTY),
        ('IF(0=1, "ok", "")', {}, EMPTY),
        ("s = 1", {"s": "1"}, "0"),
        ("s != 1", {"s": "1"}, "1"),
        ('s = "x"', {"s": "x"}, "1"),
        ("ROUND(n, 2)", {"n": "3.14159"}, "3.14"),
        ("ROUNDUP(n, 2)", {"n": "3.14159"}, "3.15"),
        ("ROUNDDOWN(n, 2)", {"n": "3.14159"}, "3.14"),
        ("ROUND(n, 2)", {"n": "1234.567"}, "1234.57"),
        ("ROUNDDOWN(n, 2)", {"n": "1234.567"}, "1234.56"),
        ("ROUNDUP(n, 1)", {"n": "1234.567"}, "1234.6"),
        ("ROUNDDOWN(n, 1)", {"n": "1234.567"}, "1234.5"),
        ("ROUND(n)", {"n": "1234.567"}, "1235"),
        ("ROUND(n, -2)", {"n": "1234.567"}, "1200"),
        ("ROUNDUP(n, -2)", {"n": "1234.567"}, "1300"),
        ("ROUND(2.5)", {}, "3"),
        ("ROUND(a * 1.1)", {"a": "105"}, "116"),
        ("ROUND(a / 3, 2)", {"a": "10"}, "3.33"),
        ("SUM(1, 2, 3)", {}, "6"),
        ("SUM(a, b, 10)", {"a": "1", "b": "2"}, "13"),
        ("SUM(qty)", {"qty": ["10", "20", ""]}, "30"),
        ("SUM(qty)", {}, EMPTY),
        ("SUM(qty) + 1", {}, EMPTY),
        ("IF(1 > 0, SUM(qty), 0)", {}, EMPTY),
        ("SUM(qty)", {"qty": [""]}, "0"),
        ("n", {"n": ""}, EMPTY),
        ("(n)", {"n": ""}, EMPTY),
        ("d", {"d": None}, EMPTY),
        ("-n", {"n": ""}, "0"),
        ("n + 1", {"n": ""}, "1"),
        ("d + 86400", {"d": None}, "86400"),
        ("n = 0", {"n": ""}, "1"),
        ("IF(n > 0, 1, 2)", {"n": ""}, "2"),
        ("IF(1 > 0, n, 2)", {"n": ""}, EMPTY),
        ("SUM(n)", {"n": ""}, "0"),
        ("ROUND(n, 0)", {"n": ""}, "0"),
        ("1 / 3 * 3", {}, "0.9999"),
        ("0.00015 * 10000", {}, "2"),
        ("0.00025 * 1", {}, "0.0002"),
        ("999999999999 + 1", {}, EMPTY),
        ("999999999999.9999 + 0", {}, "999999999999.9999"),
        ("0.1 + 0.2", {}, "0.3"),
        ("n * 10 / 10", {"n": "999999999999"}, EMPTY),
        ("ROUND(-2.5, 0)", {}, "-3"),
        ("ROUND(1.25, 1)", {}, "1.3"),
        ("ROUNDUP(-1.21, 1)", {}, "-1.3"),
        ("ROUNDDOWN(-1.29, 1)", {}, "-1.2"),
        ("IF(1, 1, 2)", {}, EMPTY),
        ("IF(n, 1, 2)", {"n": "1"}, EMPTY),
        ("AND(1, 1)", {}, EMPTY),
        ("AND(1 > 0, 1)", {}, EMPTY),
        ("NOT(1)", {}, EMPTY),
        ("(1 > 0) + 1", {}, EMPTY),
        ("SUM(1 > 0, 1)", {}, EMPTY),
        ("SUM(qty, a)", {"qty": ["10", "20"], "a": "5"}, "35"),
        ('CONTAINS(tags, "x")', {"tags": ["x", "y"]}, "1"),
        ('CONTAINS(tags, "x")', {"tags": ["y"]}, "0"),
        ('CONTAINS(name, "apple")', {"name": ["apple", "orange"]}, "1"),
        ('CONTAINS(name, "apple")', {"name": ["orange"]}, "0"),
        ('CONTAINS(name, "app")', {"name": ["apple"]}, "0"),
        ('CONTAINS(stcol, "OPEN")', {"stcol": ["OPEN", "CLOSED"]}, "1"),
        ('CONTAINS(st, "OPEN")', {"st": "OPEN"}, EMPTY),
        ("YEN(a, 0)", {"a": "1000"}, EMPTY),
        ('DATE_FORMAT(0, "YYYY", "UTC")', {}, EMPTY),
        ("dt - d", {"dt": "2026-04-25T10:00:00Z", "d": "2026-04-25"}, "36000"),
        ("d", {"d": "2026-04-25"}, "1777075200"),
        ("d / 86400", {"d": "1970-01-02"}, "1"),
        ("n * 3", {"n": "90061"}, "270183"),
        ("upd - cre", dict.fromkeys(("upd", "cre"), "2026-04-25T10:00:00Z"), "0"),
        (
            "upd - cre",
            {"cre": "2026-04-25T14:23:00Z", "upd": "2026-04-25T14:24:00Z"},
            "60",
        ),
        ('IF(s = "朝食（洋）", 1, 0)', {"s": "朝食（洋）"}, "1"),
    ],
)
def test_a_number(calc, expression, values, result):
    assert calc(expression, **values) == result


@pytest.mark.parametrize(
    ("expression", "values", "result"),
    [
        ('IF(a > 0, "pos", "neg")', {"a": "5"}, "pos"),
        (
            'IF(CONTAINS(tags, "x"), "A", "") & IF(CONTAINS(tags, "y"), "B", "")',
            {"tags": ["x", "y"]},
            "AB",
        ),
        ('a & " + " & b & " = " & (a + b)', {"a": "10", "b": "20"}, "10 + 20 = 30"),
        ('IF(a > b, "a wins", "b wins")', {"a": "30", "b": "20"}, "a wins"),
        ('"[" & a & "]"', {"a": ""}, "[]"),
        ('"x=" & 1 + 2', {}, "x=3"),
        ("YEN(a * 1.1, 0)", {"a": "1000"}, "¥1,100"),
        ("YEN(1234567, 0)", {}, "¥1,234,567"),
        ("YEN(1000.5, 0)", {}, "¥1,001"),
        ("YEN(1234.5, 1)", {}, "¥1,234.5"),
        ("YEN(-500, 0)", {}, "-¥500"),
        ('DATE_FORMAT(1745574000, "YYYY-MM-dd", "UTC")', {}, "2025-04-25"),
        (
            'DATE_FORMAT(1745574000, "YYYY-MM-dd", "Asia/Tokyo") & " " & a',
            {"a": "7"},
            "2025-04-25 7",
        ),
        ('DATE_FORMAT(1745574000, "HH:mm", "Asia/Tokyo")', {}, "18:40"),
        ('DATE_FORMAT(1745574000, "YYYY MMM d", "UTC")', {}, "2025 Apr 25"),
        (
            'DATE_FORMAT(d+24*60*60*1, "MM/dd/YYYY", "Etc/GMT")',
            {"d": "2024-02-28"},
            "02/29/2024",
        ),
        ('DATE_FORMAT(1459468800, "YYYY-MM-dd", "Etc/GMT")', {}, "2016-04-01"),
        ('DATE_FORMAT(253402300800, "YYYY", "UTC")', {}, EMPTY),
        (
            'IF(d/86400/7 - ROUNDUP(d/86400/7, 0) = 0, "Thu", "N/A")',
            {"d": "2024-02-29"},
            "Thu",
        ),
        (
            'IF(d/86400/7 - ROUNDUP(d/86400/7, 0) = 0, "Thu", "N/A")',
            {"d": "2024-03-01"},
            "N/A",
        ),
        ('IF(a = "", "none", a)', {"a": ""}, "none"),
        ("n", {"n": ""}, EMPTY),
        ('n & "x"', {"n": ""}, "x"),
        ('(1 > 0) & "x"', {}, "truex"),
        ('1 / 3 & ""', {}, "0.3333"),
        ('IF(1, "a", "b")', {}, EMPTY),
    ],
)
def test_a_text(calc, expression, values, result):
    assert calc(expression, None, **values) == result


@pytest.mark.parametrize(
    ("format_", "expression", "values", "result"),
    [
        ("DATE", "d + 86400", {"d": "2026-04-25"}, "2026-04-26"),
        ("DATETIME", "dt + 3600", {"dt": "2026-04-25T10:00:00Z"}, "2026-04-25T11:00:00Z"),
        ("NUMBER_DIGIT", "n * 3", {"n": "90061"}, "270183"),
        ("DATETIME", "n * 3600", {"n": "90061"}, "1980-04-10T13:00:00Z"),
        ("DATE", "n * 3600", {"n": "90061"}, "1980-04-10"),
        ("TIME", "n", {"n": "90061"}, "01:01"),
        ("HOUR_MINUTE", "n", {"n": "90061"}, "25:01"),
        ("DAY_HOUR_MINUTE", "n", {"n": "90061"}, "25:01"),
        ("HOUR_MINUTE", "n", {"n": "178200"}, "49:30"),
        ("HOUR_MINUTE", "n", {"n": "3660"}, "1:01"),
        ("TIME", "t + 1800", {"t": "23:45"}, "00:15"),
        ("DATE", "d + 86400", {"d": None}, "1970-01-02"),
        ("DATE", "d", {"d": None}, EMPTY),
    ],
)
def test_a_format(calc, format_, expression, values, result):
    assert calc(expression, format_, **values) == result


@pytest.mark.parametrize(
    ("expression", "places", "mode", "result"),
    [
        ("1 / 3", 2, "HALF_EVEN", "0.33"),
        ("1 / 8", 2, "HALF_EVEN", "0.12"),
        ("1 / 8", 2, "UP", "0.13"),
        ("2 / 3", 2, "DOWN", "0.66"),
        ("2 / 3", 0, "HALF_EVEN", "1"),
    ],
)
def test_a_precision(calc, expression, places, mode, result):
    precision = Precision(digits=16, decimal_places=places, rounding=f"ROUND_{mode}")
    assert calc(expression, precision=precision) == result


@pytest.mark.parametrize(
    ("expression", "precision", "result"),
    [
        ("1 / 3", (5, 2, "UP"), "0.34"),
        ("1 / 3 * 3", (5, 2, "UP"), "1.02"),
        ("-0.00001", (5, 2, "UP"), "-0.01"),
        ("0.01 * 10000", (5, 2, "UP"), EMPTY),
        ("2 ^ -20", (5, 2, "UP"), "0.01"),
        ("2 ^ -20", (30, 10, "HALF_EVEN"), "0.0000009537"),
        ("0.00015 * 10000", (30, 10, "HALF_EVEN"), "1.5"),
        ("1 / 3", (30, 10, "HALF_EVEN"), "0.3333333333"),
    ],
)
def test_every_step_has_the_precision_of_the_app(calc, expression, precision, result):
    """SonicGarden, 2026-09-26, under three precisions (fact sheet "calc", section 6)."""
    digits, places, mode = precision
    precision = Precision(digits=digits, decimal_places=places, rounding=f"ROUND_{mode}")
    assert calc(expression, precision=precision) == result


@pytest.mark.parametrize(
    ("format_", "expression", "values", "result"),
    [
        ("NUMBER", "qty * price * rate", {"qty": "2", "price": "100", "rate": "1.1"}, "220"),
        ("NUMBER", "qty * price * rate", {"qty": "3", "price": "200", "rate": "1.1"}, "660"),
        (None, 'qty & " * " & price', {"qty": "2", "price": "100"}, "2 * 100"),
        ("NUMBER", 'CONTAINS(tagcol, "sale")', {"tagcol": ["sale"]}, "1"),
        ("NUMBER", 'CONTAINS(tagcol, "sale")', {"tagcol": ["new"]}, "0"),
    ],
)
def test_a_formula_in_a_row(calc, format_, expression, values, result):
    assert calc(expression, format_, row=True, **values) == result


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        (
            "nonexistent + 1",
            "計算式に含まれるフィールドコード（nonexistent）が存在しません。",
        ),
        ("FOOBAR(a)", "FOOBAR関数は使用できません。"),
        ("sum(a)", "sum関数は使用できません。"),
        ("IF(a)", "IF関数には3個の引数が必要です。"),
        ("IF(a > 1, 1, 2, 3)", "IF関数に指定できる引数は3個までです。"),
        (f"AND({', '.join(['a > 1'] * 33)})", "AND関数に指定できる引数は32個までです。"),
        ("ROUND()", "ROUND関数には1個または2個の引数が必要です。"),
        ("a +", "計算式の文法が正しくありません。"),
        ("(a + b", "計算式の文法が正しくありません。"),
        ("a b", "計算式の文法が正しくありません。"),
        (
            "a ＋ 1",
            "全角記号「＋」が入力されています。半角記号「+」を入力してください。",
        ),
        (
            "a == b",
            "「==」が入力されています。「=」を判定するには「=」を入力してください。",
        ),
        (
            "ml + 1",
            "計算式で利用できないフィールドタイプ(文字列（複数行）)が指定されています。",
        ),
        ("qty + 1", "配列型の値に対して適切な関数が利用されていません。"),
        ('CONTAINS(qty, "1")', "配列型の値に対して適切な関数が利用されていません。"),
        ('CONTAINS(tagcol, "x")', "配列型の値に対して適切な関数が利用されていません。"),
        ("s * 2", "演算子「*」とデータ型の組み合わせが正しくありません。"),
        ("x + 1", "フィールドの参照が循環しています。"),
        ("1e3 + 1", "計算式の文法が正しくありません。"),
    ],
)
def test_a_refusal(form, refused, expression, reason):
    form["ml"] = {"type": "MULTI_LINE_TEXT", "code": "ml", "label": "ml"}
    assert refused(expression) == reason
