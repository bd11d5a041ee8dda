"""SubtableField: the rows of a subtable, as a plain list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.fields.base import UNREADABLE, UNSET, Field
from kintone_orm.fields.list_field import ListField, cells_of_files
from kintone_orm.fields.lookup import LookupField
from kintone_orm.fields.row_sending import kept_ids, rows_for_update, sent_rows
from kintone_orm.fields.subtable_row import Row
from kintone_orm.fields.wire_values import require_list, require_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import tzinfo

    from typing_extensions import Self

    from kintone_orm.fields.declaring.validators import Validator
    from kintone_orm.fields.row_sending import SentRow
    from kintone_orm.query.comparable import Zone

__all__ = ["SubtableField"]

R = TypeVar("R", bound=Row)


class SubtableField(ListField["list[R]", "Iterable[R | Mapping[str, Any]] | None"], Generic[R]):
    """The rows of a subtable, as a list of `row`; [] if there are none.

    Takes rows, or mappings of their values. Change, add, remove and sort rows as in any list. A
    save sends the list in its order: the ids of unchanged rows, the changed cells of changed rows,
    and new rows whole. So kintone does not copy unchanged lookups again, and their keys need not
    exist any more. A row of another record is saved as a new row, as is the second occurrence of a
    row in the list. A copy replaces the row when the list is assigned, or at the latest when the
    list is saved.

    The record keeps the list and its rows after a save, and the next save sends later edits. The
    ids of new rows, and values that kintone calculates in a row, are read in one request at their
    next access, or before the table is sent again. If somebody else changed the table meanwhile,
    your edits raise the model's Conflict; without edits, the list takes the new rows.

    Source: kintone REST API, "Field Types", table; "Update Record".
    """

    kintone_type = "SUBTABLE"
    fits_in_table = False
    has_default_setting = False

    def __init__(
        self,
        row: type[R],
        code: str | None = None,
        *,
        verbose_name: str | None = None,
        default: object = UNSET,
        validators: Iterable[Validator] = (),
    ) -> None:
        super().__init__(code, verbose_name=verbose_name, default=default, validators=validators)
        if not (isinstance(row, type) and issubclass(row, Row) and row._fields):
            raise ImproperlyConfigured(
                f"SubtableField({row!r:.80}) takes the class of its rows, such as class Line(Row), "
                "with at least one field."
            )
        self.row = row
        self._columns: dict[str, Field] = {}
        self._keys: Collection[str] = ()  # the names of the lookups that fill other columns

    def bind(self) -> None:
        # A subtable that is a column of a reference table keeps the columns of its own model.
        if self.table is not None:
            return
        self._columns = {
            name: field.attach(self.model, name).column_of(self, field.code)
            for name, field in self.row._fields.items()
        }
        columns = self._columns.values()
        for column in columns:
            if isinstance(column, LookupField):
                column.fill(self._columns)
        self.changes_by_itself = any(column.changes_by_itself for column in columns)
        self._keys = {column.filled_by for column in columns if column.filled_by}

    @property
    def columns(self) -> Mapping[str, Field]:
        return self._columns

    if TYPE_CHECKING:  # as in ListField, Pyright needs these overloads beside `__set__`

        @overload
        def __get__(self, instance: None, owner: type) -> Self: ...
        @overload
        def __get__(self, instance: object, owner: type) -> list[R]: ...
        def __get__(self, instance: object, owner: type) -> Self | list[R]: ...

    def __set__(self, instance: Any, value: Iterable[R | Mapping[str, Any]] | None) -> None:
        super().__set__(instance, value)
        rows: Any = self.peek(instance)
        ids = kept_ids(rows, self.loaded(instance))
        for position, (row, id_) in enumerate(zip(rows, ids, strict=True)):
            if id_ is None and _is_of_another(row, instance, instance._state.gone):
                rows[position] = row = self.for_duplicate([row])[0]
            row._record = instance

    def empty_value(self) -> list[R]:
        return []

    def to_python(self, raw: object, zone: tzinfo | None = None) -> list[R]:
        return [self._read_row(n, sent, zone) for n, sent in enumerate(require_list(raw))]

    def to_api(self, value: list[R]) -> Any:
        return rows_for_update(value, UNSET)

    def coerce(self, value: Any, zone: Zone) -> list[R]:
        if value is None:
            return []
        if isinstance(value, (str, Mapping)) or not hasattr(value, "__iter__"):
            raise self._wrong_type(value, f"a list of {self.row.__name__}")
        return [self._row(item, zone) for item in value]

    def tidy(self, value: list[R], zone: Zone) -> None:
        super().tidy(value, zone)
        for row in value:
            for field in self.row._fields.values():
                if isinstance(field, ListField) and (cell := row._cell(field)) is not UNSET:
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
        """Return new rows with copies of the writable values."""
        rows = []
        for row in value:
            if type(row) is not self.row:
                raise self._wrong_type(row, f"a list of {self.row.__name__}")
            new = self.row.__new__(self.row)
            new._id, new._undecoded = None, getattr(row, "_undecoded", None)
            for field in self.row._fields.values():
                cell = row._cell(field) if field.writable else UNSET
                if cell is not UNSET:
                    field.put(new, field.for_duplicate(cell))
            rows.append(new)
        return rows

    def get_default(self) -> Any:
        """Return the rows of a new instance, as copies of the declared rows; or `UNSET`."""
        default = super().get_default()
        if not isinstance(default, tuple):
            return default
        return [self.for_duplicate([r])[0] if type(r) is self.row else r for r in default]

    def problems_by_place(self, value: list[R], loaded: Any = UNSET) -> dict[str, list[str]]:
        problems = {"": self.all_problems(value)}
        sent = iter(sent_rows([row for row in value if type(row) is self.row], loaded))
        for index, row in enumerate(value):
            if type(row) is not self.row:
                expected = self.row.__name__
                problems[f"[{index}]"] = [
                    f"{row!r:.80} is not a {expected}. Replace it by a {expected}(...)."
                ]
                continue
            for name, sentences in self._cell_problems(next(sent)):
                problems[f"[{index}].{name}"] = sentences
        return problems

    def _cell_problems(self, sent: SentRow) -> Iterator[tuple[str, list[str]]]:
        cells = {field.name: cell for field, cell in sent.cells}
        for name, column in self.columns.items():
            # In a new row, kintone also refuses a cell that needs a value and is not sent.
            if name in cells or (sent.id is None and column.needs_value and column.writable):
                yield name, column.all_problems(cells.get(name, column.empty_value()))

    def kept_as_sent(self, value: list[R], loaded: Any) -> bool:
        return all(
            sent.id is not None
            and getattr(sent.row, "_unread_in", None) is None
            and all(
                field.name not in self._keys
                and self.columns[field.name].typed().kept_as_sent(cell, UNSET)
                for field, cell in sent.cells
            )
            for sent in sent_rows(value, loaded)
        )

    def file_cells(self, value: list[R], loaded: Any) -> Iterator[tuple[list[Any], Sequence[Any]]]:
        for sent in sent_rows(value, loaded):
            for field, cell in sent.cells:
                yield from cells_of_files(field, cell, sent.before.get(field.name, UNSET))

    def refill(self, target: object, value: list[R]) -> list[R]:
        """Put the rows of `value` into the list `target` and return `target`.

        A row object in `target` stays there and takes the values of the row with the same id. If
        `target` is not a list, return `value`.
        """
        if target is value or not isinstance(target, list):
            return value
        rows = {row._id: row for row in target if type(row) is self.row}
        for position, new in enumerate(value):
            if (row := rows.pop(new._id, None)) is not None:
                value[position] = row
                row._take(new)
        return super().refill(target, value)

    def learn(
        self, current: Any, loaded: Any, read: list[R], *, rows: Any = (), raw: Any = ()
    ) -> list[R]:
        """Merge kintone's version of each saved row into `current`: see `ListField.learn`."""
        # kintone returns the rows in the order in which they were sent, so the n-th row that was
        # sent has the n-th id. Rows that were added to the list since then are not among them.
        read_by_id = {row._id: row for row in read}
        for row, before, sent in zip(rows, loaded, raw, strict=False):
            new = read_by_id[int(sent["id"])]
            row._id, row._unread_in = new._id, None
            row._learn(new, before[1:])
        value: list[R] = current
        return value

    def holds(self, loaded: Any, read: list[R]) -> bool:
        """Return True if kintone's rows (`read`) equal the base (`loaded`).

        Ids and cells that were unknown when the rows were sent match any value.
        """
        return len(read) == len(loaded) and all(
            before[0] in (None, row._id)
            and all(
                old is UNSET or _holds(field, old, row._cell(field))
                for field, old in zip(self.row._fields.values(), before[1:], strict=True)
            )
            for before, row in zip(loaded, read, strict=True)
        )

    def awaits_ids(self, value: list[R], loaded: Any) -> bool:
        return any(
            (sent.row._id is None and getattr(sent.row, "_unread_in", None) is not None)
            or any(
                isinstance(field, ListField)
                and field.awaits_ids(cell, sent.before.get(field.name, UNSET))
                for field, cell in sent.cells
            )
            for sent in sent_rows([row for row in value if type(row) is self.row], loaded)
        )

    def adopt(self, value: list[R], replaced: Any, record: object, gone: Collection[int]) -> None:
        """Prepare the saved rows to be read again: see `ListField.adopt`.

        A row of another record is replaced by a copy. If a row is in the list more than once, only
        its first occurrence stays, and copies replace the others.
        """
        seen: set[int] = set()
        for position, (row, id_) in enumerate(zip(value, kept_ids(value, replaced), strict=True)):
            if id_ is None and (_is_of_another(row, record, gone) or id(row) in seen):
                value[position] = row = self.for_duplicate([row])[0]
            seen.add(id(row))
            row._id, row._record, row._unread_in = id_, record, self.name
            for field in self.row._fields.values():
                if not field.writable:
                    field.clear(row)
                elif isinstance(field, ListField) and (cell := row._cell(field)) is not UNSET:
                    field.adopt(cell, UNSET, record, gone)

    def row_ids(self, loaded: Any) -> frozenset[int]:
        return frozenset() if loaded is UNSET else frozenset(row[0] for row in loaded) - {None}

    def definition(self, columns: Mapping[str, object] | None = None) -> dict[str, Any]:
        """Return the field's definition, which includes the definitions of columns.

        `columns` has the definitions to include, by code. Without `columns`, all are included.
        """
        fields = columns
        if fields is None:
            fields = {column.code: column.definition() for column in self.columns.values()}
        definition = super().definition() | {"fields": fields}
        del definition["required"]  # kintone has no setting "required" for subtables
        return definition

    def _read_row(self, index: int, sent: Any, zone: tzinfo | None) -> R:
        row, cells = self.row.__new__(self.row), sent["value"]
        row._id = int(require_text(sent["id"]))
        for field in self.row._fields.values():
            try:
                field.put(row, field.to_python(cells[field.code]["value"], zone))
            except UNREADABLE:
                cell = cells.get(field.code)
                why = f"row {index}: {self.columns[field.name].unreadable(cell)}"
                row._cannot_read(field.name, why, absent=cell is None)
        return row

    def _row(self, value: object, zone: Zone) -> R:
        if type(value) is self.row:
            return value
        if isinstance(value, Mapping):
            return self.row._from(value, zone)
        raise self._wrong_type(value, f"a list of {self.row.__name__}, or of mappings")

    def _frozen(self, field: Field, row: R) -> Any:
        cell = row._cell(field)
        return cell if cell is UNSET else field.snapshot(cell)


def _is_of_another(row: Row, record: object, gone: Collection[int]) -> bool:
    """Return True if a row that is new in `record` belongs to another record.

    `gone` are the ids of the rows that were deleted in the record.
    """
    owner = getattr(row, "_record", None)
    was_elsewhere = row._id is not None and row._id not in gone
    return was_elsewhere or (owner is not None and owner is not record)


def _holds(field: Field, loaded: object, read: object) -> bool:
    if read is not UNSET and isinstance(field, ListField):
        return field.holds(loaded, read)
    return bool(loaded == (read if read is UNSET else field.snapshot(read)))
