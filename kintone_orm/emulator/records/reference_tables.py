"""The records of another app that a reference table shows with a record.

Source: kintone help, "Related records"; kintone REST API, "Query String": related records.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from itertools import starmap
from typing import TYPE_CHECKING, Any

from ..ground.errors import fault
from ..query import Related
from ..query.kinds import kind_of
from ..settings.filter_conditions import record_filter
from ..store.record_text import StoredRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ..requests.endpoint import Call
    from ..settings.apps import LiveApp

__all__ = ["relations_of"]


def relations_of(call: Call, app: LiveApp) -> Callable[[str], Related]:
    """Return a function that opens a reference table by its code, for one query of one caller.

    The caller needs the right to view the other app, in any space. Only the records that the caller
    may view are found. The function raises GAIA_AP01 if the other app does not exist. Without the
    right, it raises GAIA_IA02 or GAIA_NO01 for a token, and CB_NO02 for a user.
    """

    def open_field(code: str) -> Related:
        settings = app.form.properties[code]["referenceTable"]
        number = int(settings["relatedApp"]["app"])
        call.caller.check(number, ("view",))
        other = call.domain.live_app(number)
        if other is None:
            raise fault("GAIA_AP01", id=number)
        if not call.may(other, "view"):
            raise fault("CB_NO02")
        visible = call.access(other).visible(other.form.properties)
        return Related(visible, _RelatedRecords(call, app, other, settings).of)

    return open_field


class _RelatedRecords:
    """The other app's records by the value of their key field. The first use reads all of them."""

    def __init__(
        self, call: Call, app: LiveApp, other: LiveApp, settings: Mapping[str, Any]
    ) -> None:
        condition = settings["condition"]
        self._call = call
        self._other = other
        self._filter = settings["filterCond"]
        self._key = _reader(app.form.properties[condition["field"]])
        self._other_key = _reader(other.form.properties[condition["relatedField"]])

    def of(self, record: object) -> Sequence[StoredRecord]:
        """Return the related records of a record. A record with a blank key field has none."""
        key = self._key(record)
        return self._by_key.get(key, ()) if key else ()

    @cached_property
    def _by_key(self) -> dict[str, list[StoredRecord]]:
        by_key: dict[str, list[StoredRecord]] = {}
        access = self._call.access(self._other)
        shown = record_filter(self._filter, self._other.form.properties, self._call.query_context)
        for record in starmap(StoredRecord, self._call.domain.store.records(self._other.id)):
            key = self._other_key(record)
            if key and shown(record) and access.may_view(record):
                by_key.setdefault(key, []).append(record)
        return by_key


def _reader(definition: Mapping[str, Any]) -> Callable[[Any], str]:
    """Return a function that reads a field as a text; "" if it is blank.

    Equal numbers give equal texts.
    """
    kind = kind_of(definition)
    code = "$id" if definition["type"] == "RECORD_NUMBER" else definition["code"]

    def read(record: Any) -> str:
        cell = record.get(code)
        value = kind.read(cell["value"]) if cell else None
        if isinstance(value, Decimal):
            return f"{value.normalize():f}"
        return "" if value is None else str(value)

    return read
