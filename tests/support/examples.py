"""The number of examples of a law: its own number, times the factor of the run.

conftest.py has the profiles: `house` takes them all and draws the same ones in each run, `tenth` a
tenth of them, and `anew` twenty times as many, drawn anew. A profile's own `max_examples` is what
a law takes that says nothing, so that it is the percentage for those that do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import settings

if TYPE_CHECKING:
    from hypothesis import HealthCheck

__all__ = ["examples"]


def examples(number: int = 100, *, without: tuple[HealthCheck, ...] = (), **more: Any) -> settings:
    """The settings of a law: its examples in a whole run, without these health checks."""
    return settings(
        max_examples=max(1, number * settings.default.max_examples // 100),
        suppress_health_check=[*settings.default.suppress_health_check, *without],
        **more,
    )
