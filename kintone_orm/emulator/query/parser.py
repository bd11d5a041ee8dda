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
from .invalid_query import invalid_query
from .lexer import Token, tokenize
from .syntax import Call, Group, Number, Predicate, Scalar, SortKey, Statement, Text, join

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["parse"]

_COMPARISONS = ("=", "!=", ">", "<", ">=", "<=")

_Item = TypeVar("_Item")


def parse(text: str) -> Statement:
    """Return the tree of this query, which may be empty. Raises CB_VA01 for bad syntax."""
    return _Parser(tokenize(text)).query()


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._next = 0
        self._nesting = 0

    def query(self) -> Statement:
        condition = limit = offset = None
        order: tuple[SortKey, ...] = ()
        if self._token.kind != "end" and not self._at("order", "limit", "offset"):
            condition = self._condition()
        if self._accept("order"):
            self._expect("by")
            order = self._list(self._key)
        if self._accept("limit"):
            limit = self._count()
        if self._accept("offset"):
            offset = self._count()
        if self._token.kind != "end":
            raise self._unexpected("the end of the query")
        return Statement(condition, order, limit, offset)

    def _condition(self) -> Predicate | Group[Predicate]:
        members = [self._conjunction()]
        while self._accept("or"):
            members.append(self._conjunction())
        return join("or", members)

    def _conjunction(self) -> Predicate | Group[Predicate]:
        members = [self._primary()]
        while self._accept("and"):
            members.append(self._primary())
        return join("and", members)

    def _primary(self) -> Predicate | Group[Predicate]:
        if not self._accept("("):
            return self._predicate()
        self._nesting += 1
        if self._nesting > QUERY_NESTING:
            raise invalid_query(f"more than {QUERY_NESTING} parentheses are open")
        condition = self._condition()
        self._expect(")")
        self._nesting -= 1
        return condition

    def _predicate(self) -> Predicate:
        field = self._take("name", "a field code")
        if self._at(*_COMPARISONS):
            return Predicate(field, self._advance().text, (self._scalar(),))
        if self._accept("is"):
            operator = "is not empty" if self._accept("not") else "is empty"
            self._expect("empty")
            return Predicate(field, operator, ())
        negation = "not " if self._accept("not") else ""
        if self._accept("in"):
            self._expect("(")
            operands = self._list(self._scalar)
            self._expect(")")
            return Predicate(field, negation + "in", operands)
        if self._accept("like"):
            return Predicate(
                field, negation + "like", (Text(self._take("string", "a string in quotes")),)
            )
        raise self._unexpected("an operator")

    def _scalar(self) -> Scalar:
        kind = self._token.kind
        if kind == "string":
            return Text(self._advance().text)
        if kind == "number":
            return Number(self._advance().text)
        name = self._take("name", "a value: text in quotes, a number or a function")
        self._expect("(")
        arguments = () if self._at(")") else self._list(self._argument)
        self._expect(")")
        return Call(name, arguments)

    def _argument(self) -> str:
        if self._token.kind in {"number", "name"}:
            return self._advance().text
        raise self._unexpected("a number or a word like DAYS")

    def _key(self) -> SortKey:
        field = self._take("name", "a field code")
        if self._accept("asc"):
            return SortKey(field, descending=False)
        # Measured (wv-sumichan, March 2025): a key without a direction is descending.
        self._accept("desc")
        return SortKey(field, descending=True)

    def _count(self) -> str:
        if self._token.kind == "number" and self._token.text.isdigit():
            return self._advance().text
        raise self._unexpected("a whole number that is not negative")

    def _list(self, item: Callable[[], _Item]) -> tuple[_Item, ...]:
        items = [item()]
        while self._accept(","):
            items.append(item())
        return tuple(items)

    # Reading tokens.

    @property
    def _token(self) -> Token:
        return self._tokens[self._next]

    def _advance(self) -> Token:
        self._next += 1
        return self._tokens[self._next - 1]

    def _at(self, *words: str) -> bool:
        return self._token.kind in {"keyword", "sign"} and self._token.text in words

    def _accept(self, word: str) -> bool:
        matches = self._at(word)
        if matches:
            self._advance()
        return matches

    def _expect(self, word: str) -> None:
        if not self._accept(word):
            raise self._unexpected(repr(word))

    def _take(self, kind: str, expected: str) -> str:
        if self._token.kind != kind:
            raise self._unexpected(expected)
        return self._advance().text

    def _unexpected(self, expected: str) -> Exception:
        token = self._token
        actual = repr(token.text) if token.kind != "end" else "the end of the query"
        return invalid_query(f"character {token.at}: expected {expected}, found {actual}")
