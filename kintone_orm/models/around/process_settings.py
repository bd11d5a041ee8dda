"""The process of an app, as far as a record's place in it goes: which actions, which people.

The settings are read once for each connection and app, and again where they seem to have changed:
kintone tells nobody when somebody edits a process.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kintone_orm.api.answers import checked
from kintone_orm.api.process import get_process
from kintone_orm.api.records import get_records
from kintone_orm.exceptions import ProcessDisabled
from kintone_orm.models.definition.undeclared import field_of_type
from kintone_orm.models.ground.answer_checks import not_what_was_asked, record_ids
from kintone_orm.models.ground.read_refusals import told_of_reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kintone_orm.connection import Connection
    from kintone_orm.models.definition.options import Options

__all__ = [
    "Action",
    "Standing",
    "actions_from",
    "candidates",
    "look_at_process",
    "require_process",
    "standings",
]


@dataclass(frozen=True, slots=True)
class Action:
    """One way out of a state: the action's `name`, and the states it leads from and to.

    `condition` is a query that the record must satisfy, "" if there is none.
    """

    name: str
    source: str
    target: str
    condition: str = ""

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a record stands: its state, and the login names of those who work on it."""

    state: str
    assignees: tuple[str, ...] = ()


def look_at_process(connection: Connection, app: int) -> Mapping[str, Any]:
    """Read the process of an app afresh, and keep it in `connection.processes`; one request."""
    found = connection.processes[app] = get_process(checked(connection), app=app)
    return found


def require_process(
    meta: Options, connection: Connection, *, afresh: bool = False
) -> Mapping[str, Any]:
    """The process of the model's app; ProcessDisabled if it is switched off.

    One request, or none if it is kept. What is kept is not believed if it is switched off there.
    """
    app = meta.app_id(connection)
    found: Mapping[str, Any] = connection.processes.get(app, {})
    if afresh or not found.get("enable"):
        with told_of_reading(meta, app):
            found = look_at_process(connection, app)
    if not found["enable"]:
        raise ProcessDisabled(
            f"{meta.label}: process management is off in app {app}, so its records have no state "
            "and no actions. Switch it on in the app's settings."
        )
    return found


def actions_from(process: Mapping[str, Any], state: str) -> list[Action]:
    """The actions that lead out of a state, in the order of the settings."""
    return [
        Action(each["name"], each["from"], each["to"], each.get("filterCond") or "")
        for each in process["actions"] or ()
        if each["from"] == state
    ]


def candidates(process: Mapping[str, Any], state: str) -> list[str]:
    """Who may be chosen to work on a record in `state`, such as "user kato" or "field Boss"."""
    entities = process["states"][state].get("assignee", {}).get("entities", ())
    found = [each["entity"] for each in entities]
    return [
        f"{_KINDS.get(each['type'], 'field')} {each['code']}" if each.get("code") else "its creator"
        for each in found
    ]


_KINDS = {"USER": "user", "GROUP": "group", "ORGANIZATION": "organization"}


def standings(meta: Options, connection: Connection, ids: Sequence[int]) -> dict[int, Standing]:
    """Where the records of up to 100 `ids` stand now, in one request.

    Those that are gone, or in an app without a process, are left out.
    """
    wanted = [field_of_type(meta, kind) for kind in ("STATUS", "STATUS_ASSIGNEE")]
    codes = [field.code for field in wanted if field is not None]
    listed = ", ".join(f'"{id_}"' for id_ in ids)
    answer = get_records(
        checked(connection),
        app=meta.app_id(connection),
        query=f"$id in ({listed}) limit {len(ids)}",
        # A field that the model does not declare is found by its type.
        fields=["$id", *codes] if len(codes) == len(wanted) else None,
    )
    there = map(int, record_ids(connection, answer["records"], limit=len(ids)))
    found = {}
    for id_, record in zip(there, answer["records"], strict=True):
        try:
            standing = _standing(record.values())
        except (KeyError, TypeError):
            not_what_was_asked(connection, f"the record {id_} has no state that can be read")
        if standing is not None:
            found[id_] = standing
    return found


def _standing(cells: Iterable[Mapping[str, Any]]) -> Standing | None:
    by_type = {cell["type"]: cell["value"] for cell in cells}
    if "STATUS" not in by_type:
        return None
    people = by_type.get("STATUS_ASSIGNEE") or ()
    return Standing(by_type["STATUS"], tuple(each["code"] for each in people))
