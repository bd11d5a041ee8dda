"""The tree of a query, as the parser makes it without knowing a form."""

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
    "join",
]

Leaf = TypeVar("Leaf")


@dataclass(frozen=True, slots=True)
class Text:
    """A string literal, without its quotes and escapes."""

    value: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number literal without quotes, as it is spelled."""

    value: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its arguments as they are spelled: FROM_TODAY("-5", "DAYS")."""

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
    """Two or more conditions joined by "and" or "or".

    A member may be a group only if it is joined by the other word.
    """

    joint: Literal["and", "or"]
    members: tuple[Leaf | Group[Leaf], ...]


def join(joint: Literal["and", "or"], members: Sequence[Leaf | Group[Leaf]]) -> Leaf | Group[Leaf]:
    """Return one condition: the only member itself, or a group with nested groups flattened."""
    if len(members) == 1:
        return members[0]
    flat: list[Leaf | Group[Leaf]] = []
    for member in members:
        if isinstance(member, Group) and member.joint == joint:
            flat.extend(member.members)
        else:
            flat.append(member)
    return Group(joint, tuple(flat))


@dataclass(frozen=True, slots=True)
class SortKey:
    """One key of `order by`."""

    field: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """A whole query. `limit` and `offset` are digits as written, or None."""

    condition: Predicate | Group[Predicate] | None
    order: tuple[SortKey, ...]
    limit: str | None
    offset: str | None


def fields_in(statement: Statement) -> Iterator[str]:
    """Yield the code of every field that a query names, once for each mention."""
    yield from _fields_in(statement.condition)
    for key in statement.order:
        yield key.field


def _fields_in(node: Predicate | Group[Predicate] | None) -> Iterator[str]:
    if isinstance(node, Group):
        for member in node.members:
            yield from _fields_in(member)
    elif node is not None:
        yield node.field
