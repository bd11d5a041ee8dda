"""Which field names the user that kintone does not know: its refusal gives the code alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kintone_orm.fields.base import UNSET
from kintone_orm.fields.entity import EntitiesField
from kintone_orm.fields.subtable import SubtableField

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kintone_orm.exceptions import APIError
    from kintone_orm.models.base import Model

__all__ = ["explain_unknown_user"]

_UNKNOWN_USER = "GAIA_IL26"
_CODE = re.compile(r"code：(.+)[)）]")
_WRITES = ("/record.json", "/records.json", "/bulkRequest.json")  # not comments and assignees


def explain_unknown_user(error: APIError, instances: Iterable[Model]) -> None:
    """If a write was refused for a user that does not exist, say where the user stands."""
    found = _CODE.search(error.message)
    if error.code != _UNKNOWN_USER or found is None or not error.path.endswith(_WRITES):
        return
    for instance in instances:
        for place, people in _people(instance):
            if any(getattr(each, "code", None) == found[1] for each in people):
                error.message += f" It is in {place} of {instance!r}."


def _people(instance: Model) -> Iterator[tuple[str, Iterable[Any]]]:
    """The lists of users that the record and its rows hold, by where they are."""
    for field in instance._meta.fields.values():
        value = field.peek(instance)
        if value is UNSET:
            continue
        if isinstance(field, EntitiesField):
            yield str(field), value
        elif isinstance(field, SubtableField):
            for index, row in enumerate(value):
                for name, column in row._fields.items():
                    people = column.peek(row)
                    if isinstance(column, EntitiesField) and people is not UNSET:
                        yield f"{field}[{index}].{name}", people
