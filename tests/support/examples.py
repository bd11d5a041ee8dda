"""The number of examples of a law or a long test: its own number, times the factor of the run.

conftest.py has the profiles: `house` takes them all and draws the same ones in each run, `tenth` a
tenth of them, and `anew` twenty times as many, drawn anew. A profile's own `max_examples` is what
a law takes that says nothing, so that it is the percentage for those that do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import settings

if TYPE_CHECKING:
    from hypothesis import HealthCheck

__all__ = ["examples", "number_of"]


def examples(number: int = 100, *, without: tuple[HealthCheck, ...] = (), **more: Any) -> settings:
    """The settings of a law: its examples in a whole run, without these health checks."""
    return settings(
        max_examples=number_of(number),
        suppress_health_check=[*settings.default.suppress_health_check, *without],
        **more,
    )


def number_of(number: int) -> int:
    """What is left of that number in this run: all of it in a whole run, but at least 1."""
    return max(1, number * settings.default.max_examples // 100)
