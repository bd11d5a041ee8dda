from __future__ import annotations

import pytest

from kintone_orm.emulator.ground.choices import QUERY_NESTING
from kintone_orm.emulator.ground.errors import KintoneError
from kintone_orm.emulator.query.parser import parse
from kintone_orm.emulator.query.syntax import (
    Call,
    Group,
    Number,
    Predicate,
    SortKey,
    Statement,
    Text,
)


def a(number: int) -> Predicate:
    return Predicate("a", "=", (Number(str(number)),))


@pytest.mark.parametrize("text", ["", " ", "\u3000\n"])
def test_an_empty_query_asks_for_everything(text):
    assert parse(text) == Statement(None, (), None, None)


@pytest.mark.parametrize(
    ("text", "operator", "operands"),
    [
        ('a = "x"', "=", (Text("x"),)),
        ("a != 1", "!=", (Number("1"),)),
        ("a > -1.5", ">", (Number("-1.5"),)),
        ("a < TODAY()", "<", (Call("TODAY", ()),)),
        ("a >= FROM_TODAY(-5, DAYS)", ">=", (Call("FROM_TODAY", ("-5", "DAYS")),)),
        ("a <= 1", "<=", (Number("1"),)),
        ('a in ("x", 1, LOGINUSER())', "in", (Text("x"), Number("1"), Call("LOGINUSER", ()))),
        ('a not in ("x")', "not in", (Text("x"),)),
        ('a like "x"', "like", (Text("x"),)),
        ('a not like "x"', "not like", (Text("x"),)),
        ("a is empty", "is empty", ()),
        ("a is not empty", "is not empty", ()),
    ],
)
def test_a_condition(text, operator, operands):
    assert parse(text).condition == Predicate("a", operator, operands)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("a = 1 and a = 2", Group("and", (a(1), a(2)))),
        ("a = 1 or a = 2 and a = 3", Group("or", (a(1), Group("and", (a(2), a(3)))))),
        ("(a = 1 or a = 2) and a = 3", Group("and", (Group("or", (a(1), a(2))), a(3)))),
        ("(a = 1 and a = 2) and a = 3", Group("and", (a(1), a(2), a(3)))),
        ("((a = 1))", a(1)),
    ],
)
def test_and_binds_tighter_than_or_and_groups_of_one_kind_are_one(text, condition):
    assert parse(text).condition == condition


def test_an_order_has_keys_that_descend_unless_they_say_so():
    """Measured: wv-sumichan, March 2025 (fact sheet "query", section 7)."""
    assert parse("order by a, b desc, c asc").order == (
        SortKey("a", descending=True),
        SortKey("b", descending=True),
        SortKey("c", descending=False),
    )


@pytest.mark.parametrize(
    ("text", "limit", "offset"),
    [
        ("limit 1000", "1000", None),
        ("offset 99999", None, "99999"),
        ("a = 1 order by $id asc limit 5 offset 0", "5", "0"),
    ],
)
def test_limit_and_offset_need_no_condition(text, limit, offset):
    statement = parse(text)
    assert (statement.limit, statement.offset) == (limit, offset)


@pytest.mark.parametrize(
    "text",
    ["a", "a =", "= 1", "a = b", "a == 1", "a = 1 and", "and a = 1", "a = 1 a = 2", "not a = 1"]
    + ["a in ()", "a in 1", 'a in ("x"', "a in (1,)", "a like 1", "a not = 1", "a is", "a is null"]
    + ["(a = 1", "a = 1)", "()", "a = TODAY", "a = TODAY(", 'a = FROM_TODAY("5", DAYS)']
    + ["order a", "order by", "order by a b", "order by a,", "a = 1 AND a = 2", "order = 1"]
    + ["limit", "limit -1", "limit +1", "limit 1.5", 'limit "1"', "offset -1", "limit 1 limit 2"]
    + ["offset 1 limit 1", "limit 1 order by a", "order by a offset 1 limit 1", "limit1"]
    + ["limit = 1", "a = 1 or and a = 2", "a not empty", "a = (1)", "a.b.c = 1"],
)
def test_bad_syntax_is_refused(text):
    with pytest.raises(KintoneError) as caught:
        parse(text)
    assert caught.value.body("en", "")["errors"] == {
        "query": {"messages": ["unsupported query format"]}
    }


def test_the_reason_names_the_expected_token():
    with pytest.raises(KintoneError, match="Character 7: expected 'by', found 'a'"):
        parse("order a")


def test_parentheses_nest_as_deep_as_the_limit():
    assert parse("(" * QUERY_NESTING + "a = 1" + ")" * QUERY_NESTING).condition == a(1)


@pytest.mark.parametrize("depth", [QUERY_NESTING + 1, 100_000])
def test_deeper_parentheses_are_refused(depth):
    with pytest.raises(KintoneError, match="parentheses"):
        parse("(" * depth + "a = 1" + ")" * depth)


def test_parentheses_side_by_side_are_not_nested():
    group = parse(" or ".join(["(a = 1)"] * 1_000)).condition
    assert isinstance(group, Group)
    assert len(group.members) == 1_000
