"""`functools.cached_property`, and Django's, on models and rows, which have no `__dict__`.

Models and rows have slots, so that records are small and a misspelt attribute is an error. One more
slot keeps the values of all cached properties for the life of the record or row. Copies and pickles
include them, as in Django. ``del record.name`` removes the value of the property `name`.
"""

from __future__ import annotations

import functools
from inspect import getattr_static
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["SLOT", "has_cached_properties", "keep_in_slot"]

SLOT = "_cached"


class _CachedProperty(functools.cached_property[Any]):
    """A cached property that keeps its value in the slot whose name is in `SLOT`."""

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        if instance is None:
            return self
        values = _values(instance)
        if self.attrname not in values:
            self.__set__(instance, self.func(instance))
        return _values(instance)[self.attrname]

    def __set__(self, instance: object, value: object) -> None:
        # Make a new dict, because copies of the instance share the old one.
        setattr(instance, SLOT, {**_values(instance), self.attrname: value})

    def __delete__(self, instance: object) -> None:
        values = dict(_values(instance))
        if self.attrname not in values:
            owner = type(instance).__name__
            raise AttributeError(f"{owner}.{self.attrname} is not cached: it has not been read.")
        del values[self.attrname]
        setattr(instance, SLOT, values)


def has_cached_properties(bases: Iterable[type], namespace: Mapping[str, object]) -> bool:
    """Return True if a class with these bases and this body has a cached property."""
    inherited = (getattr_static(base, name) for base in bases for name in dir(base))
    return any(map(_is_cached_property, [*namespace.values(), *inherited]))


def keep_in_slot(cls: type) -> None:
    """Replace the cached properties of a model or row by properties that use the slot."""
    # A base without slots gives instances a __dict__, where cached properties keep their values.
    if cls.__dictoffset__:
        return
    for name in dir(cls):
        declared = getattr_static(cls, name)
        if not isinstance(declared, _CachedProperty) and _is_cached_property(declared):
            replacement = _CachedProperty(declared.func)
            replacement.__set_name__(cls, name)
            setattr(cls, name, replacement)


def _is_cached_property(declared: object) -> bool:
    """Return True for Python's cached_property, and for Django's, which is another class."""
    kinds = {kind.__name__ for kind in type(declared).__mro__}
    return "cached_property" in kinds and callable(getattr(declared, "func", None))


def _values(instance: object) -> Mapping[str | None, object]:
    values: Mapping[str | None, object] = getattr(instance, SLOT, {})
    return values
