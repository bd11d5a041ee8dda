"""Refusing mistakes in the declarations of fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.fields.base import Field

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["refuse_unmade"]


def refuse_unmade(owner: str, namespace: Mapping[str, object]) -> None:
    """Raise ImproperlyConfigured for a declaration without parentheses or with a final comma."""
    for name, value in namespace.items():
        if isinstance(value, type) and issubclass(value, Field) and value.__name__ != name:
            raise ImproperlyConfigured(
                f"{owner}.{name} is the class {value.__name__}, not a field. Write "
                f"{name} = {value.__name__}()."
            )
        if isinstance(value, tuple) and len(value) == 1 and isinstance(value[0], Field):
            raise ImproperlyConfigured(
                f"{owner}.{name} is a tuple with a field in it. Remove the comma after the field."
            )
