"""Proxies: further classes, with methods of their own, for the records of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.fields.base import Field
from kintone_orm.fields.related_record import RelatedRecord

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["concrete_of"]


def concrete_of(name: str, bases: tuple[type, ...], namespace: Mapping[str, object]) -> Any:
    """Return the model that the proxy `name` is for.

    Raises ImproperlyConfigured if there is not exactly one such model, or if the proxy adds fields.
    """
    metas = [base._meta for base in bases if hasattr(base, "_meta")]
    models = {meta.concrete_model for meta in metas if not meta.abstract}
    if len(models) != 1:
        named = ", ".join(sorted(model.__name__ for model in models)) or "none"
        raise ImproperlyConfigured(
            f"{name} is a proxy, so it needs exactly one base model with an app, not {named}."
        )
    concrete = models.pop()
    fields = concrete._meta.fields
    declared = (Field, RelatedRecord)
    added = {k for k, v in namespace.items() if isinstance(v, declared) or k in fields}
    for base in bases:
        if not issubclass(base, concrete):
            added |= {k for k in dir(base) if isinstance(getattr(base, k, None), declared)}
    if added:
        raise ImproperlyConfigured(
            f"{name} is a proxy of {concrete.__name__} and cannot add fields: "
            f"{', '.join(sorted(added))}. Make it a model of its own, with Meta.app = "
            f"{concrete._meta.app!r}."
        )
    return concrete
