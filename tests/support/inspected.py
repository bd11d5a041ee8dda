"""Importing the modules that inspect() writes."""

from __future__ import annotations

import itertools
import sys
import types
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kintone_orm import Model

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["importing", "models_of"]

_numbers = itertools.count()


@contextmanager
def importing(source: str) -> Iterator[types.ModuleType]:
    """Import the source of a module under a new name, and forget it at the end."""
    module = types.ModuleType(f"inspected_{next(_numbers)}")
    sys.modules[module.__name__] = module
    try:
        exec(compile(source, module.__name__, "exec"), vars(module))
        yield module
    finally:
        del sys.modules[module.__name__]


def models_of(module: types.ModuleType) -> list[type[Model]]:
    """Return the models of a module, in its order."""
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Model) and value is not Model
    ]
