"""Finding values in kintone's messages, which are in the user's language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["named_in"]


def named_in(text: str, values: Collection[str]) -> set[str]:
    """Return the values that kintone's message may be about.

    A value must be a whole word, but not the first one: in "A value B in the field F does not
    exist", "A" is not a value. If several values match, only the longest ones count, because "1" is
    also a part of "C-1", and "in" may be a word of the sentence.
    """
    matches = {value for value in values if re.search(rf"(?<=\W){re.escape(value)}(?!\w)", text)}
    longest = max(map(len, matches), default=0)
    return {value for value in matches if len(value) == longest}
