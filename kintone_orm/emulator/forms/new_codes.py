"""Changing field codes in the texts that name fields: formulas, conditions and orders.

Source: kintone help, "Field codes": references follow when a code changes.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from ..calc.lexer import tokenize as words_of_formula
from ..calc.reasons import WrongFormula
from ..ground.errors import KintoneError
from ..query.lexer import tokenize as words_of_query

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["formula_with_codes", "query_with_codes"]


def formula_with_codes(expression: str, codes: Mapping[str, str]) -> str:
    """Return the formula with new codes. `codes` maps old codes to new ones.

    An invalid formula is returned unchanged; the deploy will refuse it.
    """
    try:
        return _replaced(expression, words_of_formula(expression), codes)
    except WrongFormula:
        return expression


def query_with_codes(text: str, codes: Mapping[str, str]) -> str:
    """Return a condition or an order of the query language with new codes."""
    try:
        return _replaced(text, words_of_query(text), codes)
    except KintoneError:
        return text


def _replaced(text: str, words: Sequence[tuple[str, str, int]], codes: Mapping[str, str]) -> str:
    """Return the text with the new codes of names. `words` are its tokens."""
    pieces, end = [], 0
    for (kind, word, at), (_, following, _) in pairwise(words):
        # A name before a parenthesis is a function. In "table.field", only "table" is of this form.
        code = word.partition(".")[0]
        if kind == "name" and code in codes and following != "(":
            pieces += [text[end : at - 1], codes[code]]
            end = at - 1 + len(code)
    return "".join([*pieces, text[end:]])
