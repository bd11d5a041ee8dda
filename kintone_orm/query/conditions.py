"""What a query asks of a record: predicates joined by *and* and *or*, with nothing left to decide.

kintone has no *not*; a negation is carried out before it gets here (see `lookups`), so a
condition is only ever combined, never negated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["EVERYTHING", "NOTHING", "All", "AnyOf", "Condition", "Predicate", "all_of", "any_of"]


@dataclass(frozen=True, slots=True)
class Predicate:
    """One comparison: a field's code, an operator of kintone's, and the operand as written."""

    code: str
    operator: str
    operand: str


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; without parts: every record."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds; without parts: no record, and so no request."""

    parts: tuple[Condition, ...]


Condition: TypeAlias = Predicate | All | AnyOf

EVERYTHING = All(())
NOTHING = AnyOf(())


def all_of(conditions: Iterable[Condition]) -> Condition:
    """The records that satisfy every one of `conditions`, in the simplest form."""
    return _join(conditions, All, neutral=EVERYTHING, absorbing=NOTHING)


def any_of(conditions: Iterable[Condition]) -> Condition:
    """The records that satisfy at least one of `conditions`, in the simplest form."""
    return _join(conditions, AnyOf, neutral=NOTHING, absorbing=EVERYTHING)


def _join(
    conditions: Iterable[Condition],
    kind: type[All | AnyOf],
    *,
    neutral: Condition,
    absorbing: Condition,
) -> Condition:
    parts: list[Condition] = []
    for condition in conditions:
        if condition == absorbing:
            return absorbing
        if condition == neutral:
            continue
        parts.extend(condition.parts if isinstance(condition, kind) else (condition,))
    if not parts:
        return neutral
    return parts[0] if len(parts) == 1 else kind(tuple(parts))
