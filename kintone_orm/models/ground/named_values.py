"""Values that a text of kintone's names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["named_in"]


def named_in(text: str, values: Collection[str]) -> set[str]:
    """Those of the values that kintone's text may be about.

    A value is a word of its own, and the text does not begin with it: "A" is no value in "A value
    B in the field F does not exist". Of several the longest are taken: "1" is a part of "C-1", and
    "in" a word of the sentence.
    """
    found = {value for value in values if re.search(rf"(?<=\W){re.escape(value)}(?!\w)", text)}
    longest = max(map(len, found), default=0)
    return {value for value in found if len(value) == longest}
