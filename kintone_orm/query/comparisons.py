"""What a lookup asks of a field: one of four questions, whatever its name was.

How a question is put into kintone's words, and what its opposite is, depends on where the field
stands: see `record_conditions` and
`table_conditions`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

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

Operand: TypeAlias = str | Function  # a literal as it stands in a query, or a function

BLANK = '""'
"""The operand for a blank, whatever the field's type."""


@dataclass(frozen=True, slots=True)
class IsBlank:
    """Whether the field holds nothing (`wanted`), or something."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class EqualsOneOf:
    """Whether the field's value is one of these; `blank`: or whether it has none."""

    operands: tuple[Operand, ...]
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Within:
    """Whether the value lies within bounds: (operator, operand), one or two of them."""

    bounds: tuple[tuple[str, Operand], ...]


@dataclass(frozen=True, slots=True)
class HasWords:
    """Whether kintone's word search finds the field."""

    operand: str


Comparison: TypeAlias = IsBlank | EqualsOneOf | Within | HasWords


def equals_one_of(operands: Iterable[Operand]) -> EqualsOneOf:
    """The question for operands one of which may be the blank."""
    found = tuple(operands)
    if BLANK not in found:
        return EqualsOneOf(found)
    return EqualsOneOf(tuple(each for each in found if each != BLANK), blank=True)
