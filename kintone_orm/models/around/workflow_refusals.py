"""Why kintone did not take a record on, and what can be done there: asked for when it has refused.

kintone's own texts do not say which state a record is in, which actions that state has, nor who
works on it.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

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
    standings,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kintone_orm.connection import Connection
    from kintone_orm.models.around.process_settings import Action, Standing
    from kintone_orm.models.definition.options import Options

__all__ = ["explain_of_many", "explained"]

_logger = logging.getLogger("kintone_orm")

_SHOWN = 5


@contextmanager
def explained(meta: Options, connection: Connection, id_: int, action: str) -> Iterator[None]:
    """A refusal also tells where the record stands, and what its state allows."""
    try:
        yield
    except ProcessDisabled:
        raise
    except WorkflowError as error:
        with _unmasked(error):
            process = look_at_process(connection, meta.app_id(connection))
            standing = standings(meta, connection, [id_])[id_]
            actions = actions_from(process, standing.state)
            error.record_status = standing.state
            error.actions = tuple(each.name for each in actions)
            error.message += f" {_why(error, standing, action, actions, process)}"
        raise


def explain_of_many(
    error: WorkflowError, meta: Options, connection: Connection, ids: Sequence[int], action: str
) -> None:
    """Put into a refusal of up to a hundred records which of them it may be about.

    The state and its actions are told if they are those of all.
    """
    if isinstance(error, ProcessDisabled):
        return
    with _unmasked(error):
        process = look_at_process(connection, meta.app_id(connection))
        found = standings(meta, connection, ids)
        error.message += _which(error, action, found, process)
        states = {each.state for each in found.values()}
        if len(states) == 1:
            (error.record_status,) = states
            error.actions = tuple(each.name for each in actions_from(process, error.record_status))


@contextmanager
def _unmasked(error: WorkflowError) -> Iterator[None]:
    """What goes wrong while a refusal is explained does not take its place."""
    try:
        yield
    except (KintoneORMError, LookupError) as trouble:
        _logger.debug("The refusal %r could not be explained: %s", error.code, trouble)


def _why(
    error: WorkflowError,
    standing: Standing,
    action: str,
    actions: Sequence[Action],
    process: Mapping[str, Any],
) -> str:
    said = f"It is in the state {standing.state!r}, which {_allows(actions)}."
    chosen = next((each for each in actions if each.name == action), None)
    if isinstance(error, NotAssignee):
        return f"{said} Those who work on it: {', '.join(standing.assignees) or 'nobody'}."
    if isinstance(error, AssigneeRequired) and chosen is not None:
        people = ", ".join(candidates(process, chosen.target))
        return f"{said} {action!r} leads to {chosen.target!r}, for which may be chosen: {people}."
    if isinstance(error, ActionNotAvailable) and chosen is not None and chosen.condition:
        return f"{said} The record must satisfy: {chosen.condition}."
    return said


def _which(
    error: WorkflowError,
    action: str,
    found: Mapping[int, Standing],
    process: Mapping[str, Any],
) -> str:
    """The records, of many, that a refusal may be about."""
    told: dict[str, list[str]] = {}
    for id_, standing in sorted(found.items()):
        reason = _reason(error, action, standing, process)
        if reason is None:
            continue
        told.setdefault(reason, []).append(str(id_))
    return "".join(f" {reason}: id {_listed(ids)}." for reason, ids in told.items())


def _reason(
    error: WorkflowError, action: str, standing: Standing, process: Mapping[str, Any]
) -> str | None:
    """Why a record that stands there may be in the way; None if it is not."""
    actions = actions_from(process, standing.state)
    chosen = next((each for each in actions if each.name == action), None)
    where = f"In the state {standing.state!r}"
    if isinstance(error, NotAssignee):
        return f"Those who work on it: {', '.join(standing.assignees) or 'nobody'}"
    if isinstance(error, ActionNotAvailable):
        if chosen is None:
            return f"{where}, which {_allows(actions)}"
        return f"{where}, must satisfy: {chosen.condition}" if chosen.condition else None
    if chosen is None:
        return None
    if isinstance(error, AssigneeRequired):
        people = ", ".join(candidates(process, chosen.target))
        return f"{where}, {action!r} leads to {chosen.target!r}, where may be chosen: {people}"
    return f"{where}, {action!r} leads to {chosen.target!r}, for which nobody is chosen"


def _listed(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
    return f"{', '.join(ids[:_SHOWN])}{more}"


def _allows(actions: Sequence[Action]) -> str:
    listed = ", ".join(repr(each.name) for each in actions)
    return f"has {listed}" if listed else "has no action: it is an end of the process"
