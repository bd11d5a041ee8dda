from __future__ import annotations

import pytest

ARRAY = "配列型の値に対して適切な関数が利用されていません。"


def operator(sign: str) -> str:
    return f"演算子「{sign}」とデータ型の組み合わせが正しくありません。"


def function(name: str) -> str:
    return f"{name}関数と引数のデータ型の組み合わせが正しくありません。"


@pytest.mark.parametrize("name", ["MAX", "TODAY", "Sum", "if", "a", "合計"])
def test_an_unknown_function(refused, name):
    assert refused(f"{name}(a)") == f"{name}関数は使用できません。"


@pytest.mark.parametrize(
    ("name", "count"), [("IF", 3), ("NOT", 1), ("YEN", 2), ("DATE_FORMAT", 3), ("CONTAINS", 2)]
)
def test_too_few_arguments_where_the_number_is_fixed(refused, name, count):
    arguments = ", ".join(["a"] * (count - 1))
    assert refused(f"{name}({arguments})") == f"{name}関数には{count}個の引数が必要です。"


@pytest.mark.parametrize("name", ["AND", "OR", "SUM"])
def test_too_few_arguments_where_any_number_is_taken(refused, name):
    assert refused(f"{name}()") == f"{name}関数には1個以上の引数が必要です。"


@pytest.mark.parametrize("name", ["ROUND", "ROUNDUP", "ROUNDDOWN"])
def test_too_few_arguments_where_the_second_is_optional(refused, name):
    assert refused(f"{name}()") == f"{name}関数には1個または2個の引数が必要です。"


@pytest.mark.parametrize(
    ("name", "most"),
    [("IF", 3), ("AND", 32), ("OR", 32), ("NOT", 1), ("ROUND", 2), ("ROUNDUP", 2)]
    + [("ROUNDDOWN", 2), ("YEN", 2), ("DATE_FORMAT", 3), ("CONTAINS", 2)],
)
def test_too_many_arguments(refused, name, most):
    arguments = ", ".join(["a"] * (most + 1))
    assert refused(f"{name}({arguments})") == f"{name}関数に指定できる引数は{most}個までです。"


@pytest.mark.parametrize("code", ["A", "table", "$id", "$revision", "TRUE", "false"])
def test_an_unknown_field(refused, code):
    assert refused(code) == f"計算式に含まれるフィールドコード（{code}）が存在しません。"


@pytest.mark.parametrize(
    "field_type",
    ["RECORD_NUMBER", "STATUS", "STATUS_ASSIGNEE", "CATEGORY", "MULTI_LINE_TEXT", "RICH_TEXT"]
    + ["LINK", "FILE", "USER_SELECT", "ORGANIZATION_SELECT", "GROUP_SELECT", "REFERENCE_TABLE"]
    + ["GROUP"],
)
def test_a_field_of_a_type_that_formulas_cannot_use(form, refused, field_type):
    form["f"] = {"type": field_type, "code": "f", "label": "f"}
    start, end = "計算式で利用できないフィールドタイプ(", ")が指定されています。"
    reason = refused('CONTAINS(f, "a")')
    assert reason.startswith(start)
    assert reason.endswith(end)
    assert field_type not in reason


@pytest.mark.parametrize(
    "expression",
    ["qty", "tags", "qty * price", "-qty", 'name & "x"', 'name = "x"', "IF(a > 1, qty, a)"]
    + ["SUM(qty * price)", "SUM(name)", "SUM(tags)", "SUM(a, tagcol)", "ROUND(qty)", "YEN(qty, 0)"]
    + ['CONTAINS(qty, "1")', 'CONTAINS(tagcol, "x")', "CONTAINS(tags, tags)", "tagcol"]
    + ['DATE_FORMAT(day, "YYYY", "UTC")', "AND(tags)"],
)
def test_an_array_outside_a_function_for_arrays(refused, expression):
    assert refused(expression) == ARRAY


@pytest.mark.parametrize("expression", ["far + 1", "tagcol", "qty + far", 'farname & ""'])
def test_an_array_in_a_formula_of_another_table(refused, expression):
    assert refused(expression, row=True) == ARRAY


@pytest.mark.parametrize(
    ("expression", "sign"),
    [(f"s {sign} 2", sign) for sign in ("+", "-", "*", "/", "^", "<", "<=", ">", ">=")]
    + [(f"2 {sign} s", sign) for sign in ("+", "-", "*", "/", "^", "<", "<=", ">", ">=")]
    + [
        ("-s", "-"),
        ("+s", "+"),
    ]
    + [('"1" + 1', "+"), ("1 + 2 - s", "-"), ("a * (s & s)", "*"), ("a > (b = c)", ">")],
)
def test_an_operator_and_types_that_do_not_fit(refused, expression, sign):
    assert refused(expression) == operator(sign)


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("SUM(s)", "SUM"),
        ('IF("x", 2, 3)', "IF"),
        ('AND("x")', "AND"),
        ("OR(a > 1, s)", "OR"),
        ("NOT(s)", "NOT"),
        ("ROUND(s)", "ROUND"),
        ('ROUNDUP(a, "2")', "ROUNDUP"),
        ("ROUNDDOWN(a > b)", "ROUNDDOWN"),
        ("YEN(s, 0)", "YEN"),
        ('DATE_FORMAT("2024", "YYYY", "UTC")', "DATE_FORMAT"),
        ('DATE_FORMAT(d, 1, "UTC")', "DATE_FORMAT"),
        ('DATE_FORMAT(d, "YYYY", 9)', "DATE_FORMAT"),
        ("CONTAINS(tags, 1)", "CONTAINS"),
        ('CONTAINS(a, "1")', "CONTAINS"),
    ],
)
def test_a_function_and_types_that_do_not_fit(refused, expression, name):
    assert refused(expression) == function(name)


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("＋ FOO(", "全角記号「＋」が入力されています。半角記号「+」を入力してください。"),
        ("ROUND() + FOO(", "計算式の文法が正しくありません。"),
        ("ROUND() + FOO()", "FOO関数は使用できません。"),
        ("unknown + ROUND()", "ROUND関数には1個または2個の引数が必要です。"),
        ("ml + unknown", "計算式に含まれるフィールドコード（unknown）が存在しません。"),
        ("qty + ml", "計算式で利用できないフィールドタイプ(文字列（複数行）)が指定されています。"),
        ("s * 2 + qty", ARRAY),
        ("s * 2 + x", operator("*")),
    ],
)
def test_the_order_of_the_checks(form, refused, expression, reason):
    form["ml"] = {"type": "MULTI_LINE_TEXT", "code": "ml", "label": "ml"}
    assert refused(expression) == reason


@pytest.mark.parametrize("format_", ["NUMBER", "DATE", None])
def test_calculated_text_is_checked_as_a_number_is(refused, format_):
    assert refused("a +", format_) == "計算式の文法が正しくありません。"


def test_the_formula_of_a_column_is_checked_too(refused):
    assert refused("nowhere + qty", row=True) == (
        "計算式に含まれるフィールドコード（nowhere）が存在しません。"
    )


@pytest.mark.parametrize(
    "expression",
    ["0 / 0", 'YEN(a, 0) & "x"', 'DATE_FORMAT(a, "YYYY", "UTC")', 'CONTAINS(st, "x")']
    + ['CONTAINS(s, "x")', "IF(a > 1, 1, s) + 1", "IF(a > 1, s, a > 1)", "s = 1", "(a > b) = s"]
    + ["NOT(IF(a > 1, a > 2, 3))", "SUM(a + b, qty)", 'CONTAINS(name, s & "x")']
    + [
        "(a > b) * 10",
        "a & (a > b)",
        "-(a = b)",
        "SUM(1, a > b)",
        "IF(1, 2, 3)",
        "AND(a)",
        "NOT(a)",
    ]
    + ["AND(a > 1)", "2 ^ 101", "SUM(qty) = 1", 'DATE_FORMAT(t, s, "nowhere")'],
)
@pytest.mark.parametrize("format_", ["NUMBER", None])
def test_formulas_that_fail_only_for_a_record_are_accepted(calc, expression, format_):
    assert isinstance(calc(expression, format_), str)


def test_every_argument_of_a_sum_may_be_another(calc):
    assert calc("SUM(" + ", ".join(["1"] * 1_000) + ")") == "1000"
