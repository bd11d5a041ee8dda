"""Parsing a query into a tree, with one method for each rule of the grammar.

::

    query     = [ condition ] [ "order" "by" key { "," key } ] [ "limit" n ] [ "offset" n ]
    condition = conjunction { "or" conjunction }
    conjunction = primary { "and" primary }
    primary   = "(" condition ")" | predicate
    predicate = field ( "=" | "!=" | ">" | "<" | ">=" | "<=" ) scalar
              | field [ "not" ] "in" "(" scalar { "," scalar } ")"
              | field [ "not" ] "like" string
              | field "is" [ "not" ] "empty"
    scalar    = string | number | NAME "(" [ argument { "," argument } ] ")"
    argument  = number | NAME
    key       = field [ "asc" | "desc" ]

Source: kintone REST API, "Query String".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ..ground.choices import QUERY_NESTING
from ..ground.token_cursor import TokenCursor
from .invalid_query import invalid_query
from .lexer import tokenize
from .syntax import Call, Group, Number, Predicate, Scalar, SortKey, Statement, Text, join

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["parse"]

_COMPARISONS = ("=", "!=", ">", "<", ">=", "<=")

_Item = TypeVar("_Item")


def parse(text: str) -> Statement:
    """Return the tree of this query, which may be empty. Raises CB_VA01 for bad syntax."""
    return _Parser(text).query()


class _Parser:
    def __init__(self, text: str) -> None:
        self._cursor = TokenCursor(
            tokenize(text), whole="query", nesting=QUERY_NESTING, error=invalid_query
        )

    def query(self) -> Statement:
        condition = limit = offset = None
        order: tuple[SortKey, ...] = ()
        if not (self._cursor.is_at_end() or self._cursor.is_at("order", "limit", "offset")):
            condition = self._condition()
        if self._cursor.accept("order"):
            self._cursor.expect("by")
            order = self._list(self._key)
        if self._cursor.accept("limit"):
            limit = self._count()
        if self._cursor.accept("offset"):
            offset = self._count()
        self._cursor.expect_end()
        return Statement(condition, order, limit, offset)

    def _condition(self) -> Predicate | Group[Predicate]:
        members = [self._conjunction()]
        while self._cursor.accept("or"):
            members.append(self._conjunction())
        return join("or", members)

    def _conjunction(self) -> Predicate | Group[Predicate]:
        members = [self._primary()]
        while self._cursor.accept("and"):
            members.append(self._primary())
        return join("and", members)

    def _primary(self) -> Predicate | Group[Predicate]:
        if not self._cursor.is_at("("):
            return self._predicate()
        self._cursor.open()
        condition = self._condition()
        self._cursor.close()
        return condition

    def _predicate(self) -> Predicate:
        field = self._cursor.expect_kind("name", "a field code")
        if self._cursor.is_at(*_COMPARISONS):
            return Predicate(field, self._cursor.read(), (self._scalar(),))
        if self._cursor.accept("is"):
            operator = "is not empty" if self._cursor.accept("not") else "is empty"
            self._cursor.expect("empty")
            return Predicate(field, operator, ())
        negation = "not " if self._cursor.accept("not") else ""
        if self._cursor.accept("in"):
            self._cursor.expect("(")
            operands = self._list(self._scalar)
            self._cursor.expect(")")
            return Predicate(field, negation + "in", operands)
        if self._cursor.accept("like"):
            keyword = Text(self._cursor.expect_kind("string", "a string in quotes"))
            return Predicate(field, negation + "like", (keyword,))
        raise self._cursor.unexpected("an operator")

    def _scalar(self) -> Scalar:
        kind = self._cursor.token.kind
        if kind == "string":
            return Text(self._cursor.read())
        if kind == "number":
            return Number(self._cursor.read())
        name = self._cursor.expect_kind("name", "a value: text in quotes, a number or a function")
        self._cursor.expect("(")
        arguments = () if self._cursor.is_at(")") else self._list(self._argument)
        self._cursor.expect(")")
        return Call(name, arguments)

    def _argument(self) -> str:
        if self._cursor.token.kind in {"number", "name"}:
            return self._cursor.read()
        raise self._cursor.unexpected("a number or a word like DAYS")

    def _key(self) -> SortKey:
        field = self._cursor.expect_kind("name", "a field code")
        if self._cursor.accept("asc"):
            return SortKey(field, descending=False)
        # Measured (wv-sumichan, March 2025): a key without a direction is descending.
        self._cursor.accept("desc")
        return SortKey(field, descending=True)

    def _count(self) -> str:
        if self._cursor.token.kind == "number" and self._cursor.token.text.isdigit():
            return self._cursor.read()
        raise self._cursor.unexpected("a whole number that is not negative")

    def _list(self, item: Callable[[], _Item]) -> tuple[_Item, ...]:
        items = [item()]
        while self._cursor.accept(","):
            items.append(item())
        return tuple(items)
