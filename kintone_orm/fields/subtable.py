"""SubtableField: the rows of a subtable, as a plain list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.fields.base import UNSET, Field
from kintone_orm.fields.row import Row
from kintone_orm.fields.sent import sent_list, sent_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import tzinfo

    from typing_extensions import Self

    from kintone_orm.fields.validators import Validator
    from kintone_orm.query.comparable import Zone

__all__ = ["SubtableField"]

R = TypeVar("R", bound=Row)


class SubtableField(Field["list[R]", "Iterable[R | Mapping[str, Any]] | None"], Generic[R]):
    """The rows of a subtable, as a list of `row`; [] when there is none.

    Takes rows, or mappings of their values. Rows are changed in place, added, removed and sorted
    like those of any list; a save sends all of them, with their ids, so that those that stay keep
    what they have. A row of another record is a new one here, as is one that stands in the list
    twice: a copy of it takes its place, when the list is assigned, or else when it is saved.

    The list and its rows stay the record's after a save: what is done to them is sent by the next.
    What kintone has not told yet, the ids of new rows and what it works out in a row, is read in
    one request when it is asked for, or before the table is sent again. If others have changed the
    table by then, your edits end in the model's Conflict; without any, the list is read as it is.

    Source: kintone REST API, "Field Types", table; "Update Record".
    """

    kintone_type = "SUBTABLE"
    mutable = True
    fits_in_table = False

    def __init__(
        self,
        row: type[R],
        code: str | None = None,
        *,
        verbose_name: str | None = None,
        default: Any = UNSET,
        validators: Iterable[Validator] = (),
    ) -> None:
        super().__init__(code, verbose_name=verbose_name, default=default, validators=validators)
        if not (isinstance(row, type) and issubclass(row, Row) and row._fields):
            raise ImproperlyConfigured(
                f"SubtableField({row!r:.80}) takes the class of its rows: class Line(Row), "
                "with at least one field."
            )
        self.row = row
        self._columns: dict[str, Field[Any, Any]] = {}

    def attach(self, model: Any, name: str) -> Self:
        bound = super().attach(model, name)
        bound._columns = {
            name: field.attach(model, name).column_of(bound, field.code)
            for name, field in self.row._fields.items()
        }
        bound.changes_by_itself = any(
            each.changes_by_itself or each.filled_by for each in bound._columns.values()
        )
        return bound

    @property
    def columns(self) -> Mapping[str, Field[Any, Any]]:
        return self._columns

    def __set__(self, instance: Any, value: Iterable[R | Mapping[str, Any]] | None) -> None:
        super().__set__(instance, value)
        rows: Any = self.peek(instance)
        ids = _kept_ids(rows, self.loaded(instance))
        for position, (row, id_) in enumerate(zip(rows, ids, strict=True)):
            if id_ is None and _is_of_another(row, instance, instance._state.gone or ()):
                rows[position] = row = self.for_duplicate([row])[0]
            row._record = instance

    def empty_value(self) -> list[R]:
        return []

    def to_python(self, raw: Any, zone: tzinfo | None = None) -> list[R]:
        return [self._read_row(sent, zone) for sent in sent_list(raw)]

    def unreadable(self, sent: Any) -> str:
        """As `Field.unreadable`; of the first cell that cannot be read, if it is one."""
        rows = sent.get("value") if isinstance(sent, dict) else None
        for index, row in enumerate(rows if isinstance(rows, list) else ()):
            cells = row.get("value") if isinstance(row, dict) else None
            if not isinstance(cells, dict):
                break
            for column in self.columns.values():
                cell: Any = cells.get(column.code)
                try:
                    column.to_python(cell["value"])
                except (KeyError, TypeError, ValueError, ArithmeticError):
                    return f"row {index}: {column.unreadable(cell)}"
        return super().unreadable(sent)

    def to_api(self, value: list[R]) -> Any:
        return [self._sent(row) for row in value]

    def to_update(self, value: list[R], loaded: Any) -> Any:
        return [
            self._sent(row) | ({} if id_ is None else {"id": str(id_)})
            for row, id_ in zip(value, _kept_ids(value, loaded), strict=True)
        ]

    def coerce(self, value: Any, zone: Zone) -> list[R]:
        if value is None:
            return []
        if isinstance(value, (str, Mapping)) or not hasattr(value, "__iter__"):
            raise self._wrong_type(value, f"a list of {self.row.__name__}")
        return [self._row(each, zone) for each in value]

    def tidy(self, value: list[R], zone: Zone) -> None:
        super().tidy(value, zone)
        for row in value:
            for field in self.row._fields.values():
                if field.writable and (cell := row._cell(field)) is not UNSET:
                    field.tidy(cell, zone)

    def snapshot(self, value: list[R]) -> Any:
        fields = self.row._fields.values()
        return tuple(
            (row._id, *(self._frozen(field, row) for field in fields))
            if type(row) is self.row
            else row
            for row in value
        )

    def from_snapshot(self, snapshot: Any, zone: tzinfo | None) -> list[R]:
        rows = []
        for id_, *cells in snapshot:
            row = self.row.__new__(self.row)
            row._id = id_
            for field, cell in zip(self.row._fields.values(), cells, strict=True):
                if cell is not UNSET:
                    field.put(row, field.from_snapshot(cell, zone))
            rows.append(row)
        return rows

    def for_duplicate(self, value: list[R]) -> list[R]:
        """New rows with what may be written in these."""
        rows = []
        for row in value:
            new = self.row.__new__(self.row)
            new._id = None
            for field in self.row._fields.values():
                cell = row._cell(field) if field.writable else UNSET
                if cell is not UNSET:
                    field.put(new, field.for_duplicate(cell))
            rows.append(new)
        return rows

    def complaints(self, value: list[R]) -> dict[str, list[str]]:
        found = {"": self.clean(value)}
        for index, row in enumerate(value):
            if type(row) is not self.row:
                wanted = self.row.__name__
                found[f"[{index}]"] = [f"{row!r:.80} is no {wanted}: put a {wanted}(...) there."]
                continue
            for name, column in self.columns.items():
                cell = row._cell(self.row._fields[name])
                if column.writable and (cell is not UNSET or column.required):
                    said = column.clean(column.empty_value() if cell is UNSET else cell)
                    found[f"[{index}].{name}"] = said
        return found

    def kept_as_sent(self, value: list[R], loaded: Any) -> bool:
        return None not in _kept_ids(value, loaded) and all(
            column.typed().kept_as_sent(cell, UNSET)
            for row in value
            for name, column in self.columns.items()
            if column.writable and (cell := row._cell(self.row._fields[name])) is not UNSET
        )

    def file_cells(self, value: list[R], loaded: Any) -> Iterator[tuple[list[Any], Sequence[Any]]]:
        for field, cell, before in self._cells(value, loaded):
            yield from field.file_cells(cell, before)

    def refill(self, held: Any, value: list[R]) -> list[R]:
        """As `Field.refill`; the rows of `held` stay those of their ids."""
        if held is value or not isinstance(held, list):
            return value
        rows = {row._id: row for row in held if type(row) is self.row}
        for position, new in enumerate(value):
            if (row := rows.pop(new._id, None)) is not None:
                value[position] = row
                for field in self.row._fields.values():
                    cell = row._unset_list(field, field.peek(row))
                    field.put(row, field.refill(cell, field.peek(new)))
        return super().refill(held, value)

    def learn(
        self, held: Any, loaded: Any, read: list[R], *, rows: Any = (), raw: Any = ()
    ) -> list[R]:
        """As `Field.learn`: kintone keeps the order of what it was sent."""
        known = {row._id: row for row in read}
        for row, before, sent in zip(rows, loaded, raw, strict=False):
            new = known[int(sent["id"])]
            row._id, row._unread_in = new._id, None
            for field, cell_before in zip(self.row._fields.values(), before[1:], strict=True):
                cell, made = field.peek(row), field.peek(new)
                if cell is UNSET:
                    unset = row._unset_list(field, [])
                    field.put(row, unset or field.refill(unset, made))
                else:
                    field.put(row, field.learn(cell, cell_before, made))
        value: list[R] = held
        return value

    def holds(self, loaded: Any, read: list[R]) -> bool:
        """As `Field.holds`; of an id or a cell that was not known, everything is."""
        return len(read) == len(loaded) and all(
            before[0] in (None, row._id)
            and all(
                old is UNSET or field.holds(old, row._cell(field))
                for field, old in zip(self.row._fields.values(), before[1:], strict=True)
            )
            for before, row in zip(loaded, read, strict=True)
        )

    def awaits_ids(self, value: list[R], loaded: Any) -> bool:
        return any(
            row._id is None and getattr(row, "_unread_in", None) is not None for row in value
        ) or any(
            field.awaits_ids(cell, before) for field, cell, before in self._cells(value, loaded)
        )

    def adopt(self, value: list[R], replaced: Any, record: Any, gone: Collection[int]) -> None:
        """As `Field.adopt`: the rows are the record's own, and copies of those of others."""
        seen: set[int] = set()
        for position, (row, id_) in enumerate(zip(value, _kept_ids(value, replaced), strict=True)):
            if id_ is None and (_is_of_another(row, record, gone) or id(row) in seen):
                value[position] = row = self.for_duplicate([row])[0]
            seen.add(id(row))
            row._id, row._record, row._unread_in = id_, record, self.name
            for field in self.row._fields.values():
                if not field.writable:
                    field.clear(row)
                elif (cell := row._cell(field)) is not UNSET:
                    field.adopt(cell, UNSET, record, gone)

    def row_ids(self, loaded: Any) -> frozenset[int]:
        return frozenset() if loaded is UNSET else frozenset(row[0] for row in loaded) - {None}

    def definition(self, columns: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """As `Field.definition`; with the definitions of `columns` only, if they are given."""
        inner = columns
        if inner is None:
            inner = {column.code: column.definition() for column in self.columns.values()}
        definition = super().definition() | {"fields": inner}
        del definition["required"]  # a subtable has no such setting
        return definition

    def _cells(self, value: list[R], loaded: Any) -> Iterator[tuple[Field[Any, Any], Any, Any]]:
        """Each cell that is set: its field, what is in it, and what was loaded there."""
        held = {} if loaded is UNSET else {row[0]: row for row in loaded}
        for row, id_ in zip(value, _kept_ids(value, loaded), strict=True):
            before = held.get(id_) or [UNSET] * (1 + len(self.columns))
            for field, cell_before in zip(self.row._fields.values(), before[1:], strict=True):
                if (cell := row._cell(field)) is not UNSET:
                    yield field, cell, cell_before

    def _read_row(self, sent: Any, zone: tzinfo | None) -> R:
        row = self.row.__new__(self.row)
        row._id = int(sent_text(sent["id"]))
        for field in self.row._fields.values():
            field.put(row, field.to_python(sent["value"][field.code]["value"], zone))
        return row

    def _row(self, value: Any, zone: Zone) -> R:
        if type(value) is self.row:
            return value
        if isinstance(value, Mapping):
            return self.row._from(value, zone)
        raise self._wrong_type(value, f"a list of {self.row.__name__}, or of mappings")

    def _sent(self, row: R) -> dict[str, Any]:
        cells = {
            field.code: {"value": field.to_api(cell)}
            for field in self.row._fields.values()
            if field.writable and (cell := row._cell(field)) is not UNSET
        }
        return {"value": cells}

    def _frozen(self, field: Field[Any, Any], row: R) -> Any:
        cell = row._cell(field)
        return cell if cell is UNSET else field.snapshot(cell)


def _is_of_another(row: Row, record: Any, gone: Collection[int]) -> bool:
    """Whether a row that is new in the record stands in another one; `gone` were its own."""
    owner = getattr(row, "_record", None)
    was_elsewhere = row._id is not None and row._id not in gone
    return was_elsewhere or (owner is not None and owner is not record)


def _kept_ids(rows: Iterable[Row], loaded: Any) -> list[int | None]:
    """The ids of the rows that were `loaded`, each given once; None for a row that is new."""
    free = set() if loaded is UNSET else {row[0] for row in loaded}
    kept = []
    for row in rows:
        kept.append(row._id if row._id in free else None)
        free.discard(row._id)
    return kept
