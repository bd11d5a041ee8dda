"""The four comparisons to which every lookup is reduced.

`record_conditions` translates them and their opposites for a record's own fields, and
`table_conditions` translates them for the columns of tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from kintone_orm.query.functions import Function

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "BLANK",
    "Comparison",
    "EqualsOneOf",
    "HasWords",
    "IsBlank",
    "Operand",
    "Within",
    "equals_one_of",
]

Operand: TypeAlias = str | Function  # a literal as it is written in a query, or a function

BLANK = '""'
"""The operand for a blank, whatever the field's type."""


class IsBlank(NamedTuple):
    """The field is blank if `expected`; otherwise it is not blank."""

    expected: bool


class EqualsOneOf(NamedTuple):
    """The field's value equals one of the operands, or, with `blank`, the field is blank."""

    operands: tuple[Operand, ...]
    blank: bool = False


class Within(NamedTuple):
    """The value lies within one or two bounds, each an (operator, operand)."""

    bounds: tuple[tuple[str, Operand], ...]


class HasWords(NamedTuple):
    """kintone's word search finds the operand in the field."""

    operand: str


Comparison: TypeAlias = IsBlank | EqualsOneOf | Within | HasWords


def equals_one_of(operands: Iterable[Operand]) -> EqualsOneOf:
    """Return the comparison with the operands; `BLANK` may be one of them."""
    literals = tuple(operands)
    if BLANK not in literals:
        return EqualsOneOf(literals)
    return EqualsOneOf(tuple(operand for operand in literals if operand != BLANK), blank=True)
