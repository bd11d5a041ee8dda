"""The first records of a domain file. What a lookup copies from may come later in it."""

from __future__ import annotations

import re
from contextlib import contextmanager
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from ..ground.errors import KintoneError
from ..records.writer import RecordWriter
from .refusals import refusals

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..settings.apps import LiveApp
    from .complaints import Path
    from .setting_up import SettingUp

__all__ = ["add_records"]

# What an exported record has besides, and kintone numbers itself.
_NUMBERED = ("__REVISION__", "RECORD_NUMBER")
# What no file gives to a record, and why.
_NOT_GIVEN = {
    "STATUS": "Records begin in the first state: leave this field out.",
    "STATUS_ASSIGNEE": "The first state decides who works on a record: leave this field out.",
    "CATEGORY": "The emulator has no categories: leave this field out.",
    "FILE": "Attachments cannot be given: leave this field out, or its list empty.",
}
_NO_SOURCE = "GAIA_LO04"
_ID = re.compile(r"[1-9][0-9]{0,17}")


class _Waiting(NamedTuple):
    """A record that is to be added: its place in the file, its id and its cells."""

    where: Path
    app: LiveApp
    number: int
    cells: dict[str, Any]


def add_records(setting: SettingUp, numbers: Mapping[str, int]) -> None:
    """Add the records of all apps. One whose lookup finds nothing yet is tried again later.

    Those that wait for each other are added without their lookups, which are put afterwards: as on
    kintone, this makes a second revision of them.
    """
    waiting: list[_Waiting] = []
    unfinished: list[_Waiting] = []
    for key, number in numbers.items():
        app = setting.domain.live_app(number)
        if app is not None:
            waiting += _read(setting, ("apps", key, "records"), app)
    setting.document.complaints.check()
    while waiting:
        left = [record for record in waiting if not _add(setting, record)]
        if len(left) == len(waiting):
            first, *left = left
            _add_first(setting, first)
            unfinished.append(first)
        waiting = left
    for record in unfinished:
        with _writing(setting, record) as writer:
            writer.change(record.number, _lookups(record), "record", revision=None)


def _read(setting: SettingUp, where: Path, app: LiveApp) -> list[_Waiting]:
    """The records of an app, in kintone's form, with their ids."""
    listed = setting.section(*map(str, where[:-1])).get("records", [])
    records = [{code: _cell(value) for code, value in record.items()} for record in listed]
    numbers = _numbers(setting, where, [cells.pop("$id", None) for cells in records])
    setting.domain.store.pass_number(f"record {app.id}", max(numbers, default=0))
    return [
        _Waiting(place, app, number, _known(setting, place, cells, app.form.properties))
        for place, number, cells in zip(
            ((*where, position) for position in range(len(listed))), numbers, records, strict=True
        )
    ]


def _numbers(setting: SettingUp, where: Path, ids: list[dict[str, Any] | None]) -> list[int]:
    """The ids of records: those that are given, and for the others the least that are left."""
    fixed: dict[int, int] = {}
    for position, cell in enumerate(ids):
        given = "" if cell is None else str(cell["value"])
        place = (*where, position, "$id")
        if cell is not None and not _ID.fullmatch(given):
            setting.document.complaints.add(place, "An id is a whole number from 1.")
        elif cell is not None and int(given) in fixed:
            setting.document.complaints.add(place, f"There is a record {given} already.")
        elif cell is not None:
            fixed[int(given)] = position
    by_position = {position: number for number, position in fixed.items()}
    others = (number for number in count(1) if number not in fixed)
    return [by_position.get(position) or next(others) for position in range(len(ids))]


def _known(
    setting: SettingUp, place: Path, cells: dict[str, Any], properties: Mapping[str, Any]
) -> dict[str, Any]:
    """The cells that are written. kintone ignores unknown codes; in a file they are mistakes."""
    kept = {}
    for code, cell in cells.items():
        kind = properties.get(code, {}).get("type")
        if code == "$revision" or kind in _NUMBERED:
            continue
        if code not in properties:
            setting.document.complaints.unknown((*place, code), "field", code, properties)
            continue
        if kind in _NOT_GIVEN and (kind != "FILE" or cell["value"]):
            setting.document.complaints.add((*place, code), _NOT_GIVEN[kind])
            continue
        kept[code] = cell
        columns, rows = properties[code].get("fields"), cell.get("value")
        if columns is not None and isinstance(rows, list):
            cell["value"] = [
                _row(setting, (*place, code, position), row, columns)
                for position, row in enumerate(rows)
            ]
    return kept


def _row(setting: SettingUp, place: Path, row: Any, columns: Mapping[str, Any]) -> Any:
    """A row as kintone has it: {"value": cells}; a file may have the cells alone."""
    if not isinstance(row, dict):
        return row
    cells = row["value"] if isinstance(row.get("value"), dict) else row
    if cells is not row and set(row) - {"id", "value"}:
        cells = row
    written = {code: _cell(value) for code, value in cells.items()}
    for code, cell in written.items():
        # What is no number in a table, kintone takes for a blank without a word.
        if columns.get(code, {}).get("type") == "NUMBER" and not _is_number(cell["value"]):
            setting.document.complaints.add((*place, code), "Only numbers are allowed.")
    return {"value": _known(setting, place, written, columns)}


def _is_number(value: Any) -> bool:
    try:
        return value in (None, "") or Decimal(str(value)).is_finite()
    except ArithmeticError:
        return False


def _cell(value: Any) -> dict[str, Any]:
    """A cell as kintone has it: {"value": ...}; a file may have the value alone."""
    if isinstance(value, dict) and "value" in value:
        return {"value": value["value"]}
    return {"value": value}


def _add(setting: SettingUp, record: _Waiting) -> bool:
    """Whether the record is added; it is not where a lookup finds nothing yet."""
    try:
        with _writing(setting, record, tolerated=_NO_SOURCE) as writer:
            writer.add(record.number, record.cells, "record")
    except KintoneError:
        return False
    return True


def _add_first(setting: SettingUp, record: _Waiting) -> None:
    """Add a record without its lookups. What it waits for is told where it cannot do without."""
    lookups = _lookups(record)
    try:
        with setting.domain.store.savepoint():
            writer = _writer(setting, record)
            rest = {code: cell for code, cell in record.cells.items() if code not in lookups}
            writer.add(record.number, rest, "record")
            writer.problems.check()
    except KintoneError:
        with _writing(setting, record) as writer:
            writer.add(record.number, record.cells, "record")


def _lookups(record: _Waiting) -> dict[str, Any]:
    """The cells of a record that are keys of lookups."""
    properties = record.app.form.properties
    return {code: cell for code, cell in record.cells.items() if "lookup" in properties[code]}


@contextmanager
def _writing(
    setting: SettingUp, record: _Waiting, *, tolerated: str | None = None
) -> Iterator[RecordWriter]:
    """A block that writes a record, or nothing of it: what it gets wrong is told with its line.

    An error with the code `tolerated` is raised as it is.
    """
    with (
        refusals(
            setting.document,
            record.where,
            lambda: setting.names(record.app.id),
            prefix="record",
            but=tolerated,
        ),
        setting.domain.store.savepoint(),
    ):
        writer = _writer(setting, record)
        yield writer
        writer.problems.check()


def _writer(setting: SettingUp, record: _Waiting) -> RecordWriter:
    guest = setting.domain.guest_space(record.app.space)
    return RecordWriter(setting.call(guest.path if guest else None), record.app)
