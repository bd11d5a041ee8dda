"""BaseManager: the attribute of a model that hands out querysets of its records."""

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
    """The base of managers such as `Model.objects`, which give a new queryset at each access.

    `queryset_class` is the class of the queryset. A subclass chooses its records in `get_queryset`.
    Methods of your own belong to the queryset class (see `QuerySet.as_manager`), because users get
    a queryset and not the manager. Saving, deleting and refreshing a record use no manager.
    """

    queryset_class: ClassVar[type[QuerySet[Any, Any]]]
    model: Any = None

    def __init_subclass__(cls) -> None:
        # The names in the base classes were checked when the base classes were made.
        own = [base for base in cls.__mro__ if base is cls or not issubclass(base, BaseManager)]
        for name in (name for base in own for name in vars(base)):
            if name[0] != "_" and name not in _OVERRIDDEN:
                raise ImproperlyConfigured(
                    f"{cls.__name__}.{name} would not be found, because a manager hands out a "
                    f"queryset. Make {name!r} a method of a QuerySet subclass, and write objects = "
                    "ThatQuerySet.as_manager(), or inherit from Manager.from_queryset("
                    "ThatQuerySet)."
                )

    @classmethod
    def from_queryset(
        cls, queryset_class: type[T], class_name: str | None = None
    ) -> type[BaseManager[T]]:
        """Return a manager class that hands out querysets of `queryset_class`."""
        name = class_name or f"{cls.__name__}From{queryset_class.__name__}"
        namespace = {"queryset_class": queryset_class, "__module__": cls.__module__}
        return cast("type[BaseManager[T]]", type(name, (cls,), namespace))

    def get_queryset(self) -> S:
        """Return the queryset that the manager hands out: all records, unless it is overridden."""
        return cast("S", self.queryset_class(self.model))

    @overload
    def __get__(self, instance: None, owner: type) -> S: ...
    @overload
    def __get__(self, instance: object, owner: type) -> NoReturn: ...
    def __get__(self, instance: object | None, owner: Any) -> S:
        if instance is not None:
            raise AttributeError(f"A record has no manager. Use {owner.__name__}.objects.")
        if owner._meta.abstract:
            raise AttributeError(
                f"{owner.__name__} is abstract and has no records. Use a model made from it."
            )
        queryset = self._of(owner).get_queryset()
        if not isinstance(queryset, Source):
            raise TypeError(
                f"{type(self).__name__}.get_queryset() must return a QuerySet of {owner.__name__}, "
                f"not {type(queryset).__name__}. Call filter() on super().get_queryset()."
            )
        return queryset._handed_out()

    def _of(self, model: type) -> Self:
        """Return a copy of this manager for `model`, which has or inherits this manager."""
        bound = object.__new__(type(self))
        vars(bound).update(vars(self), model=model)
        return bound
