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
"""The error for an unknown code, by kind of entity. Measured in queries (kSQL, July 2026)."""

_BUILT_IN = "Administrator"
_EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class User:
    """One account. `timezone` decides which day TODAY() means for this user.

    `organization` is the primary organization. `organizations` contains the primary
    organization too. `guest_of` are the guest spaces that a guest may enter. For an account that is
    not a guest, `guest_of` is None.
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
        """The user in kintone's answers: {"code": ..., "name": ...}."""
        return {"code": self.code, "name": self.name}


class Directory:
    """The users, organizations and groups of a domain, by code.

    They are kept in memory, so that no password is written to a file. `organizations` and `groups`
    hold display names, `parents` the next higher organization, and `group_ids` the ids of groups.
    """

    def __init__(self) -> None:
        self.users: dict[str, User] = {_BUILT_IN: User(_BUILT_IN, _BUILT_IN)}
        self.organizations: dict[str, str] = {}
        self.parents: dict[str, str] = {}
        self.groups: dict[str, str] = {_EVERYONE: "Everyone"}
        self.group_ids: dict[str, int] = {}

    @property
    def administrator(self) -> User:
        """The built-in account. Requests with API tokens act as this user."""
        return self.users[_BUILT_IN]

    def add_group(self, code: str, name: str, number: int | None = None) -> int:
        """Add a group or rename it, and return its id: `number`, or the next free id.

        Raises ValueError if another group has that id.
        """
        other_ids = {id_ for other, id_ in self.group_ids.items() if other != code}
        if number is None:
            number = self.group_ids.get(code) or max(other_ids, default=0) + 1
        elif number in other_ids:
            raise ValueError(f"There is already a group {number}.")
        self.groups[code] = name
        self.group_ids[code] = number
        return number

    def admit(self, passwords: Mapping[str, str]) -> User:
        """Set passwords by login name, and return the first user who may sign in.

        Unknown users are added. If no user has a password, "Administrator" gets a random one.
        """
        for code, password in passwords.items():
            user = self.users.get(code, User(code, code))
            self.users[code] = replace(user, password=password)
        first = next(iter([*passwords, *self.codes_with_password()]), None)
        return self.users[first] if first else self.admit({_BUILT_IN: secrets.token_urlsafe(16)})

    def codes_with_password(self) -> list[str]:
        """Return the login names of the users who have a password, without guests."""
        members = [user for user in self.users.values() if user.guest_of is None]
        return [user.code for user in members if user.password is not None]

    def name(self, kind: str, code: str) -> str | None:
        """Return the display name of a "USER", "ORGANIZATION" or "GROUP", or None if unknown."""
        if kind == "USER":
            user = self.users.get(code)
            return user.name if user else None
        return (self.organizations if kind == "ORGANIZATION" else self.groups).get(code)

    def knows(self, kind: str, code: str) -> bool:
        """Return True if there is a "USER", "ORGANIZATION" or "GROUP" with this code."""
        return self.name(kind, code) is not None

    def belongs(self, user: User, kind: str, code: str, *, include_subs: bool = False) -> bool:
        """Return True if the code belongs to the user, or to a group or organization of the user.

        With `include_subs`, an organization also has the members of the organizations below it.
        """
        if kind == "USER":
            return user.code == code
        if kind == "GROUP":
            return code == _EVERYONE or code in user.groups
        return code in user.organizations or (
            include_subs and any(code in self._above(home) for home in user.organizations)
        )

    def members(self, kind: str, code: str, *, include_subs: bool = False) -> list[User]:
        """Return the user with this code, or the members of the group or organization.

        Members without a password are left out, because they cannot sign in.
        """
        return [
            user
            for user in self.users.values()
            if (kind == "USER" or user.password is not None)
            and self.belongs(user, kind, code, include_subs=include_subs)
        ]

    def _above(self, organization: str) -> list[str]:
        """Return the higher organizations of this organization, the nearest first."""
        above: list[str] = []
        parent = self.parents.get(organization)
        while parent is not None and parent not in above:
            above.append(parent)
            parent = self.parents.get(parent)
        return above
