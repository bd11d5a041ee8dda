"""Text and link fields."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..ground import choices, limits
from .base import Field

if TYPE_CHECKING:
    from ..ground.json_types import Definition
    from ..ground.problems import Problems
    from .base import Precision, Writing

__all__ = ["Link", "SingleLineText", "Text"]

_PROTOCOLS = {name: re.compile(pattern) for name, pattern in choices.LINK_PATTERNS.items()}


def _length(definition: Definition, name: str) -> int | None:
    """Return a length setting as a number, or None if the form has no limit (missing or "")."""
    return int(definition[name]) if definition.get(name) else None


class Text(Field):
    """MULTI_LINE_TEXT and RICH_TEXT: any text."""

    def read(self, value: object, prefix: str, writing: Writing) -> str:
        """Return the text; "" for null."""
        # Any text is valid, so no problem is reported to `writing`.
        del writing
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.shape_error(prefix, "text")
        return value


class SingleLineText(Text):
    """SINGLE_LINE_TEXT: its lengths are in UTF-16 code units, so that an emoji counts as two."""

    def __init__(self, definition: Definition, precision: Precision) -> None:
        super().__init__(definition, precision)
        self.shortest = _length(definition, "minLength")
        self.longest = _length(definition, "maxLength")
        if self.unique:
            self.longest = min(self.longest or limits.UNIQUE_TEXT_LENGTH, limits.UNIQUE_TEXT_LENGTH)

    def read(self, value: object, prefix: str, writing: Writing) -> str:
        """Return the text, and check its length."""
        text = super().read(value, prefix, writing)
        self.check(text, prefix, writing.problems)
        return text

    def check(self, value: str, prefix: str, problems: Problems) -> None:
        """Add a problem for a wrong length. Measured: minLength refuses "" too."""
        if self.longest is None and self.shortest is None:
            return
        length = len(value) if value.isascii() else len(value.encode("utf-16-le")) // 2
        if self.longest is not None and length > self.longest:
            self.report(prefix, problems, "shorter_than", limit=self.longest + 1)
        if self.shortest is not None and length < self.shortest:
            self.report(prefix, problems, "longer_than", limit=self.shortest - 1)

    def unique_key(self, value: str | None) -> str:
        """Return the text that must be unique: without spaces at its end if kintone ignores them.

        choices.UNIQUE_IGNORES_BLANKS_AT_THE_END decides this.
        """
        text = value or ""
        return text.rstrip(" ") if choices.UNIQUE_IGNORES_BLANKS_AT_THE_END else text


class Link(SingleLineText):
    """LINK: a web, telephone or mail address, depending on the `protocol` of the field."""

    def __init__(self, definition: Definition, precision: Precision) -> None:
        super().__init__(definition, precision)
        # The definition of a lookup has no protocol; its value comes from the source record.
        protocol = definition.get("protocol")
        self.pattern = _PROTOCOLS[protocol] if protocol else None

    def check(self, value: str, prefix: str, problems: Problems) -> None:
        """Add a problem for a wrong length, or if the text does not match the protocol."""
        super().check(value, prefix, problems)
        if value and self.pattern and not self.pattern.fullmatch(value):
            self.report(prefix, problems, "link")
