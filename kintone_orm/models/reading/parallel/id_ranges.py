"""Ranges of ids: which records to ask for next while several requests are under way.

The ids behind the first page are cut into ranges, and each request reads one of them. A range of as
many ids as a page has records can never hold more than a page. Ids have holes, though: deleted
records, and those that the condition leaves out. So each answer tells how many ids one record
takes, and the next ranges are as wide as it takes to fill most of a page. If a range holds more
than a page, the rest of it becomes a range of its own, right behind it. If a range has no record, a
wide hole may have begun. So the next request asks for all ids behind it, as a seek does, and its
answer tells where the records go on. Other holes may follow, so few ranges are then asked for at
once, and one more after each answer with records.

The last range has no end. It is continued until a page is not full, as in a seek, so records that
others add meanwhile are read, too: their ids are greater than all others.

Ids may go down instead of up. The module then works on the negative ids, so that they go up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["IdRange", "IdRanges"]

# A range is as wide as nine tenths of a page need, because holes are not spread evenly, and a full
# page may need another request. It is at most four times as wide as the range that was answered.
_NUMERATOR, _DENOMINATOR = 9, 10
_GROWTH = 4


@dataclass(slots=True, eq=False)
class IdRange:
    """The ids that are greater than `after` and at most `last`.

    None stands for no bound. `records` is the number of records in the answer; it is None until
    there is an answer.
    """

    after: int | None
    last: int | None
    is_asked: bool = False
    records: int | None = None


class IdRanges:
    """The plan of reading all records by ranges of ids, in pages of `size` records.

    `take()` gives the next range to ask for; `answer()` learns its ids; `next_to_deliver()` gives
    the page that the reader may use, and `deliver()` drops it. At most `most` pages are under way
    or wait for the reader. There are more, but less than twice as many, if a range had more
    records than expected.

    `farthest` is the greatest id when reading began. It is None until it is known; until then, the
    records are read one page after the other. Records beyond it are found nevertheless.
    """

    def __init__(self, size: int, *, most: int, in_order: bool = True) -> None:
        self.farthest: int | None = None
        self._size = size
        self._most = most
        self._in_order = in_order
        self._width = size
        self._is_in_hole = False  # the latest answer had no record
        self._at_once = most
        # The ranges in the order of their ids: those that were asked for and are not delivered yet,
        # and the ids between them that nobody asked for yet.
        self._line = [IdRange(None, None)]

    @property
    def is_done(self) -> bool:
        """True if every page was delivered."""
        return not self._line

    @property
    def is_asked(self) -> bool:
        """True if no range is left to ask for, as far as the answers tell."""
        return all(id_range.is_asked for id_range in self._line)

    def take(self) -> IdRange | None:
        """Return the next range to ask for; None if it must wait for an answer or the reader."""
        asked = sum(id_range.is_asked for id_range in self._line)
        for place, id_range in enumerate(self._line):
            if id_range.is_asked:
                continue
            # The pages before this range are those that the reader uses next. If they are few, the
            # pages behind it must not keep it waiting.
            most = self._at_once if 2 * place >= self._at_once else self._at_once * 3 // 2
            if place and asked >= most:
                return None
            return self._cut(place)
        return None

    def answer(self, asked: IdRange, ids: Sequence[int]) -> None:
        """Take the ids in the answer to a range, in order. They must lie in the range."""
        place = self._line.index(asked)
        asked.records = len(ids)
        is_full = len(ids) >= self._size
        if is_full and ids[-1] != asked.last:
            self._leave(place + 1, IdRange(ids[-1], asked.last))
            asked.last = ids[-1]
        if asked.last is not None:
            # Behind a full page, the ids probably go on as they are inside of it.
            first = ids[0] - 1 if is_full else asked.after
            self._learn(asked.last - (first or 0), len(ids))
        if not ids:
            del self._line[place]

    def next_to_deliver(self) -> IdRange | None:
        """Return a range whose records the reader may use; None if it must wait."""
        for id_range in self._line[:1] if self._in_order else self._line:
            if id_range.records:
                return id_range
        return None

    def deliver(self, answered: IdRange) -> None:
        """Drop a range whose records the reader has got."""
        self._line.remove(answered)

    def next_asked(self) -> IdRange | None:
        """Return the range whose answer the reader needs first."""
        return next(
            (id_range for id_range in self._line if id_range.is_asked and id_range.records is None),
            None,
        )

    def _cut(self, place: int) -> IdRange:
        """Return the first range of the ids at this place, and leave the others there."""
        id_range = self._line[place]
        id_range.is_asked = True
        if id_range.after is None or self.farthest is None or self._is_in_hole:
            return id_range
        last = id_range.after + self._width
        end = self.farthest + 1 if id_range.last is None else id_range.last
        if last < end:
            self._line.insert(place + 1, IdRange(last, id_range.last))
            id_range.last = last
        return id_range

    def _leave(self, place: int, rest: IdRange) -> None:
        """Put ids that are left to ask for at this place."""
        behind = self._line[place] if place < len(self._line) else None
        if behind is not None and not behind.is_asked and behind.after == rest.last:
            behind.after = rest.after
        else:
            self._line.insert(place, rest)

    def _learn(self, ids: int, records: int) -> None:
        """Choose the width of the next ranges: there are so many records in so many ids."""
        self._is_in_hole = not records
        self._at_once = min(self._most, self._at_once + 1) if records else 2
        if records:
            fitting = _NUMERATOR * self._size * ids // (_DENOMINATOR * records)
            self._width = max(self._size, min(_GROWTH * ids, fitting))
