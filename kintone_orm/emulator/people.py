"""The users, organizations and groups of a domain."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timezone, tzinfo

__all__ = ["Directory", "User"]

_BUILT_IN = "Administrator"


@dataclass(frozen=True, slots=True)
class User:
    """One account. `timezone` decides what TODAY() means for it."""

    code: str
    name: str
    password: str | None = field(default=None, repr=False)
    organization: str | None = None
    timezone: tzinfo = timezone.utc

    @property
    def entity(self) -> dict[str, str]:
        """The user as kintone's answers name it: {"code": ..., "name": ...}."""
        return {"code": self.code, "name": self.name}


class Directory:
    """Who exists, by code. Everything is kept in memory: passwords are never written down."""

    def __init__(self) -> None:
        self.users: dict[str, User] = {_BUILT_IN: User(_BUILT_IN, _BUILT_IN)}
        self.organizations: dict[str, str] = {}
        self.groups: dict[str, str] = {"everyone": "Everyone"}

    @property
    def administrator(self) -> User:
        """The built-in account, as which API tokens act."""
        return self.users[_BUILT_IN]

    def name(self, kind: str, code: str) -> str | None:
        """The display name behind a code of "USER", "ORGANIZATION" or "GROUP"; None: unknown."""
        if kind == "USER":
            user = self.users.get(code)
            return user.name if user else None
        return (self.organizations if kind == "ORGANIZATION" else self.groups).get(code)
