"""The delivery of an answer: whole and at once, unless a fault delays or cuts it."""

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
    """The way an answer is sent to the client.

    `delay` is the seconds before the answer begins, and `seconds` the time to send its body. The
    connection ends before the first byte if the answer is `lost`, and after half of the body if it
    is `cut`.
    """

    delay: float = 0
    lost: bool = False
    cut: bool = False
    seconds: float = 0

    def pieces(self, body: bytes) -> Iterator[tuple[float, bytes]]:
        """Iterate over the pieces that arrive, as (seconds to wait before the piece, piece)."""
        if self.cut:
            body = body[: len(body) // 2]
        size = math.ceil(len(body) / (_PIECES if self.seconds else 1)) or 1
        starts = range(0, len(body), size)
        for start in starts:
            yield self.seconds / len(starts), body[start : start + size]


PROMPT: Final = Delivery()
"""The delivery of an answer without a fault: whole and at once."""
