"""What a query asks of a record: predicates joined by *and* and *or*, with nothing left to decide.

kintone has no *not*; a negation is carried out before it gets here (see `record_conditions`), so a
condition is only ever combined, never negated.
"""

from __future__ import annotations

from dataclasses import dataclass
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
    "leaves",
    "settled",
]


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts that an operand stands for, and the name of the field they are compared with."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Predicate:
    """One comparison: a field's code, an operator of kintone's, and the operand as written.

    `table` is the code of the subtable, or of the related records, that the field is a column of.
    `texts` are those that kintone cannot tell from others that only begin alike.
    """

    code: str
    operator: str
    operand: str
    table: str | None = None
    texts: Texts | None = None


OPPOSITE = {"=": "!=", "in": "not in", "like": "not like", ">": "<=", "<": ">="}
OPPOSITE |= {opposite: operator for operator, opposite in OPPOSITE.items()}

# Ids count from 1.
NO_RECORD, ANY_RECORD = Predicate("$id", "=", '"0"'), Predicate("$id", ">", '"0"')


@dataclass(frozen=True, slots=True)
class Text:
    """A condition that a person wrote in kintone's language; its tables are nobody's business."""

    text: str

    @property
    def table(self) -> None:
        """None: it is not known."""


class Unread(Protocol):
    """The values that an inner query finds, once it is read."""

    def values_to_compare(self, using: Any, /) -> Sequence[Any]:
        """The values, each once and none of them blank; sends the requests that takes.

        `using` is the connection of the outer query, for an inner one that names none.
        """
        ...

    def requests(self, using: Any, /) -> str:
        """The number of requests that reading takes, in words; nothing is sent."""
        ...


class Source:
    """An operand that stands for the values of another query: a queryset."""

    __slots__ = ()

    def picked_for(self, field: Comparable) -> Unread:
        """The values to compare `field` with; FieldError if it is unclear which are meant."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Pending:
    """A comparison with what another queryset finds, which is not known until it is read."""

    field: Comparable
    source: Unread
    ask: Callable[[Sequence[Any], Zone], Condition]

    @property
    def code(self) -> str:
        """The code of the field that is compared."""
        return self.field.code

    @property
    def table(self) -> str | None:
        """As a predicate's."""
        return self.field.table


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; without parts: every record."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds; without parts: no record, and so no request."""

    parts: tuple[Condition, ...]


Leaf: TypeAlias = Predicate | Text | Pending
Condition: TypeAlias = Leaf | All | AnyOf

JOINED = (All, AnyOf)
EVERYTHING = All(())
NOTHING = AnyOf(())


def all_of(conditions: Iterable[Condition]) -> Condition:
    """The records that satisfy every one of `conditions`, in the simplest form."""
    return _join(conditions, All, EVERYTHING, NOTHING)


def any_of(conditions: Iterable[Condition]) -> Condition:
    """The records that satisfy at least one of `conditions`, in the simplest form."""
    return _join(conditions, AnyOf, NOTHING, EVERYTHING)


def leaves(condition: Condition) -> list[Leaf]:
    """The comparisons of a condition, each as often as it stands there."""
    if not isinstance(condition, JOINED):
        return [condition]
    return [leaf for part in condition.parts for leaf in leaves(part)]


def settled(condition: Condition, *, using: Any, zone: Zone) -> Condition:
    """The condition with every comparison that was pending; reads what it waits for, in order.

    `using` and `zone` are the connection that asks, and its time zone. What cannot change the
    answer is not read: a queryset beside a part that finds no record anyway sends no request.
    """
    if isinstance(condition, Pending):
        return condition.ask(condition.source.values_to_compare(using), zone)
    if not isinstance(condition, JOINED):
        return condition
    join, decided = (all_of, NOTHING) if isinstance(condition, All) else (any_of, EVERYTHING)
    parts: list[Condition] = []
    for part in condition.parts:
        parts.append(settled(part, using=using, zone=zone))
        if parts[-1] == decided:
            break
    return join(parts)


def _join(
    conditions: Iterable[Condition],
    kind: type[All | AnyOf],
    neutral: Condition,
    absorbing: Condition,
) -> Condition:
    parts: list[Condition] = []
    for condition in conditions:
        if not isinstance(condition, JOINED):
            parts.append(condition)
        elif isinstance(condition, kind):
            parts += condition.parts  # without parts it is the neutral one
        elif condition.parts:
            parts.append(condition)
        else:
            return absorbing
    if len(parts) == 1:
        return parts[0]
    return kind(tuple(parts)) if parts else neutral
