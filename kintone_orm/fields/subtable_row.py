"""Row: one line of a subtable, declared like a model and kept in a plain list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from kintone_orm.exceptions import DecodeError, FieldError, ImproperlyConfigured
from kintone_orm.fields.base import UNSET, Field
from kintone_orm.fields.cached_properties import SLOT, has_cached_properties, keep_in_slot
from kintone_orm.fields.declarations import refuse_unmade
from kintone_orm.fields.list_field import ListField, refilled
from kintone_orm.fields.lookup import LookupField
from kintone_orm.fields.naming import check_name
from kintone_orm.fields.related_record import RelatedRecord

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import tzinfo

    from typing_extensions import Self

    from kintone_orm.query.comparable import Zone

__all__ = ["Row"]


def _slots(
    fields: Mapping[str, Field[Any, Any]], bases: Sequence[type], namespace: Mapping[str, Any]
) -> tuple[str, ...]:
    """The slots that a row class has and its bases have not."""
    root = not any(isinstance(base, RowBase) for base in bases)
    wanted = ["_id", "_merely_read", "_record", "_undecoded", "_unread_in"] if root else []
    if has_cached_properties(bases, namespace):
        wanted.append(SLOT)
    # A row keeps values only: what it was like when it was loaded, its subtable knows.
    wanted += [field.slots(name)[0] for name, field in fields.items()]
    return tuple(slot for slot in wanted if not any(hasattr(base, slot) for base in bases))


class RowBase(type):
    """What makes a class with fields a row: its fields by name, and its slots."""

    _fields: dict[str, Field[Any, Any]]

    def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> RowBase:
        """The row class; ImproperlyConfigured for what cannot work, with the fix."""
        refuse_unmade(name, namespace)
        inherited = {k: v for base in reversed(bases) for k, v in _declared(base).items()}
        for relation in (k for k, v in namespace.items() if isinstance(v, RelatedRecord)):
            raise ImproperlyConfigured(
                f"{name}.{relation}: a row has no related record; ask the other model by the keys."
            )
        own = {k: v for k, v in namespace.items() if isinstance(v, Field) or k in inherited}
        fields = {k: v for k, v in (inherited | own).items() if isinstance(v, Field)}
        taken = {each for base in bases for each in dir(base)} - set(inherited)
        for field_name, field in fields.items():
            check_name(name, field_name, taken, kind="row")
            if not field.fits_in_table:
                raise ImproperlyConfigured(
                    f"{name}.{field_name}: kintone has no {type(field).__name__} in a subtable."
                )
            if field.unique:
                raise ImproperlyConfigured(
                    f"{name}.{field_name} cannot be unique: kintone prohibits no duplicates in a "
                    "subtable."
                )
        namespace["__slots__"] = _slots(fields, bases, namespace)
        try:
            cls = super().__new__(mcs, name, bases, namespace)
        except TypeError as error:
            rows = [base.__name__ for base in bases if isinstance(base, RowBase)]
            if len(rows) < 2:
                raise
            raise ImproperlyConfigured(
                f"{name} cannot be made from several rows ({', '.join(rows)}): put what they share "
                "into a plain class, without Row."
            ) from error
        keep_in_slot(cls)
        cls._fields = {}
        for field_name, field in fields.items():
            cls._fields[field_name] = bound = field.attach(cls, field_name)
            setattr(cls, field_name, bound)
            bound.bind_slots()
        codes = [field.code for field in cls._fields.values()]
        if twice := {code for code in codes if codes.count(code) > 1}:
            raise ImproperlyConfigured(f"{name} has several fields of the code {min(twice)!r}.")
        for field in cls._fields.values():
            if isinstance(field, LookupField):
                field.fill(cls._fields)
        return cls


class Row(metaclass=RowBase):
    """A row of a subtable, declared: each field of the class is a field in the subtable.

    ``class Line(Row): qty = fields.NumberField()`` goes into a model as
    ``lines = fields.SubtableField(Line)``. Rows are made with keywords, ``Line(qty=3)``, and are
    equal when their values are. Their fields share the app's field codes.
    """

    _id: int | None
    _merely_read: dict[str, Any]  # the lists that were read, and never set: no values while empty
    _record: Any  # that it stands in, as far as is known
    _undecoded: dict[str, tuple[str, bool]] | None  # why cells cannot be read; True: none was sent
    _unread_in: str | None  # the subtable, if a save has written the row and it was not read since
    _fields: ClassVar[dict[str, Field[Any, Any]]]

    def __init__(self, **values: Any) -> None:
        self._assign(values, type(self)._zone)

    @classmethod
    def _from(cls, values: Mapping[str, Any], zone: Zone) -> Self:
        """A row of these values; naive datetimes are in `zone`."""
        row = cls.__new__(cls)
        row._assign(values, zone)
        return row

    def _assign(self, values: Mapping[str, Any], zone: Zone) -> None:
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
        """The row's own id, which stays as long as the row does; None until it is saved.

        That of a row that was just saved is fetched, with the rows of its record, in one request.
        """
        if self._id is None:
            self._read_again()
        return self._id

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Row) or type(self) is not type(other):
            return NotImplemented
        if getattr(self, "_undecoded", None) or getattr(other, "_undecoded", None):
            fields = self._fields.values()
            return all(self._readable(each) == other._readable(each) for each in fields)
        return all(getattr(self, name) == getattr(other, name) for name in self._fields)

    __hash__: ClassVar[None]  # type: ignore[assignment]  # pyright: ignore[reportIncompatibleMethodOverride]

    def __repr__(self) -> str:
        values = {name: self._cell(field) for name, field in self._fields.items()}
        shown = ", ".join(f"{k}={v!r:.80}" for k, v in values.items() if v is not UNSET)
        return f"{type(self).__name__}({shown})"

    # -- what fields ask -----------------------------------------------------------------------

    @staticmethod
    def _zone() -> tzinfo | None:
        """The zone that naive datetimes are in: not known, the record may be on any connection."""
        return None

    def _supply(self, field: Field[Any, Any]) -> Any:
        """The value of a field that was never set: what a save made of it, or empty."""
        self._read_again()
        if (known := field.peek(self)) is not UNSET:
            return known
        self._require_readable(field)
        if not field.mutable:
            return field.empty_value()
        if not hasattr(self, "_merely_read"):
            self._merely_read = {}
        return self._merely_read.setdefault(field.name, field.empty_value())

    def _cell(self, field: Field[Any, Any]) -> Any:
        """What the field holds, or `UNSET`; a list that was merely read holds what is put there."""
        value = field.peek(self)
        if value is UNSET and field.mutable:
            return getattr(self, "_merely_read", {}).get(field.name) or UNSET
        return value

    def _cannot_read(self, name: str, why: str, *, absent: bool) -> None:
        """Keep why a cell cannot be read until somebody does; `absent` if kintone sent none."""
        self._undecoded = (getattr(self, "_undecoded", None) or {}) | {name: (why, absent)}

    def _absent_cells(self) -> list[str]:
        """The names of the cells that kintone did not send."""
        undecoded = getattr(self, "_undecoded", None) or {}
        return [name for name, (_, absent) in undecoded.items() if absent]

    def _readable(self, field: Field[Any, Any]) -> Any:
        """The cell's value, or `UNSET` for one that could not be read."""
        undecoded = getattr(self, "_undecoded", None) or {}
        if field.name in undecoded and field.peek(self) is UNSET:
            return UNSET
        return getattr(self, field.name)

    def _require_readable(self, field: Field[Any, Any]) -> None:
        """DecodeError if the cell could not be read."""
        undecoded = getattr(self, "_undecoded", None) or {}
        if field.name in undecoded and field.peek(self) is UNSET:
            raise DecodeError(self._said_of(undecoded[field.name][0]))

    def _said_of(self, why: str) -> str:
        """The sentence, and of which record it is, as far as that is known."""
        record = getattr(self, "_record", None)
        return why if record is None else f"{record!r}: {why}"

    def _require_sendable(self, names: Collection[str], *, whole: bool) -> None:
        """DecodeError if kintone would ignore the cells `names`, or if nobody knows a `whole` row.

        A field that it does not send to somebody, it does not take from them either.
        """
        for name, (why, absent) in (getattr(self, "_undecoded", None) or {}).items():
            unknown = whole and name not in names and self._fields[name].writable
            if unknown or (absent and name in names):
                raise DecodeError(self._said_of(why))

    def _take(self, new: Self) -> None:
        """Hold what the row `new` holds, lists in those that are held here."""
        for field in self._fields.values():
            cell = self._unset_list(field, field.peek(self))
            if (made := field.peek(new)) is UNSET:
                field.clear(self)
            elif isinstance(field, ListField):
                field.put(self, field.refill(cell, made))
            else:
                field.put(self, made)
        self._undecoded = getattr(new, "_undecoded", None)

    def _learn(self, new: Self, loaded: Sequence[Any]) -> None:
        """As `_take`, but what is not as it was `loaded` any more stays an edit."""
        for field, before in zip(self._fields.values(), loaded, strict=True):
            cell, made = field.peek(self), field.peek(new)
            if made is UNSET:
                continue
            if cell is UNSET:
                unset = self._unset_list(field, [])
                field.put(self, unset or refilled(unset, made))
            elif isinstance(field, ListField):
                field.put(self, field.learn(cell, before, made))
            elif field.snapshot(cell) == before:
                field.put(self, made)
        self._undecoded = getattr(new, "_undecoded", None)

    def _unset_list(self, field: Field[Any, Any], default: Any) -> Any:
        """The list that was merely read, which takes its place now; or the `default`."""
        return getattr(self, "_merely_read", {}).pop(field.name, default)

    def _read_again(self) -> None:
        """Let the record fetch its rows, if it has not since it was saved."""
        table = getattr(self, "_unread_in", None)
        if table is not None:
            getattr(self._record, table)

    def _remember(self, field: Field[Any, Any]) -> None:
        """A list that was merely read is the field's now; the subtable compares whole rows."""
        if field.mutable and (value := self._unset_list(field, UNSET)) is not UNSET:
            field.put(self, value)


def _declared(base: type) -> dict[str, Field[Any, Any]]:
    if isinstance(base, RowBase):
        return base._fields
    mixed_in = (vars(cls) for cls in reversed(base.__mro__))
    return {k: v for each in mixed_in for k, v in each.items() if isinstance(v, Field)}
