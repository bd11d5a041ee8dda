"""The users, organizations and groups of a domain."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import timezone, tzinfo
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    """Who exists, by code. Everything is kept in memory: passwords are never written down.

    `organizations` and `groups` are display names; `group_ids` the numbers of the groups that were
    added.
    """

    def __init__(self) -> None:
        self.users: dict[str, User] = {_BUILT_IN: User(_BUILT_IN, _BUILT_IN)}
        self.organizations: dict[str, str] = {}
        self.parents: dict[str, str] = {}
        self.groups: dict[str, str] = {_EVERYONE: "Everyone"}
        self.group_ids: dict[str, int] = {}

    @property
    def administrator(self) -> User:
        """The built-in account, as which API tokens act."""
        return self.users[_BUILT_IN]

    def add_group(self, code: str, name: str, number: int | None = None) -> int:
        """Add a group, or rename it; its id, which is the next one unless it is given.

        ValueError when another group has the id.
        """
        others = {each for other, each in self.group_ids.items() if other != code}
        if number is None:
            number = self.group_ids.get(code) or max(others, default=0) + 1
        elif number in others:
            raise ValueError(f"there is a group {number} already")
        self.groups[code] = name
        self.group_ids[code] = number
        return number

    def admit(self, passwords: Mapping[str, str]) -> User:
        """Let users of these login names sign in, new ones or not; the first who may sign in.

        "Administrator", with a random password, where nobody may.
        """
        for code, password in passwords.items():
            known = self.users.get(code, User(code, code))
            self.users[code] = replace(known, password=password)
        first = next(iter([*passwords, *self.who_may_sign_in()]), None)
        return self.users[first] if first else self.admit({_BUILT_IN: secrets.token_urlsafe(16)})

    def who_may_sign_in(self) -> list[str]:
        """The login names of those who have a password, but for guests."""
        members = [user for user in self.users.values() if user.guest_of is None]
        return [user.code for user in members if user.password is not None]

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
