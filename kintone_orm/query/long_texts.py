"""Texts that kintone cannot tell apart, because it compares no more than their beginnings.

Of a text, kintone compares the first 64 characters, without the blanks at their end. So an operand
of 64 characters or more finds every text that begins like it, and its opposite leaves all of those
out. What was found too much can be compared again where it is read; what was left out cannot.
Source: measured twice, by other people; kintone's documents do not mention it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import NotSupportedError
from kintone_orm.limits import characters
from kintone_orm.query.conditions import (
    EVERYTHING,
    JOINED,
    NOTHING,
    All,
    Predicate,
    Texts,
    all_of,
    any_of,
    leaves,
)
from kintone_orm.query.literals import quote, unquoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kintone_orm.query.comparable import Comparable
    from kintone_orm.query.conditions import Condition

__all__ = [
    "COMPARED_CHARACTERS",
    "as_compared",
    "doubtful",
    "equal_texts",
    "exact_where_short",
    "has_texts",
    "is_blanks_alone",
    "not_exact",
    "possible",
    "to_compare_again",
]

COMPARED_CHARACTERS = 64


def as_compared(value: Any) -> Any:
    """A value as kintone compares it for equality: of a text, blanks at the end do not count."""
    return value.rstrip(" ") if isinstance(value, str) else value


def is_blanks_alone(value: Any) -> bool:
    """True for a text of nothing but blanks, which kintone takes for none."""
    return isinstance(value, str) and bool(value) and not as_compared(value)


def possible(field: Comparable, literals: Iterable[str]) -> list[str]:
    """The literals without those of texts that are too long for a field of 64 characters."""
    short = _is_short(field)
    return [each for each in literals if not (short and _is_too_long(unquoted(each)))]


def doubtful(field: Comparable, literals: Iterable[str]) -> Texts | None:
    """The texts that `literals` stand for, if kintone may find others than these."""
    values = () if _is_short(field) else tuple(map(unquoted, literals))
    return Texts(str(field), values) if any(map(_is_long, values)) else None


def has_texts(condition: Condition) -> bool:
    """True if a text in it is compared that kintone may not tell from others."""
    return any(isinstance(leaf, Predicate) and leaf.texts for leaf in leaves(condition))


def exact_where_short(condition: Condition, is_short: Callable[[str], bool]) -> Condition:
    """The condition, of which comparisons with fields that are short, by their code, are exact.

    Texts that are too long for such a field equal none of its values.
    """
    if isinstance(condition, JOINED):
        join = all_of if isinstance(condition, All) else any_of
        return join(exact_where_short(part, is_short) for part in condition.parts)
    if not isinstance(condition, Predicate) or not condition.texts or not is_short(condition.code):
        return condition
    texts = [text for text in condition.texts.values if not _is_too_long(text)]
    if not texts:
        return NOTHING if condition.operator in ("=", "in") else EVERYTHING
    listed = condition.operator in ("in", "not in")
    operand = f"({', '.join(map(quote, texts))})" if listed else quote(*texts)
    return replace(condition, operand=operand, texts=None)


def to_compare_again(condition: Condition) -> list[tuple[str, Texts]]:
    """The texts that are to be compared again, each with its field's code: all of them must fit.

    NotSupportedError for one under ``|`` or ``~``, in a table, or of a related record: what it
    finds cannot be told apart.
    """
    parts = condition.parts if isinstance(condition, All) else (condition,)
    again = []
    for leaf in leaves(condition):
        if not isinstance(leaf, Predicate) or not leaf.texts:
            continue
        if leaf.table is not None:
            raise not_exact(leaf.texts, "in the rows of a table or of related records")
        if leaf.operator not in ("=", "in"):
            raise not_exact(leaf.texts, "in exclude() and under ~")
        if leaf not in parts:
            raise not_exact(leaf.texts, "under |")
        again.append((leaf.code, leaf.texts))
    return again


def equal_texts(compared: Iterable[tuple[str, Texts]]) -> Callable[[Any], bool]:
    """A test of a record as kintone sent it: whether its texts are those that were asked for."""
    wanted = [(code, frozenset(map(as_compared, texts.values))) for code, texts in compared]

    def test(record: Any) -> bool:
        return all(as_compared(record[code]["value"] or "") in texts for code, texts in wanted)

    return test


def _is_short(field: Comparable) -> bool:
    most = field.most_characters
    return most is not None and most <= COMPARED_CHARACTERS


def _is_long(text: str) -> bool:
    return characters(text) >= COMPARED_CHARACTERS


def _is_too_long(text: str) -> bool:
    return characters(text) > COMPARED_CHARACTERS


def not_exact(texts: Texts, where: str) -> NotSupportedError:
    """The error for a comparison that cannot be made exact `where` it stands."""
    text = next(filter(_is_long, texts.values))
    return NotSupportedError(
        f"{texts.field} cannot be compared with {text[:30]!r}... of {characters(text)} characters "
        f"{where}: kintone compares {COMPARED_CHARACTERS}, and takes texts that only begin alike "
        "for equal. Only a condition of filter() on a field of the record itself is compared again "
        "here, when all its records are read, and by get() and first(). If texts that begin alike "
        "will do, write the condition in kintone's own words, by raw()."
    )
