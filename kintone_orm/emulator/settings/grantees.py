"""Who is meant by the people that settings name: users, groups, organizations, fields of a record.

Source: kintone REST API, "Get Process Management Settings", "Get Record Permissions".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..ground.errors import fault
from ..ground.parameters import boolean, one_of, optional, required, structure, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ..ground.parameters import Parameters
    from ..ground.problems import Problems
    from ..store.people import Directory, User
    from ..store.record_text import Record, StoredRecord

__all__ = ["Grantee", "complete_grantees", "grantee_parameters", "includes", "people"]

Grantee = dict[str, Any]
"""{"entity": {"type", "code"}, "includeSubs"}, and what is granted to them."""

# What the fields hold that may stand for people.
_PEOPLE_IN = {
    "CREATOR": "USER",
    "MODIFIER": "USER",
    "USER_SELECT": "USER",
    "STATUS_ASSIGNEE": "USER",
    "ORGANIZATION_SELECT": "ORGANIZATION",
    "GROUP_SELECT": "GROUP",
}
_WITH_SUBS = ("ORGANIZATION", "FIELD_ENTITY")


def grantee_parameters(*kinds: str) -> Parameters:
    """What names people in a request, when they may be of these kinds."""
    return {
        "entity": required(structure({"type": required(one_of(*kinds)), "code": optional(text)})),
        "includeSubs": optional(boolean),
    }


def complete_grantees(
    grantees: Iterable[Grantee],
    path: str,
    problems: Problems,
    *,
    directory: Directory,
    properties: Mapping[str, Any],
) -> None:
    """Note whom nobody knows; fill in what was not sent. Each is named at `path`[i].

    GAIA_IL26 for an unknown user, GAIA_FC01 for a field that holds no people.
    """
    for position, grantee in enumerate(grantees):
        kind, code = grantee["entity"]["type"], grantee["entity"]["code"]
        place = f"{path}[{position}].entity.code"
        grantee["includeSubs"] = bool(grantee["includeSubs"]) and kind in _WITH_SUBS
        if kind == "CREATOR":
            grantee["entity"]["code"] = None
        elif not code:
            problems.add(place, "required")
        elif kind == "FIELD_ENTITY":
            if properties.get(code, {}).get("type") not in _PEOPLE_IN:
                raise fault("GAIA_FC01", code=code)
        elif directory.name(kind, code) is None:
            if kind == "USER":
                raise fault("GAIA_IL26", code=code)
            problems.add(place, "unknown_entity", code=code)


def includes(
    grantee: Grantee, user: User, record: Record | StoredRecord | None, directory: Directory
) -> bool:
    """Whether this user is meant; without a record, no field means anybody."""
    subs = grantee["includeSubs"]
    return any(
        directory.belongs(user, kind, code, include_subs=subs)
        for kind, code in _named(grantee, record)
    )


def people(
    grantees: Iterable[Grantee], record: Record | StoredRecord, directory: Directory
) -> list[dict[str, str]]:
    """Everybody who is meant, once, as {"code", "name"}, the oldest account first."""
    found = {
        user.code
        for grantee in grantees
        for kind, code in _named(grantee, record)
        for user in directory.members(kind, code, include_subs=grantee["includeSubs"])
    }
    return [user.entity for user in directory.users.values() if user.code in found]


def _named(grantee: Grantee, record: Record | StoredRecord | None) -> Iterator[tuple[str, str]]:
    """Kind and code of the users, groups and organizations behind a grantee."""
    kind, code = grantee["entity"]["type"], grantee["entity"]["code"]
    if kind != "FIELD_ENTITY":
        yield kind, code
        return
    cell = record.get(code) if record is not None else None
    if cell and cell["value"]:
        value = cell["value"]
        for entity in value if isinstance(value, list) else [value]:
            yield _PEOPLE_IN[cell["type"]], entity["code"]
