"""record/status.json, records/status.json, record/assignees.json.

Source: kintone REST API, "Update Status", "Update Statuses", "Update Assignees".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..ground import limits
from ..ground.errors import fault, invalid
from ..ground.parameters import array, integer, optional, required, structure, text
from ..records.writer import RecordWriter
from ..requests.endpoint import endpoint

if TYPE_CHECKING:
    from ..ground.json_types import Sent
    from ..requests.endpoint import Answer, Call
    from ..settings.apps import LiveApp
    from ..settings.process import Process
    from ..store.record_text import Record

# Measured: an action raises the revision by two.
_REVISIONS_PER_ACTION = 2

_APP = required(integer())
_REVISION = optional(integer(least=-1))
_ACTION = {
    "id": required(integer()),
    "action": required(text),
    "assignee": optional(text),
    "revision": _REVISION,
}


@endpoint({"app": _APP, **_ACTION})
def update_status(call: Call, sent: Sent) -> Answer:
    """Update Status."""
    app = call.live_app(sent["app"], "view")
    writer, process = _workflow(call, app)
    revision = _act(call, writer, process, sent, "")
    call.notify("UPDATE_STATUS", app, sent["id"])
    return {"revision": revision}


@endpoint(
    {
        "app": _APP,
        "records": required(
            array(structure(_ACTION), high=limits.RECORDS_PER_WRITE, message="update_100")
        ),
    }
)
def update_statuses(call: Call, sent: Sent) -> Answer:
    """Update Statuses, all or none."""
    writer, process = _workflow(call, call.live_app(sent["app"], "view"))
    results: dict[int, str] = {}
    for position, update in enumerate(sent["records"]):
        path = f"records[{position}]"
        if update["id"] in results:
            raise invalid({path: ["record_twice"]})
        results[update["id"]] = _act(call, writer, process, update, f"{path}.")
    return {"records": [{"id": str(id_), "revision": new} for id_, new in results.items()]}


@endpoint(
    {
        "app": _APP,
        "id": required(integer()),
        "assignees": required(array(text, high=limits.ASSIGNEES_PER_RECORD)),
        "revision": _REVISION,
    }
)
def update_assignees(call: Call, sent: Sent) -> Answer:
    """Update Assignees. The caller must manage the app and be able to view the record."""
    call.live_app(sent["app"], "view")
    writer, process = _workflow(call, call.live_app(sent["app"], "manage"))

    def assign(record: Record) -> None:
        process.assign(record, sent["assignees"], call.domain.directory)

    revision = writer.edit(sent["id"], assign, revision=sent["revision"], needs="viewable")
    return {"revision": str(revision)}


def _workflow(call: Call, app: LiveApp) -> tuple[RecordWriter, Process]:
    """Return a writer and the app's process. Raises GAIA_ST02 if the process is off."""
    if app.process is None:
        raise fault("GAIA_ST02")
    return RecordWriter(call, app), app.process


def _act(call: Call, writer: RecordWriter, process: Process, sent: Sent, prefix: str) -> str:
    def act(record: Record) -> None:
        process.act(
            record,
            sent["action"],
            sent["assignee"],
            user=call.caller.user,
            context=call.query_context,
            directory=call.domain.directory,
            path=f"{prefix}assignee",
        )

    revision = writer.edit(
        sent["id"],
        act,
        revision=sent["revision"],
        needs="viewable",
        steps=_REVISIONS_PER_ACTION,
    )
    return str(revision)
