"""Checking and storing field values: one class for each family of field types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .base import Field, Precision, Writing
from .calculated import Calculated
from .choice import DropDown, MultipleChoice, RadioButton
from .entity import EntitySelect
from .file import File, file_keys
from .number import Number
from .temporal import Date, DateTime, Time, instant, minute
from .text import Link, SingleLineText, Text

if TYPE_CHECKING:
    from ..ground.json_types import Definition

__all__ = [
    "FIELD_TYPES",
    "Field",
    "Precision",
    "Writing",
    "field_of",
    "file_keys",
    "instant",
    "minute",
]

FIELD_TYPES: dict[str, type[Field]] = {
    "SINGLE_LINE_TEXT": SingleLineText,
    "MULTI_LINE_TEXT": Text,
    "RICH_TEXT": Text,
    "LINK": Link,
    "NUMBER": Number,
    "CALC": Calculated,
    "DATE": Date,
    "TIME": Time,
    "DATETIME": DateTime,
    "DROP_DOWN": DropDown,
    "RADIO_BUTTON": RadioButton,
    "CHECK_BOX": MultipleChoice,
    "MULTI_SELECT": MultipleChoice,
    "USER_SELECT": EntitySelect,
    "ORGANIZATION_SELECT": EntitySelect,
    "GROUP_SELECT": EntitySelect,
    "FILE": File,
}


def field_of(definition: Definition, precision: Precision) -> Field:
    """Return the field for a definition. Its type must be in FIELD_TYPES."""
    calculated = definition.get("expression")
    kind = Calculated if calculated else FIELD_TYPES[definition["type"]]
    return kind(definition, precision)
