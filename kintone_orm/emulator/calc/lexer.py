"""Splitting a formula into tokens: names, numbers, strings and signs.

Source: kintone help, "Operators and functions", "Formula errors".
"""

from __future__ import annotations

import re

from ..ground.field_code import FIELD_CODE
from ..ground.token_cursor import Token
from .reasons import WrongFormula, wrong_formula

__all__ = ["tokenize"]

# The operators that people type by mistake, and the operators that they mean.
_MISTYPED = {
    "==": "=",
    "=>": ">=",
    "=<": "<=",
    "≠": "!=",
    "≧": ">=",
    "≥": ">=",
    "≦": "<=",
    "≤": "<=",
    "×": "*",
    "÷": "/",
}
_ARITHMETIC = frozenset("*/")

# Full-width characters and their half-width counterparts: those of Unicode's block for full-width
# forms, and four characters outside this block.
_FULL_WIDTH = {chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)} | {
    "\u3000": " ",
    "、": ",",
    "“": '"',
    "”": '"',
}

_TOKEN = re.compile(
    rf"""
      (?P<blank>    [ \t\n\r]+ )
    | (?P<name>     \$[a-z]+ | {FIELD_CODE} )
    | (?P<number>   [0-9]+(?:\.[0-9]+)? | \.[0-9]+ )
    | (?P<string>   "(?:[^"\\]|\\.)*" )
    | (?P<mistyped> {"|".join(_MISTYPED)} )
    | (?P<sign>     != | <> | <= | >= | [=<>&+\-*/^(),] )
    """,
    re.VERBOSE | re.DOTALL,
)

_ESCAPE = re.compile(r'\\(["\\])')


def tokenize(text: str) -> list[Token]:
    """Return the tokens; the last one is of kind "end". WrongFormula for an unknown character."""
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _unknown_character(text[at], at + 1)
        kind, word = str(match.lastgroup), match.group()
        if kind == "mistyped":
            raise _mistyped_operator(word, at + 1)
        if kind == "string":
            word = _ESCAPE.sub(r"\1", word[1:-1])
        if kind != "blank":
            tokens.append(Token(kind, word, at + 1))
        at = match.end()
    tokens.append(Token("end", "", len(text) + 1))
    return tokens


def _mistyped_operator(typed: str, at: int) -> WrongFormula:
    meant = _MISTYPED[typed]
    key = "mistyped_arithmetic" if meant in _ARITHMETIC else "mistyped_comparison"
    return wrong_formula(key, typed=typed, meant=meant, detail=f"Character {at}.")


def _unknown_character(character: str, at: int) -> WrongFormula:
    if character in _FULL_WIDTH:
        meant = _FULL_WIDTH[character]
        return wrong_formula("full_width", typed=character, meant=meant, detail=f"Character {at}.")
    if character == '"':
        return wrong_formula("syntax", detail=f"Character {at}: this string is not closed.")
    return wrong_formula("syntax", detail=f"Character {at}: unexpected {character!r}.")
