"""The users, guests, groups and organizations of a domain file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from ..store.people import User

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..store.spaces import Space
    from .complaints import Path
    from .setting_up import SettingUp

__all__ = ["add_guests", "add_people", "secret"]


def add_people(setting: SettingUp, environ: Mapping[str, str]) -> dict[str, int]:
    """Add everybody but guests; the ids of the groups by their codes."""
    directory, complaints = setting.domain.directory, setting.document.complaints
    groups: dict[str, int] = {}
    for code, group in _fixed_first(setting.section("groups")):
        number = int(group["id"]) if "id" in group else None
        try:
            groups[code] = directory.add_group(code, group.get("name", code), number)
        except ValueError as error:
            complaints.add(("groups", code, "id"), f"Twice: {error}.")
    organizations = setting.section("organizations")
    for code, organization in organizations.items():
        directory.organizations[code] = organization.get("name", code)
        parent = organization.get("parent")
        if parent is not None:
            directory.parents[code] = parent
            _check(setting, ("organizations", code, "parent"), parent, organizations)
    for code, user in setting.section("users").items():
        where = ("users", code)
        _check_all(setting, (*where, "groups"), user.get("groups", ()), directory.groups)
        homes = user.get("organizations", [])
        _check_all(setting, (*where, "organizations"), homes, organizations)
        home = user.get("organization")
        if home is not None:
            _check(setting, (*where, "organization"), home, organizations)
        directory.users[code] = User(
            code,
            user.get("name", code),
            secret(setting, (*where, "password"), user.get("password"), environ),
            home,
            ZoneInfo(user.get("timezone", "UTC")),
            frozenset(homes) | ({home} if home else set()),
            frozenset(user.get("groups", ())),
        )
    return {code: groups[code] for code in setting.section("groups") if code in groups}


def add_guests(setting: SettingUp, environ: Mapping[str, str], spaces: Mapping[str, Space]) -> None:
    """Add the guests, each to its guest spaces."""
    inside = {key: space.id for key, space in spaces.items() if space.guest}
    for mail, guest in setting.section("guests").items():
        where, wanted = ("guests", mail), guest.get("spaces", [])
        _check_all(setting, (*where, "spaces"), wanted, inside, "guest space")
        password = secret(setting, (*where, "password"), guest.get("password"), environ)
        home = frozenset(inside[key] for key in wanted if key in inside)
        user = User(f"guest/{mail}", guest.get("name", mail), password, guest_of=home)
        setting.domain.directory.users[user.code] = user


def secret(setting: SettingUp, where: Path, given: Any, environ: Mapping[str, str]) -> str | None:
    """A password or a token of the file, from the environment if the file says so."""
    if not isinstance(given, dict):
        return None if given is None else str(given)
    name = given["env"]
    found = environ.get(name)
    if not found:
        sentence = f"The variable {name} of the environment is not set, or is empty."
        setting.document.complaints.add((*where, "env"), sentence, word=name, known=environ)
    return found


def _fixed_first(groups: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What has an id of its own goes first: the others get those that are left."""
    return sorted(groups.items(), key=lambda each: "id" not in each[1])


def _check_all(
    setting: SettingUp, where: Path, codes: Any, known: Mapping[str, Any], what: str = ""
) -> None:
    for position, code in enumerate(codes):
        _check(setting, (*where, position), code, known, what or str(where[-1])[:-1])


def _check(
    setting: SettingUp, where: Path, code: str, known: Mapping[str, Any], what: str = "organization"
) -> None:
    if code not in known:
        setting.document.complaints.unknown(where, what, code, known)
