from __future__ import annotations

import pytest
from support.models.one_of_each import Thing

from kintone_orm import Model, fields
from kintone_orm.exceptions import FieldDoesNotExist, FieldError, NotSupportedError
from kintone_orm.query.compiler import OrderKey
from kintone_orm.query.ordering import resolve_order, total_order


def spelled(keys) -> str:
    return ", ".join(map(str, keys))


def order(*names) -> str:
    return spelled(resolve_order(names, Thing._meta.find))


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], ""),
        (["due"], "due asc"),
        (["-due"], "due desc"),
        (["rank", "-title"], "rank asc, 件名 desc"),
        (["pk"], "$id asc"),
        (["-id"], "$id desc"),
        (["creator", "-created"], "Created_by asc, Created_datetime desc"),
        (["number"], "$id asc"),
        (["shop", "-level"], "shop asc, level desc"),
    ],
)
def test_names_become_keys(names, text):
    assert order(*names) == text


# kintone REST API, "Query String": field types that can be sorted by.
SORTABLE = [
    "title",
    "site",
    "price",
    "count",
    "rank",
    "size",
    "due",
    "opens",
    "start",
    "number",
] + ["creator", "modifier", "created", "updated", "shop", "level", "total", "finished", "status"]


@pytest.mark.parametrize("name", Thing._meta.fields)
def test_what_kintone_sorts_by(name):
    if name in SORTABLE:
        code = "$id" if name == "number" else Thing._meta.find(name).code
        assert order(name) == f"{code} asc"
    else:
        with pytest.raises(FieldError, match="cannot be sorted by in kintone"):
            order(name)


@pytest.mark.parametrize(
    ("name", "kind", "message"),
    [
        ("tags", FieldError, "Thing.tags (CHECK_BOX) cannot be sorted by in kintone."),
        ("-memo", FieldError, "Thing.memo (MULTI_LINE_TEXT) cannot be sorted by in kintone."),
        (
            "-lines__qty",
            FieldError,
            "'lines__qty' is in a table; kintone does not sort by its columns.",
        ),
        ("dua", FieldDoesNotExist, "Thing has no field 'dua'. Did you mean 'due'?"),
        ("--due", FieldDoesNotExist, "Thing has no field '-due'. Did you mean 'due'?"),
        (
            "?",
            NotSupportedError,
            "kintone has no random order. Write random.sample(list(queryset), n).",
        ),
        (5, FieldError, "order_by() takes field names, not 5."),
        (None, FieldError, "order_by() takes field names, not None."),
    ],
)
def test_refused(name, kind, message):
    with pytest.raises(kind) as refused:
        order(name)
    assert type(refused.value) is kind
    assert str(refused.value) == message


def test_a_code_that_is_a_keyword_is_refused():
    class Sorted(Model):
        place = fields.NumberField("order")

    with pytest.raises(
        FieldError, match=r"Sorted\.place cannot be filtered or sorted by: its code"
    ):
        resolve_order(["-place"], Sorted._meta.find)


A, A_DOWN, B = OrderKey("a"), OrderKey("a", descending=True), OrderKey("b")
ID, ID_DOWN = OrderKey("$id"), OrderKey("$id", descending=True)


@pytest.mark.parametrize(
    ("keys", "forwards", "backwards"),
    [
        ([], "$id asc", "$id desc"),
        ([A], "a asc, $id asc", "a desc, $id desc"),
        ([A_DOWN, B], "a desc, b asc, $id asc", "a asc, b desc, $id desc"),
        ([ID_DOWN], "$id desc", "$id asc"),
        ([A, ID_DOWN], "a asc, $id desc", "a desc, $id asc"),
        ([ID, A], "$id asc", "$id desc"),
        ([A, A_DOWN, B], "a asc, b asc, $id asc", "a desc, b desc, $id desc"),
    ],
)
def test_a_total_order_ends_with_the_id_and_can_be_reversed(keys, forwards, backwards):
    assert spelled(total_order(keys)) == forwards
    assert spelled(total_order(keys, backwards=True)) == backwards
