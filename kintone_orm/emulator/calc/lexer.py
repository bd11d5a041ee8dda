"""The words of a formula: names, numbers, strings and signs.

Source: kintone help, "Operators and functions", "Formula errors".
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .reasons import WrongFormula, wrong

__all__ = ["Token", "tokenize"]

# A field code: letters of any script, digits but not first, and the signs kintone allows in one.
_CODE = r"(?:[^\W\d]|[＿・･＄￥])(?:\w|[＿・･＄￥])*"

# What people type for an operator, and the operator.
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

# Full-width signs and digits and their half-width counterparts: those of the block, and four more.
_FULL_WIDTH = {chr(at + 0xFEE0): chr(at) for at in range(0x21, 0x7F)} | {
    "\u3000": " ",
    "、": ",",
    "“": '"',
    "”": '"',
}

_TOKEN = re.compile(
    rf"""
      (?P<blank>    [ \t\n\r]+ )
    | (?P<name>     \$[a-z]+ | {_CODE} )
    | (?P<number>   [0-9]+(?:\.[0-9]+)? | \.[0-9]+ )
    | (?P<string>   "(?:[^"\\]|\\.)*" )
    | (?P<mistyped> {"|".join(_MISTYPED)} )
    | (?P<sign>     != | <> | <= | >= | [=<>&+\-*/^(),] )
    """,
    re.VERBOSE | re.DOTALL,
)

_ESCAPE = re.compile(r'\\(["\\])')


class Token(NamedTuple):
    """One word: its kind ("name", "number", "string", "sign", "end"), text and place.

    The text of a string is what it stands for. `at` counts characters from 1.
    """

    kind: str
    text: str
    at: int


def tokenize(text: str) -> list[Token]:
    """The words of this formula, the last one of kind "end". WrongFormula if something is none."""
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _no_word(text[at], at + 1)
        kind, word = str(match.lastgroup), match.group()
        if kind == "mistyped":
            raise _mistyped(word, at + 1)
        if kind == "string":
            word = _ESCAPE.sub(r"\1", word[1:-1])
        if kind != "blank":
            tokens.append(Token(kind, word, at + 1))
        at = match.end()
    tokens.append(Token("end", "", len(text) + 1))
    return tokens


def _mistyped(found: str, at: int) -> WrongFormula:
    wanted = _MISTYPED[found]
    key = "mistyped_arithmetic" if wanted in _ARITHMETIC else "mistyped_comparison"
    return wrong(key, found=found, wanted=wanted, detail=f"character {at}")


def _no_word(character: str, at: int) -> WrongFormula:
    if character in _FULL_WIDTH:
        wanted = _FULL_WIDTH[character]
        return wrong("full_width", found=character, wanted=wanted, detail=f"character {at}")
    if character == '"':
        return wrong("syntax", detail=f"character {at}: this string is not closed")
    return wrong("syntax", detail=f"character {at}: {character!r} is no part of a formula")
