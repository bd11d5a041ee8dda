"""Conditions: comparisons joined by *and* and *or*, ready to compile.

kintone has no *not*. `record_conditions` resolves a negation before a condition is built, so a
condition is only ever combined, never negated.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import is_
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kintone_orm.query.comparable import Comparable, Zone

__all__ = [
    "ANY_RECORD",
    "EVERYTHING",
    "JOINED",
    "NOTHING",
    "NO_RECORD",
    "OPPOSITE",
    "All",
    "AnyOf",
    "Condition",
    "Pending",
    "Predicate",
    "Source",
    "Text",
    "Texts",
    "Unread",
    "all_of",
    "any_of",
    "is_nothing",
    "leaves",
    "settled",
]


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of an operand, and the name of the field that is compared with them."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Predicate:
    """One comparison: a field code, an operator of kintone and the operand as written.

    `table` is the code of the subtable or reference table that the field is a column of. `texts`
    is given if the operand is so long that kintone also finds texts that only begin like it.
    """

    code: str
    operator: str
    operand: str
    table: str | None = None
    texts: Texts | None = None


OPPOSITE = {"=": "!=", "in": "not in", "like": "not like", ">": "<=", "<": ">="}
OPPOSITE |= {opposite: operator for operator, opposite in OPPOSITE.items()}

# Ids begin at 1: no record has the id 0.
NO_RECORD, ANY_RECORD = Predicate("$id", "=", '"0"'), Predicate("$id", ">", '"0"')


@dataclass(frozen=True, slots=True)
class Text:
    """A condition that the user wrote in kintone's language. It is not parsed."""

    text: str

    @property
    def table(self) -> None:
        """None, because the text is not parsed and its table is unknown."""


class Unread(Protocol):
    """The values of an inner query that is not read yet."""

    def values_to_compare(self, using: Any, /) -> Sequence[Any]:
        """Read the values and return each once, without blanks.

        They are read on `using`, the outer query's connection, if the inner query names no
        connection.
        """
        ...

    def requests(self, using: Any, /) -> str:
        """Describe in words how many requests reading takes. No request is sent."""
        ...


class Source:
    """The base class of querysets: a queryset as an operand stands for the values that it reads."""

    __slots__ = ()

    def picked_for(self, field: Comparable) -> Unread:
        """Return the values to compare `field` with.

        Raises FieldError if it is unclear which values are meant.
        """
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Pending:
    """A comparison with the values of an inner queryset, which are not read yet."""

    field: Comparable
    source: Unread
    ask: Callable[[Sequence[Any], Zone], Condition]

    @property
    def code(self) -> str:
        """The code of the compared field."""
        return self.field.code

    @property
    def table(self) -> str | None:
        """The code of the table that the field is a column of, as in a `Predicate`."""
        return self.field.table


@dataclass(frozen=True, slots=True)
class All:
    """The records that satisfy every part. Without parts: every record."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The records that satisfy at least one part. Without parts: no record, and no request."""

    parts: tuple[Condition, ...]


Leaf: TypeAlias = Predicate | Text | Pending
Condition: TypeAlias = Leaf | All | AnyOf

JOINED = (All, AnyOf)
EVERYTHING = All(())
NOTHING = AnyOf(())


def all_of(conditions: Iterable[Condition]) -> Condition:
    """Return a condition that requires every one of `conditions`, in the simplest form."""
    return _join(conditions, All, EVERYTHING, NOTHING)


def any_of(conditions: Iterable[Condition]) -> Condition:
    """Return a condition that requires at least one of `conditions`, in the simplest form."""
    return _join(conditions, AnyOf, NOTHING, EVERYTHING)


def is_nothing(condition: Condition) -> bool:
    """Return True if no record satisfies the condition, because it is `NOTHING`."""
    return isinstance(condition, AnyOf) and not condition.parts


def leaves(condition: Condition) -> list[Leaf]:
    """Return the comparisons of a condition, including repeated ones."""
    if not isinstance(condition, JOINED):
        return [condition]
    flat: list[Leaf] = []
    for child in condition.parts:
        if isinstance(child, JOINED):
            flat += leaves(child)
        else:
            flat.append(child)
    return flat


def settled(condition: Condition, *, using: object, zone: Zone) -> Condition:
    """Read the inner querysets, in order, and return the condition with their values.

    `using` and `zone` are the outer queryset's connection and its time zone. An inner queryset
    is not read if the conditions before it decide the result: an *and* already finds no record, or
    an *or* already finds every record.
    """
    if isinstance(condition, Pending):
        return condition.ask(condition.source.values_to_compare(using), zone)
    if not isinstance(condition, JOINED):
        return condition
    join, decisive = (all_of, NOTHING) if isinstance(condition, All) else (any_of, EVERYTHING)
    parts: list[Condition] = []
    for child in condition.parts:
        parts.append(settled(child, using=using, zone=zone))
        if parts[-1] == decisive:
            break
    if len(parts) == len(condition.parts) and all(map(is_, parts, condition.parts)):
        return condition  # it has no inner querysets
    return join(parts)


def _join(
    conditions: Iterable[Condition],
    kind: type[All | AnyOf],
    neutral: Condition,
    absorbing: Condition,
) -> Condition:
    # An `All` inside an `All` is replaced by its parts, and so is an `AnyOf` inside an `AnyOf`. Two
    # conditions decide the result alone: NOTHING in an `All`, and EVERYTHING in an `AnyOf`.
    parts: list[Condition] = []
    for condition in conditions:
        if not isinstance(condition, JOINED):
            parts.append(condition)
        elif isinstance(condition, kind):
            parts += condition.parts
        elif condition.parts:
            parts.append(condition)
        else:
            return absorbing
    if len(parts) == 1:
        return parts[0]
    return kind(tuple(parts)) if parts else neutral
