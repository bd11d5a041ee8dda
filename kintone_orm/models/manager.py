"""Manager: hands out plain querysets; every model has one as `objects`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, overload

from kintone_orm.models.definition.base_manager import BaseManager
from kintone_orm.models.queryset import QuerySet

if TYPE_CHECKING:
    from kintone_orm.models.base import Model

    M = TypeVar("M", bound="Model")

__all__ = ["Manager"]


class Manager(BaseManager[QuerySet[Any]]):
    """The default manager of a model: ``objects = Manager()``.

    A model can have several managers, each with its own records: override `get_queryset`.
    """

    queryset_class = QuerySet

    if TYPE_CHECKING:  # the queryset has the model on which the manager is accessed

        @overload
        def __get__(self, instance: None, owner: type[M]) -> QuerySet[M]: ...
        @overload
        def __get__(self, instance: object, owner: type[M]) -> NoReturn: ...
        def __get__(self, instance: object | None, owner: type[M]) -> QuerySet[M]: ...
