"""Everything that a decoder puts into a record, in a form that can be compared."""

from __future__ import annotations

from typing import Any
from weakref import ref

from kintone_orm import Model, Row
from kintone_orm.connection import Connection
from kintone_orm.files.attachment import Attachment
from kintone_orm.models.record.file_storage import RecordStorage
from kintone_orm.models.record.state import State

__all__ = ["seen"]


def seen(value: object) -> Any:
    """Return the value as its types and reprs, and a record or a row with all its slots."""
    if isinstance(value, Model | Row | State | RecordStorage):
        slots = [slot for cls in type(value).__mro__ for slot in getattr(cls, "__slots__", ())]
        names = [name for name in slots if name != "__weakref__" and hasattr(value, name)]
        return type(value), {name: seen(getattr(value, name)) for name in names}
    if isinstance(value, list | tuple):
        return type(value), [seen(item) for item in value]
    if isinstance(value, Attachment):
        return repr(value), value.file_key, seen(value.storage)
    if isinstance(value, ref):
        return type(value), getattr(value(), "id", None)
    if isinstance(value, Connection | type):
        return id(value)
    return type(value), repr(value)
