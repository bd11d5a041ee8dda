"""Adding the users, guests, groups and organizations of a domain file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from ..store.people import User

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from ..store.spaces import Space
    from .file_problems import Path
    from .setup import Setup

__all__ = ["add_guests", "add_people", "secret"]


def add_people(setup: Setup, environ: Mapping[str, str]) -> dict[str, int]:
    """Add all people except guests. Return the ids of the groups by code."""
    directory, problems = setup.domain.directory, setup.document.problems
    groups: dict[str, int] = {}
    for code, group in _fixed_first(setup.section("groups")):
        number = int(group["id"]) if "id" in group else None
        try:
            groups[code] = directory.add_group(code, group.get("name", code), number)
        except ValueError as error:
            problems.add(("groups", code, "id"), f"The id is used twice. {error}")
    organizations = setup.section("organizations")
    for code, organization in organizations.items():
        directory.organizations[code] = organization.get("name", code)
        parent = organization.get("parent")
        if parent is not None:
            directory.parents[code] = parent
            _check(setup, ("organizations", code, "parent"), parent, organizations)
    for code, user in setup.section("users").items():
        where = ("users", code)
        _check_all(setup, (*where, "groups"), user.get("groups", ()), directory.groups)
        homes = user.get("organizations", [])
        _check_all(setup, (*where, "organizations"), homes, organizations)
        home = user.get("organization")
        if home is not None:
            _check(setup, (*where, "organization"), home, organizations)
        directory.users[code] = User(
            code,
            user.get("name", code),
            secret(setup, (*where, "password"), user.get("password"), environ),
            home,
            ZoneInfo(user.get("timezone", "UTC")),
            frozenset(homes) | ({home} if home else set()),
            frozenset(user.get("groups", ())),
        )
    return {code: groups[code] for code in setup.section("groups") if code in groups}


def add_guests(setup: Setup, environ: Mapping[str, str], spaces: Mapping[str, Space]) -> None:
    """Add the guests to their guest spaces."""
    guest_spaces = {key: space.id for key, space in spaces.items() if space.guest}
    for mail, guest in setup.section("guests").items():
        where, keys = ("guests", mail), guest.get("spaces", [])
        _check_all(setup, (*where, "spaces"), keys, guest_spaces, "guest space")
        password = secret(setup, (*where, "password"), guest.get("password"), environ)
        spaces_of_guest = frozenset(guest_spaces[key] for key in keys if key in guest_spaces)
        user = User(f"guest/{mail}", guest.get("name", mail), password, guest_of=spaces_of_guest)
        setup.domain.directory.users[user.code] = user


def secret(setup: Setup, where: Path, value: object, environ: Mapping[str, str]) -> str | None:
    """Return a password or a token of the file, read from the environment for {"env": "NAME"}."""
    if not isinstance(value, dict):
        return None if value is None else str(value)
    name = value["env"]
    text = environ.get(name)
    if not text:
        sentence = f"The environment variable {name} is not set or is empty."
        setup.document.problems.add((*where, "env"), sentence, word=name, known=environ)
    return text


def _fixed_first(groups: Mapping[str, object]) -> list[tuple[str, Any]]:
    """Return the groups, those with fixed ids first, so that the other groups get free ids."""
    return sorted(groups.items(), key=lambda item: "id" not in item[1])


def _check_all(
    setup: Setup,
    where: Path,
    codes: Iterable[str],
    known: Collection[str],
    kind: str = "",
) -> None:
    for position, code in enumerate(codes):
        _check(setup, (*where, position), code, known, kind or str(where[-1])[:-1])


def _check(
    setup: Setup, where: Path, code: str, known: Collection[str], kind: str = "organization"
) -> None:
    if code not in known:
        setup.document.problems.add_unknown(where, kind, code, known)
