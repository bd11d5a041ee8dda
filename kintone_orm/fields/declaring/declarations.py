"""Refusing mistakes in the declarations of fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.fields.base import UNSET, Field

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["refuse_unmade", "refuse_useless_defaults"]


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


def refuse_useless_defaults(fields: Iterable[Field]) -> None:
    """Raise ImproperlyConfigured for a default of a field that a save never sends."""
    for field in fields:
        if field.default is not UNSET and not field.writable:
            raise ImproperlyConfigured(f"{field.why_read_only()} It cannot have a default either.")
