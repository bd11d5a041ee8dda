"""Parsing a formula into a tree, with one method for each rule of the grammar.

::

    formula    = expression
    expression = joined [ ( "=" | "!=" | "<>" | "<" | "<=" | ">" | ">=" ) joined ]
    joined     = sum { "&" sum }
    sum        = product { ( "+" | "-" ) product }
    product    = power { ( "*" | "/" ) power }
    power      = signed { "^" signed }                     (read from the right)
    signed     = { "+" | "-" } primary
    primary    = number | string | call | FIELD | "(" expression ")"
    call       = NAME "(" [ expression { "," expression } ] ")"

Source: kintone help, "Operators and functions". Cases that this source leaves open are decided
in kintone_orm.emulator.choices.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ..ground.choices import FORMULA_NESTING
from ..ground.token_cursor import TokenCursor
from .lexer import tokenize
from .reasons import wrong_formula
from .syntax import Call, Field, Node, Number, Operation, Sign, Text

if TYPE_CHECKING:
    from .reasons import WrongFormula

__all__ = ["parse"]

_COMPARISONS = ("=", "!=", "<>", "<", "<=", ">", ">=")

# The operators of the rules `joined`, `sum`, `product` and `power`, the weakest first.
_LEVELS = (("&",), ("+", "-"), ("*", "/"), ("^",))


def parse(text: str) -> Node:
    """Return the tree of this formula. Raises WrongFormula for bad syntax or too deep nesting."""
    return _Parser(text).formula()


class _Parser:
    def __init__(self, text: str) -> None:
        self._cursor = TokenCursor(
            tokenize(text), whole="formula", nesting=FORMULA_NESTING, error=_syntax_error
        )

    def formula(self) -> Node:
        node = self._expression()
        self._cursor.expect_end()
        return node

    def _expression(self) -> Node:
        left = self._level(0)
        if not self._cursor.is_at(*_COMPARISONS):
            return left
        return Operation((self._cursor.read(),), (left, self._level(0)))

    def _level(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._signed()
        operands = [self._level(level + 1)]
        operators = []
        while self._cursor.is_at(*_LEVELS[level]):
            operators.append(self._cursor.read())
            operands.append(self._level(level + 1))
        return Operation(tuple(operators), tuple(operands)) if operators else operands[0]

    def _signed(self) -> Node:
        signs = []
        while self._cursor.is_at("+", "-"):
            signs.append(self._cursor.read())
        operand = self._primary()
        return Sign("-" if signs.count("-") % 2 else "+", operand) if signs else operand

    def _primary(self) -> Node:
        kind = self._cursor.token.kind
        if kind == "number":
            return Number(Decimal(self._cursor.read()))
        if kind == "string":
            return Text(self._cursor.read())
        if kind == "name":
            name = self._cursor.read()
            return self._call(name) if self._cursor.is_at("(") else Field(name)
        if not self._cursor.is_at("("):
            raise self._cursor.unexpected(
                "a value: a field, a number, text in quotes or a function"
            )
        self._cursor.open()
        expression = self._expression()
        self._cursor.close()
        return expression

    def _call(self, name: str) -> Node:
        self._cursor.open()
        arguments: list[Node] = []
        if not self._cursor.is_at(")"):
            arguments.append(self._expression())
            while self._cursor.accept(","):
                arguments.append(self._expression())
        self._cursor.close()
        return Call(name, tuple(arguments))


def _syntax_error(detail: str) -> WrongFormula:
    return wrong_formula("syntax", detail=detail)
