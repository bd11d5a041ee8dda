"""Texts and links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..ground import choices, limits
from .base import Field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..ground.problems import Problems
    from .base import Precision, Writing

__all__ = ["Link", "SingleLineText", "Text"]

_PROTOCOLS = {name: re.compile(pattern) for name, pattern in choices.LINK_PATTERNS.items()}


def _setting(definition: Mapping[str, Any], name: str) -> int | None:
    """A length of the form: a digit string, or "" when it is not set."""
    return int(definition[name]) if definition.get(name) else None


class Text(Field):
    """MULTI_LINE_TEXT and RICH_TEXT: any text."""

    def read(self, value: Any, prefix: str, writing: Writing) -> str:
        """The text; "" for null."""
        del writing  # of a text alone, nothing can be wrong but its shape
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.misshapen(prefix, "text")
        return value


class SingleLineText(Text):
    """A text with lengths, in UTF-16 code units: one emoji counts as two."""

    def __init__(self, definition: Mapping[str, Any], precision: Precision) -> None:
        super().__init__(definition, precision)
        self.shortest = _setting(definition, "minLength")
        self.longest = _setting(definition, "maxLength")
        if self.unique:
            self.longest = min(self.longest or limits.UNIQUE_TEXT_LENGTH, limits.UNIQUE_TEXT_LENGTH)

    def read(self, value: Any, prefix: str, writing: Writing) -> str:
        """The text, when its length is right."""
        text = super().read(value, prefix, writing)
        self.check(text, prefix, writing.problems)
        return text

    def check(self, value: Any, prefix: str, problems: Problems) -> None:
        """Note that it is too long or too short. minLength concerns an empty text too: measured."""
        if self.longest is None and self.shortest is None:
            return
        length = len(value) if value.isascii() else len(value.encode("utf-16-le")) // 2
        if self.longest is not None and length > self.longest:
            self.report(prefix, problems, "shorter_than", limit=self.longest + 1)
        if self.shortest is not None and length < self.shortest:
            self.report(prefix, problems, "longer_than", limit=self.shortest - 1)

    def unique_key(self, value: Any) -> str:
        """The text, without blanks at its end as long as queries do not tell them apart."""
        text = value or ""
        return text.rstrip(" ") if choices.UNIQUE_IGNORES_BLANKS_AT_THE_END else text


class Link(SingleLineText):
    """A text that looks like a web address, a telephone number or a mail address."""

    def __init__(self, definition: Mapping[str, Any], precision: Precision) -> None:
        super().__init__(definition, precision)
        # A lookup has no settings of its type: its key is whatever the source holds.
        protocol = definition.get("protocol")
        self.pattern = _PROTOCOLS[protocol] if protocol else None

    def check(self, value: Any, prefix: str, problems: Problems) -> None:
        """Note a wrong length, and that it is no address of the field's protocol."""
        super().check(value, prefix, problems)
        if value and self.pattern and not self.pattern.fullmatch(value):
            self.report(prefix, problems, "link")
