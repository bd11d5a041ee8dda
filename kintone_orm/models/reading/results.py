"""Results: the records of a chain, read when they are asked for, and kept when read to the end."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any, cast, overload
from weakref import ref

from kintone_orm.connection import connections
from kintone_orm.exceptions import FieldError
from kintone_orm.limits import RECORDS_PER_PAGE
from kintone_orm.models.definition.metaclass import ModelBase
from kintone_orm.models.ground.answer_checks import numbers
from kintone_orm.models.ground.chunks import cut, part_size
from kintone_orm.models.ground.read_refusals import translating_read_refusals
from kintone_orm.models.reading.chain import Chain, M, R
from kintone_orm.models.reading.exact_texts import read_exactly, require_exact
from kintone_orm.models.reading.explain import Explanation, explain, explain_nothing
from kintone_orm.models.reading.inner import name_to_compare
from kintone_orm.models.reading.pages import RecordIterator, Selection, count
from kintone_orm.models.reading.picking import Picking
from kintone_orm.models.record.row_shapes import Instances
from kintone_orm.models.relations.prefetch import follow, including_keys, plan
from kintone_orm.query.compiler import compile_query
from kintone_orm.query.conditions import NOTHING, Source, settled
from kintone_orm.query.long_texts import as_compared
from kintone_orm.query.planner import Paging

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from typing_extensions import Self

    from kintone_orm.connection import Connection
    from kintone_orm.models.queryset import QuerySet
    from kintone_orm.models.record.row_shapes import Shape
    from kintone_orm.models.relations.prefetch import Branches
    from kintone_orm.query.q import Q, Raw

__all__ = ["Results"]

_SHOWN = 20


class _NotUnique(FieldError, ValueError):
    """A field by which records cannot be told from each other; Django raises ValueError."""


class Results(Picking[M, R], Source):
    """The part of a queryset that reads: its rows, one of them, or how many there are."""

    __slots__ = ()

    # -- all of them --------------------------------------------------------------------------

    def __iter__(self) -> Iterator[R]:
        if not self._as_manager:
            return self._stream_and_keep()
        reading = self._reading()
        self._handed_out = ref(reading)
        return reading._stream_once()

    def __len__(self) -> int:
        return len(self._fetched())

    def __bool__(self) -> bool:
        return bool(self._fetched())

    @overload
    def __getitem__(self, key: int) -> R: ...
    @overload
    def __getitem__(self, key: slice) -> Self: ...
    def __getitem__(self, key: int | slice) -> R | Self:
        kept = self._kept()
        if isinstance(key, slice):
            start = 0 if key.start is None else _row(key.start, key)
            stop = None if key.stop is None else _row(key.stop, key)
            if key.step is not None:
                step = slice(None, None, key.step)
                step.indices(0)  # raises for what is no step, before anything is read
                # A list, as in Django; that rare case is left out of the types, as there.
                stepped: Any = list(self[start:stop])[step]
                return cast("Self", stepped)
            sliced = self._sliced(start, stop)
            sliced._cache = None if kept is None else kept[start:stop]
            return sliced
        row = _row(key, key)
        found = list(self._sliced(row, row + 1) if kept is None else kept[row:][:1])
        if not found:
            raise IndexError(f"{self.model.__name__}: there is no row {row}.")
        return found[0]

    def iterator(
        self, chunk_size: int | None = None, *, paging: Paging | str | None = None
    ) -> RecordIterator[R]:
        """The records one after the other, page by page, none of them kept.

        `chunk_size` makes the pages of 500 smaller. `paging`, a `Paging` or its name, is the way to
        read them; NotSupportedError if it would not read exactly these records.
        A cursor that it may hold is closed at the end; who leaves early closes it with
        `close()` or a `with` block (a plain ``for`` that ends does so, too).
        """
        size = part_size(chunk_size, most=RECORDS_PER_PAGE, name="chunk_size")
        wanted = None if paging is None else _paging(paging)
        codes = self._shape_to_read().codes(self.model._meta)
        selection = self._selection(codes, size=size, paging=wanted)
        if selection is not None:
            selection.way()
        return RecordIterator(self._rows(selection))

    def in_bulk(
        self, id_list: Iterable[Any] | None = None, *, field_name: str = "pk"
    ) -> dict[Any, M]:
        """The records by id, or by another unique field: ``{5: <City ...>}``.

        One request for 499 of them; those that do not exist are left out. A field that the model
        does not declare as unique is refused (ValueError, as in Django; a FieldError as well).
        MultipleObjectsReturned if the field allows duplicates in the app, and has them.
        """
        self._refuse_slice("use in_bulk() on")
        shape = self._instances("in_bulk")
        field = self.model._meta.get_field(field_name)
        if field is not self.model._meta.id_field and not field.unique:
            raise _NotUnique(f"in_bulk() needs a unique field, which {field} is not.")
        by_id = self.order_by()
        by_id._shape = shape.including(field.name)
        if id_list is None:
            parts = [by_id._stream()]
        else:
            if isinstance(id_list, str) or not isinstance(id_list, Iterable):
                raise TypeError(f"in_bulk() takes several values, not {id_list!r:.80}.")
            wanted = dict.fromkeys(id_list)
            if None in wanted or "" in wanted:
                raise FieldError(f"in_bulk() finds no blanks, which are not unique: {field}.")
            # Room for one record more than there are values shows that they are not unique.
            parts = [
                by_id.filter(**{f"{field_name}__in": part})._some(len(part) + 1)
                for part in cut(wanted, RECORDS_PER_PAGE - 1)
            ]
        found: dict[Any, Any] = {}
        for each in chain.from_iterable(parts):
            key = as_compared(getattr(each, field.name))
            if found.setdefault(key, each) is not each:
                raise self.model.MultipleObjectsReturned(
                    f"{field} is not unique in the app: {found[key]!r}, {each!r}."
                )
        return {getattr(each, field.name): each for each in found.values()}

    # -- one of them --------------------------------------------------------------------------

    def get(self, *args: Q | Raw, **kwargs: Any) -> R:
        """The one record that satisfies the conditions, in one request.

        One more for each 500 records whose text only begins like one of 64 characters or more that
        is asked for. Raises the model's DoesNotExist or MultipleObjectsReturned.
        """
        narrowed = self.filter(*args, **kwargs) if args or kwargs else self._clone()
        found = list(narrowed._some(2) if narrowed._stop is None else narrowed._stream())
        if len(found) == 1:
            return found[0]
        wanted = f"{self.model.__name__}{narrowed._said()}"
        if not found:
            raise self.model.DoesNotExist(f"There is no {wanted}.")
        raise self.model.MultipleObjectsReturned(f"There is more than one {wanted}.")

    def first(self) -> R | None:
        """The first record, by id if no order is given; None if there is none."""
        kept = self._kept()
        return next(self._some(1, in_any_order=False) if kept is None else iter(kept), None)

    def last(self) -> R | None:
        """The last record, by id if no order is given; None if there is none."""
        kept = self._kept()
        if kept is not None:
            return kept[-1] if kept else None
        return self.reverse().first()

    def earliest(self, *names: str) -> R:
        """The first record in the order of the fields, by default `Meta.get_latest_by`.

        A record whose field is blank may be it: leave them out with ``exclude(due=None)``. Raises
        the model's DoesNotExist.
        """
        return self._by(names).get()

    def latest(self, *names: str) -> R:
        """The last record in the order of the fields, by default `Meta.get_latest_by`.

        Raises the model's DoesNotExist.
        """
        return self._by(names, backwards=True).get()

    # -- compared with ------------------------------------------------------------------------

    def picked_for(self, field: Any) -> QuerySet[M, Any]:
        """What ``filter(field__in=self)`` reads: one value of each record."""
        name = name_to_compare(self.model, self._shape, field)
        return self._valued("values_list", (name,), "flat")

    def values_to_compare(self, using: Connection) -> list[Any]:
        """What they are compared with, read now: each value once, and no blanks.

        They are read where the queryset that asks is, unless this one or its model says where.
        """
        found = self._where_it_is_asked(using)._stream()
        return list(dict.fromkeys(value for value in found if value not in (None, "")))

    # -- about them ---------------------------------------------------------------------------

    def count(self) -> int:
        """How many records there are, in one request that carries none of them."""
        if (kept := self._kept()) is not None:
            return len(kept)
        if self._condition == NOTHING:
            return 0
        connection = self._connection_to_read()
        app = self.model._meta.app_id(connection)
        with translating_read_refusals(self.model._meta, app, self._condition):
            condition = require_exact(connection, app, self._condition, "by count()")
            total = count(connection, app, condition)
        stop = total if self._stop is None else min(self._stop, total)
        return max(0, stop - self._start)

    def exists(self) -> bool:
        """Whether there is a record, in one request for one id."""
        if (kept := self._kept()) is not None:
            return bool(kept)
        return any(True for _ in self._sliced(0, 1)._pages(["$id"], exactly_by="exists()"))

    def contains(self, obj: M) -> bool:
        """Whether the record is one of these, in one request for one id, or none if it is kept.

        ValueError for an object that was never saved.
        """
        self._instances("contains")
        if not isinstance(type(obj), ModelBase):
            raise TypeError("'obj' must be a model instance.")
        if obj._meta.concrete_model is not self.model._meta.concrete_model:
            return False
        if obj.pk is None:
            raise ValueError("QuerySet.contains() cannot be used on unsaved objects.")
        kept = self._kept()
        if kept is not None:
            return obj in kept
        narrowed = self.filter(pk=obj.pk)
        selection = narrowed._selection(["$id"])
        if selection is None:
            return False
        return any(True for _ in narrowed._read(selection, most=1, in_any_order=True))

    def explain(self) -> Explanation:
        """How the queryset would be read, as something to print; nothing is sent.

        NotSupportedError for a slice that kintone cannot reach.
        """
        selection = self._selection(self._shape_to_read().codes(self.model._meta))
        if selection is None:
            return explain_nothing(self.query)
        return explain(self._connection(), selection, related=self._branches())

    def __repr__(self) -> str:
        name = f"<{type(self).__name__} of {self.model.__name__}"
        kept = self._kept()
        if kept is None:
            query = "no record" if self._condition == NOTHING else self.query
            return f"{name}: {query} (not fetched)>"
        shown = ", ".join(map(repr, kept[:_SHOWN]))
        more = ", ..." if len(kept) > _SHOWN else ""
        return f"{name}: [{shown}{more}]>"

    # -- in other processes -------------------------------------------------------------------

    def __getstate__(self) -> dict[str, Any]:
        """The query, the rows, which are read for it, and the alias of the connection.

        Of what a manager handed out it is a queryset, which keeps its rows.
        """
        connection = self._connection()
        if connection.alias not in connections or connections[connection.alias] is not connection:
            raise TypeError(
                f"Cannot pickle a QuerySet of {connection!r}: only the alias goes along, and that "
                "connection is not registered under it. Pickle list(queryset)."
            )
        known = self._clone()
        # What an inner queryset finds goes along, not itself.
        known._condition = settled(self._condition, using=connection, zone=self._zone)
        rows = self._kept()
        if rows is None:
            rows = known._fetched()
        if not self._as_manager:
            self._cache = rows
        named = {name: getattr(known, name) for name in Chain.__slots__ if name != "__weakref__"}
        named |= {"_cache": rows, "_using": self._using and connection.alias}
        return getattr(self, "__dict__", {}) | named

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, value)

    # -- inside -------------------------------------------------------------------------------

    def _explained(self, using: Connection) -> Explanation:
        """How the values to compare are read, for the queryset of that connection which asks."""
        return self._where_it_is_asked(using).explain()

    def _where_it_is_asked(self, using: Connection) -> Self:
        return self if self._using or self.model._meta.using else self.using(using)

    def _by(self, names: tuple[str, ...], *, backwards: bool = False) -> Self:
        self._refuse_slice("change")
        keys = names or self.model._meta.get_latest_by
        if not keys:
            raise ValueError(
                "earliest() and latest() require either fields as positional arguments or "
                "'get_latest_by' in the model's Meta."
            )
        ordered = self.order_by(*keys)
        return (ordered.reverse() if backwards else ordered)._sliced(0, 1)

    def _selection(
        self,
        codes: Sequence[str],
        *,
        size: int = RECORDS_PER_PAGE,
        paging: Paging | None = None,
    ) -> Selection | None:
        """What is read; None if no record can be asked for."""
        if self._condition == NOTHING or (self._stop is not None and self._stop <= self._start):
            return None
        return Selection(
            app=self.model._meta.app_id(self._connection_to_read()),
            condition=self._condition,
            order=self._total_order(),
            fields=codes,
            start=self._start,
            stop=self._stop,
            size=size,
            paging=paging,
        )

    def _pages(
        self, codes: Sequence[str], *, exactly_by: str = ""
    ) -> Iterator[list[dict[str, Any]]]:
        """The pages with these fields; NotSupportedError if kintone finds too much for a method.

        They are as kintone sent them, with ids and, if they are asked for, revisions.
        """
        selection = self._selection(codes)
        if selection is None:
            return
        for page in self._read(selection, exactly_by=exactly_by):
            if "$revision" in codes:
                numbers(self._connection(), page, "$revision")
            yield page

    def _read(
        self,
        selection: Selection,
        *,
        exactly_by: str = "",
        most: int | None = None,
        in_any_order: bool = False,
    ) -> Iterator[list[dict[str, Any]]]:
        connection = self._connection()
        with translating_read_refusals(self.model._meta, selection.app, selection.condition):
            if exactly_by:
                where, app = f"by {exactly_by}", selection.app
                condition = require_exact(connection, app, selection.condition, where)
                selection = replace(selection, condition=condition)
            yield from read_exactly(connection, selection, most=most, in_any_order=in_any_order)

    def _stream(self) -> Iterator[R]:
        return self._rows(self._selection(self._shape_to_read().codes(self.model._meta)))

    def _some(self, most: int, *, in_any_order: bool = True) -> Iterator[R]:
        """No more rows than that."""
        selection = self._selection(self._shape_to_read().codes(self.model._meta))
        return self._rows(selection, most=most, in_any_order=in_any_order)

    def _rows(
        self, selection: Selection | None, *, most: int | None = None, in_any_order: bool = False
    ) -> Iterator[R]:
        if selection is None:
            return
        connection, branches, shape = self._connection(), self._branches(), self._shape_to_read()
        for page in self._read(selection, most=most, in_any_order=in_any_order):
            rows = shape.rows(self.model, page, connection)
            if isinstance(shape, Instances):
                rows = list(rows)
                if self._referred is not None:
                    self._referred.lead_back(rows)
                follow(branches, rows)
            yield from rows

    def _branches(self) -> Branches:
        """The relations that are followed from each page; the rows must be instances."""
        return plan(self.model, self._related) if isinstance(self._shape, Instances) else {}

    def _shape_to_read(self) -> Shape:
        """The shape, with the keys of the relations that are followed."""
        shape: Shape = including_keys(self._shape, self._branches())
        return shape

    def _reading(self) -> Self:
        """One reading of what a manager hands out, which begins with the rows that are there."""
        reading = self._clone()
        reading._cache = self._kept()
        return reading

    def _stream_once(self) -> Iterator[R]:
        """The rows, not kept for another time."""
        yield from self._stream() if self._cache is None else self._cache

    def _stream_and_keep(self) -> Iterator[R]:
        # Looked at only now: list() asks for an iterator first, and then for the length.
        if self._cache is not None:
            yield from self._cache
            return
        kept = []
        for row in self._stream():
            kept.append(row)
            yield row
        self._cache = kept

    def _fetched(self) -> list[R]:
        if self._as_manager:
            # list() asks for an iterator, then for the length: both are of the same reading.
            reading = None if self._handed_out is None else self._handed_out()
            self._handed_out = None
            return (self._reading() if reading is None else reading)._fetched()
        if self._cache is None:
            self._cache = list(self._stream())
        return self._cache

    def _said(self) -> str:
        if self._condition == NOTHING:
            return ", as no record can satisfy the conditions: kintone was not asked"
        return f" with {compile_query(self._condition) or 'any value'}"


def _row(bound: Any, key: object) -> int:
    """The number of a row that `key`, an index or a slice, names."""
    try:
        row = operator.index(bound)
    except TypeError:
        raise TypeError(f"QuerySet indices must be integers or slices, not {key!r}.") from None
    if row < 0:
        raise ValueError("Negative indexing is not supported.")
    return row


def _paging(wanted: Paging | str) -> Paging:
    name = wanted.name if isinstance(wanted, Paging) else str(wanted).upper()
    if name not in Paging.__members__:
        raise ValueError(f"paging is one of {', '.join(Paging.__members__)}, not {wanted!r:.80}.")
    return Paging[name]
