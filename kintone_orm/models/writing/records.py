"""Records: a queryset, as far as writing needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from kintone_orm.models.ground.values import Values
    from kintone_orm.models.record.instance import Instance

    M_co = TypeVar("M_co", bound="Instance", covariant=True)
else:
    M_co = TypeVar("M_co", covariant=True)

__all__ = ["Owner", "Records"]


class Records(Protocol[M_co]):
    """Records of one model that can be found, and added to."""

    @property
    def model(self) -> type[M_co]:
        """The model of the records."""
        ...

    def get(self, **kwargs: Any) -> Any:
        """The one record that satisfies the conditions; DoesNotExist if there is none."""
        ...

    def create(self, **kwargs: Any) -> M_co:
        """A new record with these values, saved."""
        ...

    def get_or_create(self, defaults: Values | None = None, **kwargs: Any) -> tuple[M_co, bool]:
        """The record that satisfies the conditions, or a new one, and True if it is new."""
        ...


class Owner(Protocol):
    """The record that the records belong to."""

    def forget_prefetched(self) -> None:
        """Drop the records that were read along with it."""
        ...
