"""The classes that declare the fields of an app, for messages and for modules of models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm import fields

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CLASS_NAMES", "class_for"]

_CLASSES = [
    value
    for value in vars(fields).values()
    if isinstance(value, type) and issubclass(value, fields.Field)
]
CLASS_NAMES = {
    cls.kintone_type: cls.__name__
    for cls in _CLASSES
    if cls not in (fields.Field, fields.IntegerField, fields.LookupField)
}
"""The name of the class by the type in kintone.

An IntegerField declares a NUMBER as well. A lookup has no type of its own.
"""


def class_for(definition: Mapping[str, Any]) -> str:
    """Return the name of the class that declares a field of an app, given as kintone defines it."""
    if definition.get("lookup"):
        return "LookupField"
    kind: str = definition["type"]
    return CLASS_NAMES.get(kind, kind)
