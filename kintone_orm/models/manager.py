"""Manager: the attribute of a model that hands out its querysets."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, TypeVar, overload

from kintone_orm.exceptions import NotSupportedError
from kintone_orm.models.queryset import QuerySet

if TYPE_CHECKING:
    from kintone_orm.models.base import Model

__all__ = ["Manager"]

M = TypeVar("M", bound="Model")


class Manager:
    """`Model.objects`: a fresh queryset of all records, each time it is read."""

    def __init_subclass__(cls) -> None:
        raise NotSupportedError(
            f"{cls.__name__}: managers of one's own are not there yet. Put the conditions into a "
            "function that takes a queryset."
        )

    @overload
    def __get__(self, instance: None, owner: type[M]) -> QuerySet[M]: ...
    @overload
    def __get__(self, instance: object, owner: type[M]) -> NoReturn: ...
    def __get__(self, instance: object | None, owner: type[M]) -> QuerySet[M]:
        if instance is not None:
            raise AttributeError(f"Ask the model, not a record of it: {owner.__name__}.objects.")
        if owner._meta.abstract:
            raise AttributeError(
                f"{owner.__name__} is abstract and has no records; ask a model made from it."
            )
        found: QuerySet[M] = QuerySet(owner)
        found._as_manager = True
        return found
