"""The ids that a long read has delivered, exactly, in little memory.

A million ids as a set of texts take 100 MB. But the ids of an app are numbers that lie close
together, so a bitmap holds them in an eighth of a byte each, in any order:

- Ids are cut into blocks of 4,096. A block with at least 16 ids becomes a bitmap of 512 bytes.
- All other ids are loose: they are in a set. Each time the set has doubled, it is searched for
  such blocks.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["SeenIds"]

_SHIFT = 12
_OFFSETS = (1 << _SHIFT) - 1
_BYTES = (1 << _SHIFT) // 8

# From this number of ids on, a bitmap takes less memory than the loose ids.
_DENSE = 16

# The number of loose ids that are not searched for blocks: about 200 KB.
_FEW = 2_000


class SeenIds:
    """A set of ids that only grows.

    A million ids without large gaps take less than a megabyte, in any order. Ids that are far
    apart (less than 16 in 4,096) take about 100 bytes each, as in a set, wherever they are.
    """

    __slots__ = ("_bitmaps", "_limit", "_loose", "_number")

    def __init__(self) -> None:
        self._bitmaps: dict[int, bytearray] = {}
        self._loose: set[int] = set()
        self._limit = _FEW
        self._number = 0

    def __len__(self) -> int:
        return self._number

    def add(self, ids: Sequence[int]) -> bool:
        """Add the ids, all at least 0; return False if one of them is not new, or comes twice."""
        loose, bitmaps = self._loose, self._bitmaps
        before, repeated = len(loose), 0
        if bitmaps:
            others: list[int] = []
            for id_ in ids:
                bitmap = bitmaps.get(id_ >> _SHIFT)
                if bitmap is None:
                    others.append(id_)
                    continue
                index, bit = (id_ & _OFFSETS) >> 3, 1 << (id_ & 7)
                if bitmap[index] & bit:
                    repeated += 1
                else:
                    bitmap[index] |= bit
            loose.update(others)
            repeated += before + len(others) - len(loose)
        else:
            loose.update(ids)
            repeated = before + len(ids) - len(loose)
        self._number += len(ids) - repeated
        if len(loose) > self._limit:
            self._make_bitmaps()
        return not repeated

    def _make_bitmaps(self) -> None:
        """Move the loose ids of each dense block into a bitmap."""
        counts = Counter(id_ >> _SHIFT for id_ in self._loose)
        dense = {block: bytearray(_BYTES) for block, count in counts.items() if count >= _DENSE}
        sparse = set()
        for id_ in self._loose:
            bitmap = dense.get(id_ >> _SHIFT)
            if bitmap is None:
                sparse.add(id_)
            else:
                bitmap[(id_ & _OFFSETS) >> 3] |= 1 << (id_ & 7)
        self._bitmaps.update(dense)
        self._loose = sparse
        self._limit = max(_FEW, 2 * len(sparse))
