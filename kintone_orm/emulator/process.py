"""Process management at work: where a record starts, and who may take it where.

Source: kintone REST API, "Update Status", "Update Assignees"; kintone help, "Process management".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from .entities import people
from .errors import fault, invalid
from .filter_conditions import check_filter, record_filter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .entities import Grantee
    from .people import Directory, User
    from .query import Context
    from .record_text import Record

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

        GAIA_NT01 for who is no assignee, GAIA_IL03 for an action that cannot be taken here,
        GAIA_SA01 and GAIA_SA04 when somebody must be chosen, or cannot be.
        """
        working = record[self._codes["STATUS_ASSIGNEE"]]["value"]
        others = [entity for entity in working if entity["code"] != user.code]
        if working and len(others) == len(working):
            raise fault("GAIA_NT01")
        target = self.states[self._destination(record, action, context)]
        if others and self.states[self._state(record)]["assignee"]["type"] == "ALL":
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
            raise invalid({"assignees": ["one_assignee"]})
        record.update(self._cells(self._state(record), found))

    def is_assignee(self, user: User, record: Record) -> bool:
        """Whether a user works on the record."""
        working = record[self._codes["STATUS_ASSIGNEE"]]["value"]
        return any(entity["code"] == user.code for entity in working)

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

    def _destination(self, record: Record, name: str, context: Context) -> str:
        for action in self.actions:
            if action["name"] == name and action["from"] == self._state(record):
                if not record_filter(action["filterCond"], self.properties, context)(record):
                    break
                destination: str = action["to"]
                return destination
        raise fault("GAIA_IL03")


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
