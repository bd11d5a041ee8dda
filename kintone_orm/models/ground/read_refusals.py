"""Translating kintone's refusals of reads into the model's own errors."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from kintone_orm.exceptions import APIError, QueryError
from kintone_orm.http.codes import Meaning, meaning_of
from kintone_orm.models.ground.named_values import named_in
from kintone_orm.query.conditions import EVERYTHING, Predicate, leaves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kintone_orm.models.ground.protocols import Meta
    from kintone_orm.query.conditions import Condition

__all__ = ["translating_read_refusals"]

_PEOPLE = frozenset(
    {
        "CREATOR",
        "GROUP_SELECT",
        "MODIFIER",
        "ORGANIZATION_SELECT",
        "STATUS_ASSIGNEE",
        "USER_SELECT",
    }
)


@contextmanager
def translating_read_refusals(
    meta: Meta, app: int, condition: Condition = EVERYTHING
) -> Iterator[None]:
    """Add the model, the app and the refused part of the condition to the refusal of a read.

    A refusal for a deleted record is raised as the model's DoesNotExist.
    """
    try:
        yield
    except APIError as error:
        message = error.message
        where = f"{meta.label} (app {app})"
        error.message = f"{where}: {message}"
        if meaning_of(error) is Meaning.RECORD_GONE:
            gone = f"{where}: a record was deleted during the read. {message}"
            raise meta.model.DoesNotExist(gone) from error
        if meaning_of(error) is Meaning.UNKNOWN_PERSON and isinstance(error, QueryError):
            error.message += "".join(_people_asked_for(meta, condition, message))
        raise


def _people_asked_for(meta: Meta, condition: Condition, message: str) -> Iterator[str]:
    """Yield a sentence for each comparison with people that kintone may have refused."""
    fields = {field.code: field for field in meta.with_columns() if field.kintone_type in _PEOPLE}
    comparisons = [
        (fields[leaf.code], leaf.operand)
        for leaf in leaves(condition)
        if isinstance(leaf, Predicate) and leaf.code in fields
    ]
    values = named_in(message, {value for _, text in comparisons for value in _quoted(text)})
    named = [(field, text) for field, text in comparisons if not values.isdisjoint(_quoted(text))]
    for field, text in dict.fromkeys(named or comparisons):
        yield f" The filter compares {field} with {text}."


def _quoted(operand: str) -> list[str]:
    """Return the values of an operand such as `("sato", "kato")`."""
    return [part for part in operand.split('"')[1::2] if part]
