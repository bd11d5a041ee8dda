"""Conditions, order, limit and offset as one of kintone's query strings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kintone_orm.query.conditions import (
    EVERYTHING,
    JOINED,
    NO_RECORD,
    NOTHING,
    All,
    Condition,
    Pending,
    Predicate,
    Text,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["OrderKey", "compile_condition", "compile_query"]


@dataclass(frozen=True, slots=True)
class OrderKey:
    """One key of an order: a field's code, and which way."""

    code: str
    descending: bool = False

    def __str__(self) -> str:
        # Always written: without it kintone sorts downwards.
        return f"{self.code} {'desc' if self.descending else 'asc'}"


def compile_condition(condition: Condition) -> str:
    """The condition in kintone's query language; "" for every record.

    *and* inside *or*, and the reverse, always stand in parentheses: which of them binds tighter
    is not documented. A comparison that is pending shows what it waits for.
    """
    if isinstance(condition, Predicate):
        return f"{condition.code} {condition.operator} {condition.operand}"
    if isinstance(condition, Text):
        return f"({condition.text})"
    if isinstance(condition, Pending):
        return f"{condition.code} in ({condition.source!r})"
    if condition == NOTHING:
        # It says "no record" even to who forgot that nothing need be sent.
        return compile_condition(NO_RECORD)
    word = " and " if isinstance(condition, All) else " or "
    return word.join(
        f"({text})" if isinstance(part, JOINED) else text
        for part in condition.parts
        for text in (compile_condition(part),)
    )


def compile_query(
    condition: Condition = EVERYTHING,
    *,
    order: Sequence[OrderKey] = (),
    limit: int | None = None,
    offset: int | None = None,
) -> str:
    """The whole query, its parts in the only order kintone reads them in."""
    parts = [compile_condition(condition)]
    if order:
        parts.append("order by " + ", ".join(map(str, order)))
    if limit is not None:
        parts.append(f"limit {limit}")
    if offset:
        parts.append(f"offset {offset}")
    return " ".join(part for part in parts if part)
