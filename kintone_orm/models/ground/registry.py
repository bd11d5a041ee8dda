"""Which model a name means, asked late, so that models may name each other in any order."""

from __future__ import annotations

import weakref
from typing import Any

from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.query.resolve import nearest

__all__ = ["find_model", "register"]

# Weakly: a model that a function made, or that a module loaded again replaced, may go.
_models: dict[str, list[weakref.ref[Any]]] = {}


def register(model: Any) -> None:
    """Make `model` findable by its name."""
    _models[model.__name__] = [*map(weakref.ref, _living(model.__name__)), weakref.ref(model)]


def find_model(asking: Any, wanted: Any) -> Any:
    """The model meant by `wanted`, a class or a name, in a field of the model `asking`.

    A name may have its module before it, "shop.models.Customer". Of several models of a name
    alone the one in the same module is meant, or else the only one. Of a module that was loaded
    again, the latest counts. ImproperlyConfigured if there is none, or more than one elsewhere.
    """
    if not isinstance(wanted, str):
        return wanted
    module, _, name = wanted.rpartition(".")
    # Of one module, the latest model of the name.
    found = {model.__module__: model for model in _living(name)}
    if not module and asking.__module__ in found:
        return found[asking.__module__]
    if module:
        found = {where: model for where, model in found.items() if where == module}
    if len(found) == 1:
        return next(iter(found.values()))
    if not found:
        known = [each for each in _models if _living(each)]
        raise ImproperlyConfigured(
            f"{asking.__name__} names the model {wanted!r}, but none of that name is imported."
            f"{nearest(name, known)}"
        )
    names = " or ".join(f"{where}.{name}" for where in sorted(found))
    raise ImproperlyConfigured(
        f"{asking.__name__} names the model {wanted!r}, of which there are several: write {names}."
    )


def _living(name: str) -> list[Any]:
    return [model for each in _models.get(name, ()) if (model := each()) is not None]
