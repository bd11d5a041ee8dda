"""Read, change and save one record; start again if somebody else wrote it in between.

`modify` does the work of locks and of `F()`, which kintone does not have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from kintone_orm.exceptions import ServerBusy

if TYPE_CHECKING:
    from collections.abc import Callable

    from kintone_orm.models.record.instance import Instance
    from kintone_orm.models.writing.records import WritableRecords

__all__ = ["modify"]

M = TypeVar("M", bound="Instance")


def modify(
    records: WritableRecords[M], pk: object, change: Callable[[M], Any], *, attempts: int
) -> M:
    """Return the record `pk`, changed and saved: see `QuerySet.modify`."""
    if attempts < 1:
        raise ValueError(f"modify() needs at least one attempt, not {attempts}.")
    while True:
        instance: M = records.get(pk=pk)
        change(instance)
        # `change` deleted the record, so it is not saved.
        if instance._state.adding:
            return instance
        attempts -= 1
        try:
            instance.save(check_revision=True)
        except (records.model.Conflict, ServerBusy) as error:
            # The slower of two writers may get a ServerBusy for a locked database, and tries again.
            # After a ServerBusy without a code the record may be saved: another attempt could
            # apply the change twice.
            if not attempts or (isinstance(error, ServerBusy) and not error.code):
                raise
        else:
            return instance
