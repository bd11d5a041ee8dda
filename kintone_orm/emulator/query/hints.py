"""Hints for a store that can look up ids and exact texts, taken from a query's condition.

Only the conditions that every match must satisfy are used: those joined by `and` at the top.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .syntax import Group

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .checker import Condition

__all__ = ["equalities", "id_range"]


def id_range(node: Condition | Group[Condition] | None) -> tuple[int | None, int | None]:
    """Return the least and the greatest `$id` that can match; None where there is no bound."""
    low: int | None = None
    high: int | None = None
    for condition in _required_conditions(node):
        if condition.column.key != "$id" or condition.column.table is not None:
            continue
        least, greatest = _bounds(condition)
        if least is not None:
            low = least if low is None else max(low, least)
        if greatest is not None:
            high = greatest if high is None else min(high, greatest)
    return low, high


def _bounds(condition: Condition) -> tuple[int | None, int | None]:
    ids = [operand for operand in condition.operands if operand is not None]
    if not ids:
        return None, None
    if condition.operator in {"=", "in"}:
        return min(ids), max(ids)
    if condition.operator in {">", ">="}:
        return ids[0] + (condition.operator == ">"), None
    if condition.operator in {"<", "<="}:
        return None, ids[0] - (condition.operator == "<")
    return None, None


def equalities(node: Condition | Group[Condition] | None) -> dict[str, tuple[str, ...]]:
    """Return texts by field code: in every match, the top-level field has one of its texts.

    The texts are not blank. A stored value may have spaces at its end, which comparisons ignore.
    """
    texts: dict[str, tuple[str, ...]] = {}
    for condition in _required_conditions(node):
        column = condition.column
        if (
            column.type in {"SINGLE_LINE_TEXT", "LINK"}
            and column.table is None
            and condition.operator in {"=", "in"}
            and None not in condition.operands
        ):
            texts.setdefault(column.code, condition.operands)
    return texts


def _required_conditions(node: Condition | Group[Condition] | None) -> Iterator[Condition]:
    if isinstance(node, Group):
        if node.joint == "and":
            yield from (member for member in node.members if not isinstance(member, Group))
    elif node is not None:
        yield node
