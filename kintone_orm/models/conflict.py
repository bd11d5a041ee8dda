"""What a save or a delete raises when somebody else was faster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import ConflictError

if TYPE_CHECKING:
    from kintone_orm.exceptions import APIError
    from kintone_orm.models.base import Model

__all__ = ["Conflict", "conflict"]


class Conflict(ConflictError):
    """Somebody else wrote the record since it was read; nothing was saved.

    `instance` still holds your values, `expected` is the revision that they were based on.
    """

    instance: Model
    expected: int | None

    def latest(self) -> Any:
        """The record as it is now, in one request."""
        model = type(self.instance)
        return model.objects.using(self.instance._state.connection).get(pk=self.instance.pk)


def conflict(instance: Model, error: APIError) -> Conflict:
    """The model's own Conflict, for the refusal that kintone answered with."""
    expected = instance.revision
    raised: Conflict = type(instance).Conflict(
        f"{instance!r} is no longer at revision {expected}: somebody else changed it, or a save of "
        "yours whose answer was lost. Your values are still on the instance; .latest() reads the "
        "record as it is now.",
        status=error.status,
        code=error.code,
        id=error.id,
        method=error.method,
        path=error.path,
    )
    raised.instance = instance
    raised.expected = expected
    return raised
