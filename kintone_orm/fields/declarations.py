"""Whether the fields in a class body are fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.fields.base import Field

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["refuse_unmade"]


def refuse_unmade(owner: str, namespace: Mapping[str, Any]) -> None:
    """ImproperlyConfigured for what was meant to be a field, and is not."""
    for name, value in namespace.items():
        if isinstance(value, type) and issubclass(value, Field) and value.__name__ != name:
            raise ImproperlyConfigured(
                f"{owner}.{name} is the class {value.__name__}, not a field: "
                f"{name} = {value.__name__}()."
            )
        if isinstance(value, tuple) and len(value) == 1 and isinstance(value[0], Field):
            raise ImproperlyConfigured(
                f"{owner}.{name} is a tuple with a field in it: take away the comma behind it."
            )
