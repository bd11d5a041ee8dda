"""Changes to a pre-live process: its states, its actions, whether it is on.

Source: kintone REST API, "Update Process Management Settings".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import limits
from .entities import complete_grantees, grantee_parameters
from .parameters import (
    array,
    check_parameters,
    integer,
    one_of,
    optional,
    required,
    sized_text,
    structure,
    text,
)
from .problems import Problems
from .process import Process

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .apps import Settings
    from .people import Directory

__all__ = ["ACTION", "update_process"]

_NAME = required(sized_text(1, limits.STATUS_NAME_LENGTH))
_ENTITY = structure(grantee_parameters("USER", "GROUP", "ORGANIZATION", "FIELD_ENTITY", "CREATOR"))
_ASSIGNEE = structure(
    {"type": required(one_of("ONE", "ALL", "ANY")), "entities": required(array(_ENTITY))}
)
_STATE = {
    "name": optional(text),
    "index": required(integer(least=0)),
    "assignee": optional(_ASSIGNEE),
}

ACTION = structure(
    {
        "name": _NAME,
        "from": required(text),
        "to": required(text),
        "filterCond": optional(text),
        "type": optional(one_of("PRIMARY")),
    }
)
"""One action, as it is sent."""


def update_process(settings: Settings, sent: Mapping[str, Any], directory: Directory) -> None:
    """Put `enable`, `states` and `actions` into pre-live settings; what is None stays.

    CB_VA01 names what does not fit together, GAIA_* what a condition or an assignee gets wrong.
    """
    problems, process = Problems(), settings["process"]
    if sent["states"] is not None:
        process["states"] = _states(settings, sent["states"], problems)
    if sent["actions"] is not None:
        process["actions"] = [_action(action) for action in sent["actions"]]
    if sent["enable"] is not None:
        process["enable"] = sent["enable"]
    problems.check()
    properties = settings["properties"]
    for state in (process["states"] or {}).values():
        path = f"states[{state['name']}].assignee.entities"
        entities = state["assignee"]["entities"]
        complete_grantees(entities, path, problems, directory=directory, properties=properties)
    _check_first(settings, problems)
    _check_actions(settings, problems)
    if process["enable"] and not process["states"]:
        problems.add("states", "required")
    problems.check()
    for definition in properties.values():
        if definition["type"] in ("STATUS", "STATUS_ASSIGNEE"):
            definition["enabled"] = process["enable"]
    if process["enable"]:
        Process(process, properties)


def _states(
    settings: Settings, sent: Mapping[str, Any], problems: Problems
) -> dict[str, dict[str, Any]]:
    """The states that there are from now on: one that is not sent is gone."""
    before, found = settings["process"]["states"] or {}, {}
    if not sent:
        problems.add("states", "required")
    for name, state in sent.items():
        path = f"states[{name}]"
        checked = check_parameters(state, _STATE, path, problems)
        if not 1 <= len(name) <= limits.STATUS_NAME_LENGTH:
            problems.add(path, "size", low=1, high=limits.STATUS_NAME_LENGTH)
        if checked.get("name") not in (None, name):
            problems.add(f"{path}.name", "state_name")
        kept = before[name]["assignee"] if name in before else _creator(settings)
        found[name] = {
            "name": name,
            "index": str(checked.get("index")),
            "assignee": checked.get("assignee") or kept,
        }
    return found


def _creator(settings: Settings) -> dict[str, Any]:
    """The assignee of a state that is saved without one: measured. Nobody without that field."""
    return {
        "type": "ONE",
        "entities": [
            {"entity": {"type": "FIELD_ENTITY", "code": code}, "includeSubs": False}
            for code, field in settings["properties"].items()
            if field["type"] == "CREATOR"
        ],
    }


def _action(sent: Mapping[str, Any]) -> dict[str, Any]:
    return {**sent, "filterCond": sent["filterCond"] or "", "type": sent["type"] or "PRIMARY"}


def _check_first(settings: Settings, problems: Problems) -> None:
    """The first state is nobody's, or its record's creator's."""
    states = settings["process"]["states"]
    if states:
        first = min(states.values(), key=lambda state: int(state["index"]))
        entities = first["assignee"]["entities"]
        creator = _creator(settings)["entities"]
        if first["assignee"]["type"] != "ONE" or entities not in ([], creator):
            problems.add(f"states[{first['name']}].assignee", "first_state")


def _check_actions(settings: Settings, problems: Problems) -> None:
    states, seen = settings["process"]["states"] or {}, set()
    for position, action in enumerate(settings["process"]["actions"] or []):
        for end in ("from", "to"):
            if action[end] not in states:
                problems.add(f"actions[{position}].{end}", "no_state", name=action[end])
        if (action["name"], action["from"]) in seen:
            problems.add(f"actions[{position}].name", "action_twice")
        seen.add((action["name"], action["from"]))
