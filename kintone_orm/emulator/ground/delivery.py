"""How an answer travels: whole and at once, unless somebody asked for a fault."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PROMPT", "Delivery"]

_PIECES = 20


@dataclass(frozen=True, slots=True)
class Delivery:
    """What happens to an answer on its way.

    `delay` is how many seconds it was kept back, `seconds` how many its body takes. The connection
    ends before its first byte when it is `lost`, and after half of the body when it is `cut`.
    """

    delay: float = 0
    lost: bool = False
    cut: bool = False
    seconds: float = 0

    def pieces(self, body: bytes) -> Iterator[tuple[float, bytes]]:
        """What arrives of a body, piece by piece, each after so many seconds of silence."""
        if self.cut:
            body = body[: len(body) // 2]
        size = math.ceil(len(body) / (_PIECES if self.seconds else 1)) or 1
        starts = range(0, len(body), size)
        for start in starts:
            yield self.seconds / len(starts), body[start : start + size]


PROMPT: Final = Delivery()
"""Whole and at once."""
