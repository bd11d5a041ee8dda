"""Checks of the numbers that programs give as arguments.

This module is for the other modules of the package. It is not part of the public interface.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kintone_orm.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from typing import TypeGuard

LONGEST_SECONDS: Final = 4_000_000
"""46 days. No system refuses to wait for so long; some refuse a little more."""


def is_count(value: object) -> TypeGuard[int]:
    """Return True for a whole number above 0. True itself is no number here."""
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def is_seconds(value: object) -> TypeGuard[float]:
    """Return True for a number above 0, up to `LONGEST_SECONDS`. True itself is no number here."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return 0 < value <= LONGEST_SECONDS


def require_count(value: object, name: str, *, example: str = "") -> int:
    """Return the value. ImproperlyConfigured unless it is a whole number above 0."""
    if is_count(value):
        return value
    example = example and f"such as {example}, "
    message = f"{name} must be a whole number above 0, {example}not {value!r:.80}."
    raise ImproperlyConfigured(message)


def require_seconds(value: object, name: str) -> float:
    """Return the value. ImproperlyConfigured unless it is a time that can be waited for."""
    if is_seconds(value):
        return value
    limit = f" (at most {LONGEST_SECONDS:,})" if is_count(value) or isinstance(value, float) else ""
    message = f"{name} must be a number of seconds above 0{limit}, not {value!r:.80}."
    raise ImproperlyConfigured(message)
