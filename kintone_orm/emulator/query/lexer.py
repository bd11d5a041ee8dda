"""Splitting a query into tokens: names, keywords, numbers, strings and signs.

Source: kintone REST API, "Query String": field codes, escaping and blanks.
"""

from __future__ import annotations

import re

from ..ground.field_code import FIELD_CODE
from ..ground.token_cursor import Token
from .invalid_query import invalid_query

__all__ = ["tokenize"]

_KEYWORDS = frozenset(
    ("and", "or", "not", "in", "like", "is", "empty", "order", "by", "asc", "desc")
    + ("limit", "offset")
)

_TOKEN = re.compile(
    rf"""
      (?P<blank>  [ \t\n\r\u3000]+ )
    | (?P<name>   \$[a-z]+ | {FIELD_CODE}(?:\.(?:{FIELD_CODE}|\$id))? )
    | (?P<number> [+-]?[0-9]+(?:\.[0-9]+)? )
    | (?P<string> "(?:[^"\\\x00-\x1f]|\\["\\tn])*" )
    | (?P<sign>   != | >= | <= | [=<>(),] )
    """,
    re.VERBOSE,
)

_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {'"': '"', "\\": "\\", "t": "\t", "n": "\n"}


def tokenize(text: str) -> list[Token]:
    """Return the tokens; the last has the kind "end". Raises a CB_VA01 for an unknown character."""
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise invalid_query(f"Character {at + 1}: {_explain(text[at])}.")
        kind, word = str(match.lastgroup), match.group()
        if kind == "string":
            word = _ESCAPE.sub(lambda escape: _ESCAPED[escape[1]], word[1:-1])
        elif word in _KEYWORDS:
            kind = "keyword"
        if kind != "blank":
            tokens.append(Token(kind, word, at + 1))
        at = match.end()
    tokens.append(Token("end", "", len(text) + 1))
    return tokens


def _explain(character: str) -> str:
    if character == '"':
        return (
            "this string is not closed, or holds a raw control character or an escape other "
            'than \\" \\\\ \\t \\n'
        )
    if character == "'":
        return "strings take double quotes"
    return f"unexpected {character!r}"
