"""A caller's rights in an app: on its records, and on their fields.

The app, the record and the field must all grant a right. In a list of grantees, the first
grantee that includes the caller decides. The group "everyone" always comes last.

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
    """The rights that record permissions grant on one record."""

    viewable: bool
    editable: bool
    deletable: bool


_ALL = RecordRights(viewable=True, editable=True, deletable=True)
_NO_RIGHTS = RecordRights(viewable=False, editable=False, deletable=False)


def grants(app: LiveApp, right: str, user: User, directory: Directory) -> bool:
    """Return True if app permissions grant the user a right: a key of APP_RIGHTS."""
    grantees = app.settings["permissions"]["app"]
    if grantees is None:
        return True
    creator = {"type": "USER", "code": app.creator}
    resolved = [
        {**grantee, "entity": creator} if grantee["entity"]["type"] == "CREATOR" else grantee
        for grantee in grantees
    ]
    deciding = _first(_by_priority(resolved), user, None, directory)
    return deciding is not None and bool(deciding[APP_RIGHTS[right]])


class Access:
    """The rights of one caller on the records and fields of one app.

    API tokens ignore record permissions, and have the Administrator's rights on fields.
    If `limits_records` is false, the caller has all rights on every record, and no check is needed.
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
            (record_filter(rule["filterCond"], properties, context), _by_priority(rule["entities"]))
            for rule in rules
        ]
        self._fields = {
            right["code"]: _by_priority(right["entities"]) for right in settings["field"]
        }
        self.limits_records = bool(self._rules)

    def of_record(self, record: Record | StoredRecord) -> RecordRights:
        """Return the rights by the first rule that applies to the record.

        If no rule applies, the caller has all rights.
        """
        for applies, grantees in self._rules:
            if applies(record):
                grantee = _first(grantees, self._user, record, self._directory)
                return RecordRights(*(grantee[name] for name in _NAMES)) if grantee else _NO_RIGHTS
        return _ALL

    def may_view(self, record: Record | StoredRecord) -> bool:
        """Return True if the caller may view the record."""
        return self.of_record(record).viewable

    def of_field(self, code: str, record: Record | StoredRecord | None) -> str:
        """Return the right on a field: "WRITE", "READ" or "NONE".

        If `record` is None, grants to the people in fields of the record do not count.
        """
        if code not in self._fields:
            return "WRITE"
        grantee = _first(self._fields[code], self._user, record, self._directory)
        return str(grantee["accessibility"]) if grantee else "NONE"

    def visible_text(self, stored: StoredRecord) -> str:
        """Return the text of a record without the fields that the caller may not view."""
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
        """Return the definitions of the fields that the caller may view in any record."""
        if not self._fields:
            return properties
        hidden = self._hidden(None)
        visible = {code: field for code, field in properties.items() if code not in hidden}
        for code, field in visible.items():
            if "fields" in field:
                columns = {
                    inner: column
                    for inner, column in field["fields"].items()
                    if inner not in hidden
                }
                visible[code] = {**field, "fields": columns}
        return visible

    def check_sent(self, sent: Mapping[str, object], record: Record | None) -> None:
        """Raise GAIA_FU01 if a write has a field that the caller may not edit."""
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
    """Return the first grantee that includes the user, or None."""
    return next(
        (grantee for grantee in grantees if includes(grantee, user, record, directory)), None
    )


def _by_priority(grantees: Iterable[Grantee]) -> list[Grantee]:
    """Return the grantees in the same order, but with the group "everyone" at the end."""
    everyone = {"type": "GROUP", "code": "everyone"}
    return sorted(grantees, key=lambda grantee: bool(grantee["entity"] == everyone))


def _sent_codes(sent: Mapping[str, object]) -> Iterable[str]:
    """Iterate over the codes of the fields and of the columns in a write."""
    for code, cell in sent.items():
        yield code
        value = cell.get("value") if isinstance(cell, dict) else None
        for row in value if isinstance(value, list) else ():
            cells = row.get("value") if isinstance(row, dict) else None
            if isinstance(cells, dict):
                yield from cells
