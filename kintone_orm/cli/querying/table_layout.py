"""The columns of a table that fit into a terminal, and their widths."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["GAP", "column_widths"]

GAP = 2
"""Blanks between two columns."""

_WIDEST = 40
_READABLE = 12  # a column is made narrower than its values, but not narrower than this


def column_widths(natural: Sequence[int], width: int | None, *, whole: Sequence[bool]) -> list[int]:
    """Return the widths of the first columns, as many as are readable in `width`.

    `natural` are the widths of the longest cells, in columns of the terminal. `whole` tells which
    columns may not be cut, because a part of a number or a date looks like another one. There is
    always a first column. If `width` is None, as in a file, all columns fit.
    """
    full = [min(columns, _WIDEST) for columns in natural]
    if width is None or _total(full) <= width:
        return full
    widths: list[int] = []
    for columns, is_whole in zip(full, whole, strict=True):
        least = columns if is_whole else min(columns, _READABLE)
        if widths and _total([*widths, least]) > width:
            break
        widths.append(min(least, width))
    # The columns share the rest one by one, so that a short value is never cut for a long one.
    free = width - _total(widths)
    while free > 0:
        growing = [i for i, columns in enumerate(widths) if columns < min(full[i], width)]
        if not growing:
            break
        for i in growing[:free]:
            widths[i] += 1
        free -= len(growing[:free])
    return widths


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)
