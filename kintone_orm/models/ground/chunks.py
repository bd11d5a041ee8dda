"""Cutting items into lists of a given size."""

from __future__ import annotations

import operator
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["cut", "part_size"]

T = TypeVar("T")


def part_size(requested: Any, *, most: int, name: str) -> int:
    """Return the size of a part: `requested`, at most `most`; ValueError unless it is positive."""
    try:
        size = most if requested is None else operator.index(requested)
    except TypeError:
        size = 0
    if size < 1:
        raise ValueError(f"{name} must be a positive integer, not {requested!r:.80}.")
    return min(size, most)


def cut(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the items in lists of `size`; the last one may be shorter."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part
