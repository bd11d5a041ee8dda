"""What a condition says about ids and exact texts, for a store that can look those up.

Only the conditions that every record must satisfy count: those joined by `and` at the top.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .syntax import Group

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .checker import Condition

__all__ = ["equalities", "id_range"]


def id_range(node: Condition | Group[Condition] | None) -> tuple[int | None, int | None]:
    """The least and the greatest `$id` that can match, both included; None: no bound."""
    low: int | None = None
    high: int | None = None
    for condition in _always(node):
        if condition.column.key != "$id" or condition.column.table is not None:
            continue
        least, greatest = _bounds(condition)
        if least is not None:
            low = least if low is None else max(low, least)
        if greatest is not None:
            high = greatest if high is None else min(high, greatest)
    return low, high


def _bounds(condition: Condition) -> tuple[int | None, int | None]:
    ids = [each for each in condition.operands if each is not None]
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
    """The texts that a top-level field must be one of, by code; none of them is blank.

    As they are compared: a value may have blanks behind them.
    """
    found: dict[str, tuple[str, ...]] = {}
    for condition in _always(node):
        column = condition.column
        if (
            column.type in {"SINGLE_LINE_TEXT", "LINK"}
            and column.table is None
            and condition.operator in {"=", "in"}
            and None not in condition.operands
        ):
            found.setdefault(column.code, condition.operands)
    return found


def _always(node: Condition | Group[Condition] | None) -> Iterator[Condition]:
    if isinstance(node, Group):
        if node.joint == "and":
            yield from (part for part in node.parts if not isinstance(part, Group))
    elif node is not None:
        yield node
