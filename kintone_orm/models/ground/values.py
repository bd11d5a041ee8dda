"""The two kinds of mappings that the modules of `kintone_orm.models` pass to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Answer", "Values"]

# kintone's JSON: an answer, or a record in it. Its shape was checked when it arrived.
Answer: TypeAlias = "Mapping[str, Any]"

# Values of one record by field name, each of the type that its field has in Python.
Values: TypeAlias = "Mapping[str, Any]"
