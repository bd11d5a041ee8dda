"""Pausing Python's garbage collector while a page is decoded."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["pausing_collector"]


@contextmanager
def pausing_collector() -> Iterator[None]:
    """Switch the cyclic garbage collector off inside the block, in all threads.

    Decoding a page creates tens of thousands of objects without cycles. The collector would visit
    them again and again. In a measurement, these visits took a third of the time of decoding a
    page, and more if the program holds many objects. If the collector was off before, it stays off.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
