"""Names for Python from the codes and names that people give."""

from __future__ import annotations

import keyword
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.examples import examples

from kintone_orm import Model, Row
from kintone_orm.apps.inspecting.identifiers import (
    attribute_name,
    class_name,
    display_width,
    distinct,
    is_reserved_attribute,
    is_reserved_class,
    is_reserved_member,
    member_name,
    name_problem,
)

TEXTS = st.text(max_size=40) | st.text("aA1_・ー１Ａｶﾞ㈱①が゛ \u3099〇々-()", max_size=20)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("CustomerName", "customer_name"),
        ("customerName", "customer_name"),
        ("customer-name", "customer_name"),
        ("HTTPServer", "http_server"),
        ("Record_number", "record_number"),
        ("ＣｕｓｔｏｍｅｒＮａｍｅ", "customer_name"),
        ("address2", "address2"),
        ("会社名", "会社名"),
        ("顧客ID", "顧客ID"),
        ("eメールCC", "eメールcc"),
        ("文字列__1行_", "文字列_1行"),
        ("文字列__1行__0", "文字列_1行_0"),
        ("ﾃｽﾄ", "テスト"),
        ("㈱名", "株_名"),
        ("発注点・下限", "発注点_下限"),
        ("①番", "n_1番"),
        ("（）", "field"),
        ("", "field"),
        ("あ" * 128, "あ" * 24),
    ],
)
def test_the_attribute_of_a_code(code: str, name: str) -> None:
    assert attribute_name(code) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("CUSTOMER", "Customer"),
        ("SALES_ORDER", "SalesOrder"),
        ("salesOrder", "SalesOrder"),
        ("sales order", "SalesOrder"),
        ("顧客管理", "顧客管理"),
        ("顧客・案件", "顧客案件"),
        ("2024年度 売上", "N2024年度売上"),
        ("🐟", "App7"),
    ],
)
def test_the_class_of_an_app(text: str, name: str) -> None:
    assert class_name(text, "App7") == name


@pytest.mark.parametrize(
    ("option", "name"),
    [
        ("gold", "GOLD"),
        ("Not started", "NOT_STARTED"),
        ("小売・流通", "小売_流通"),
        ("10代", "N_10代"),
        ("★★★", "OPTION"),
    ],
)
def test_the_member_of_an_option(option: str, name: str) -> None:
    assert member_name(option) == name


@examples(200)
@given(TEXTS)
def test_a_name_is_the_same_identifier_on_every_python(text: str) -> None:
    for name in (attribute_name(text), class_name(text, "App"), member_name(text)):
        assert name.isidentifier()
        assert unicodedata.normalize("NFKC", name) == name
        assert name_problem(name) in (None, "is a keyword of Python")
        # Python 3.13 takes these two signs, and older ones do not.
        assert not set("・･\u200c\u200d") & set(name)
        assert all(unicodedata.ucd_3_2_0.category(letter) != "Cn" for letter in name)


@examples(200)
@given(TEXTS)
def test_the_name_of_a_name_is_itself(text: str) -> None:
    name = attribute_name(text)
    assert attribute_name(name) == name


@examples(100)
@given(TEXTS)
def test_a_code_has_the_name_that_its_nfkc_has_if_all_pythons_know_it(text: str) -> None:
    known = "".join(sign for sign in text if unicodedata.ucd_3_2_0.category(sign) != "Cn")
    assert attribute_name(known) == attribute_name(unicodedata.normalize("NFKC", known))


@examples(100)
@given(TEXTS)
def test_a_name_fits_on_a_line(text: str) -> None:
    assert display_width(attribute_name(text * 9)) <= 48


def test_distinct_names_get_numbers() -> None:
    assert distinct("a", {"b"}.__contains__) == "a"
    assert distinct("a", {"a", "a_2"}.__contains__) == "a_3"
    assert distinct("A", {"A"}.__contains__, separator="") == "A2"


@pytest.mark.parametrize("owner", [Model, Row])
def test_public_names_of_a_model_and_a_row_are_reserved(owner: type) -> None:
    public = {name for name in dir(owner) if name[0] != "_"} - {"status", "assignees"}
    assert all(is_reserved_attribute(name) for name in public)


def test_a_model_may_declare_its_status() -> None:
    assert not is_reserved_attribute("status")
    assert not is_reserved_attribute("assignees")


@pytest.mark.parametrize("name", [*keyword.kwlist, "match", "case", "type", "fields", "enum", "l"])
def test_keywords_and_imported_names_are_reserved(name: str) -> None:
    assert is_reserved_attribute(name)


@pytest.mark.parametrize("name", ["Model", "Row", "Decimal", "Meta", "Warning", "ExceptionGroup"])
def test_classes_do_not_hide_imports_and_builtins(name: str) -> None:
    assert is_reserved_class(name)


@pytest.mark.parametrize("name", ["name", "value", "mro"])
def test_members_do_not_hide_what_an_enum_has(name: str) -> None:
    assert is_reserved_member(name)
    assert not is_reserved_member("GOLD")


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("会社 名", "is not a Python name"),
        ("class", "is a keyword of Python"),
        ("ﾃｽﾄ", "is the name 'テスト' to Python; write that"),
        ("a__b", "has a double underscore, which separates lookups in filters"),
        ("_a", "begins or ends with an underscore"),
        ("a_", "begins or ends with an underscore"),
        ("会社", None),
    ],
)
def test_the_problem_of_a_name(name: str, problem: str | None) -> None:
    assert name_problem(name) == problem
