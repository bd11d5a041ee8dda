"""Checks of the numbers that programs give as arguments.

This module is for the other modules of the package. It is not part of the public interface.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from kintone_orm.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from typing import TypeGuard


def is_count(value: object) -> TypeGuard[int]:
    """Return True for a whole number above 0. True itself is no number here."""
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def is_seconds(value: object) -> TypeGuard[float]:
    """Return True for a finite number above 0. True itself is no number here."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return 0 < value < math.inf


def require_count(value: object, name: str, *, example: str = "") -> int:
    """Return the value. ImproperlyConfigured unless it is a whole number above 0."""
    if is_count(value):
        return value
    example = example and f"such as {example}, "
    message = f"{name} must be a whole number above 0, {example}not {value!r:.80}."
    raise ImproperlyConfigured(message)


def require_seconds(value: object, name: str) -> float:
    """Return the value. ImproperlyConfigured unless it is a finite number above 0."""
    if is_seconds(value):
        return value
    raise ImproperlyConfigured(f"{name} must be a number of seconds above 0, not {value!r:.80}.")
