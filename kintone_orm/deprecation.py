"""Old public names, which keep working for one release with a DeprecationWarning.

This module is for the other modules of the package. It is not part of the public interface.
"""

from __future__ import annotations

import sys
from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar
from warnings import warn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

P = ParamSpec("P")
T = TypeVar("T")


def renamed_names(module: str, names: Mapping[str, str]) -> Callable[[str], Any]:
    """Return a `__getattr__` for `module` that gives renamed objects under their old names.

    `names` maps each old name to the new one, or to ``"package.module:name"`` for an object that
    moved to another module::

        __getattr__ = renamed_names(__name__, {"old": "new", "moved": "kintone_orm.other:moved"})
    """

    def get(name: str) -> object:
        if name not in names:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        target, _, new = names[name].rpartition(":")
        _warn(f"{module}.{name}", f"{target or module}.{new}", stacklevel=3)
        return getattr(import_module(target) if target else sys.modules[module], new)

    return get


class RenamedAttribute(Generic[T]):
    """The old name of a class's attribute or method. It reads and sets the renamed attribute.

    ::

        state = RenamedAttribute[str]("status")
    """

    def __init__(self, new: str) -> None:
        self._new = new

    def __set_name__(self, owner: type, name: str) -> None:
        self._old = name

    def __get__(self, instance: object | None, owner: type) -> T:
        self._warn(owner)
        value: T = getattr(owner if instance is None else instance, self._new)
        return value

    def __set__(self, instance: object, value: T) -> None:
        self._warn(type(instance))
        setattr(instance, self._new, value)

    def _warn(self, owner: type, *, stacklevel: int = 4) -> None:
        old, new = f"{owner.__name__}.{self._old}", f"{owner.__name__}.{self._new}"
        _warn(old, new, stacklevel=stacklevel)


class RenamedHook(RenamedAttribute[T]):
    """The old name of a method that subclasses override.

    The class that renamed the method calls `adopt_old_hooks` in its ``__init_subclass__``. So an
    override of the old name in a subclass is called under the new name.
    """

    def __get__(self, instance: object | None, owner: type) -> T:
        self._warn(owner)
        overriding = [cls for cls in owner.__mro__ if vars(cls).get(self._old, self) is not self]
        # If a class overrides the old name, `super()` in the override leads here. Look the new name
        # up behind that class: on the instance itself, the new name is the override.
        source: Any = super(overriding[-1], instance) if overriding else instance or owner
        value: T = self._as_old(getattr(source, self._new))
        return value

    def adopt(self, cls: type) -> None:
        """Give an override of the old name the new name, unless the new name is overridden too."""
        for base in cls.__mro__:
            if self._new in vars(base):
                return
            if self._old in vars(base):
                self._warn(cls, stacklevel=6)
                setattr(cls, self._new, self._as_new(vars(base)[self._old]))
                return

    def _as_old(self, method: Any) -> Any:
        """Return the new method, adapted to the signature of the old one."""
        return method

    def _as_new(self, override: Any) -> Any:
        """Return an override of the old method, adapted to the signature of the new one."""
        return override


def adopt_old_hooks(cls: type) -> None:
    """Give the new names to the methods by which `cls` overrides a `RenamedHook`."""
    for hook in [member for base in cls.__mro__ for member in vars(base).values()]:
        if isinstance(hook, RenamedHook):
            hook.adopt(cls)


def renamed_arguments(**names: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Decorate a function so that it also takes keyword arguments by their old names.

    `names` has each old name with the new name as its value:
    ``@renamed_arguments(state="status")``. A call with both names raises TypeError.
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            for old in names.keys() & kwargs.keys():
                new, label = names[old], f"{function.__qualname__}()"
                if new in kwargs:
                    raise TypeError(f"{label} got both {old!r} and {new!r}, its new name.")
                _warn(f"{label}: the argument {old!r}", repr(new), stacklevel=3)
                kwargs[new] = kwargs.pop(old)
            return function(*args, **kwargs)

        return call

    return decorate


def _warn(old: str, new: str, *, stacklevel: int) -> None:
    message = f"{old} is deprecated and will be removed in the next release. Use {new}."
    warn(message, DeprecationWarning, stacklevel=stacklevel)
