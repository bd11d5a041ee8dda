"""Process management at work: where a record starts, and who may take it where.

Source: kintone REST API, "Update Status", "Update Assignees"; kintone help, "Process management".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from ..ground.errors import fault, invalid
from .filter_conditions import check_filter, record_filter
from .grantees import includes, people

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..query import Context
    from ..store.people import Directory, User
    from ..store.record_text import Record
    from .grantees import Grantee

__all__ = ["Process", "ProcessSettings", "switched_off"]


class ProcessSettings(TypedDict):
    """What Get Process Management Settings answers, but for the revision."""

    enable: bool
    states: dict[str, dict[str, Any]] | None
    actions: list[dict[str, Any]] | None


def switched_off() -> ProcessSettings:
    """The settings of an app whose process was never set up."""
    return ProcessSettings(enable=False, states=None, actions=None)


class Process:
    """The process of an app, switched on, prepared for its records.

    `properties` are the app's field definitions, `creator` who made the app. Raises what is wrong
    with a condition on an action (GAIA_IQ11 when its field is gone), or GAIA_FC01 when a field of
    assignees is gone.
    """

    def __init__(
        self, settings: ProcessSettings, properties: Mapping[str, Any], *, creator: str = ""
    ) -> None:
        self._creator = creator
        self.states = settings["states"] or {}
        self.actions = settings["actions"] or []
        self._codes = {field["type"]: code for code, field in properties.items()}
        # A STATUS is compared and sorted by its states.
        status = {**properties[self._codes["STATUS"]], "states": self.states}
        self.properties = {**properties, self._codes["STATUS"]: status}
        for position, action in enumerate(self.actions):
            check_filter(action["filterCond"], self.properties, f"actions[{position}].filterCond")
        for state in self.states.values():
            for entity in (each["entity"] for each in state["assignee"]["entities"]):
                if entity["type"] == "FIELD_ENTITY" and entity["code"] not in properties:
                    raise fault("GAIA_FC01", code=entity["code"])

    def start(self, record: Record, directory: Directory) -> Record:
        """The cells of a record that enters the process: the first state, and who works on it."""
        first = min(self.states.values(), key=lambda state: int(state["index"]))
        return self._cells(first["name"], self._candidates(first, record, directory))

    def rename(self, record: Record, names: Mapping[str, str]) -> None:
        """Give the record's state its new name, where it has one."""
        cell = record.get(self._codes["STATUS"])
        if cell is not None:
            cell["value"] = names.get(cell["value"], cell["value"])

    def has_state_of(self, record: Record) -> bool:
        """Whether a record's state is one of the process."""
        return self._state(record) in self.states

    def act(
        self,
        record: Record,
        action: str,
        assignee: str | None,
        *,
        user: User,
        context: Context,
        directory: Directory,
        path: str,
    ) -> None:
        """Put into the record where `action` takes it. `path` is where the assignee is named.

        GAIA_NT01 for who may not run it, GAIA_IL03 for an action that cannot be taken here, or of
        which there are two, GAIA_SA01 and GAIA_SA04 when somebody must be chosen, or cannot be.
        """
        working = record[self._codes["STATUS_ASSIGNEE"]]["value"]
        others = [entity for entity in working if entity["code"] != user.code]
        is_assigned = len(others) < len(working)
        found = [
            each
            for each in self.actions
            if each["name"] == action and each["from"] == self._state(record)
        ]
        if (
            working
            and not is_assigned
            and not any(_may_execute(each, user, record, directory) for each in found)
        ):
            raise fault("GAIA_NT01")
        target = self.states[self._destination(record, found, context)]
        if is_assigned and others and self.states[self._state(record)]["assignee"]["type"] == "ALL":
            # The state moves when the last of them acts.
            if assignee is not None:
                raise fault("GAIA_SA04")
            record.update(self._cells(self._state(record), others))
            return
        candidates = self._candidates(target, record, directory)
        if target["assignee"]["type"] == "ONE":
            candidates = _chosen(assignee, candidates, directory, path)
        elif assignee is not None:
            raise fault("GAIA_SA04")
        record.update(self._cells(target["name"], candidates))

    def assign(self, record: Record, codes: Sequence[str], directory: Directory) -> None:
        """Put these users to work on the record. GAIA_IL26 for an unknown one."""
        found = []
        for code in dict.fromkeys(codes):
            name = directory.name("USER", code)
            if name is None:
                raise fault("GAIA_IL26", code=code)
            found.append({"code": code, "name": name})
        if len(found) > 1 and self.states[self._state(record)]["assignee"]["type"] == "ONE":
            raise fault("GAIA_TO02", state=self._state(record))
        record.update(self._cells(self._state(record), found))

    def _state(self, record: Record) -> str:
        name: str = record[self._codes["STATUS"]]["value"]
        return name

    def _cells(self, state: str, assignees: list[dict[str, str]]) -> Record:
        values: dict[str, Any] = {"STATUS": state, "STATUS_ASSIGNEE": assignees}
        return {self._codes[kind]: {"type": kind, "value": value} for kind, value in values.items()}

    def _candidates(
        self, state: dict[str, Any], record: Record, directory: Directory
    ) -> list[dict[str, str]]:
        grantees = [self._named(each) for each in state["assignee"]["entities"]]
        return people(grantees, record, directory)

    def _named(self, grantee: Grantee) -> Grantee:
        """The creator of the app is a user like others."""
        if grantee["entity"]["type"] != "CREATOR":
            return grantee
        return {**grantee, "entity": {"type": "USER", "code": self._creator}}

    def _destination(
        self, record: Record, actions: Sequence[dict[str, Any]], context: Context
    ) -> str:
        """Where the only one of these actions leads, if the record meets its condition."""
        for action in actions if len(actions) == 1 else ():
            if record_filter(action["filterCond"], self.properties, context)(record):
                destination: str = action["to"]
                return destination
        raise fault("GAIA_IL03")


def _may_execute(
    action: Mapping[str, Any], user: User, record: Record, directory: Directory
) -> bool:
    """Whether an action is for a user whoever is assigned."""
    entities = action.get("executableUser", {}).get("entities", ())
    return any(includes(each, user, record, directory) for each in entities)


def _chosen(
    code: str | None, candidates: list[dict[str, str]], directory: Directory, path: str
) -> list[dict[str, str]]:
    """Who was chosen among the candidates; nobody where there are none."""
    if code is None:
        if candidates:
            raise fault("GAIA_SA01")
        return []
    if not candidates:
        raise fault("GAIA_SA04")
    if directory.name("USER", code) is None:
        raise fault("GAIA_IL26", code=code)
    found = [entity for entity in candidates if entity["code"] == code]
    if not found:
        raise invalid({path: ["no_candidate"]})
    return found
