"""Texts that name fields, after fields were given other codes: formulas, conditions, orders.

Source: kintone help, "Field codes": what names a field follows a code that is changed.
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
    """The formula with these codes, new by old, and otherwise as it was written.

    What is no formula stays as it is: the deploy will refuse it.
    """
    try:
        return _replaced(expression, words_of_formula(expression), codes)
    except WrongFormula:
        return expression


def query_with_codes(text: str, codes: Mapping[str, str]) -> str:
    """The same for a condition, or an order, of the query language."""
    try:
        return _replaced(text, words_of_query(text), codes)
    except KintoneError:
        return text


def _replaced(text: str, words: Sequence[tuple[str, str, int]], codes: Mapping[str, str]) -> str:
    """The text with new codes for names; a word is its kind, itself and its place from 1."""
    pieces, end = [], 0
    for (kind, word, at), (_, following, _) in pairwise(words):
        # A name before a parenthesis is a function; of related.field the first part is ours.
        code = word.partition(".")[0]
        if kind == "name" and code in codes and following != "(":
            pieces += [text[end : at - 1], codes[code]]
            end = at - 1 + len(code)
    return "".join([*pieces, text[end:]])
