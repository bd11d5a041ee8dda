"""The rows of a subtable in the form in which they are sent.

An update sends the whole list of rows in its new order. A row with an id stays, at its new place,
and only the cells that are sent change in it. A row without an id is new. A row that is missing
in the list is deleted. So an unchanged row is sent as its id, a changed row as its id and the
changed cells, and a new row with all its cells. kintone does not check a cell that is not sent,
does not copy its lookup again, and needs no right to edit it.

If no row of the record has the id, kintone adds a new row from the cells that were sent. So a
request with row ids must also send the revision at which the ids were read.

Source: kintone REST API, "Update Record"; kintone's article on table operations in an update:
values that are missing in a request are not updated. Other people measured that
kintone keeps a row for which only the id is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from kintone_orm.fields.base import UNSET

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kintone_orm.fields.base import Field, Unset
    from kintone_orm.fields.subtable_row import Row

__all__ = ["UNTOUCHED_ROWS", "SentRow", "kept_ids", "rows_for_update", "sent_rows"]

RowSnapshot: TypeAlias = "tuple[Any, ...]"
"""The id of a row and the snapshots of its cells."""

UNTOUCHED_ROWS: Literal["id", "empty value", "whole"] = "id"
"""The form in which stored rows are sent. "id" sends an unchanged row without a value, and "empty
value" with ``{}``. "whole" sends every row with all its cells, so kintone copies lookups again."""


class SentRow(NamedTuple):
    """A row of the list, its id if it is a stored row, and the cells to send, with their fields.

    `before` has the snapshots of the stored cells by name. It is empty if no cell is sent.
    """

    row: Row
    id: int | None
    cells: list[tuple[Field, Any]]
    before: dict[str, Any]


def sent_rows(rows: Sequence[Row], loaded: Sequence[RowSnapshot] | Unset) -> Iterator[SentRow]:
    """Yield each row with the cells to send; `loaded` is the snapshot of the stored rows."""
    if not rows:
        return
    stored = {} if loaded is UNSET else {snapshot[0]: snapshot for snapshot in loaded}
    fields, whole = rows[0]._fields, UNTOUCHED_ROWS == "whole"
    # The index is the field's place in the snapshot of a row, which begins with the row's id.
    writable = [(n, field) for n, field in enumerate(fields.values(), 1) if field.writable]
    for row, id_ in zip(rows, kept_ids(rows, loaded), strict=True):
        old = None if id_ is None else stored[id_]
        cells = [
            (field, cell)
            for index, field in writable
            if (cell := row._cell(field)) is not UNSET
            and (old is None or whole or field.snapshot(cell) != old[index])
        ]
        before = dict(zip(fields, old[1:], strict=True)) if old is not None and cells else {}
        yield SentRow(row, id_, cells, before)


def rows_for_update(
    rows: Sequence[Row], loaded: Sequence[RowSnapshot] | Unset
) -> list[dict[str, Any]]:
    """Return the JSON of the rows that replace the `loaded` rows.

    DecodeError for a changed cell that kintone did not send, and for a new row that is a copy of a
    row with an unreadable cell.
    """
    return [_json(sent) for sent in sent_rows(rows, loaded)]


def kept_ids(rows: Sequence[Row], loaded: Sequence[RowSnapshot] | Unset) -> list[int | None]:
    """Return each row's id if it is in `loaded`; None for a new row and for a repeated row."""
    unused_ids = set() if loaded is UNSET else {snapshot[0] for snapshot in loaded}
    ids = []
    for row in rows:
        id_ = getattr(row, "_id", None)  # an item that is not a Row is refused later
        ids.append(id_ if id_ in unused_ids else None)
        unused_ids.discard(id_)
    return ids


def _json(sent: SentRow) -> dict[str, Any]:
    if getattr(sent.row, "_undecoded", None):
        sent.row._require_sendable([field.name for field, _ in sent.cells], whole=sent.id is None)
    cells = {field.code: {"value": field.to_api(cell)} for field, cell in sent.cells}
    if sent.id is None:
        return {"value": cells}
    if not cells and UNTOUCHED_ROWS == "id":
        return {"id": str(sent.id)}
    return {"id": str(sent.id), "value": cells}
