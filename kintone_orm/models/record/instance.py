"""Instance: a record, as the packages that `Model` is built from know it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from kintone_orm.exceptions import ObjectDoesNotExist
    from kintone_orm.models.ground.protocols import Meta
    from kintone_orm.models.record.conflict import Conflict
    from kintone_orm.models.record.state import State

__all__ = ["Instance", "set_id", "set_revision"]


class Instance:
    """The base class of `Model`, with the attributes that the other packages use.

    It is not a protocol, because `Model` declares a narrower type of `_meta`, which a protocol does
    not allow.
    """

    # Each model has slots of its own, so type checkers must not see the empty slots of this class.
    if not TYPE_CHECKING:
        __slots__ = ()

    _meta: ClassVar[Meta]
    DoesNotExist: ClassVar[type[ObjectDoesNotExist]]
    Conflict: ClassVar[type[Conflict]]

    _id: int | None
    _revision: int | None
    _state: State

    if TYPE_CHECKING:

        @property
        def pk(self) -> int | None:
            """The record's `$id`; None until it is saved."""

        @property
        def revision(self) -> int | None:
            """The record's revision; None until it is saved."""

        def save(self, *, check_revision: bool | None = None) -> None:
            """Send the unsaved changes."""


def set_id(instance: Instance, id_: int, revision: int) -> None:
    """Give the record the id and the revision that kintone reported."""
    instance._id, instance._revision = id_, revision


def set_revision(instance: Instance, revision: int) -> None:
    """Set the record's revision, which is read-only for users."""
    instance._revision = revision
