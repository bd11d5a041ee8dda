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

Source: kintone help, "Operators and functions". kintone_orm.emulator.choices decides what the help
leaves open.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ..ground.choices import FORMULA_NESTING
from .lexer import Token, tokenize
from .reasons import wrong_formula
from .syntax import Call, Field, Node, Number, Operation, Sign, Text

if TYPE_CHECKING:
    from .reasons import WrongFormula

__all__ = ["parse"]

_COMPARISONS = ("=", "!=", "<>", "<", "<=", ">", ">=")

# The operators of the rules `joined`, `sum`, `product` and `power`; the first bind least.
_LEVELS = (("&",), ("+", "-"), ("*", "/"), ("^",))


def parse(text: str) -> Node:
    """Return the tree of this formula. Raises WrongFormula for bad syntax or too deep nesting."""
    return _Parser(tokenize(text)).formula()


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._next = 0
        self._nesting = 0

    def formula(self) -> Node:
        node = self._expression()
        if self._token.kind != "end":
            raise self._unexpected("the end of the formula")
        return node

    def _expression(self) -> Node:
        left = self._level(0)
        if not self._at(*_COMPARISONS):
            return left
        return Operation((self._advance().text,), (left, self._level(0)))

    def _level(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._signed()
        operands = [self._level(level + 1)]
        operators = []
        while self._at(*_LEVELS[level]):
            operators.append(self._advance().text)
            operands.append(self._level(level + 1))
        return Operation(tuple(operators), tuple(operands)) if operators else operands[0]

    def _signed(self) -> Node:
        signs = []
        while self._at("+", "-"):
            signs.append(self._advance().text)
        operand = self._primary()
        return Sign("-" if signs.count("-") % 2 else "+", operand) if signs else operand

    def _primary(self) -> Node:
        kind = self._token.kind
        if kind == "number":
            return Number(Decimal(self._advance().text))
        if kind == "string":
            return Text(self._advance().text)
        if kind == "name":
            name = self._advance().text
            return self._call(name) if self._at("(") else Field(name)
        if not self._at("("):
            raise self._unexpected("a value: a field, a number, text in quotes or a function")
        self._open()
        expression = self._expression()
        self._close()
        return expression

    def _call(self, name: str) -> Node:
        self._open()
        arguments: list[Node] = []
        if not self._at(")"):
            arguments.append(self._expression())
            while self._accept(","):
                arguments.append(self._expression())
        self._close()
        return Call(name, tuple(arguments))

    def _open(self) -> None:
        self._nesting += 1
        if self._nesting > FORMULA_NESTING:
            raise wrong_formula(
                "syntax", detail=f"more than {FORMULA_NESTING} parentheses are open"
            )
        self._advance()

    def _close(self) -> None:
        if not self._accept(")"):
            raise self._unexpected("')'")
        self._nesting -= 1

    # Reading tokens.

    @property
    def _token(self) -> Token:
        return self._tokens[self._next]

    def _advance(self) -> Token:
        self._next += 1
        return self._tokens[self._next - 1]

    def _at(self, *signs: str) -> bool:
        return self._token.kind == "sign" and self._token.text in signs

    def _accept(self, sign: str) -> bool:
        matches = self._at(sign)
        if matches:
            self._advance()
        return matches

    def _unexpected(self, expected: str) -> WrongFormula:
        token = self._token
        actual = repr(token.text) if token.kind != "end" else "the end of the formula"
        return wrong_formula(
            "syntax", detail=f"character {token.at}: expected {expected}, found {actual}"
        )
