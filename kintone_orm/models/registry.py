"""Which model a name means, asked late, so that models may name each other in any order."""

from __future__ import annotations

import weakref
from typing import Any

from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.query.resolve import nearest

__all__ = ["find_model", "register"]

_models: dict[str, list[weakref.ref[Any]]] = {}


def register(model: Any) -> None:
    """Make `model` findable by its name."""
    living = [reference for reference in _models.get(model.__name__, ()) if reference()]
    _models[model.__name__] = [*living, weakref.ref(model)]


def find_model(asking: Any, wanted: Any) -> Any:
    """The model meant by `wanted`, a class or a name, in a field of the model `asking`.

    Of several models of that name the latest in the same module is meant, or else the only one.
    ImproperlyConfigured if there is none, or more than one elsewhere.
    """
    if not isinstance(wanted, str):
        return wanted
    found = [model for reference in _models.get(wanted, ()) if (model := reference()) is not None]
    here = [model for model in found if model.__module__ == asking.__module__]
    if here or len(found) == 1:
        return (here or found)[-1]
    if not found:
        raise ImproperlyConfigured(
            f"{asking.__name__} names the model {wanted!r}, but none of that name is imported."
            f"{nearest(wanted, _models)}"
        )
    modules = ", ".join(sorted(model.__module__ for model in found))
    raise ImproperlyConfigured(
        f"{asking.__name__} names the model {wanted!r}, of which there are several ({modules}): "
        "give the class itself."
    )
