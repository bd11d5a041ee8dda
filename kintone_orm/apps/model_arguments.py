"""Checking the models that a program gives to deploy() and check()."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.models.base import Model

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["require_models"]


def require_models(models: Iterable[object], function: str) -> None:
    """Raise ImproperlyConfigured unless all are classes of models, and none is abstract."""
    for model in models:
        if isinstance(model, (list, tuple, set)):
            raise ImproperlyConfigured(
                f"{function} takes models one by one, not a {type(model).__name__} of them. Write "
                f"{function.removesuffix(')')}*models)."
            )
        if not (isinstance(model, type) and issubclass(model, Model)):
            raise ImproperlyConfigured(
                f"{function} takes models, which are classes, not {model!r:.80}."
            )
        if model is Model or model._meta.abstract:
            raise ImproperlyConfigured(
                f"{model.__name__} is abstract, so it has no app. Name a model made from it."
            )
