"""Workflow: run an action on a record, and assign the record to people.

The statuses and actions of an app are in `kintone_orm.api.process`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kintone_orm.api.caller import drop_none
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
    """Run an action on a record and return the new ``{"revision"}``, which is two higher.

    `action` is the action's name in the user's language. `assignee` is a login name. Give
    `assignee` if the next status has one assignee, who is chosen from several people. ConflictError
    if `revision` is not the current one. A subclass of WorkflowError if the action cannot run on
    the record. Source: "kintone REST API: Update Status".
    """
    params = drop_none(app=app, id=id, action=action, assignee=assignee, revision=revision)
    return caller.request("PUT", "record/status", params)


def update_statuses(
    caller: Caller, *, app: Id, records: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Run actions on at most 100 records and return ``{"records": [{"id", "revision"}]}``.

    Each of `records` is ``{"id", "action"}``, optionally with an ``"assignee"`` and a
    ``"revision"``. If one action fails, none is run. ValueError for more than 100 records.
    Source: "kintone REST API: Update Statuses".
    """
    way_out = "Send 100 at a time; bulk_request() takes twenty of these requests."
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
    """Assign a record to people and return its new ``{"revision"}``.

    `assignees` are at most 100 login names, or one if the status has a single assignee. An empty
    list removes all assignees. ValueError for more than 100. ProcessDisabled if the app has no
    process. Source: "kintone REST API: Update Assignees".
    """
    require_at_most(assignees, limit=ASSIGNEES_PER_RECORD, name="assignees", way_out="Name fewer.")
    params = drop_none(app=app, id=id, assignees=assignees, revision=revision)
    return caller.request("PUT", "record/assignees", params)
