"""`functools.cached_property` and Django's on a model, whose records have no `__dict__`.

Records keep their values in slots, so that a misspelt attribute is refused and a record is small.
What a cached property has worked out is kept in one slot more, for as long as the record lives, and
goes along with its copies and pickles, as in Django; ``del record.name`` forgets it.
"""

from __future__ import annotations

import functools
from inspect import getattr_static
from typing import Any

__all__ = ["SLOT", "keep_in_slot"]

SLOT = "_cached"


class _CachedProperty(functools.cached_property[Any]):
    """As the one that was declared, but for where it keeps its value."""

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        values = _values(instance)
        if self.attrname not in values:
            values[self.attrname] = self.func(instance)
        return values[self.attrname]

    def __set__(self, instance: Any, value: Any) -> None:
        _values(instance)[self.attrname] = value

    def __delete__(self, instance: Any) -> None:
        try:
            del _values(instance)[self.attrname]
        except KeyError:
            raise AttributeError(f"{self.attrname!r} is not cached: nobody has read it.") from None


def keep_in_slot(cls: type) -> None:
    """Let the cached properties of a model keep their values in the slot of its records."""
    if cls.__dictoffset__:  # of a class without slots beside the model; there they work as they are
        return
    for name in dir(cls):
        declared = getattr_static(cls, name)
        if not isinstance(declared, _CachedProperty) and _is_cached_property(declared):
            kept = _CachedProperty(declared.func)
            kept.__set_name__(cls, name)
            setattr(cls, name, kept)


def _is_cached_property(declared: Any) -> bool:
    """Whether it is Python's, or Django's, which is a class of its own."""
    kinds = {kind.__name__ for kind in type(declared).__mro__}
    return "cached_property" in kinds and callable(getattr(declared, "func", None))


def _values(instance: Any) -> dict[str | None, Any]:
    try:
        values: dict[str | None, Any] = getattr(instance, SLOT)
    except AttributeError:
        values = {}
        setattr(instance, SLOT, values)
    return values
