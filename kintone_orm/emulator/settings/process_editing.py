"""Changes to a process in preview settings: its statuses, its actions and whether it is enabled.

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
"""The check of a sent action. An action of the type SECONDARY can have an `executableUser`."""


def update_process(
    settings: Settings, sent: Mapping[str, Any], directory: Directory
) -> dict[str, str]:
    """Change `enable`, `states` and `actions` of preview settings, unless they are None.

    Return the new names of statuses by their old names. Raises CB_VA01 for settings that do not
    fit together, and GAIA_* for a wrong condition or assignee.
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
    settings: Settings, sent: Mapping[str, object], problems: Problems
) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """Return the new statuses, and the new names of statuses by their old names.

    An existing status is sent under its name, and `name` renames it. A status that is not sent is
    deleted. Unknown settings are stored, because kintone sometimes adds settings.
    """
    before = settings["process"]["states"] or {}
    after: dict[str, dict[str, Any]] = {}
    names: dict[str, str] = {}
    if not sent:
        problems.add("states", "required")
    for key, state in sent.items():
        path, old = f"states[{key}]", before.get(key)
        if not isinstance(state, dict):
            raise misshapen(path, "object")
        parameters = {setting: state[setting] for setting in state if setting in _STATE}
        unknown = {setting: state[setting] for setting in state if setting not in _STATE}
        checked = check_parameters(parameters, _STATE, path, problems)
        if not 1 <= len(key) <= limits.STATUS_NAME_LENGTH:
            problems.add(path, "size", low=1, high=limits.STATUS_NAME_LENGTH)
        name = checked.get("name") or key
        if old is None and checked.get("name") != key:
            problems.add(f"{path}.name", "state_name")
        if name in after:
            problems.add(f"{path}.name", "state_name_taken", name=name)
        base = old or {"assignee": _creator(settings)}
        changes = {setting: value for setting, value in checked.items() if value is not None}
        index = str(checked.get("index"))
        after[name] = {**base, **unknown, **changes, "name": name, "index": index}
        if old is not None:
            names[key] = name
    if before and after and not problems:
        first = min(after, key=lambda name: int(after[name]["index"]))
        if first not in names.values():
            problems.add(f"states[{first}]", "first_state_new")
    return after, names


def _creator(settings: Settings) -> dict[str, Any]:
    """Return the default assignee of a status, as measured on kintone.

    The default assignee is the creator of the record, or nobody if the form has no CREATOR field.
    """
    return {
        "type": "ONE",
        "entities": [
            {"entity": {"type": "FIELD_ENTITY", "code": code}, "includeSubs": False}
            for code, field in settings["properties"].items()
            if field["type"] == "CREATOR"
        ],
    }


def _action(sent: Mapping[str, object], path: str, problems: Problems) -> dict[str, Any]:
    action = {**sent, "filterCond": sent["filterCond"] or "", "type": sent["type"] or "PRIMARY"}
    executable = action.pop("executableUser")
    if action["type"] == "SECONDARY":
        action["executableUser"] = executable or {"entities": []}
    elif executable:
        problems.add(f"{path}.executableUser", "not_secondary")
    return action


def _check_first(settings: Settings, problems: Problems) -> None:
    """Check that the first status is of the type ONE, assigned to nobody or to the creator."""
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
