"""`functools.cached_property` and Django's on models and rows, which have no `__dict__`.

They keep their values in slots, so that a misspelt attribute is refused and a record is small. What
a cached property has worked out is kept in one slot more, for as long as the record or row lives,
and goes along with its copies and pickles, as in Django; ``del record.name`` forgets it.
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
    """As the one that was declared, but for where it keeps its value."""

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        values = _values(instance)
        if self.attrname not in values:
            self.__set__(instance, self.func(instance))
        return _values(instance)[self.attrname]

    def __set__(self, instance: Any, value: Any) -> None:
        # In a new dict, because copies have the same one.
        setattr(instance, SLOT, {**_values(instance), self.attrname: value})

    def __delete__(self, instance: Any) -> None:
        left = dict(_values(instance))
        if self.attrname not in left:
            kind = type(instance).__name__
            raise AttributeError(f"{kind}.{self.attrname} is not cached: nobody has read it.")
        del left[self.attrname]
        setattr(instance, SLOT, left)


def has_cached_properties(bases: Iterable[type], namespace: Mapping[str, Any]) -> bool:
    """True if a class of this body, with these bases, has any."""
    inherited = (getattr_static(base, name) for base in bases for name in dir(base))
    return any(map(_is_cached_property, [*namespace.values(), *inherited]))


def keep_in_slot(cls: type) -> None:
    """Let the cached properties of a model or row keep their values in the slot."""
    if cls.__dictoffset__:  # of a class without slots beside it; there they work as they are
        return
    for name in dir(cls):
        declared = getattr_static(cls, name)
        if not isinstance(declared, _CachedProperty) and _is_cached_property(declared):
            kept = _CachedProperty(declared.func)
            kept.__set_name__(cls, name)
            setattr(cls, name, kept)


def _is_cached_property(declared: Any) -> bool:
    """True for Python's cached_property, and for Django's, which is a class of its own."""
    kinds = {kind.__name__ for kind in type(declared).__mro__}
    return "cached_property" in kinds and callable(getattr(declared, "func", None))


def _values(instance: Any) -> Mapping[str | None, Any]:
    values: Mapping[str | None, Any] = getattr(instance, SLOT, {})
    return values
