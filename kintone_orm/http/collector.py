"""Pausing Python's garbage collector while a page is read and decoded.

Decoding a page creates tens of thousands of objects without cycles. The collector would visit them
again and again. In a measurement, these visits took a third of the time of decoding a page, and
more if the program holds many objects.

The collector is switched off in all threads. Only the thread that found it on switches it off, and
on again. If each thread restored what it had found, two pauses could leave the collector off for
good: the second finds it off, the first switches it on, and then the second switches it off.
"""

from __future__ import annotations

import gc
import os
from contextlib import contextmanager
from threading import get_ident
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["pause_collector", "pausing_collector", "resume_collector", "running_collector"]

# The threads that have switched the collector off.
_pausing: set[int] = set()


def pause_collector() -> bool:
    """Switch the collector off in all threads; False if it was off already.

    If the result is True, the same thread must call `resume_collector`.
    """
    if not gc.isenabled():
        return False
    _pausing.add(get_ident())
    gc.disable()
    return True


def resume_collector() -> None:
    """Switch the collector on again, which this thread has switched off."""
    _pausing.discard(get_ident())
    gc.enable()


@contextmanager
def pausing_collector() -> Iterator[None]:
    """Switch the collector off inside the block; if it was off before, it stays off."""
    is_paused = pause_collector()
    try:
        yield
    finally:
        if is_paused:
            resume_collector()


@contextmanager
def running_collector() -> Iterator[None]:
    """Let the collector run inside the block, during a long wait, if this thread paused it."""
    is_paused = get_ident() in _pausing
    if is_paused:
        resume_collector()
    try:
        yield
    finally:
        if is_paused:
            pause_collector()


def _resume_in_child() -> None:
    """Switch the collector on in a forked process, where the threads that paused it are gone."""
    here = get_ident()
    if _pausing and here not in _pausing:
        gc.enable()
    _pausing.intersection_update({here})


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_resume_in_child)
