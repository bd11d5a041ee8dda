"""Comparing long texts, of which kintone compares only the first 64 characters.

kintone ignores spaces at the end of these characters. So an operand of 64 characters or more finds
every text that begins like it, and the opposite comparison excludes all of these texts. Records
that were found by mistake can be compared again when they are read; records that were excluded
cannot. Source: measured twice, by other people; kintone's documents do not mention it.
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


def as_compared(value: object) -> Any:
    """Return the value as kintone compares it for equality: a text without spaces at its end."""
    return value.rstrip(" ") if isinstance(value, str) else value


def is_blanks_alone(value: object) -> bool:
    """Return True for a text of spaces only, which kintone treats as an empty text."""
    return isinstance(value, str) and bool(value) and not as_compared(value)


def possible(field: Comparable, literals: Iterable[str]) -> list[str]:
    """Return the literals that can equal a value of the field.

    A field with a maximum length of up to 64 characters cannot hold longer texts.
    """
    short = _is_short(field)
    return [literal for literal in literals if not (short and _is_too_long(unquoted(literal)))]


def doubtful(field: Comparable, literals: Iterable[str]) -> Texts | None:
    """Return the texts to compare exactly; None if kintone compares all of them exactly.

    `literals` are the operands of a comparison, quoted. A long text among them is the reason.
    """
    values = () if _is_short(field) else tuple(map(unquoted, literals))
    return Texts(str(field), values) if any(map(_is_long, values)) else None


def has_texts(condition: Condition) -> bool:
    """Return True if the condition compares a text for which kintone may find other texts."""
    return any(isinstance(leaf, Predicate) and leaf.texts for leaf in leaves(condition))


def exact_where_short(condition: Condition, is_short: Callable[[str], bool]) -> Condition:
    """Return the condition, with comparisons of short fields marked as exact.

    `is_short` returns True for the code of a field that holds at most 64 characters. Longer texts
    are left out of its comparisons, because no value can equal them.
    """
    if isinstance(condition, JOINED):
        join = all_of if isinstance(condition, All) else any_of
        return join(exact_where_short(child, is_short) for child in condition.parts)
    if not isinstance(condition, Predicate) or not condition.texts or not is_short(condition.code):
        return condition
    texts = [text for text in condition.texts.values if not _is_too_long(text)]
    if not texts:
        return NOTHING if condition.operator in ("=", "in") else EVERYTHING
    listed = condition.operator in ("in", "not in")
    operand = f"({', '.join(map(quote, texts))})" if listed else quote(*texts)
    return replace(condition, operand=operand, texts=None)


def to_compare_again(condition: Condition) -> list[tuple[str, Texts]]:
    """Return the texts to compare again in the records read, each with its field's code.

    A record must match all of them. Raises NotSupportedError for a text under ``|`` or ``~``, in
    a table or of a related record, because there the record does not show which part matched.
    """
    parts = condition.parts if isinstance(condition, All) else (condition,)
    compared = []
    for leaf in leaves(condition):
        if not isinstance(leaf, Predicate) or not leaf.texts:
            continue
        if leaf.table is not None:
            raise not_exact(leaf.texts, "in the rows of a table or of related records")
        if leaf.operator not in ("=", "in"):
            raise not_exact(leaf.texts, "in exclude() and under ~")
        if leaf not in parts:
            raise not_exact(leaf.texts, "under |")
        compared.append((leaf.code, leaf.texts))
    return compared


def equal_texts(compared: Iterable[tuple[str, Texts]]) -> Callable[[Any], bool]:
    """Return a function that is true for a record with exactly these texts.

    The function takes the record as kintone sent it.
    """
    allowed = [(code, frozenset(map(as_compared, texts.values))) for code, texts in compared]

    def test(record: Any) -> bool:
        return all(as_compared(record[code]["value"] or "") in texts for code, texts in allowed)

    return test


def _is_short(field: Comparable) -> bool:
    most = field.most_characters
    return most is not None and most <= COMPARED_CHARACTERS


def _is_long(text: str) -> bool:
    return characters(text) >= COMPARED_CHARACTERS


def _is_too_long(text: str) -> bool:
    return characters(text) > COMPARED_CHARACTERS


def not_exact(texts: Texts, where: str) -> NotSupportedError:
    """Return the error for a comparison with a long text where kintone's answer is not exact.

    `where` names the place in the message, such as "under |".
    """
    text = next(filter(_is_long, texts.values))
    return NotSupportedError(
        f"{texts.field} cannot be compared with {text[:30]!r}... of {characters(text)} characters "
        f"{where}: kintone compares only the first {COMPARED_CHARACTERS} characters, so it also "
        "finds other texts that begin alike. kintone_orm compares whole texts only for a condition "
        "of filter() on a field of the record itself, when all records are read, and in get() and "
        "first(). To accept texts that begin alike, write the condition in kintone's query "
        "language, by raw()."
    )
