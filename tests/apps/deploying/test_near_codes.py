"""A code that looks like a typo of another code is found, and no other code."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.examples import examples

from kintone_orm import Model, Row, fields
from kintone_orm.apps.deploying.near_codes import are_near, codes_of, find_near_codes

LETTERS = st.sampled_from("abcdeABC会社名顧客数量ー_1２ｱ 　")
CODES = st.text(LETTERS, min_size=1, max_size=9).filter(lambda code: bool(code.strip()))
PLAIN = st.text(st.sampled_from("abcd会社名顧"), min_size=4, max_size=9)


@pytest.mark.parametrize(
    ("code", "other"),
    [
        ("会社", "会社名"),
        ("テスト", "ﾃｽﾄ"),
        ("Ｃｏｄｅ", "code"),
        ("会社 名", "会社名"),
        ("会社　名", "会社名 "),
        ("customer", "custmer"),
        ("customer", "custommer"),
        ("customer", "custamer"),
        ("customer", "cusotmer"),
        ("電話番号", "電番号"),
        ("code", "customer_code"),
        ("straße", "STRASSE"),
    ],
)
def test_typos_are_near(code, other):
    assert are_near(code, other)


@pytest.mark.parametrize(
    ("code", "other"),
    [
        ("住所", "場所"),  # one edit, but two characters
        ("abc", "abd"),
        ("abc", "acb"),
        ("customer", "cstomr"),  # two edits
        ("customer", "ucstoemr"),  # two swaps
        ("customer", "cumtoser"),  # a swap, but not of neighbors
        ("住所", "電話番号"),
        ("会社名", "会社名"),
    ],
)
def test_other_codes_are_not_near(code, other):
    assert not are_near(code, other)


def restricted_distance(a: str, b: str) -> int:
    """The number of edits between two texts, by the textbook (optimal string alignment)."""
    rows = [[i + j if i * j == 0 else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            replaced = rows[i - 1][j - 1] + (a[i - 1] != b[j - 1])
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, replaced)
            if i > 1 and j > 1 and a[i - 2 : i] == b[j - 2 : j][::-1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@examples(100)
@given(CODES, CODES)
def test_nearness_has_no_direction(code, other):
    assert are_near(code, other) is are_near(other, code)


@examples(30)
@given(CODES)
def test_a_code_is_not_near_itself(code):
    assert not are_near(code, code)


@examples(100)
@given(PLAIN, st.data())
def test_one_edit_more_is_near(code, data):
    place = data.draw(st.integers(0, len(code) - 1))
    letter = data.draw(st.sampled_from("xyz数"))
    before, after = code[:place], code[place:]
    edits = [before + letter + after, before + letter + after[1:], before + after[1:]]
    edits.append(before + after[1:2] + after[:1] + after[2:])
    for edited in edits:
        assert are_near(code, edited) is (edited != code)


@examples(100)
@given(PLAIN, PLAIN)
def test_it_is_the_textbooks_distance_of_one_or_containment(code, other):
    assume(code != other)
    by_book = restricted_distance(code, other) == 1 or code in other or other in code
    assert are_near(code, other) is by_book


@examples(50)
@given(CODES, st.sampled_from([str.upper, str.lower, lambda code: f" {code}　", lambda c: c + "x"]))
def test_case_blanks_and_more_at_the_end_are_near(code, change):
    assert are_near(code, change(code)) is (change(code) != code)


class Line(Row):
    qty = fields.NumberField("数量1")


class Order(Model):
    company = fields.SingleLineTextField("会社")
    number = fields.SingleLineTextField("受注番号")
    created = fields.CreatedTimeField("作成日時")
    made = fields.DateField("作成日")
    lines = fields.SubtableField(Line, "明細")


FORM = {
    "会社名": {"type": "SINGLE_LINE_TEXT"},
    "会社2": {"type": "SINGLE_LINE_TEXT"},
    "受注番号": {"type": "SINGLE_LINE_TEXT"},
    "受注番号2": {"type": "SINGLE_LINE_TEXT"},
    "作成日時": {"type": "CREATED_TIME"},
    "明細": {"type": "SUBTABLE", "fields": {"数量": {"type": "NUMBER"}}},
}


def test_the_new_codes_of_models_are_compared_with_codes_that_none_declares():
    near = {near.code: near.others for near in find_near_codes([Order], FORM)}
    assert near == {"会社": ("会社名", "会社2"), "明細.数量1": ("明細.数量",)}


def test_a_near_code_names_the_field_and_the_codes():
    first, _ = find_near_codes([Order], FORM)
    assert first.text == (
        "the new code '会社' (Order.company) may be a typo of '会社名' and '会社2', which the app "
        "has and no model of this deploy declares."
    )


def test_a_code_that_another_model_of_the_app_declares_is_not_meant():
    class Other(Model):
        one = fields.SingleLineTextField("会社名")
        two = fields.SingleLineTextField("会社2")
        lines = fields.SubtableField(type(Row)("L", (Row,), {"数量": fields.NumberField()}), "明細")

    assert find_near_codes([Order, Other], FORM) == []


@pytest.mark.parametrize(
    "definition",
    [
        {"type": "GROUP"},
        {"type": "STATUS", "enabled": False},
        {"type": "CATEGORY", "enabled": False},
    ],
)
def test_a_field_that_no_model_can_mean_is_not_meant(definition):
    assert (
        find_near_codes([Order], {"会社名": definition, "明細": FORM["明細"]})[0].code
        == "明細.数量1"
    )


def test_a_code_is_reported_once_for_two_models():
    class Again(Model):
        company = fields.SingleLineTextField("会社")

    assert [near.code for near in find_near_codes([Again, Order], FORM)] == ["会社", "明細.数量1"]


def test_codes_of_columns_have_the_code_of_the_subtable_before_them():
    codes = ["会社", "受注番号", "作成日時", "作成日", "明細", "明細.数量1"]
    assert codes_of([Order]) == codes
