"""Compiling conditions, order, limit and offset to a query string of kintone.

A condition is a tree of comparisons under *and* and *or* (see `conditions`). Compiling walks the
tree once and puts every inner *and* and *or* in parentheses. Negations,
blanks and tables have been resolved earlier.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kintone_orm.query.conditions import (
    EVERYTHING,
    JOINED,
    NO_RECORD,
    All,
    Condition,
    Pending,
    Predicate,
    Text,
    is_nothing,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["OrderKey", "compile_condition", "compile_query"]


@dataclass(frozen=True, slots=True)
class OrderKey:
    """One key of an order: a field code and a direction."""

    code: str
    descending: bool = False

    def __str__(self) -> str:
        # The direction is always written, because without it kintone sorts in descending order.
        return f"{self.code} {'desc' if self.descending else 'asc'}"


def compile_condition(condition: Condition) -> str:
    """Return the condition in kintone's query language; "" if every record satisfies it.

    An *and* inside an *or*, and an *or* inside an *and*, is always in parentheses, because their
    precedence is not documented. A pending comparison shows the repr of its inner queryset.
    """
    if isinstance(condition, Predicate):
        return f"{condition.code} {condition.operator} {condition.operand}"
    if isinstance(condition, Text):
        return f"({condition.text})"
    if isinstance(condition, Pending):
        return f"{condition.code} in ({condition.source!r})"
    if is_nothing(condition):
        # A query for NOTHING needs no request. If a caller sends the query anyway, it must find no
        # record.
        return compile_condition(NO_RECORD)
    word = " and " if isinstance(condition, All) else " or "
    texts = map(compile_condition, condition.parts)
    return word.join(
        [
            f"({text})" if isinstance(child, JOINED) else text
            for child, text in zip(condition.parts, texts, strict=True)
        ]
    )


def compile_query(
    condition: Condition = EVERYTHING,
    *,
    order: Sequence[OrderKey] = (),
    limit: int | None = None,
    offset: int | None = None,
) -> str:
    """Return the whole query string, with its clauses in the only order that kintone accepts."""
    clauses = [compile_condition(condition)]
    if order:
        clauses.append("order by " + ", ".join(map(str, order)))
    if limit is not None:
        clauses.append(f"limit {limit}")
    if offset:
        clauses.append(f"offset {offset}")
    return " ".join(filter(None, clauses))
