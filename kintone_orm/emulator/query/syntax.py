"""A query as a tree of values: what the parser makes, before any form is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = [
    "Call",
    "Group",
    "Number",
    "Predicate",
    "Scalar",
    "SortKey",
    "Statement",
    "Text",
    "fields_in",
    "joined",
]

Leaf = TypeVar("Leaf")


@dataclass(frozen=True, slots=True)
class Text:
    """A string literal, without its quotes and escapes."""

    value: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number that was written without quotes, as it was spelled."""

    value: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its arguments as they were spelled: FROM_TODAY("-5", "DAYS")."""

    name: str
    arguments: tuple[str, ...]


Scalar = Text | Number | Call


@dataclass(frozen=True, slots=True)
class Predicate:
    """One condition. `operator` is spelled as in operators.py; "is empty" has no operand."""

    field: str
    operator: str
    operands: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Group(Generic[Leaf]):
    """Two or more conditions that are joined; a part is never a group of the same joint."""

    joint: Literal["and", "or"]
    parts: tuple[Leaf | Group[Leaf], ...]


def joined(joint: Literal["and", "or"], parts: Sequence[Leaf | Group[Leaf]]) -> Leaf | Group[Leaf]:
    """These parts as one: a part that is alone as it is, groups of the same joint opened."""
    if len(parts) == 1:
        return parts[0]
    flat: list[Leaf | Group[Leaf]] = []
    for part in parts:
        if isinstance(part, Group) and part.joint == joint:
            flat.extend(part.parts)
        else:
            flat.append(part)
    return Group(joint, tuple(flat))


@dataclass(frozen=True, slots=True)
class SortKey:
    """One key of `order by`."""

    field: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """A whole query. `limit` and `offset` are the digits that were written, or None."""

    condition: Predicate | Group[Predicate] | None
    order: tuple[SortKey, ...]
    limit: str | None
    offset: str | None


def fields_in(statement: Statement) -> Iterator[str]:
    """The code of every field that a query names, as often as it does."""
    yield from _fields_in(statement.condition)
    for key in statement.order:
        yield key.field


def _fields_in(node: Predicate | Group[Predicate] | None) -> Iterator[str]:
    if isinstance(node, Group):
        for part in node.parts:
            yield from _fields_in(part)
    elif node is not None:
        yield node.field
