"""Process management at work: run an action on a record, hand it to other people.

The process itself, its states and actions, is in `kintone_orm.api.process`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.api.caller import given
from kintone_orm.limits import ASSIGNEES_PER_RECORD, RECORDS_PER_WRITE, require_at_most

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kintone_orm.api.caller import Caller, Id

__all__ = ["update_assignees", "update_status", "update_statuses"]


def update_status(
    caller: Caller,
    *,
    app: Id,
    id: Id,  # noqa: A002 - kintone's name
    action: str,
    assignee: str | None = None,
    revision: Id | None = None,
) -> dict[str, Any]:
    """The record's new ``{"revision"}``, two higher than before.

    `action` is the action's name in the caller's language; `assignee` a login name, needed when
    the next state has one assignee chosen from several. ConflictError if `revision` is not the
    latest; a WorkflowError, by its meaning, if the record cannot be taken there.
    Source: "kintone REST API: Update Status".
    """
    params = given(app=app, id=id, action=action, assignee=assignee, revision=revision)
    return caller.request("PUT", "record/status", params)


def update_statuses(
    caller: Caller, *, app: Id, records: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The records' ``{"records": [{"id", "revision"}]}``; at most 100, all or nothing.

    Each of `records` is ``{"id", "action"}``, with an ``"assignee"`` and a ``"revision"`` if
    wanted. Source: "kintone REST API: Update Statuses".
    """
    way_out = "send them in hundreds; twenty requests fit into a bulk_request"
    require_at_most(records, limit=RECORDS_PER_WRITE, name="records", way_out=way_out)
    return caller.request("PUT", "records/status", {"app": app, "records": records})


def update_assignees(
    caller: Caller,
    *,
    app: Id,
    id: Id,  # noqa: A002 - kintone's name
    assignees: Sequence[str],
    revision: Id | None = None,
) -> dict[str, Any]:
    """The record's new ``{"revision"}``; `assignees` are login names, none to clear them.

    At most 100, and only one where the state has one assignee. ProcessDisabled if the app has
    no process.
    Source: "kintone REST API: Update Assignees".
    """
    require_at_most(assignees, limit=ASSIGNEES_PER_RECORD, name="assignees", way_out="name fewer")
    params = given(app=app, id=id, assignees=assignees, revision=revision)
    return caller.request("PUT", "record/assignees", params)
