"""The people in settings: users, groups, organizations, or the people in a field of a record.

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
"""People in settings: {"entity": {"type", "code"}, "includeSubs"}, and the rights they get."""

# The types of fields that hold people, and the kind of entity in each type.
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
    """Return the parameters that name people of these kinds."""
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
    """Check the grantees in the list at `path`, and fill in missing settings.

    Unknown groups and organizations are problems. Raises GAIA_IL26 for an unknown user, and
    GAIA_FC01 for a field that cannot hold people.
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
    """Return True if the grantee includes the user.

    A grantee that is a field includes the users, groups and organizations in the record's field,
    and nobody without a record.
    """
    subs = grantee["includeSubs"]
    return any(
        directory.belongs(user, kind, code, include_subs=subs)
        for kind, code in _entities(grantee, record)
    )


def people(
    grantees: Iterable[Grantee], record: Record | StoredRecord, directory: Directory
) -> list[dict[str, str]]:
    """Return the users that the grantees include, as {"code", "name"}, the oldest account first."""
    codes = {
        user.code
        for grantee in grantees
        for kind, code in _entities(grantee, record)
        for user in directory.members(kind, code, include_subs=grantee["includeSubs"])
    }
    return [user.entity for user in directory.users.values() if user.code in codes]


def _entities(grantee: Grantee, record: Record | StoredRecord | None) -> Iterator[tuple[str, str]]:
    """Iterate over the kinds and codes of a grantee's users, groups and organizations."""
    kind, code = grantee["entity"]["type"], grantee["entity"]["code"]
    if kind != "FIELD_ENTITY":
        yield kind, code
        return
    cell = record.get(code) if record is not None else None
    if cell and cell["value"]:
        value = cell["value"]
        for entity in value if isinstance(value, list) else [value]:
            yield _PEOPLE_IN[cell["type"]], entity["code"]
