"""The first records of a domain file. What a lookup copies from may come later in it."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import KintoneError
from ..record_writer import RecordWriter
from .refusals import refusals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..apps import LiveApp
    from .complaints import Path
    from .setting_up import SettingUp

__all__ = ["add_records"]

# What an exported record has besides, and kintone numbers itself.
_NUMBERED = ("__REVISION__", "RECORD_NUMBER")
_NO_SOURCE = "GAIA_LO04"
_ID = re.compile(r"[1-9][0-9]{0,17}")


class _Waiting(NamedTuple):
    """A record that is to be added: its place in the file, its id and its cells."""

    where: Path
    app: LiveApp
    number: int
    cells: dict[str, Any]


def add_records(setting: SettingUp, numbers: Mapping[str, int]) -> None:
    """Add the records of all apps. One whose lookup finds nothing yet is tried again later."""
    waiting = []
    for key, number in numbers.items():
        app = setting.domain.live_app(number)
        if app is not None:
            waiting += _read(setting, ("apps", key, "records"), app)
    setting.document.complaints.check()
    while waiting:
        left = [record for record in waiting if not _add(setting, record)]
        if len(left) == len(waiting):  # each waits for one that is not there
            _add(setting, left[0], last=True)
        waiting = left


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
        if code == "$revision" or properties.get(code, {}).get("type") in _NUMBERED:
            continue
        if code not in properties:
            setting.document.complaints.unknown((*place, code), "field", code, properties)
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


def _add(setting: SettingUp, record: _Waiting, *, last: bool = False) -> bool:
    """Whether the record is added; it is not where a lookup finds nothing yet."""
    store, app = setting.domain.store, record.app
    guest = setting.domain.guest_space(app.space)
    writer = RecordWriter(setting.call(guest.path if guest else None), app)
    with refusals(setting.document, record.where, setting.names(app.id), prefix="record"):
        try:
            with store.savepoint():
                writer.add(record.number, record.cells, "record")
                writer.problems.check()
        except KintoneError as error:
            if error.code == _NO_SOURCE and not last:
                return False
            raise
    return True
