"""A formula after fields were given other codes.

Source: kintone help, "Field codes": formulas follow a code that is changed.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from .lexer import tokenize
from .reasons import WrongFormula

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["with_new_codes"]


def with_new_codes(expression: str, codes: Mapping[str, str]) -> str:
    """The formula with these codes, new by old, and otherwise as it was written.

    What is no formula stays as it is: the deploy will refuse it.
    """
    try:
        tokens = tokenize(expression)
    except WrongFormula:
        return expression
    pieces, end = [], 0
    for token, following in pairwise(tokens):
        # A name before a parenthesis is a function.
        if token.kind == "name" and token.text in codes and following.text != "(":
            start = token.at - 1
            pieces += [expression[end:start], codes[token.text]]
            end = start + len(token.text)
    return "".join([*pieces, expression[end:]])
