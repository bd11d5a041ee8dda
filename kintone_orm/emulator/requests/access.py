"""What one caller may do in one app: with its records, and with the fields of each.

A right holds when the app, the record and the field grant it. In a list of people the first who
the caller is decides, and "everyone" comes last wherever it stands.

Source: kintone REST API, "Update App Permissions", "Update Record Permissions", "Update Field
Permissions"; kintone help, "Permissions".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..ground import choices
from ..ground.errors import fault
from ..settings.filter_conditions import record_filter
from ..settings.grantees import includes
from ..settings.permissions import APP_RIGHTS
from ..store.record_text import cut, parse, record_text, without_blank_results, without_seconds
from ..store.word_index import SEARCHED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..query import Context
    from ..settings.apps import LiveApp
    from ..settings.grantees import Grantee
    from ..store.people import Directory, User
    from ..store.record_text import Record, StoredRecord
    from .authentication import Caller

__all__ = ["Access", "RecordRights", "grants"]


class RecordRights(NamedTuple):
    """What the record permissions grant on one record."""

    viewable: bool
    editable: bool
    deletable: bool


_ALL = RecordRights(viewable=True, editable=True, deletable=True)
_NO_RIGHTS = RecordRights(viewable=False, editable=False, deletable=False)


def grants(app: LiveApp, right: str, user: User, directory: Directory) -> bool:
    """Whether the app permissions give a user "view", "add", "edit", "delete" or "manage"."""
    grantees = app.settings["permissions"]["app"]
    if grantees is None:
        return True
    creator = {"type": "USER", "code": app.creator}
    named = [
        {**each, "entity": creator} if each["entity"]["type"] == "CREATOR" else each
        for each in grantees
    ]
    found = _first(_ordered(named), user, None, directory)
    return found is not None and bool(found[APP_RIGHTS[right]])


class Access:
    """The rights of one caller on the records and fields of one app.

    API tokens pass by record permissions, and have the Administrator's rights on fields. Where
    no record is restricted, `limits_records` is false: none need be asked for.
    """

    def __init__(
        self, app: LiveApp, caller: Caller, *, directory: Directory, context: Context
    ) -> None:
        settings = app.settings["permissions"]
        rules = settings["record"] if caller.rights is None else []
        properties = app.form.properties
        self._user = caller.user
        self._directory = directory
        self._rules: list[tuple[Callable[[Any], bool], list[Grantee]]] = [
            (record_filter(rule["filterCond"], properties, context), _ordered(rule["entities"]))
            for rule in rules
        ]
        self._fields = {right["code"]: _ordered(right["entities"]) for right in settings["field"]}
        self.limits_records = bool(self._rules)

    def of_record(self, record: Record | StoredRecord) -> RecordRights:
        """The rights of the first rule that the record satisfies; all where there is none."""
        for applies, grantees in self._rules:
            if applies(record):
                found = _first(grantees, self._user, record, self._directory)
                return RecordRights(*(found[name] for name in _NAMES)) if found else _NO_RIGHTS
        return _ALL

    def may_view(self, record: Record | StoredRecord) -> bool:
        """Whether the caller may view the record."""
        return self.of_record(record).viewable

    def of_field(self, code: str, record: Record | StoredRecord | None) -> str:
        """What is granted on a field: "WRITE", "READ" or "NONE".

        Without a record, the people that its fields would name have no rights.
        """
        if code not in self._fields:
            return "WRITE"
        found = _first(self._fields[code], self._user, record, self._directory)
        return str(found["accessibility"]) if found else "NONE"

    def shown(self, stored: StoredRecord) -> str:
        """The text of a record without the fields that the caller may not view."""
        text = without_seconds(stored.text) if choices.HIDDEN_SECONDS else stored.text
        text = cut(text, SEARCHED)[0] if choices.SEARCH_LAGS else text
        text = without_blank_results(text) if choices.CALC_MAY_BE_MISSING else text
        hidden = self._hidden(stored) if self._fields else ()
        if not hidden:
            return text
        record = parse(text)
        for code in hidden & record.keys():
            del record[code]
        for cell in record.values():
            if cell["type"] == "SUBTABLE":
                for row in cell["value"]:
                    for code in hidden & row["value"].keys():
                        del row["value"][code]
        return record_text(record)

    def visible(self, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        """Of these definitions the fields that the caller may view, whatever the record."""
        if not self._fields:
            return properties
        hidden = self._hidden(None)
        seen = {code: field for code, field in properties.items() if code not in hidden}
        for code, field in seen.items():
            if "fields" in field:
                columns = {
                    inner: column
                    for inner, column in field["fields"].items()
                    if inner not in hidden
                }
                seen[code] = {**field, "fields": columns}
        return seen

    def check_sent(self, sent: Mapping[str, Any], record: Record | None) -> None:
        """Raise GAIA_FU01 when a write holds a field that the caller may not edit."""
        if self._fields:
            for code in _sent_codes(sent):
                if self.of_field(code, record) != "WRITE":
                    raise fault("GAIA_FU01", code=code)

    def _hidden(self, record: StoredRecord | None) -> set[str]:
        return {code for code in self._fields if self.of_field(code, record) == "NONE"}


_NAMES = RecordRights._fields


def _first(
    grantees: Iterable[Grantee],
    user: User,
    record: Record | StoredRecord | None,
    directory: Directory,
) -> Grantee | None:
    """The grantee that decides for a user."""
    return next((each for each in grantees if includes(each, user, record, directory)), None)


def _ordered(grantees: Iterable[Grantee]) -> list[Grantee]:
    """Grantees by priority: only "everyone" may have to change its place."""
    everyone = {"type": "GROUP", "code": "everyone"}
    return sorted(grantees, key=lambda each: bool(each["entity"] == everyone))


def _sent_codes(sent: Mapping[str, Any]) -> Iterable[str]:
    """The codes of what a write holds, those in the rows of subtables included."""
    for code, cell in sent.items():
        yield code
        value = cell.get("value") if isinstance(cell, dict) else None
        for row in value if isinstance(value, list) else ():
            cells = row.get("value") if isinstance(row, dict) else None
            if isinstance(cells, dict):
                yield from cells
