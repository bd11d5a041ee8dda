"""Conflict: the error of a save or a delete when somebody else wrote the record in between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic

from kintone_orm.exceptions import ConflictError
from kintone_orm.fields.base import UNSET
from kintone_orm.models.record.changes import changes, loaded, with_old_values
from kintone_orm.models.record.home import require_id

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from typing_extensions import TypeVar

    from kintone_orm.exceptions import APIError
    from kintone_orm.models.record.instance import Instance

    M = TypeVar("M", bound="Instance", default=Any)
else:
    from typing import TypeVar

    M = TypeVar("M")

__all__ = ["Conflict", "conflict"]


class Conflict(ConflictError, Generic[M]):
    """Somebody else wrote the record since it was read; nothing was saved.

    `instance` still has your values. `expected` is the revision that these values are based on.
    `yours` are your changes, as name -> (loaded value, your value); the loaded value is
    `kintone_orm.fields.UNSET` for a field that was not loaded.
    """

    instance: M
    expected: int | None
    yours: dict[str, tuple[Any, Any]]

    _loaded: dict[str, Any]
    _latest: M | None = None
    _theirs: Mapping[str, tuple[Any, Any]]
    _unsure: set[str]

    def keep_values_of(self, instance: M) -> None:
        """Keep the instance and its present values, to compare them with the latest record."""
        self.instance = instance
        self.expected = instance.revision
        self.yours = with_old_values(instance, changes(instance))
        self._loaded = loaded(instance)
        self._unsure = {name for name in instance._state.mixed or () if name in self._loaded}
        if instance._state.rebased:
            self._unsure |= self.yours.keys()

    def latest(self) -> M:
        """Return the record as kintone stores it now. The first call reads it, in one request.

        Raises the model's DoesNotExist if the record is gone.
        """
        if self._latest is None:
            instance = self.instance
            records = instance._meta.records(instance._state.connection)
            latest: M = records.get(pk=require_id(instance))
            self._latest = latest
            self._theirs = _differences(self._loaded, latest, self._unsure, self.yours)
        return self._latest

    @property
    def theirs(self) -> Mapping[str, tuple[Any, Any]]:
        """The changes of others, as name -> (loaded value, their value), from `latest()`.

        Only fields that can be assigned are compared, because kintone computes the other fields. A
        field that was not loaded cannot be compared: it is listed if you changed it. A field whose
        value is of a newer revision than `expected` is always listed. If all values are of another
        revision than `expected`, as after a schema has loaded a form that a browser showed earlier,
        every field that you changed is listed.
        """
        self.latest()
        return self._theirs

    @property
    def both(self) -> set[str]:
        """The names of the fields that both you and others changed."""
        return self.yours.keys() & self.theirs.keys()


def conflict(instance: Instance, error: APIError) -> Conflict:
    """Return the model's Conflict for kintone's refusal of a write."""
    expected = instance.revision
    raised: Conflict = type(instance).Conflict(
        f"{instance!r} is no longer at revision {expected}: somebody else changed it, or one of "
        "your own saves did, and its answer was lost. Your values are still on the instance. "
        ".latest() reads the record as it is now, .both names the fields that both of you changed, "
        "and objects.modify() applies a change to the record as it is then.",
        status=error.status,
        code=error.code,
        id=error.id,
        method=error.method,
        path=error.path,
    )
    raised.keep_values_of(instance)
    return raised


def _differences(
    before: Mapping[str, object], latest: Instance, unsure: Collection[str], yours: Collection[str]
) -> dict[str, tuple[Any, Any]]:
    differences = {}
    for name, old in before.items():
        field = latest._meta.fields[name]
        new = field.peek(latest)
        is_unknown = old is UNSET or new is UNSET
        differs = (name in yours) if is_unknown else (field.snapshot(new) != old)
        if differs or name in unsure:
            differences[name] = (old, new)
    return with_old_values(latest, differences)
