"""Process management of records: their first status, their actions and their assignees.

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
    """Process settings, as Get Process Management Settings returns them, without the revision."""

    enable: bool
    states: dict[str, dict[str, Any]] | None
    actions: list[dict[str, Any]] | None


def switched_off() -> ProcessSettings:
    """Return the settings of an app without a process."""
    return ProcessSettings(enable=False, states=None, actions=None)


class Process:
    """The enabled process of an app, prepared for its records.

    The argument `properties` has the app's field definitions. The attribute `properties` has them
    too, with the list of statuses added to the definition of STATUS. `creator` is the user who
    created the app.

    Raises an error for a wrong condition of an action (GAIA_IQ11 if a field in the condition was
    deleted), and GAIA_FC01 if a field of assignees was deleted.
    """

    def __init__(
        self, settings: ProcessSettings, properties: Mapping[str, Any], *, creator: str = ""
    ) -> None:
        self._creator = creator
        self.states = settings["states"] or {}
        self.actions = settings["actions"] or []
        self._codes = {field["type"]: code for code, field in properties.items()}
        # Queries compare and sort a STATUS by the order of its statuses.
        status = {**properties[self._codes["STATUS"]], "states": self.states}
        self.properties = {**properties, self._codes["STATUS"]: status}
        for position, action in enumerate(self.actions):
            check_filter(action["filterCond"], self.properties, f"actions[{position}].filterCond")
        for state in self.states.values():
            for entity in (grantee["entity"] for grantee in state["assignee"]["entities"]):
                if entity["type"] == "FIELD_ENTITY" and entity["code"] not in properties:
                    raise fault("GAIA_FC01", code=entity["code"])

    def start(self, record: Record, directory: Directory) -> Record:
        """Return the cells for a record that enters the process: first status and assignees."""
        first = min(self.states.values(), key=lambda state: int(state["index"]))
        return self._cells(first["name"], self._candidates(first, record, directory))

    def rename(self, record: Record, names: Mapping[str, str]) -> None:
        """Change the name of the record's status, if the status was renamed."""
        cell = record.get(self._codes["STATUS"])
        if cell is not None:
            cell["value"] = names.get(cell["value"], cell["value"])

    def has_state_of(self, record: Record) -> bool:
        """Return True if the record's status is one of the process's statuses."""
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
        """Run an action: change the status and the assignees of the record.

        `path` is the place of the assignee in the request. Raises GAIA_NT01 if the user may not run
        the action, GAIA_IL03 if the record's status has no such action or several, GAIA_SA01 if an
        assignee must be sent, and GAIA_SA04 if an assignee was sent and cannot be chosen.
        """
        working = record[self._codes["STATUS_ASSIGNEE"]]["value"]
        others = [entity for entity in working if entity["code"] != user.code]
        is_assigned = len(others) < len(working)
        candidates = [
            candidate
            for candidate in self.actions
            if candidate["name"] == action and candidate["from"] == self._state(record)
        ]
        if (
            working
            and not is_assigned
            and not any(_may_execute(option, user, record, directory) for option in candidates)
        ):
            raise fault("GAIA_NT01")
        target = self.states[self._destination(record, candidates, context)]
        if is_assigned and others and self.states[self._state(record)]["assignee"]["type"] == "ALL":
            # The status changes only after all assignees have acted. Other assignees have not acted
            # yet, so the action only removes this user from the assignees.
            if assignee is not None:
                raise fault("GAIA_SA04")
            record.update(self._cells(self._state(record), others))
            return
        assignees = self._candidates(target, record, directory)
        if target["assignee"]["type"] == "ONE":
            assignees = _choose(assignee, assignees, directory, path)
        elif assignee is not None:
            raise fault("GAIA_SA04")
        record.update(self._cells(target["name"], assignees))

    def assign(self, record: Record, codes: Sequence[str], directory: Directory) -> None:
        """Make these users the assignees of the record. Raises GAIA_IL26 for an unknown user."""
        assignees = []
        for code in dict.fromkeys(codes):
            name = directory.name("USER", code)
            if name is None:
                raise fault("GAIA_IL26", code=code)
            assignees.append({"code": code, "name": name})
        if len(assignees) > 1 and self.states[self._state(record)]["assignee"]["type"] == "ONE":
            raise fault("GAIA_TO02", state=self._state(record))
        record.update(self._cells(self._state(record), assignees))

    def _state(self, record: Record) -> str:
        name: str = record[self._codes["STATUS"]]["value"]
        return name

    def _cells(self, state: str, assignees: list[dict[str, str]]) -> Record:
        values: dict[str, Any] = {"STATUS": state, "STATUS_ASSIGNEE": assignees}
        return {self._codes[kind]: {"type": kind, "value": value} for kind, value in values.items()}

    def _candidates(
        self, state: dict[str, Any], record: Record, directory: Directory
    ) -> list[dict[str, str]]:
        grantees = [self._resolve(grantee) for grantee in state["assignee"]["entities"]]
        return people(grantees, record, directory)

    def _resolve(self, grantee: Grantee) -> Grantee:
        """Return the grantee; for CREATOR, return the user who created the app."""
        if grantee["entity"]["type"] != "CREATOR":
            return grantee
        return {**grantee, "entity": {"type": "USER", "code": self._creator}}

    def _destination(
        self, record: Record, actions: Sequence[dict[str, Any]], context: Context
    ) -> str:
        """Return the status that the only action leads to.

        Raises GAIA_IL03 unless there is exactly one action and the record meets its condition.
        """
        for action in actions if len(actions) == 1 else ():
            if record_filter(action["filterCond"], self.properties, context)(record):
                destination: str = action["to"]
                return destination
        raise fault("GAIA_IL03")


def _may_execute(
    action: Mapping[str, Any], user: User, record: Record, directory: Directory
) -> bool:
    """Return True if the action's `executableUser` lets the user run it without being assigned."""
    grantees = action.get("executableUser", {}).get("entities", ())
    return any(includes(grantee, user, record, directory) for grantee in grantees)


def _choose(
    code: str | None, candidates: list[dict[str, str]], directory: Directory, path: str
) -> list[dict[str, str]]:
    """Return a list with the candidate that was chosen by `code`.

    The list is empty if there are no candidates and `code` is None. Otherwise, one of the
    candidates must be chosen.
    """
    if code is None:
        if candidates:
            raise fault("GAIA_SA01")
        return []
    if not candidates:
        raise fault("GAIA_SA04")
    if directory.name("USER", code) is None:
        raise fault("GAIA_IL26", code=code)
    chosen = [entity for entity in candidates if entity["code"] == code]
    if not chosen:
        raise invalid({path: ["no_candidate"]})
    return chosen
