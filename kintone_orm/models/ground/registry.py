"""The registry of models: finding a model by its name, so that models may name each other."""

from __future__ import annotations

import weakref
from typing import Any

from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.query.resolve import nearest

__all__ = ["find_model", "register"]

# Weak references, so that a model can be freed if a function made it, or if a reload of its module
# has replaced it.
_models: dict[str, list[weakref.ref[Any]]] = {}


def register(model: Any) -> None:
    """Make `model` findable by its name."""
    _models[model.__name__] = [*map(weakref.ref, _living(model.__name__)), weakref.ref(model)]


def find_model(owner: Any, reference: Any) -> Any:
    """Return the model for a `reference`, a class or a name, in a field of the model `owner`.

    A name may have its module before it: "shop.models.Customer". A name without a module means the
    model in the owner's module, or else the only model of that name. If a module was reloaded, its
    latest model counts. Raises ImproperlyConfigured if there is no such model, or more than one.
    """
    if not isinstance(reference, str):
        return reference
    module, _, name = reference.rpartition(".")
    # A later model replaces an earlier model of the same module and name: the module was reloaded.
    by_module = {model.__module__: model for model in _living(name)}
    if not module and owner.__module__ in by_module:
        return by_module[owner.__module__]
    if module:
        by_module = {where: model for where, model in by_module.items() if where == module}
    if len(by_module) == 1:
        return next(iter(by_module.values()))
    if not by_module:
        known = [known_name for known_name in _models if _living(known_name)]
        raise ImproperlyConfigured(
            f"{owner.__name__} names the model {reference!r}, but no model of that name is "
            f"imported.{nearest(name, known)}"
        )
    names = " or ".join(f"{where}.{name}" for where in sorted(by_module))
    raise ImproperlyConfigured(
        f"{owner.__name__} names the model {reference!r}, but there are several. Write {names}."
    )


def _living(name: str) -> list[Any]:
    return [model for reference in _models.get(name, ()) if (model := reference()) is not None]
