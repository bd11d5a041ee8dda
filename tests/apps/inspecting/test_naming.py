"""The names in a module: kept ones first, then new ones that depend on codes alone."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.app_descriptions import app, lookup, module, text
from support.examples import examples

from kintone_orm.apps.inspecting.names_file import AppNames, Names
from kintone_orm.exceptions import ImproperlyConfigured

CODES = st.lists(
    st.sampled_from(
        ["a", "A", "a_", "a-b", "aB", "class", "ﾃｽﾄ", "テスト", "id", "save", "・", "文字列__1行_"]
        + ["a_2", "field", "class_field", "Ａ", "①", "fields", "n_1"]
    ),
    unique=True,
    min_size=1,
)


def names_of(*codes: str, names: Names | None = None) -> dict[str, str]:
    one = app(fields=dict.fromkeys(codes, "NUMBER"))
    return module(one, names=names).names.apps["1"].fields


@examples(100)
@given(CODES)
def test_all_attributes_differ(codes: list[str]) -> None:
    names = names_of(*codes)
    assert list(names) == codes
    assert len(set(names.values())) == len(codes)


@examples(60)
@given(CODES, st.randoms(use_true_random=False))
def test_names_do_not_depend_on_the_order_of_the_form(
    codes: list[str], chance: random.Random
) -> None:
    mixed = chance.sample(codes, len(codes))
    assert names_of(*codes) == names_of(*mixed)


@examples(60)
@given(CODES, CODES)
def test_with_kept_names_a_new_field_renames_no_other(old: list[str], new: list[str]) -> None:
    before = names_of(*old)
    after = names_of(*dict.fromkeys([*new, *old]), names=Names({"1": AppNames(fields=before)}))
    assert {code: after[code] for code in old} == before


def test_double_names_get_numbers_and_a_code_that_is_a_name_keeps_it() -> None:
    assert names_of("customerName", "customer-name", "customer_name") == {
        "customerName": "customer_name_3",
        "customer-name": "customer_name_2",
        "customer_name": "customer_name",
    }


def test_a_reserved_name_gets_an_ending() -> None:
    assert names_of("class", "save", "fields", "id", "テスト") == {
        "class": "class_field",
        "save": "save_field",
        "fields": "fields_field",
        "id": "id_field",
        "テスト": "テスト",
    }


def test_a_field_does_not_have_the_name_of_a_class() -> None:
    used = module(app(1, name="顧客", fields={"顧客": "NUMBER"})).names.apps["1"]
    assert (used.class_, used.fields) == ("顧客", {"顧客": "顧客_field"})


@pytest.mark.parametrize(
    ("code", "name", "class_"),
    [
        ("CRM_APP", "営業", "CrmApp"),
        ("", "営業", "営業"),
        ("", "★", "App1"),
        ("", "Model", "ModelApp"),
    ],
)
def test_a_class_has_the_name_of_the_app(code: str, name: str, class_: str) -> None:
    assert module(app(1, code, name=name)).names.apps["1"].class_ == class_


def test_apps_of_one_name_are_numbered_by_their_ids() -> None:
    used = module(app(9, name="顧客"), app(3, name="顧客")).names.apps
    assert {key: one.class_ for key, one in used.items()} == {"9": "顧客2", "3": "顧客"}


def test_rows_of_one_name_get_the_name_of_their_model() -> None:
    table = {"type": "SUBTABLE", "fields": {"x": {"type": "NUMBER", "code": "x"}}}
    used = module(app(1, "a", fields={"lines": table}), app(2, "b", fields={"lines": table}))
    assert [one.rows["lines"] for one in used.names.apps.values()] == ["LinesRow", "BLinesRow"]


def test_kept_names_are_used() -> None:
    table = {"type": "SUBTABLE", "fields": {"数量": {"type": "NUMBER", "code": "数量"}}}
    kept = AppNames(
        class_="Order",
        fields={"明細": "lines"},
        rows={"明細": "Line"},
        columns={"明細": {"数量": "qty"}},
        relations={"顧客": "customer"},
    )
    written = module(
        app(1, fields={"明細": table, "顧客": lookup(2, "code")}),
        app(2, "C", fields={"code": text(unique=True)}),
        names=Names({"1": kept}),
    ).text
    for line in (
        "class Line(Row):",
        'qty = fields.NumberField("数量")',
        "class Order(Model):",
        'lines = fields.SubtableField(Line, "明細")',
        'customer = fields.RelatedRecord["C"]("顧客")',
    ):
        assert line in written


def test_entries_that_match_nothing_are_kept() -> None:
    kept = Names({"1": AppNames(fields={"gone": "gone_by"}), "77": AppNames(class_="Other")})
    used = module(app(1, "a", fields={"x": "NUMBER"}), names=kept).names
    assert used.apps["1"].fields == {"x": "x", "gone": "gone_by"}
    assert used.apps["77"] == AppNames(class_="Other")


@pytest.mark.parametrize(
    ("kept", "message"),
    [
        (AppNames(fields={"x": "class"}), "apps.1.fields.\"x\" = 'class' is a keyword of Python"),
        (AppNames(fields={"x": "a b"}), "apps.1.fields.\"x\" = 'a b' is not a Python name"),
        (AppNames(fields={"x": "save"}), "'save' already means something else"),
        (
            AppNames(fields={"x": "z", "y": "z"}),
            'apps.1.fields."y" = \'z\' is also the name of apps.1.fields."x"',
        ),
        (AppNames(class_="Row"), "apps.1.class = 'Row' already means something else"),
        (AppNames(class_="Z", fields={"x": "Z"}), "'Z' already means something else"),
    ],
)
def test_a_kept_name_that_cannot_be_is_an_error(kept: AppNames, message: str) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        names_of("x", "y", names=Names({"1": kept}))
    assert message in str(caught.value)
    assert str(caught.value).startswith("names.toml: ")


def test_members_of_an_enum_may_be_kept() -> None:
    options = {"金": {"label": "金", "index": "0"}, "銀": {"label": "銀", "index": "1"}}
    one = app(1, "a", fields={"ランク": {"type": "DROP_DOWN", "options": options}})
    kept = AppNames(enums={"ランク": "Rank"}, members={"ランク": {"金": "GOLD"}})
    written = module(one, enums=True, names=Names({"1": kept})).text
    assert 'class Rank(enum.Enum):\n    """The options of ランク."""\n\n    GOLD = "金"' in written
    assert '    銀 = "銀"\n' in written


def test_keys_are_those_of_the_configuration_or_new_ones() -> None:
    result = module(
        app(1, "CUSTOMER"), app(2, name="案件"), app(3, "customer"), keys={1: "clients", 9: "案件"}
    )
    assert result.keys == {"clients": 1, "案件_2": 2, "customer": 3}
    assert 'app = "clients"' in result.text


def test_two_apps_cannot_keep_one_key() -> None:
    kept = Names({"1": AppNames(key="a"), "2": AppNames(key="a")})
    with pytest.raises(ImproperlyConfigured, match=r"apps\.2\.key = 'a' is also the key"):
        module(app(1), app(2), keys={}, names=kept)


def test_two_forms_from_files_of_one_name_have_names_of_their_own() -> None:
    used = module(app(None, name="orders"), app(None, name="orders")).names.apps
    assert {key: one.class_ for key, one in used.items()} == {
        "orders": "Orders",
        "orders_2": "Orders2",
    }
