"""The users, organizations and groups of a domain."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timezone, tzinfo

__all__ = ["UNKNOWN", "Directory", "User"]

UNKNOWN = {"USER": "GAIA_IL26", "GROUP": "GAIA_IL27", "ORGANIZATION": "GAIA_IL28"}
"""The errors for a code that the domain does not know: measured in queries (kSQL, July 2026)."""

_BUILT_IN = "Administrator"
_EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class User:
    """One account. `timezone` decides what TODAY() means for it.

    `organization` is its primary one, and one of `organizations`. `guest_of` are the guest spaces
    of a guest, the only ones it may enter; None for everybody else.
    """

    code: str
    name: str
    password: str | None = field(default=None, repr=False)
    organization: str | None = None
    timezone: tzinfo = timezone.utc
    organizations: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    guest_of: frozenset[int] | None = None

    @property
    def entity(self) -> dict[str, str]:
        """The user as kintone's answers name it: {"code": ..., "name": ...}."""
        return {"code": self.code, "name": self.name}


class Directory:
    """Who exists, by code. Everything is kept in memory: passwords are never written down."""

    def __init__(self) -> None:
        self.users: dict[str, User] = {_BUILT_IN: User(_BUILT_IN, _BUILT_IN)}
        self.organizations: dict[str, str] = {}
        self.parents: dict[str, str] = {}
        self.groups: dict[str, str] = {_EVERYONE: "Everyone"}

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

    def knows(self, kind: str, code: str) -> bool:
        """Whether there is a "USER", "ORGANIZATION" or "GROUP" with this code."""
        return self.name(kind, code) is not None

    def belongs(self, user: User, kind: str, code: str, *, include_subs: bool = False) -> bool:
        """Whether a user is, or is in, what a kind and a code name.

        With `include_subs`, an organization's members are those of the ones below it too.
        """
        if kind == "USER":
            return user.code == code
        if kind == "GROUP":
            return code == _EVERYONE or code in user.groups
        return code in user.organizations or (
            include_subs and any(code in self._above(home) for home in user.organizations)
        )

    def members(self, kind: str, code: str, *, include_subs: bool = False) -> list[User]:
        """The users behind a kind and a code: of a group or organization, who can sign in."""
        return [
            user
            for user in self.users.values()
            if (kind == "USER" or user.password is not None)
            and self.belongs(user, kind, code, include_subs=include_subs)
        ]

    def _above(self, organization: str) -> list[str]:
        """The organizations that this one is part of, the nearest first."""
        found: list[str] = []
        parent = self.parents.get(organization)
        while parent is not None and parent not in found:
            found.append(parent)
            parent = self.parents.get(parent)
        return found
