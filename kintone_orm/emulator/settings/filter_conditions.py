"""Conditions and orders in settings: `filterCond` and `sort`.

A `filterCond` is a query without `order by`, `limit` and `offset`. In actions and permissions, it
cannot use `is empty`. Source: kintone REST API, "Query String".
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

# Compiling needs a user and a time, but whether a query is valid does not depend on them.
_NOBODY = Context(now=datetime(2000, 1, 1, tzinfo=timezone.utc), timezone=timezone.utc, user="")


def check_filter(
    text: str,
    properties: Mapping[str, object],
    path: str,
    *,
    may_ask_for_blanks: bool = False,
    may_mix_joints: bool = True,
) -> None:
    """Check a condition. Raises CB_VA01 at `path` for bad syntax, and GAIA_* for wrong fields.

    The users and groups in the condition are not checked.
    """
    statement = _parse(text, properties, path)
    if not may_mix_joints and _mixes_joints(statement.condition):
        raise fault("GAIA_IQ02")
    if statement.order or statement.limit is not None or statement.offset is not None:
        raise invalid({path: ["query"]}, reason="A condition has no order by, limit or offset.")
    if may_ask_for_blanks:
        return
    if any("empty" in predicate.operator for predicate in _predicates(statement.condition)):
        raise invalid({path: ["query"]}, reason="This condition cannot use is empty.")


def check_sort(text: str, properties: Mapping[str, object], path: str) -> None:
    """Check a `sort`, an order of records. Raises the errors of `check_filter`."""
    statement = _parse(f"order by {text}" if text else "", properties, path)
    if statement.limit is not None or statement.offset is not None:
        raise invalid({path: ["query"]}, reason="A sort has no limit or offset.")


def _parse(text: str, properties: Mapping[str, Any], path: str) -> Statement:
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
    """Return a function that tests if a record satisfies a checked condition, for this caller.

    A condition on a user or group that does not exist matches no record.
    """
    return compile_query(text, properties, replace(context, exists=_anybody)).matches


def _anybody(_kind: str, _code: str) -> bool:
    return True


def _mixes_joints(node: Predicate | Group[Predicate] | None) -> bool:
    """Return True if the condition uses both `and` and `or`: a group then contains a group."""
    return isinstance(node, Group) and any(isinstance(member, Group) for member in node.members)


def _predicates(node: Predicate | Group[Predicate] | None) -> Iterator[Predicate]:
    if isinstance(node, Group):
        for member in node.members:
            yield from _predicates(member)
    elif node is not None:
        yield node
