"""The process of an app: its statuses, their actions and assignees, and the status of a record.

The settings are read once for each connection and app. They are read again when they seem to have
changed, because kintone does not report that somebody edited a process.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from kintone_orm.api.answers import checked
from kintone_orm.api.process import get_process
from kintone_orm.api.records import get_records
from kintone_orm.exceptions import ProcessDisabled
from kintone_orm.models.definition.undeclared import field_of_type
from kintone_orm.models.ground.answer_checks import record_ids, refuse_answer
from kintone_orm.models.ground.read_refusals import translating_read_refusals

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kintone_orm.connection import Connection
    from kintone_orm.models.ground.protocols import Meta
    from kintone_orm.models.ground.values import Answer

__all__ = [
    "Action",
    "RecordStatus",
    "actions_from",
    "candidates",
    "look_at_process",
    "read_statuses",
    "require_process",
]


@dataclass(frozen=True, slots=True)
class Action:
    """An action of a process: its `name`, and the statuses that it leads from and to.

    `condition` is a query that the record must satisfy, or "".
    """

    name: str
    source: str
    target: str
    condition: str = ""

    def __str__(self) -> str:
        return self.name


class RecordStatus(NamedTuple):
    """The current status of a record, and the login names of its assignees."""

    status: str
    assignees: tuple[str, ...] = ()


def look_at_process(connection: Connection, app: int) -> Mapping[str, Any]:
    """Read the app's process, and keep it in `connection.processes`; one request."""
    process = connection.processes[app] = get_process(checked(connection), app=app)
    return process


def require_process(
    meta: Meta, connection: Connection, *, afresh: bool = False
) -> Mapping[str, Any]:
    """Return the process of the model's app; raise ProcessDisabled if the process is off.

    This takes one request, or no request if the settings are kept already. Kept settings in which
    the process is off are read again, because somebody may have turned the process on.
    """
    app = meta.app_id(connection)
    process: Answer = connection.processes.get(app, {})
    if afresh or not process.get("enable"):
        with translating_read_refusals(meta, app):
            process = look_at_process(connection, app)
    if not process["enable"]:
        raise ProcessDisabled(
            f"{meta.label}: process management is off in app {app}, so its records have no status "
            "and no actions. Turn it on in the app's settings."
        )
    return process


def actions_from(process: Answer, status: str) -> list[Action]:
    """Return the actions that lead out of a status, in the order of the settings."""
    return [
        Action(action["name"], action["from"], action["to"], action.get("filterCond") or "")
        for action in process["actions"] or ()
        if action["from"] == status
    ]


def candidates(process: Answer, status: str) -> list[str]:
    """Return the possible assignees of a status, such as "user kato" or "field Boss"."""
    assignees = process["states"][status].get("assignee", {}).get("entities", ())
    entities = [assignee["entity"] for assignee in assignees]
    return [
        f"{_KINDS.get(entity['type'], 'field')} {entity['code']}"
        if entity.get("code")
        else "its creator"
        for entity in entities
    ]


_KINDS = {"USER": "user", "GROUP": "group", "ORGANIZATION": "organization"}


def read_statuses(
    meta: Meta, connection: Connection, ids: Sequence[int]
) -> dict[int, RecordStatus]:
    """Return the current status of the records with these `ids` (at most 100); one request.

    Deleted records, and records of an app without a process, are left out.
    """
    declared = [field_of_type(meta, kind) for kind in ("STATUS", "STATUS_ASSIGNEE")]
    codes = [field.code for field in declared if field is not None]
    listed = ", ".join(f'"{id_}"' for id_ in ids)
    answer = get_records(
        checked(connection),
        app=meta.app_id(connection),
        query=f"$id in ({listed}) limit {len(ids)}",
        # A field that the model does not declare is found by its type.
        fields=["$id", *codes] if len(codes) == len(declared) else None,
    )
    read_ids = map(int, record_ids(connection, answer["records"], limit=len(ids)))
    statuses = {}
    for id_, record in zip(read_ids, answer["records"], strict=True):
        try:
            current = _record_status(record.values())
        except (KeyError, TypeError):
            refuse_answer(connection, f"the status of the record {id_} cannot be read")
        if current is not None:
            statuses[id_] = current
    return statuses


def _record_status(cells: Iterable[Mapping[str, Any]]) -> RecordStatus | None:
    by_type = {cell["type"]: cell["value"] for cell in cells}
    if "STATUS" not in by_type:
        return None
    people = by_type.get("STATUS_ASSIGNEE") or ()
    return RecordStatus(by_type["STATUS"], tuple(person["code"] for person in people))
