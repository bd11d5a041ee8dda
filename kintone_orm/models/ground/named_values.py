"""Finding values in kintone's messages, whose language is the user's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["named_in"]


def named_in(text: str, values: Collection[str]) -> set[str]:
    """Return the values that kintone's message may be about.

    A value must be a whole word, and not the first one: in "A value B in the field F does not
    exist", "A" is not a value. Of several matches the longest ones count, since "1" is also a part
    of "C-1", and "in" a word of the sentence.
    """
    matches = {value for value in values if re.search(rf"(?<=\W){re.escape(value)}(?!\w)", text)}
    longest = max(map(len, matches), default=0)
    return {value for value in matches if len(value) == longest}
