"""Processes for the emulator: states and actions in few words."""

from __future__ import annotations


def states(**assignees):
    """Statuses in this order, each given as its assignee's type and entities."""
    return {
        name: {
            "name": name,
            "index": str(index),
            "assignee": {"type": assigned[0], "entities": list(assigned[1:])},
        }
        for index, (name, assigned) in enumerate(assignees.items())
    }


def entity(kind, code=None, *, subs=False):
    return {"entity": {"type": kind, "code": code}, "includeSubs": subs}


def action(name, start, end, condition=""):
    return {"name": name, "from": start, "to": end, "filterCond": condition}


CREATOR = entity("FIELD_ENTITY", "Created_by")


def set_process(kintone, app, **settings):
    """Set the process of an app, switched on, and deploy it."""
    kintone.ok("PUT", "preview/app/status.json", {"app": app, "enable": True, **settings})
    assert kintone.deploy(app) == "SUCCESS"
