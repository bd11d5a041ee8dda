"""The facts about a form's fields that a connection keeps."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["KnownField"]


class KnownField(NamedTuple):
    """A field of an app's form: its type, and the code of the subtable that contains it.

    `why_ignored` says why kintone ignores values for the field; None if kintone takes values.
    `copied_by` is the code of the lookup that fills the field. `is_lookup` is True for a lookup.
    """

    type: str
    table: str | None
    why_ignored: str | None
    copied_by: str | None = None
    is_lookup: bool = False
