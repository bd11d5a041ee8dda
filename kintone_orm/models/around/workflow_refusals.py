"""Explaining why kintone refused an action of the process, and what the record allows.

kintone's own message does not name the record's status, the actions of that status, or the
assignees. This module reads them after a refusal.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kintone_orm.exceptions import (
    ActionNotAvailable,
    AssigneeRequired,
    KintoneORMError,
    NotAssignee,
    ProcessDisabled,
    WorkflowError,
)
from kintone_orm.models.around.process_settings import (
    actions_from,
    candidates,
    look_at_process,
    read_statuses,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kintone_orm.connection import Connection
    from kintone_orm.models.around.process_settings import Action, RecordStatus
    from kintone_orm.models.ground.protocols import Meta
    from kintone_orm.models.ground.values import Answer

__all__ = ["ADVICE_ON_LOST_ACTION", "explain_bulk_refusal", "explaining_refusals"]

_logger = logging.getLogger("kintone_orm")

_SHOWN = 5

ADVICE_ON_LOST_ACTION = (
    "read the status before you run the action again, because the next status may have an action "
    "of this name, too"
)


@contextmanager
def explaining_refusals(meta: Meta, connection: Connection, id_: int, name: str) -> Iterator[None]:
    """Add the record's status, and the actions that it allows, to a refusal."""
    try:
        yield
    except ProcessDisabled:
        raise
    except WorkflowError as error:
        with _unmasked(error):
            process = look_at_process(connection, meta.app_id(connection))
            current = read_statuses(meta, connection, [id_])[id_]
            actions = actions_from(process, current.status)
            error.record_status = current.status
            error.actions = tuple(action.name for action in actions)
            error.message += f" {_explanation(error, current, name, actions, process)}"
        raise


def explain_bulk_refusal(
    error: WorkflowError, meta: Meta, connection: Connection, ids: Sequence[int], action: str
) -> None:
    """Add possible reasons to the refusal of up to 100 records, each with the ids of its records.

    If all the records have one status, the error gets the status and its actions as attributes.
    """
    if isinstance(error, ProcessDisabled):
        return
    with _unmasked(error):
        process = look_at_process(connection, meta.app_id(connection))
        records = read_statuses(meta, connection, ids)
        error.message += _refused_records(error, action, records, process)
        statuses = {record.status for record in records.values()}
        if len(statuses) == 1:
            (error.record_status,) = statuses
            error.actions = tuple(
                action.name for action in actions_from(process, error.record_status)
            )


@contextmanager
def _unmasked(error: WorkflowError) -> Iterator[None]:
    """Log an error raised while a refusal is explained, so that the refusal itself is raised."""
    try:
        yield
    except (KintoneORMError, LookupError) as failure:
        _logger.debug(
            "The refusal %r could not be explained: %s", error.code, type(failure).__name__
        )


def _explanation(
    error: WorkflowError,
    current: RecordStatus,
    name: str,
    actions: Sequence[Action],
    process: Answer,
) -> str:
    status = f"The record's status is {current.status!r}, which {_allows(actions)}."
    action = next((action for action in actions if action.name == name), None)
    if isinstance(error, NotAssignee):
        return f"{status} Its assignees: {', '.join(current.assignees) or 'none'}."
    if isinstance(error, AssigneeRequired) and action is not None:
        people = ", ".join(candidates(process, action.target))
        return (
            f"{status} {name!r} leads to {action.target!r}, with the possible assignees: {people}."
        )
    if isinstance(error, ActionNotAvailable) and action is not None and action.condition:
        return f"{status} The record must satisfy: {action.condition}."
    return status


def _refused_records(
    error: WorkflowError,
    name: str,
    records: Mapping[int, RecordStatus],
    process: Answer,
) -> str:
    """Return a sentence for each possible reason of the refusal, with the ids of its records."""
    ids_by_reason: dict[str, list[str]] = {}
    for id_, current in sorted(records.items()):
        reason = _reason(error, name, current, process)
        if reason is not None:
            ids_by_reason.setdefault(reason, []).append(str(id_))
    return "".join(f" {reason}: id {_listed(ids)}." for reason, ids in ids_by_reason.items())


def _reason(error: WorkflowError, name: str, current: RecordStatus, process: Answer) -> str | None:
    """Return the reason to refuse a record with this status; None if there is no reason."""
    actions = actions_from(process, current.status)
    action = next((action for action in actions if action.name == name), None)
    if isinstance(error, NotAssignee):
        return f"Assignees {', '.join(current.assignees) or 'none'}"
    status = f"Status {current.status!r}"
    if isinstance(error, ActionNotAvailable):
        if action is None:
            return f"{status}, which {_allows(actions)}"
        return f"{status}, must satisfy: {action.condition}" if action.condition else None
    if action is None:
        return None
    leads = f"{status}, {name!r} leads to {action.target!r}"
    if isinstance(error, AssigneeRequired):
        return f"{leads}, possible assignees {', '.join(candidates(process, action.target))}"
    return f"{leads}, which has no assignee to choose"


def _listed(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
    return f"{', '.join(ids[:_SHOWN])}{more}"


def _allows(actions: Sequence[Action]) -> str:
    listed = ", ".join(repr(action.name) for action in actions)
    return f"has the actions {listed}" if listed else "is an end of the process, without actions"
