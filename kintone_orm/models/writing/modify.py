"""Read, change, save, and again if somebody else was faster: in the place of locks and `F()`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from kintone_orm.exceptions import ServerBusy

if TYPE_CHECKING:
    from collections.abc import Callable

    from kintone_orm.models.base import Model
    from kintone_orm.models.queryset import QuerySet

__all__ = ["modify"]

M = TypeVar("M", bound="Model")


def modify(records: QuerySet[M], pk: Any, change: Callable[[M], Any], *, attempts: int) -> M:
    """The instance, changed and saved: as `QuerySet.modify`, which hands over itself."""
    if attempts < 1:
        raise ValueError(f"modify() needs at least one attempt, not {attempts}.")
    while True:
        instance = records.get(pk=pk)
        change(instance)
        if instance._state.adding:  # deleted
            return instance
        attempts -= 1
        try:
            instance.save(check_revision=True)
        except (records.model.Conflict, ServerBusy) as error:
            # The slower of two writers may be told that the database is locked. Without a code
            # nobody knows whether it was saved.
            if not attempts or (isinstance(error, ServerBusy) and not error.code):
                raise
        else:
            return instance
