"""Writing records, one or many, and explaining why kintone refuses a write.

A program that only reads never imports these modules. Each is imported when another room uses it
for the first time, as in ``writing.saving.insert_one(...)``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kintone_orm.models.writing import (
        batches,
        bulk,
        find_or_create,
        many,
        modify,
        new_values,
        refusals,
        saving,
    )

__all__ = [
    "batches",
    "bulk",
    "find_or_create",
    "many",
    "modify",
    "new_values",
    "refusals",
    "saving",
]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return import_module(f"{__name__}.{name}")
