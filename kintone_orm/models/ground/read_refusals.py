"""kintone's refusal of a read becomes the model's own error."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from kintone_orm.exceptions import APIError, QueryError
from kintone_orm.http.codes import Meaning, meaning_of
from kintone_orm.models.ground.named_values import named_in
from kintone_orm.query.conditions import EVERYTHING, Predicate, leaves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kintone_orm.models.definition.options import Options
    from kintone_orm.query.conditions import Condition

__all__ = ["told_of_reading"]


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
def told_of_reading(meta: Options, app: int, condition: Condition = EVERYTHING) -> Iterator[None]:
    """A refusal of a read names the model and the app, and what of the condition it is about.

    Where ids are asked for, one that is gone is the model's DoesNotExist.
    """
    try:
        yield
    except APIError as error:
        told = error.message
        where = f"{meta.label} (app {app})"
        error.message = f"{where}: {told}"
        if meaning_of(error) is Meaning.RECORD_GONE:
            message = f"{where}: a record was deleted meanwhile: {told}"
            raise meta.model.DoesNotExist(message) from error
        if meaning_of(error) is Meaning.UNKNOWN_PERSON and isinstance(error, QueryError):
            error.message += "".join(_people_asked_for(meta, condition, told))
        raise


def _people_asked_for(meta: Options, condition: Condition, told: str) -> Iterator[str]:
    """The comparisons with users, groups and organizations that the refusal may be about."""
    fields = {field.code: field for field in meta.with_columns() if field.kintone_type in _PEOPLE}
    asked = [
        (fields[leaf.code], leaf.operand)
        for leaf in leaves(condition)
        if isinstance(leaf, Predicate) and leaf.code in fields
    ]
    values = named_in(told, {value for _, text in asked for value in _quoted(text)})
    named = [(field, text) for field, text in asked if not values.isdisjoint(_quoted(text))]
    for field, text in dict.fromkeys(named or asked):
        yield f" It is asked for by {field}: {text}."


def _quoted(operand: str) -> list[str]:
    """The values of an operand such as `("sato", "kato")`."""
    return [part for part in operand.split('"')[1::2] if part]
