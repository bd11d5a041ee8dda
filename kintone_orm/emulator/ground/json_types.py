"""Names for the JSON objects of kintone's API that the emulator does not convert to classes.

The values in these objects are `Any`, because the keys depend on the type of the field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Cell", "Definition", "Properties", "Sent"]

Definition: TypeAlias = "Mapping[str, Any]"
"""The definition of a field, as Get Form Fields gives it: {"type": ..., "code": ..., ...}."""

Properties: TypeAlias = "Mapping[str, Definition]"
"""A form: the definitions of its fields by code."""

Cell: TypeAlias = "Mapping[str, Any]"
"""A cell of a record: {"type": ..., "value": ...}."""

Sent: TypeAlias = "dict[str, Any]"
"""The checked parameters of a request by name; None for an optional one that was not sent."""
