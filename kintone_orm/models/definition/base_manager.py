"""BaseManager: the attribute of a model that hands out its querysets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, NoReturn, TypeVar, cast, overload

from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.query.conditions import Source

if TYPE_CHECKING:
    from typing_extensions import Self

    from kintone_orm.models.queryset import QuerySet

__all__ = ["BaseManager"]

S = TypeVar("S", bound="QuerySet[Any, Any]")
T = TypeVar("T", bound="QuerySet[Any, Any]")

_OVERRIDDEN = ("get_queryset", "model", "queryset_class")


class BaseManager(Generic[S]):
    """`Model.objects`: a fresh queryset of all records, each time it is read.

    `queryset_class` is its class. A subclass says by `get_queryset` which records it starts with;
    methods of one's own are the queryset's (`QuerySet.as_manager`), for that is what is handed
    out. A save, a deletion and a refresh of a record never ask a manager.
    """

    queryset_class: ClassVar[type[QuerySet[Any, Any]]]
    model: Any = None

    def __init_subclass__(cls) -> None:
        # What a manager above it has was checked when that was made.
        own = [each for each in cls.__mro__ if each is cls or not issubclass(each, BaseManager)]
        for name in (name for each in own for name in vars(each)):
            if name[0] != "_" and name not in _OVERRIDDEN:
                raise ImproperlyConfigured(
                    f"{cls.__name__}.{name} would not be found: a manager hands out a queryset. "
                    f"Make {name!r} a method of a QuerySet subclass, and write objects = "
                    "ThatQuerySet.as_manager(), or inherit from Manager.from_queryset("
                    "ThatQuerySet)."
                )

    @classmethod
    def from_queryset(
        cls, queryset_class: type[T], class_name: str | None = None
    ) -> type[BaseManager[T]]:
        """A class of managers that hand out this class of querysets."""
        name = class_name or f"{cls.__name__}From{queryset_class.__name__}"
        made = type(name, (cls,), {"queryset_class": queryset_class, "__module__": cls.__module__})
        return cast("type[BaseManager[T]]", made)

    def get_queryset(self) -> S:
        """The records that the manager starts with: all of `model`'s. To be overridden."""
        return cast("S", self.queryset_class(self.model))

    @overload
    def __get__(self, instance: None, owner: type) -> S: ...
    @overload
    def __get__(self, instance: object, owner: type) -> NoReturn: ...
    def __get__(self, instance: object | None, owner: Any) -> S:
        if instance is not None:
            raise AttributeError(f"Ask the model, not a record of it: {owner.__name__}.objects.")
        if owner._meta.abstract:
            raise AttributeError(
                f"{owner.__name__} is abstract and has no records; ask a model made from it."
            )
        queryset = self._of(owner).get_queryset()
        if not isinstance(queryset, Source):
            raise TypeError(
                f"{type(self).__name__}.get_queryset() must return a QuerySet of {owner.__name__}, "
                f"not {type(queryset).__name__}: narrow super().get_queryset() by filter()."
            )
        return queryset._handed_out()

    def _of(self, model: type) -> Self:
        """This manager for one of the models that have or inherit it."""
        bound = object.__new__(type(self))
        vars(bound).update(vars(self), model=model)
        return bound
