"""The cyclic garbage collector, kept out of the way while a page is read."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["collector_paused"]


@contextmanager
def collector_paused() -> Iterator[None]:
    """Meanwhile nothing is collected, in any thread; if the collector was off, it stays off.

    A page makes tens of thousands of objects in no cycle, which the collector would walk again and
    again: measured, that is a third of the time of reading a page, and more where much is kept.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
