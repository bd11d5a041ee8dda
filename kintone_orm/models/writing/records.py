"""The part of a queryset that writing uses, as a protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from kintone_orm.models.ground.values import Values
    from kintone_orm.models.record.instance import Instance

    M_co = TypeVar("M_co", bound="Instance", covariant=True)
else:
    M_co = TypeVar("M_co", covariant=True)

__all__ = ["Owner", "WritableRecords"]


class WritableRecords(Protocol[M_co]):
    """A queryset that can find and add one record."""

    @property
    def model(self) -> type[M_co]:
        """The model of the records."""
        ...

    def get(self, **kwargs: object) -> Any:
        """Return the one record that satisfies the conditions; DoesNotExist if no record does."""
        ...

    def create(self, **kwargs: object) -> M_co:
        """Return a new record with these values, which is saved already."""
        ...

    def get_or_create(self, defaults: Values | None = None, **kwargs: object) -> tuple[M_co, bool]:
        """Return the record that satisfies the conditions, or a new one, and True if it is new."""
        ...


class Owner(Protocol):
    """The record that related records belong to, such as the customer of ``customer.orders``."""

    def forget_prefetched(self) -> None:
        """Drop the prefetched records of the relation."""
        ...
