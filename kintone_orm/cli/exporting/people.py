"""Adding the people that exported apps and records name to the domain file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["add_people"]

_SECTIONS = {"USER": "users", "GROUP": "groups", "ORGANIZATION": "organizations"}
_HOLDING = {
    "USER_SELECT": "USER",
    "GROUP_SELECT": "GROUP",
    "ORGANIZATION_SELECT": "ORGANIZATION",
    "CREATOR": "USER",
    "MODIFIER": "USER",
}
_EVERYONE = "everyone"
_GUEST = "guest/"


def add_people(domain: dict[str, Any]) -> None:
    """Add each user, guest, group and organization that the apps name.

    Passwords and members are not exported.
    """
    guest_spaces = [key for key, space in domain.get("spaces", {}).items() if space["guest"]]
    for app in domain["apps"].values():
        kinds = dict(_kinds(app["form"]["properties"]))
        named = [*_entities(app), *_in_records(app.get("records", []), kinds)]
        for kind, code, name in named:
            if not code or code == _EVERYONE:
                continue
            if code.startswith(_GUEST):
                guests = domain.setdefault("guests", {})
                guest = guests.setdefault(code.removeprefix(_GUEST), {"spaces": guest_spaces})
            else:
                guest = domain.setdefault(_SECTIONS[kind], {}).setdefault(code, {})
            if name:
                guest["name"] = name


def _kinds(properties: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the code of each field that holds people, and the kind of people."""
    for code, definition in properties.items():
        if definition["type"] in _HOLDING:
            yield code, _HOLDING[definition["type"]]
        yield from _kinds(definition.get("fields", {}))


def _entities(value: object) -> Iterator[tuple[str, str, str]]:
    """Yield (kind, code, "") for each ``{"type": "USER", "code": ...}`` inside settings."""
    if isinstance(value, dict):
        if value.get("type") in _SECTIONS and isinstance(value.get("code"), str):
            yield value["type"], value["code"], ""
        for inner in value.values():
            yield from _entities(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _entities(inner)


def _in_records(records: Any, kinds: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    for record in records:
        for code, value in record.items():
            if code in kinds and value:
                for person in value if isinstance(value, list) else [value]:
                    yield kinds[code], person["code"], person.get("name", "")
            elif isinstance(value, list):
                yield from _in_records([row for row in value if isinstance(row, dict)], kinds)
