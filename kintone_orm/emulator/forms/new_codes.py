"""Field codes in the texts that name fields: formulas, conditions and orders.

Source: kintone help, "Field codes": kintone updates formulas and settings when a code changes.
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

__all__ = ["codes_in_query", "formula_with_codes", "query_with_codes"]


def formula_with_codes(expression: str, codes: Mapping[str, str]) -> str:
    """Return the formula with new codes. `codes` maps old codes to new codes.

    An invalid formula is returned unchanged; the deploy refuses it.
    """
    try:
        return _replaced(expression, words_of_formula(expression), codes)
    except WrongFormula:
        return expression


def query_with_codes(text: str, codes: Mapping[str, str]) -> str:
    """Return a condition or an order with new codes. An invalid text is returned unchanged."""
    try:
        return _replaced(text, words_of_query(text), codes)
    except KintoneError:
        return text


def codes_in_query(text: str) -> set[str]:
    """Return the words of a condition or an order that may be field codes.

    An invalid text has none.
    """
    try:
        words = words_of_query(text)
    except KintoneError:
        return set()
    return {word.partition(".")[0] for kind, word, _ in words if kind == "name"}


def _replaced(text: str, words: Sequence[tuple[str, str, int]], codes: Mapping[str, str]) -> str:
    """Return the text with the field codes replaced. `words` are its tokens."""
    pieces, end = [], 0
    for (kind, word, at), (_, following, _) in pairwise(words):
        # A name before a parenthesis is a function. In "table.field", "table" is a field of this
        # form and "field" a field of the related app, so only "table" is replaced.
        code = word.partition(".")[0]
        if kind == "name" and code in codes and following != "(":
            pieces += [text[end : at - 1], codes[code]]
            end = at - 1 + len(code)
    return "".join([*pieces, text[end:]])
