"""Who: users as values."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["User"]


@dataclass(frozen=True, slots=True)
class User:
    """A user: the login name as `code`, and the name shown. Users of one code are equal."""

    code: str
    name: str = field(default="", compare=False)

    def __str__(self) -> str:
        return self.name or self.code
