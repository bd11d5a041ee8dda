"""Items, so many at a time."""

from __future__ import annotations

import operator
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["cut", "part_size"]

T = TypeVar("T")


def part_size(wanted: Any, *, most: int, name: str) -> int:
    """How many go together: `most`, or as many as are `wanted`; ValueError if that is no number."""
    try:
        size = most if wanted is None else operator.index(wanted)
    except TypeError:
        size = 0
    if size < 1:
        raise ValueError(f"{name} must be a positive integer, not {wanted!r:.80}.")
    return min(size, most)


def cut(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of `size`, the last one shorter."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part
