"""Changes to a pre-live process: its states, its actions, whether it is on.

Source: kintone REST API, "Update Process Management Settings".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..ground import limits
from ..ground.errors import misshapen
from ..ground.parameters import (
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
from ..ground.problems import Problems
from .grantees import complete_grantees, grantee_parameters
from .process import Process

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..store.people import Directory
    from .apps import Settings

__all__ = ["ACTION", "update_process"]

_NAME = required(sized_text(1, limits.STATUS_NAME_LENGTH))
_ENTITY = structure(grantee_parameters("USER", "GROUP", "ORGANIZATION", "FIELD_ENTITY", "CREATOR"))
_ASSIGNEE = structure(
    {"type": required(one_of("ONE", "ALL", "ANY")), "entities": required(array(_ENTITY))}
)
_EXECUTABLE = structure(
    {
        "entities": required(
            array(structure(grantee_parameters("USER", "GROUP", "ORGANIZATION", "FIELD_ENTITY")))
        )
    }
)
_STATE = {
    "name": optional(sized_text(1, limits.STATUS_NAME_LENGTH)),
    "index": required(integer(least=0)),
    "assignee": optional(_ASSIGNEE),
}

ACTION = structure(
    {
        "name": _NAME,
        "from": required(text),
        "to": required(text),
        "filterCond": optional(text),
        "type": optional(one_of("PRIMARY", "SECONDARY")),
        "executableUser": optional(_EXECUTABLE),
    }
)
"""One action, as it is sent; one of the type SECONDARY may be run by `executableUser` too."""


def update_process(
    settings: Settings, sent: Mapping[str, Any], directory: Directory
) -> dict[str, str]:
    """Put `enable`, `states` and `actions` into pre-live settings; what is None stays.

    Gives the names that states have now, by the ones they had. CB_VA01 names what does not fit
    together, GAIA_* what a condition or an assignee gets wrong.
    """
    problems, process = Problems(), settings["process"]
    names = {name: name for name in process["states"] or {}}
    if sent["states"] is not None:
        process["states"], names = _states(settings, sent["states"], problems)
    if sent["actions"] is not None:
        actions = enumerate(sent["actions"])
        process["actions"] = [_action(action, f"actions[{at}]", problems) for at, action in actions]
    elif process["actions"]:
        process["actions"] = [
            {**action, **{end: names.get(action[end], action[end]) for end in ("from", "to")}}
            for action in process["actions"]
        ]
    if sent["enable"] is not None:
        process["enable"] = sent["enable"]
    problems.check()
    properties = settings["properties"]
    for state in (process["states"] or {}).values():
        path = f"states[{state['name']}].assignee.entities"
        entities = state["assignee"]["entities"]
        complete_grantees(entities, path, problems, directory=directory, properties=properties)
    for position, action in enumerate(process["actions"] or []):
        path = f"actions[{position}].executableUser.entities"
        entities = action.get("executableUser", {}).get("entities", ())
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
    return names


def _states(
    settings: Settings, sent: Mapping[str, Any], problems: Problems
) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """The states that there are from now on, and the new name of each by its old one.

    The key of a state that there is names it, `name` renames it; one that is not sent is gone.
    Settings that the emulator does not know are kept: kintone adds some now and then.
    """
    before = settings["process"]["states"] or {}
    found: dict[str, dict[str, Any]] = {}
    names: dict[str, str] = {}
    if not sent:
        problems.add("states", "required")
    for key, state in sent.items():
        path, known = f"states[{key}]", before.get(key)
        if not isinstance(state, dict):
            raise misshapen(path, "object")
        ours = {part: state[part] for part in state if part in _STATE}
        others = {part: state[part] for part in state if part not in _STATE}
        checked = check_parameters(ours, _STATE, path, problems)
        if not 1 <= len(key) <= limits.STATUS_NAME_LENGTH:
            problems.add(path, "size", low=1, high=limits.STATUS_NAME_LENGTH)
        name = checked.get("name") or key
        if known is None and checked.get("name") != key:
            problems.add(f"{path}.name", "state_name")
        if name in found:
            problems.add(f"{path}.name", "state_name_taken", name=name)
        kept = known or {"assignee": _creator(settings)}
        given = {part: value for part, value in checked.items() if value is not None}
        found[name] = {**kept, **others, **given, "name": name, "index": str(checked.get("index"))}
        if known is not None:
            names[key] = name
    if before and found and not problems:
        first = min(found, key=lambda name: int(found[name]["index"]))
        if first not in names.values():
            problems.add(f"states[{first}]", "first_state_new")
    return found, names


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


def _action(sent: Mapping[str, Any], path: str, problems: Problems) -> dict[str, Any]:
    found = {**sent, "filterCond": sent["filterCond"] or "", "type": sent["type"] or "PRIMARY"}
    executable = found.pop("executableUser")
    if found["type"] == "SECONDARY":
        found["executableUser"] = executable or {"entities": []}
    elif executable:
        problems.add(f"{path}.executableUser", "not_secondary")
    return found


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
    states = settings["process"]["states"] or {}
    for position, action in enumerate(settings["process"]["actions"] or []):
        for end in ("from", "to"):
            if action[end] not in states:
                problems.add(f"actions[{position}].{end}", "no_state", name=action[end])
