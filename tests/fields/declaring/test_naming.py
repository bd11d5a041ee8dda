from __future__ import annotations

import pytest

from kintone_orm import Model, fields
from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.testing import emulate


@pytest.mark.parametrize(
    "code",
    [
        "a",
        "数値",
        "文字列__1行_",
        "ａｂｃ",
        "ー",
        "・",
        "＿x",
        "価格＄",
        "n2",
        "ｶﾅ",
        "order",
        "Ünï",
    ],
)
def test_codes_that_kintone_allows(code):
    assert fields.NumberField(code).code == code


@pytest.mark.parametrize(
    "code",
    [
        "",
        "2a",
        "２a",
        "a b",
        "a　b",
        "a-b",
        "a.b",
        'a"b',
        "$id",
        "a\nb",
        "a(b)",
        "a=b",
        "a,b",
        "a'",
    ],
)
def test_codes_that_kintone_does_not_allow_are_refused(code):
    with pytest.raises(ImproperlyConfigured) as refused:
        fields.NumberField(code)
    assert str(refused.value) == (
        f"{code!r} is not a field code: it may have letters, digits (not first), _ and "
        "full-width signs, but no spaces."
    )


@pytest.mark.parametrize("code", ["①担当", "a1", "＿a", "価格・税込"])
def test_codes_that_kintone_allows_can_be_saved_and_asked_for(code):
    class Coded(Model):
        value = fields.NumberField(code)

    with emulate(Coded):
        Coded.objects.create(value=5)
        assert Coded.objects.filter(value__gt=3).order_by("value").get().value == 5


@pytest.mark.parametrize("name", ["a__b", "_a", "save", "objects", "pk", "revision"])
def test_names_that_a_field_cannot_have_are_refused_with_the_fix(name):
    with pytest.raises(ImproperlyConfigured, match=f"Refused.{name} cannot be a field's name: "):
        type(Model)("Refused", (Model,), {name: fields.NumberField()})


def test_a_code_is_text():
    with pytest.raises(ImproperlyConfigured, match="5 is not a field code: a code must be a str"):
        fields.NumberField(5)
