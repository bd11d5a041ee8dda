"""Manager: the manager of plain querysets, which every model has as `objects`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, overload

from kintone_orm.models.definition.base_manager import BaseManager
from kintone_orm.models.queryset import QuerySet

if TYPE_CHECKING:
    from kintone_orm.models.base import Model

    M = TypeVar("M", bound="Model")

__all__ = ["Manager"]


class Manager(BaseManager[QuerySet[Any]]):
    """`objects = Manager()`: what a model has if it says nothing else.

    Several may stand side by side, each starting with other records: override `get_queryset`.
    """

    queryset_class = QuerySet

    if TYPE_CHECKING:  # so that the queryset is known to be of the model that is asked

        @overload
        def __get__(self, instance: None, owner: type[M]) -> QuerySet[M]: ...
        @overload
        def __get__(self, instance: object, owner: type[M]) -> NoReturn: ...
        def __get__(self, instance: object | None, owner: type[M]) -> QuerySet[M]: ...
