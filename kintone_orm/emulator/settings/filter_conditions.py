"""Conditions and orders that settings keep: `filterCond` and `sort`.

They are conditions of the query language, without an order or pages; those of actions and of
permissions without `is empty` too.
Source: kintone REST API, "Query String".
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from ..ground.errors import KintoneError, fault, invalid
from ..query import Context, compile_query
from ..query.parser import parse
from ..query.syntax import Group

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ..query.syntax import Predicate, Statement

__all__ = ["check_filter", "record_filter"]

# A check needs somebody and some time, whoever and whenever it is.
_NOBODY = Context(now=datetime(2000, 1, 1, tzinfo=timezone.utc), timezone=timezone.utc, user="")


def check_filter(
    text: str,
    properties: Mapping[str, Any],
    path: str,
    *,
    may_ask_for_blanks: bool = False,
    may_mix_joints: bool = True,
) -> None:
    """Raise what is wrong with a condition: CB_VA01 at `path` when it is none, or GAIA_*.

    People whom it names are not looked for.
    """
    statement = _checked(text, properties, path)
    if not may_mix_joints and _mixes_joints(statement.condition):
        raise fault("GAIA_IQ02")
    if statement.order or statement.limit is not None or statement.offset is not None:
        raise invalid({path: ["query"]}, reason="a condition has neither an order nor pages")
    if may_ask_for_blanks:
        return
    if any("empty" in predicate.operator for predicate in _predicates(statement.condition)):
        raise invalid({path: ["query"]}, reason="this condition cannot ask for empty fields")


def check_sort(text: str, properties: Mapping[str, Any], path: str) -> None:
    """Raise what is wrong with the order in which settings show records, as `check_filter`."""
    statement = _checked(f"order by {text}" if text else "", properties, path)
    if statement.limit is not None or statement.offset is not None:
        raise invalid({path: ["query"]}, reason="an order has no pages")


def _checked(text: str, properties: Mapping[str, Any], path: str) -> Statement:
    try:
        compile_query(text, properties, _NOBODY)
        return parse(text)
    except KintoneError as error:
        if error.code == "CB_VA01":
            raise invalid({path: ["query"]}, reason=error.reason) from error
        raise


def record_filter(
    text: str, properties: Mapping[str, Any], context: Context
) -> Callable[[Any], bool]:
    """A test whether a record satisfies a condition that was checked, for this caller.

    People who are gone since it was checked are found in no record.
    """
    return compile_query(text, properties, replace(context, exists=_anybody)).matches


def _anybody(_kind: str, _code: str) -> bool:
    return True


def _mixes_joints(node: Predicate | Group[Predicate] | None) -> bool:
    """Whether both `and` and `or` are in it: a group in a group is of the other joint."""
    return isinstance(node, Group) and any(isinstance(member, Group) for member in node.members)


def _predicates(node: Predicate | Group[Predicate] | None) -> Iterator[Predicate]:
    if isinstance(node, Group):
        for part in node.members:
            yield from _predicates(part)
    elif node is not None:
        yield node
