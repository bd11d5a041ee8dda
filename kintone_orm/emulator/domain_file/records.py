"""Adding the records of a domain file. A lookup's source record may come later in the file."""

from __future__ import annotations

import re
from contextlib import contextmanager
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from ..ground.errors import KintoneError
from ..records.writer import RecordWriter
from .refusals import translating_refusals

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..ground.json_types import Properties
    from ..settings.apps import LiveApp
    from .file_problems import Path
    from .setup import Setup

__all__ = ["add_records"]

# The types whose values kintone sets by itself. Exported records contain them.
_NUMBERED = ("__REVISION__", "RECORD_NUMBER")
# The types that a file cannot set, and the reasons.
_NOT_SETTABLE = {
    "STATUS": "A new record has the first status. Leave this field out.",
    "STATUS_ASSIGNEE": "The first status decides the assignees. Leave this field out.",
    "CATEGORY": "The emulator has no categories. Leave this field out.",
    "FILE": (
        "A domain file cannot contain attachments. Leave this field out, or leave its list empty."
    ),
}
_NO_SOURCE = "GAIA_LO04"
_ID = re.compile(r"[1-9][0-9]{0,17}")


class _NewRecord(NamedTuple):
    """A record to add: its path in the file, its app, its id and its cells."""

    where: Path
    app: LiveApp
    number: int
    cells: dict[str, Any]


def add_records(setup: Setup, numbers: Mapping[str, int]) -> None:
    """Add the records of all apps.

    A record whose lookup has no source record yet is tried again in the next round. If a round adds
    no record, the remaining records wait for each other. Then the first of them is added without
    its lookups, which are set by an update at the end. The update makes the revision 2, as on
    kintone.
    """
    waiting: list[_NewRecord] = []
    without_lookups: list[_NewRecord] = []
    for key, number in numbers.items():
        app = setup.domain.live_app(number)
        if app is not None:
            waiting += _read(setup, ("apps", key, "records"), app)
    setup.document.problems.check()
    while waiting:
        remaining = [record for record in waiting if not _try_to_add(setup, record)]
        if len(remaining) == len(waiting):
            first, *remaining = remaining
            _add_without_lookups(setup, first)
            without_lookups.append(first)
        waiting = remaining
    for record in without_lookups:
        with _writing(setup, record) as writer:
            writer.change(record.number, _lookups(record), "record", revision=None)


def _read(setup: Setup, where: Path, app: LiveApp) -> list[_NewRecord]:
    """Return the records of an app, in kintone's form, with their ids."""
    listed = setup.section(*map(str, where[:-1])).get("records", [])
    records = [{code: _cell(value) for code, value in record.items()} for record in listed]
    numbers = _numbers(setup, where, [cells.pop("$id", None) for cells in records])
    setup.domain.store.pass_number(f"record {app.id}", max(numbers, default=0))
    return [
        _NewRecord(place, app, number, _settable(setup, place, cells, app.form.properties))
        for place, number, cells in zip(
            ((*where, position) for position in range(len(listed))), numbers, records, strict=True
        )
    ]


def _numbers(setup: Setup, where: Path, ids: list[dict[str, Any] | None]) -> list[int]:
    """Return the ids of records: the fixed ids, and the lowest free ids for the others."""
    fixed: dict[int, int] = {}
    for position, cell in enumerate(ids):
        digits = "" if cell is None else str(cell["value"])
        place = (*where, position, "$id")
        if cell is not None and not _ID.fullmatch(digits):
            setup.document.problems.add(place, "An id must be a whole number from 1.")
        elif cell is not None and int(digits) in fixed:
            setup.document.problems.add(place, f"There is already a record {digits}.")
        elif cell is not None:
            fixed[int(digits)] = position
    by_position = {position: number for number, position in fixed.items()}
    free = (number for number in count(1) if number not in fixed)
    return [by_position.get(position) or next(free) for position in range(len(ids))]


def _settable(
    setup: Setup, place: Path, cells: dict[str, Any], properties: Properties
) -> dict[str, Any]:
    """Return the cells to write. kintone ignores unknown codes; in a file they are problems."""
    settable = {}
    for code, cell in cells.items():
        kind = properties.get(code, {}).get("type")
        if code == "$revision" or kind in _NUMBERED:
            continue
        if code not in properties:
            setup.document.problems.add_unknown((*place, code), "field", code, properties)
            continue
        if kind in _NOT_SETTABLE and (kind != "FILE" or cell["value"]):
            setup.document.problems.add((*place, code), _NOT_SETTABLE[kind])
            continue
        settable[code] = cell
        columns, rows = properties[code].get("fields"), cell.get("value")
        if columns is not None and isinstance(rows, list):
            cell["value"] = [
                _row(setup, (*place, code, position), row, columns)
                for position, row in enumerate(rows)
            ]
    return settable


def _row(setup: Setup, place: Path, row: object, columns: Mapping[str, Any]) -> object:
    """Return a row in kintone's form, {"value": cells}. A file may have the cells alone."""
    if not isinstance(row, dict):
        return row
    cells = row["value"] if isinstance(row.get("value"), dict) else row
    if cells is not row and set(row) - {"id", "value"}:
        cells = row
    row_cells = {code: _cell(value) for code, value in cells.items()}
    for code, cell in row_cells.items():
        # In a table, kintone stores a blank in place of a value that is not a number, and reports
        # no error.
        if columns.get(code, {}).get("type") == "NUMBER" and not _is_number(cell["value"]):
            setup.document.problems.add((*place, code), "Only numbers are allowed.")
    return {"value": _settable(setup, place, row_cells, columns)}


def _is_number(value: object) -> bool:
    try:
        return value in (None, "") or Decimal(str(value)).is_finite()
    except ArithmeticError:
        return False


def _cell(value: object) -> dict[str, object]:
    """Return a cell in kintone's form, {"value": ...}. A file may have the value alone."""
    if isinstance(value, dict) and "value" in value:
        return {"value": value["value"]}
    return {"value": value}


def _try_to_add(setup: Setup, record: _NewRecord) -> bool:
    """Add the record, or return False if the source record of a lookup does not exist yet."""
    try:
        with _writing(setup, record, tolerated=_NO_SOURCE) as writer:
            writer.add(record.number, record.cells, "record")
    except KintoneError:
        return False
    return True


def _add_without_lookups(setup: Setup, record: _NewRecord) -> None:
    """Add a record without its lookups.

    If this fails too, the record is added with its lookups, to raise the error about the lookup.
    """
    lookups = _lookups(record)
    try:
        with setup.domain.store.savepoint():
            writer = _writer(setup, record)
            rest = {code: cell for code, cell in record.cells.items() if code not in lookups}
            writer.add(record.number, rest, "record")
            writer.problems.check()
    except KintoneError:
        with _writing(setup, record) as writer:
            writer.add(record.number, record.cells, "record")


def _lookups(record: _NewRecord) -> dict[str, object]:
    """Return the cells of a record that are keys of lookups."""
    properties = record.app.form.properties
    return {code: cell for code, cell in record.cells.items() if "lookup" in properties[code]}


@contextmanager
def _writing(
    setup: Setup, record: _NewRecord, *, tolerated: str | None = None
) -> Iterator[RecordWriter]:
    """Provide a writer for the record. An error undoes the writes, and is reported with its line.

    An error with the code `tolerated` is raised unchanged.
    """
    with (
        translating_refusals(
            setup.document,
            record.where,
            lambda: setup.names(record.app.id),
            prefix="record",
            but=tolerated,
        ),
        setup.domain.store.savepoint(),
    ):
        writer = _writer(setup, record)
        yield writer
        writer.problems.check()


def _writer(setup: Setup, record: _NewRecord) -> RecordWriter:
    guest = setup.domain.guest_space(record.app.space)
    return RecordWriter(setup.call(guest.path if guest else None), record.app)
