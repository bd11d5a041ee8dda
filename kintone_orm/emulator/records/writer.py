"""Adding, changing and deleting the records of an app in one request."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ..ground import choices
from ..ground.errors import fault
from ..ground.problems import Problems
from ..store.record_text import StoredRecord, parse, record_text
from ..store.word_index import SEARCHED, searched_in
from ..values import Writing, file_keys
from .system_fields import check_not_sent, new_cells, touch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Set

    from ..requests.access import Access
    from ..requests.endpoint import Call
    from ..settings.apps import LiveApp
    from ..store.record_text import Record
    from ..values import Field

__all__ = ["RecordWriter"]

# The types of fields that can be an update key. Source: kintone REST API, "Update Record".
_KEY_TYPES = ("SINGLE_LINE_TEXT", "NUMBER")

_RECORD_NUMBER = re.compile(r"[0-9]{1,18}")


class _Holdings(NamedTuple):
    """A record's entries in other tables: its unique values by field, and the keys of its files."""

    unique: Mapping[str, str]
    files: Set[str]


_NOTHING = _Holdings({}, frozenset())


class RecordWriter:
    """Writes records of one app for one call.

    Invalid values are collected in `problems`, so that one answer names all of them. A record
    with a problem may be partly written. So the caller must call `problems.check()` inside the
    transaction: the error of `check` undoes the writes.
    """

    def __init__(self, call: Call, app: LiveApp) -> None:
        self.problems = Problems()
        self._call = call
        self._store = call.domain.store
        self._app = app
        self._access = call.access(app)
        self._sources: dict[tuple[int, str], tuple[LiveApp, Access] | None] = {}
        self._writing = Writing(
            now=call.now,
            user=call.caller.user,
            directory=call.domain.directory,
            problems=self.problems,
            find_source=self._find_source,
            new_row_id=lambda: self._store.take_numbers("row", 1)[0],
            attach=lambda key: self._store.files.attach(key, call.now),
        )

    def new_numbers(self, count: int) -> range:
        """Return ids for new records. An id is never returned again, even if it stays unused."""
        return self._store.take_numbers(f"record {self._app.id}", count)

    def add(self, number: int, sent: Mapping[str, object], prefix: str) -> None:
        """Add a record with this id. `prefix` is the path of the record's fields."""
        form = self._app.form
        check_not_sent(form, sent, prefix, updating=False)
        self._access.check_sent(sent, None)
        may_manage = self._call.may(self._app, "manage")
        record = new_cells(self._app, number, sent, prefix, self._writing, may_manage=may_manage)
        record.update(form.fields.fill(sent, prefix, self._writing))
        if self._app.process:
            record.update(self._app.process.start(record, self._writing.directory))
        self._save(number, _NOTHING, record, prefix)

    def change(
        self, number: int, sent: Mapping[str, Any], prefix: str, *, revision: int | None
    ) -> int:
        """Put the sent values into the record with this id, and return its new revision.

        Raises the errors of `edit`.
        """
        form = self._app.form

        def change(record: Record) -> None:
            check_not_sent(form, sent, prefix, updating=True)
            self._access.check_sent(sent, record)
            form.fields.change(record, sent, prefix, self._writing)

        return self.edit(number, change, prefix, revision=revision)

    def edit(
        self,
        number: int,
        change: Callable[[Record], None],
        prefix: str = "record",
        *,
        revision: int | None,
        needs: Literal["viewable", "editable"] = "editable",
        steps: int = 1,
    ) -> int:
        """Change the record with this id, raise its revision by `steps`, and return the revision.

        `revision` is the revision that the client has read. Raises GAIA_CO02 if the stored
        revision differs; None and -1 are not compared. Raises CB_NO02 if the caller lacks the
        right that the change `needs`.
        """
        record = self.read(number)
        if not getattr(self._access.of_record(record), needs):
            raise fault("CB_NO02")
        _compare_revision(record, revision)
        before = self._holdings(record)
        searched = searched_in(record) if choices.SEARCH_LAGS else None
        change(record)
        if searched is not None:
            record[SEARCHED] = {"type": "__SEARCHED__", "value": searched}
        new_revision = touch(self._app.form, record, self._writing, steps=steps)
        self._save(number, before, record, prefix)
        return new_revision

    def delete(self, number: int, *, revision: int | None) -> None:
        """Delete the record with this id. Raises the errors of `edit`."""
        record = self.read(number)
        if not self._access.of_record(record).deletable:
            raise fault("CB_NO02")
        _compare_revision(record, revision)
        holdings = self._holdings(record)
        self._store.release(self._app.id, list(holdings.unique.items()))
        self._store.files.delete(holdings.files)
        self._store.delete_record(self._app.id, number)
        self._call.written.append((self._app.id, number))

    def exists(self, number: int) -> bool:
        """Return True if there is a record with this id."""
        return self._store.record(self._app.id, number) is not None

    def read(self, number: int) -> Record:
        """Return the record with this id. Raises GAIA_RE01 if the record does not exist."""
        text = self._store.record(self._app.id, number)
        if text is None:
            raise fault("GAIA_RE01", id=number)
        return parse(text)

    def find(self, code: str, value: object) -> tuple[str, int | None]:
        """Find a record by an update key. Return (text of the key, id of the record or None).

        Keys are equal if their texts are equal.

        Raises GAIA_IQ11 if there is no such field, and GAIA_IQ27 if the field is not a text or
        number that prohibits duplicates.
        """
        if code not in self._access.visible(self._app.form.properties):
            raise fault("GAIA_IQ11", code=code)
        field = next((field for field in self._app.form.unique if field.code == code), None)
        if field is None or field.type not in _KEY_TYPES:
            raise fault("GAIA_IQ27", code=code)
        # A value that the field cannot hold is no error: no record has this value.
        ignored = Problems()
        key_value = field.read(value, "updateKey", replace(self._writing, problems=ignored))
        if ignored:
            return str(value), None
        return field.unique_key(key_value), self._owner(self._app, field, key_value)

    def _owner(self, app: LiveApp, field: Field, value: object) -> int | None:
        key = field.unique_key(value)
        return self._store.owner(app.id, field.code, key) if key else None

    def _find_source(self, number: int, key: str, value: str) -> StoredRecord | None:
        """Return the source record that has a lookup's key, without fields the caller may not view.

        Return None if there is no such record, or if the caller may not view it.
        """
        if (number, key) not in self._sources:
            self._sources[number, key] = self._source(number, key)
        source = self._sources[number, key]
        if source is None:
            return None
        app, access = source
        field = app.form.fields.fields.get(key)
        if field is not None:
            record_id = self._owner(app, field, value)
        else:  # The key field is the record number.
            record_id = int(value) if _RECORD_NUMBER.fullmatch(value) else None
        text = None if record_id is None else self._store.record(number, record_id)
        if record_id is None or text is None:
            return None
        record = StoredRecord(record_id, text)
        if not access.may_view(record):
            return None
        return StoredRecord(record_id, access.visible_text(record))

    def _source(self, number: int, key: str) -> tuple[LiveApp, Access] | None:
        """Return the source app of a lookup, if the caller may view the app and the key field."""
        app = self._call.domain.live_app(number)
        if app is None or not self._call.may(app, "view"):
            return None
        access = self._call.access(app)
        return (app, access) if key in access.visible(app.form.properties) else None

    def _save(self, number: int, before: _Holdings, record: Record, prefix: str) -> None:
        """Compute the calculated fields. Store the record, its unique values and its file keys."""
        if self._app.form.formulas:
            zone = self._call.domain.directory.administrator.timezone
            self._app.form.formulas.fill(record, zone)
        after = self._holdings(record)
        self._claim_unique_values(number, before.unique, after.unique, prefix)
        self._store.files.give(after.files - before.files, self._app.id, number)
        self._store.files.delete(before.files - after.files)
        self._store.put_record(self._app.id, number, record_text(record))
        self._call.written.append((self._app.id, number))

    def _holdings(self, record: Record) -> _Holdings:
        form = self._app.form
        keys = {field.code: field.unique_key(record[field.code]["value"]) for field in form.unique}
        unique = {code: key for code, key in keys.items() if key}
        return _Holdings(unique, file_keys(record) if form.has_files else frozenset())

    def _claim_unique_values(
        self, number: int, before: Mapping[str, str], after: Mapping[str, str], prefix: str
    ) -> None:
        released = [(code, key) for code, key in before.items() if after.get(code) != key]
        self._store.release(self._app.id, released)
        for code, key in after.items():
            if before.get(code) != key and not self._store.claim(self._app.id, code, key, number):
                self.problems.add(f"{prefix}.{code}.value", "unique")


def _compare_revision(record: Record, revision: int | None) -> None:
    if revision not in (None, -1, int(record["$revision"]["value"])):
        raise fault("GAIA_CO02")
