"""Row: one row of a subtable, declared like a model and kept in a plain list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from kintone_orm.exceptions import DecodeError, FieldError, ImproperlyConfigured
from kintone_orm.fields.base import UNSET, Field
from kintone_orm.fields.cached_properties import SLOT, has_cached_properties, keep_in_slot
from kintone_orm.fields.declaring.declarations import refuse_unmade, refuse_useless_defaults
from kintone_orm.fields.declaring.naming import check_name
from kintone_orm.fields.list_field import ListField, refilled
from kintone_orm.fields.lookup import LookupField
from kintone_orm.fields.related_record import RelatedRecord

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import tzinfo

    from typing_extensions import Self

    from kintone_orm.fields.base import Unset
    from kintone_orm.query.comparable import Zone

__all__ = ["Row"]

V = TypeVar("V")


def _slots(
    fields: Mapping[str, Field], bases: Sequence[type], namespace: Mapping[str, object]
) -> tuple[str, ...]:
    """Return the slots that a row class needs beyond the slots of its bases."""
    is_root = not any(isinstance(base, RowBase) for base in bases)
    slots = ["_id", "_merely_read", "_record", "_undecoded", "_unread_in"] if is_root else []
    if has_cached_properties(bases, namespace):
        slots.append(SLOT)
    # A row needs no slots for the bases of its lists: the subtable's base includes the lists.
    slots += [field.slots(name)[0] for name, field in fields.items()]
    return tuple(slot for slot in slots if not any(hasattr(base, slot) for base in bases))


class RowBase(type):
    """The metaclass of rows, which collects the fields and makes their slots."""

    _fields: dict[str, Field]

    def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, object]) -> RowBase:
        """Make the row class; ImproperlyConfigured for a declaration that cannot work."""
        refuse_unmade(name, namespace)
        inherited = {k: v for base in reversed(bases) for k, v in _declared(base).items()}
        for relation in (k for k, v in namespace.items() if isinstance(v, RelatedRecord)):
            raise ImproperlyConfigured(
                f"{name}.{relation}: a row cannot have a RelatedRecord. Filter the other model by "
                "the keys."
            )
        own = {k: v for k, v in namespace.items() if isinstance(v, Field) or k in inherited}
        fields = {k: v for k, v in (inherited | own).items() if isinstance(v, Field)}
        reserved = {attribute for base in bases for attribute in dir(base)} - set(inherited)
        for field_name, field in fields.items():
            check_name(name, field_name, reserved, kind="row")
            if not field.fits_in_table:
                raise ImproperlyConfigured(
                    f"{name}.{field_name}: a subtable of kintone cannot have a "
                    f"{type(field).__name__}."
                )
            if field.unique:
                raise ImproperlyConfigured(
                    f"{name}.{field_name} cannot be unique: kintone does not prohibit duplicates "
                    "in a subtable."
                )
        namespace["__slots__"] = _slots(fields, bases, namespace)
        try:
            cls = super().__new__(mcs, name, bases, namespace)
        except TypeError as error:
            rows = [base.__name__ for base in bases if isinstance(base, RowBase)]
            if len(rows) < 2:
                raise
            raise ImproperlyConfigured(
                f"{name} cannot inherit from several rows ({', '.join(rows)}). Move their common "
                "fields into a plain class, without Row."
            ) from error
        keep_in_slot(cls)
        cls._fields = {}
        for field_name, field in fields.items():
            cls._fields[field_name] = bound = field.attach(cls, field_name)
            setattr(cls, field_name, bound)
            bound.bind_slots()
        codes = [field.code for field in cls._fields.values()]
        if repeated := {code for code in codes if codes.count(code) > 1}:
            code = min(repeated)
            raise ImproperlyConfigured(f"{name} has several fields with the code {code!r}.")
        for field in cls._fields.values():
            if isinstance(field, LookupField):
                field.fill(cls._fields)
        refuse_useless_defaults(cls._fields.values())
        return cls


class Row(metaclass=RowBase):
    """The base class of rows; each field of a subclass is a column of the subtable.

    ``class Line(Row): qty = fields.NumberField()`` is used in a model as
    ``lines = fields.SubtableField(Line)``. A row is made with keywords, ``Line(qty=3)``. Rows with
    equal values are equal. Columns share the field codes of the app.
    """

    _id: int | None
    # The lists that were read but never set. An empty one does not count as a value.
    _merely_read: dict[str, Any]
    _record: Any  # the record that the row belongs to, if it is known
    # For each unreadable cell, by name: the reason, and True if kintone did not send the cell.
    _undecoded: dict[str, tuple[str, bool]] | None
    # The name of the subtable while a saved row has not been read again; otherwise None.
    _unread_in: str | None
    _fields: ClassVar[dict[str, Field]]

    def __init__(self, **values: object) -> None:
        self._assign(values, type(self)._zone)

    @classmethod
    def _from(cls, values: Mapping[str, object], zone: Zone) -> Self:
        """Return a row with these values; naive datetimes are in `zone`."""
        row = cls.__new__(cls)
        row._assign(values, zone)
        return row

    def _assign(self, values: Mapping[str, object], zone: Zone) -> None:
        label, fields = type(self).__name__, self._fields
        self._id = None
        for name, value in values.items():
            if name not in fields:
                raise FieldError(f"{label} has no field {name!r}. It has {', '.join(fields)}.")
            if not fields[name].writable:
                raise AttributeError(fields[name].why_read_only())
            fields[name].put(self, fields[name].coerce(value, zone))
        for name, field in fields.items():
            if name not in values and (default := field.get_default()) is not UNSET:
                field.put(self, field.coerce(default, zone))

    @property
    def id(self) -> int | None:
        """The row's id, which never changes; None until the row is saved.

        The first access after a save fetches it, with all rows of the subtable, in one request.
        """
        if self._id is None:
            self._read_again()
        return self._id

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Row) or type(self) is not type(other):
            return NotImplemented
        if getattr(self, "_undecoded", None) or getattr(other, "_undecoded", None):
            fields = self._fields.values()
            return all(self._readable(field) == other._readable(field) for field in fields)
        return all(getattr(self, name) == getattr(other, name) for name in self._fields)

    __hash__: ClassVar[None]  # type: ignore[assignment]  # pyright: ignore[reportIncompatibleMethodOverride]

    def __repr__(self) -> str:
        values = {name: self._cell(field) for name, field in self._fields.items()}
        shown = ", ".join(f"{k}={v!r:.80}" for k, v in values.items() if v is not UNSET)
        return f"{type(self).__name__}({shown})"

    # -- for fields ----------------------------------------------------------------------------

    @staticmethod
    def _zone() -> tzinfo | None:
        """Return None: the row's connection is unknown, so naive datetimes have no zone."""
        return None

    def _supply(self, field: Field) -> Any:
        """Return the value of a field that was never set.

        After a save, this is the value that kintone stores; else it is a blank.
        """
        self._read_again()
        if (value := field.peek(self)) is not UNSET:
            return value
        self._require_readable(field)
        if not field.mutable:
            return field.empty_value()
        if not hasattr(self, "_merely_read"):
            self._merely_read = {}
        return self._merely_read.setdefault(field.name, field.empty_value())

    def _cell(self, field: Field[V]) -> V | Unset:
        """Return the field's value, or `UNSET`.

        A list that was read but never set is a value only if the program put items into it.
        """
        value = field.peek(self)
        if value is UNSET and field.mutable:
            return getattr(self, "_merely_read", {}).get(field.name) or UNSET
        return value

    def _cannot_read(self, name: str, why: str, *, absent: bool) -> None:
        """Keep the reason why a cell cannot be read. If `absent`, kintone did not send the cell."""
        self._undecoded = (getattr(self, "_undecoded", None) or {}) | {name: (why, absent)}

    def _absent_cells(self) -> list[str]:
        """Return the names of the cells that kintone did not send."""
        undecoded = getattr(self, "_undecoded", None) or {}
        return [name for name, (_, absent) in undecoded.items() if absent]

    def _readable(self, field: Field[V]) -> V | Unset:
        """Return the cell's value, or `UNSET` if it could not be read."""
        undecoded = getattr(self, "_undecoded", None) or {}
        if field.name in undecoded and field.peek(self) is UNSET:
            return UNSET
        value: V = getattr(self, field.name)
        return value

    def _require_readable(self, field: Field) -> None:
        """Raise DecodeError if the cell could not be read."""
        undecoded = getattr(self, "_undecoded", None) or {}
        if field.name in undecoded and field.peek(self) is UNSET:
            raise DecodeError(self._with_record(undecoded[field.name][0]))

    def _with_record(self, why: str) -> str:
        """Return the sentence `why`, after the name of the row's record if the record is known."""
        record = getattr(self, "_record", None)
        return why if record is None else f"{record!r}: {why}"

    def _require_sendable(self, names: Collection[str], *, whole: bool) -> None:
        """Raise DecodeError if a cell of `names` cannot be sent.

        A cell of `names` cannot be sent if kintone did not send it to the user: kintone ignores
        such a cell in the user's requests. If the `whole` row is sent as a new row, its other
        writable cells must be readable, too.
        """
        for name, (why, absent) in (getattr(self, "_undecoded", None) or {}).items():
            is_unknown = whole and name not in names and self._fields[name].writable
            if is_unknown or (absent and name in names):
                raise DecodeError(self._with_record(why))

    def _take(self, new: Self) -> None:
        """Take over the values of the row `new`; lists stay the same objects."""
        for field in self._fields.values():
            cell = self._unset_list(field, field.peek(self))
            if (new_cell := field.peek(new)) is UNSET:
                field.clear(self)
            elif isinstance(field, ListField):
                field.put(self, field.refill(cell, new_cell))
            else:
                field.put(self, new_cell)
        self._undecoded = getattr(new, "_undecoded", None)

    def _learn(self, new: Self, loaded: Sequence[object]) -> None:
        """Take over the values of `new`, but keep edits: cells that differ from `loaded`."""
        for field, before in zip(self._fields.values(), loaded, strict=True):
            cell, new_cell = field.peek(self), field.peek(new)
            if new_cell is UNSET:
                continue
            if cell is UNSET:
                unset = self._unset_list(field, [])
                field.put(self, unset or refilled(unset, new_cell))
            elif isinstance(field, ListField):
                field.put(self, field.learn(cell, before, new_cell))
            elif field.snapshot(cell) == before:
                field.put(self, new_cell)
        self._undecoded = getattr(new, "_undecoded", None)

    def _unset_list(self, field: Field, default: object) -> Any:
        """Remove and return the list that was read but never set; `default` if there is none."""
        return getattr(self, "_merely_read", {}).pop(field.name, default)

    def _read_again(self) -> None:
        """Make the record fetch its rows, if this row was not read since a save."""
        table = getattr(self, "_unread_in", None)
        if table is not None:
            getattr(self._record, table)

    def _remember(self, field: Field) -> None:
        """Prepare the field for a new value.

        A list that was read but never set becomes the field's value first.
        A row has no snapshot of its own, because its subtable compares whole rows.
        """
        if field.mutable and (value := self._unset_list(field, UNSET)) is not UNSET:
            field.put(self, value)


def _declared(base: type) -> dict[str, Field]:
    if isinstance(base, RowBase):
        return base._fields
    bodies = (vars(cls) for cls in reversed(base.__mro__))
    return {k: v for body in bodies for k, v in body.items() if isinstance(v, Field)}
