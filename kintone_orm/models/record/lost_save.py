"""LostSave: the error of a save whose answer was lost, with ways to find out if it was saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import (
    APIError,
    KintoneORMError,
    ObjectDoesNotExist,
    ServerBusy,
    TransportError,
)
from kintone_orm.fields.base import UNSET
from kintone_orm.fields.list_field import ListField
from kintone_orm.models.record.changes import snapshot_of
from kintone_orm.models.record.home import require_id
from kintone_orm.outcomes import CarriedOut

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from kintone_orm.http.retry import Retry
    from kintone_orm.models.record.instance import Instance

__all__ = [
    "InterruptedSave",
    "LostSave",
    "UnansweredSave",
    "is_as_sent",
    "lost_save",
    "may_settle",
    "sent_snapshots",
    "settles",
]


class LostSave(APIError):
    """The answer to a save was lost, so the record may be saved or not.

    The error is also a TransportError or a ServerBusy: the error of the lost answer. `carried_out`
    is UNKNOWN. `instance` still has your values, as unsaved changes. `expected` is the revision
    that was sent, or None if the save sent none. A save that adds a record raises the error of the
    lost answer alone, because the record's id is unknown.
    """

    instance: Any
    expected: int | None

    _sent: Mapping[str, Any]
    _latest: Any = None
    _is_as_sent: bool = False

    def keep_values_of(
        self, instance: Instance, names: Collection[str], expected: int | None
    ) -> None:
        """Keep the instance and its values of the fields `names`, which were sent."""
        self.instance = instance
        self.expected = expected
        self._sent = sent_snapshots(instance, names)

    def latest(self) -> Any:
        """Return the record as kintone stores it now. The first call reads it, in one request.

        Raises the model's DoesNotExist if the record is gone.
        """
        if self._latest is None:
            instance = self.instance
            records = instance._meta.records(instance._state.connection)
            latest = records.get(pk=require_id(instance))
            self._is_as_sent = is_as_sent(latest, self._sent, self.expected)
            self._latest = latest
        return self._latest

    @property
    def looks_saved(self) -> bool:
        """True if the latest record has the next revision and every value that was sent.

        It is a hint, and no proof: somebody else may have written the same values, and a request
        that looks lost may still arrive. The first access reads the record, in one request. False
        if the record is gone, or if the save sent no revision.
        """
        try:
            self.latest()
        except ObjectDoesNotExist:
            return False
        return self._is_as_sent


class UnansweredSave(LostSave, TransportError):
    """No answer to a save arrived, or the answer is not kintone's."""


class InterruptedSave(LostSave, ServerBusy):
    """A server in front of kintone answered that a save failed."""


# Another class is that of an error which a wrapper raised. It is raised as it is.
_BY_CLASS: Mapping[type[APIError], type[LostSave]] = {
    TransportError: UnansweredSave,
    ServerBusy: InterruptedSave,
}


def lost_save(
    instance: Instance, names: Collection[str], revision: int | None, error: APIError
) -> LostSave | None:
    """Return the LostSave for the error of a save of the fields `names`; None if none is needed.

    `revision` is the revision that was sent.
    """
    kind = _BY_CLASS.get(type(error))
    if kind is None or error.carried_out is not CarriedOut.UNKNOWN:
        return None
    lost = kind(error.message)
    for name, value in vars(error).items():
        setattr(lost, name, value)
    lost.message += (
        " The record may be saved or not. .looks_saved compares the stored record with the values "
        "sent, and .latest() returns it."
    )
    lost.keep_values_of(instance, names, revision)
    return lost


def sent_snapshots(instance: Instance, names: Collection[str]) -> dict[str, Any]:
    """Return the snapshots of the fields `names`, to compare them later with the stored values."""
    return {name: snapshot_of(instance, instance._meta.fields[name]) for name in names}


def is_as_sent(latest: Instance, sent: Mapping[str, Any], expected: int | None) -> bool:
    """Return True if the record has the revision after `expected`, and the values that were sent.

    `sent` are the snapshots by field name.
    """
    if expected is None or latest.revision != expected + 1:
        return False
    for name, snapshot in sent.items():
        field = latest._meta.fields[name]
        stored = field.peek(latest)
        if snapshot is UNSET or stored is UNSET:
            return False
        # The rows of a list that were new when they were sent have an id by now.
        if isinstance(field, ListField):
            if not field.holds(snapshot, stored):
                return False
        elif field.snapshot(stored) != snapshot:
            return False
    return True


def may_settle(instance: Instance, retry: Retry) -> bool:
    """Return True if a lost save of the record may count as done when it looks saved.

    If the values were computed from stored ones, two programs may have computed the same values,
    so that one of the two changes would be lost.
    """
    return retry.settle_by_values and not instance._state.computed


def settles(lost: LostSave, retry: Retry) -> bool:
    """Return True if the save looks saved, and `retry` takes this for a success."""
    if not may_settle(lost.instance, retry):
        return False
    try:
        return lost.looks_saved
    # The record cannot be read now. The error of the lost save is the one to raise.
    except KintoneORMError:
        return False
