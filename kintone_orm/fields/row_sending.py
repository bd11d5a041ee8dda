"""The rows of a subtable as they are sent; a constant says how those go that nobody touched.

kintone takes the list of the rows as it is to be. A row with an id stays, in its new place; of its
cells those change that are sent. A row without one is new, and a row that is not in the list is
gone. So untouched rows go as their ids, changed ones with the changed cells, new ones whole. A
cell that is not sent is not checked again, its lookup is not copied again, and it takes no right
to edit it.

An id that no row of the record has makes a new row of what is sent with it. Whoever sends rows by
id sends the revision that the ids were read at.

Source: kintone REST API, "Update Record"; kintone's article on table operations in an update: what
a request does not hold is not updated. That an id alone will do was measured by others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from kintone_orm.fields.base import UNSET

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kintone_orm.fields.base import Field
    from kintone_orm.fields.subtable_row import Row

__all__ = ["UNTOUCHED_ROWS", "SentRow", "kept_ids", "rows_for_update", "sent_rows"]

UNTOUCHED_ROWS: Literal["id", "empty value", "whole"] = "id"
"""How a row is sent that kintone has: "id" leaves out the value of an untouched row, and "empty
value" sends ``{}``. "whole" sends every row with all its cells: then lookups are copied again."""


class SentRow(NamedTuple):
    """A row of the list, its id if kintone keeps it, and the cells that are sent, by field.

    `before` is what kintone holds in the row, by name, if any of its cells are sent.
    """

    row: Row
    id: int | None
    cells: list[tuple[Field[Any, Any], Any]]
    before: dict[str, Any]


def sent_rows(rows: Sequence[Row], loaded: Any) -> Iterator[SentRow]:
    """Each row as it is sent in place of those that were `loaded`, as a snapshot has them."""
    if not rows:
        return
    known = {} if loaded is UNSET else {each[0]: each for each in loaded}
    fields, whole = rows[0]._fields, UNTOUCHED_ROWS == "whole"
    # By their places in a snapshot of a row, where the first is the row's id.
    writable = [(n, each) for n, each in enumerate(fields.values(), 1) if each.writable]
    for row, id_ in zip(rows, kept_ids(rows, loaded), strict=True):
        old = None if id_ is None else known[id_]
        cells = [
            (field, cell)
            for place, field in writable
            if (cell := row._cell(field)) is not UNSET
            and (old is None or whole or field.snapshot(cell) != old[place])
        ]
        before = dict(zip(fields, old[1:], strict=True)) if old is not None and cells else {}
        yield SentRow(row, id_, cells, before)


def rows_for_update(rows: Sequence[Row], loaded: Any) -> list[dict[str, Any]]:
    """The JSON of the rows in place of those that were `loaded`.

    DecodeError for a cell that kintone did not send, and for a new row with one that nobody could
    read.
    """
    return [_json(each) for each in sent_rows(rows, loaded)]


def kept_ids(rows: Sequence[Row], loaded: Any) -> list[int | None]:
    """The ids of the rows that were `loaded`, each given once; None for a row that is new."""
    free = set() if loaded is UNSET else {row[0] for row in loaded}
    kept = []
    for row in rows:
        id_ = getattr(row, "_id", None)  # what is no row is refused later
        kept.append(id_ if id_ in free else None)
        free.discard(id_)
    return kept


def _json(sent: SentRow) -> dict[str, Any]:
    if getattr(sent.row, "_undecoded", None):
        sent.row._require_sendable([field.name for field, _ in sent.cells], whole=sent.id is None)
    cells = {field.code: {"value": field.to_api(cell)} for field, cell in sent.cells}
    if sent.id is None:
        return {"value": cells}
    if not cells and UNTOUCHED_ROWS == "id":
        return {"id": str(sent.id)}
    return {"id": str(sent.id), "value": cells}
