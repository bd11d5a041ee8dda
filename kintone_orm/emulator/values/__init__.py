"""What may be written to a field, and in which form it is kept: one class a family of types."""

from __future__ import annotations

from .base import Field, Precision, Writing
from .choice import DropDown, MultipleChoice, RadioButton
from .entity import EntitySelect, File
from .number import Number
from .temporal import Date, DateTime, Time, instant, minute
from .text import Link, SingleLineText, Text

__all__ = ["FIELD_TYPES", "Field", "Precision", "Writing", "instant", "minute"]

FIELD_TYPES: dict[str, type[Field]] = {
    "SINGLE_LINE_TEXT": SingleLineText,
    "MULTI_LINE_TEXT": Text,
    "RICH_TEXT": Text,
    "LINK": Link,
    "NUMBER": Number,
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
