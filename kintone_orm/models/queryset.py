"""QuerySet: which records, chained; nothing is sent until they are asked for."""

from __future__ import annotations

from itertools import chain
from types import NoneType
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from kintone_orm.connection import connections
from kintone_orm.exceptions import FieldError
from kintone_orm.limits import RECORDS_PER_PAGE
from kintone_orm.models.modify import modify
from kintone_orm.models.reader import RecordIterator, Selection, count, read
from kintone_orm.models.refused import QUERYSET, refusing
from kintone_orm.models.rows import decode
from kintone_orm.models.workflow import WorkflowOfMany
from kintone_orm.models.writer import cut, delete_all, insert_all, update_all
from kintone_orm.query.compiler import compile_query
from kintone_orm.query.conditions import EVERYTHING, NOTHING, all_of
from kintone_orm.query.ordering import resolve_order, total_order
from kintone_orm.query.q import Q, Raw
from kintone_orm.query.resolve import resolve
from kintone_orm.query.rows import require_other_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import tzinfo

    from kintone_orm.connection import Connection
    from kintone_orm.models.base import Model
    from kintone_orm.query.compiler import OrderKey
    from kintone_orm.query.conditions import Condition

__all__ = ["QuerySet"]

M = TypeVar("M", bound="Model")

_SHOWN = 20


@refusing(QUERYSET)
class QuerySet(WorkflowOfMany[M]):
    """The records of a model that satisfy conditions, in an order: Django's QuerySet.

    Every method that narrows or orders returns a new queryset and sends nothing. Records are read
    when the queryset is iterated, indexed, or asked for its length or truth; those that were read
    to the end are kept. Names, lookups and values are checked at the call: FieldError.
    """

    __slots__ = (
        "_as_manager",
        "_backwards",
        "_cache",
        "_condition",
        "_order",
        "_start",
        "_stop",
        "_using",
        "model",
    )

    def __init__(self, model: type[M], *, as_manager: bool = False) -> None:
        self.model = model
        self._as_manager = as_manager
        self._using: Connection | str | None = None
        self._condition: Condition = EVERYTHING
        self._order: tuple[OrderKey, ...] | None = None  # None: Meta.ordering
        self._backwards = False
        self._start = 0
        self._stop: int | None = None
        self._cache: list[M] | None = None

    # -- narrowing and ordering ---------------------------------------------------------------

    def all(self) -> QuerySet[M]:
        """The same records, to be read afresh."""
        return self._clone()

    def none(self) -> QuerySet[M]:
        """No records, and no request ever."""
        return self._clone(condition=NOTHING)

    def using(self, using: Connection | str | None) -> QuerySet[M]:
        """The same records of another connection, given itself or by its alias."""
        clone = self._clone()
        clone._using = using
        return clone

    def filter(self, *args: Q | Raw, **kwargs: Any) -> QuerySet[M]:
        """The records that satisfy all of the conditions, as in ``filter(rank="A", n__lt=3)``.

        A comparison is never true of a blank: ``n__lt=3`` does not find blank numbers, ``n=None``
        does. `contains` is kintone's word search: whole words, or two characters of Japanese.
        """
        return self._narrowed(Q(*args, **kwargs), negated=False)

    def exclude(self, *args: Q | Raw, **kwargs: Any) -> QuerySet[M]:
        """The records that `filter` would not find: each record is in exactly one of the two."""
        return self._narrowed(Q(*args, **kwargs), negated=True)

    def order_by(self, *names: str) -> QuerySet[M]:
        """The records in the order of the fields, ``"-due"`` downwards; "id" decides ties.

        It replaces the order before; without names, the order is by id.
        """
        self._refuse_slice("reorder")
        clone = self._clone()
        clone._order = resolve_order(names, self.model._meta.find)
        clone._backwards = False
        return clone

    def reverse(self) -> QuerySet[M]:
        """The records in exactly the reverse order."""
        self._refuse_slice("reverse")
        clone = self._clone()
        clone._backwards = not self._backwards
        return clone

    # -- reading ------------------------------------------------------------------------------

    def __iter__(self) -> Iterator[M]:
        return self._stream_and_keep()

    def __len__(self) -> int:
        return len(self._fetched())

    def __bool__(self) -> bool:
        return bool(self._fetched())

    @overload
    def __getitem__(self, key: int) -> M: ...
    @overload
    def __getitem__(self, key: slice) -> QuerySet[M]: ...
    def __getitem__(self, key: int | slice) -> M | QuerySet[M]:
        bounds = (key.start, key.stop) if isinstance(key, slice) else (key,)
        if not all(isinstance(bound, (int, NoneType)) for bound in bounds):
            raise TypeError(f"QuerySet indices must be integers or slices, not {key!r}.")
        if any(bound is not None and bound < 0 for bound in bounds):
            raise ValueError("Negative indexing is not supported.")
        if isinstance(key, slice):
            if key.step is not None:
                # A list, as in Django; that rare case is left out of the types, as there.
                stepped: Any = list(self[key.start : key.stop])[:: key.step]
                return cast("QuerySet[M]", stepped)
            sliced = self._sliced(key.start or 0, key.stop)
            sliced._cache = None if self._cache is None else self._cache[key]
            return sliced
        found = list(self._sliced(key, key + 1) if self._cache is None else self._cache[key:][:1])
        if not found:
            raise IndexError(f"{self.model.__name__}: there is no row {key}.")
        return found[0]

    def iterator(self) -> RecordIterator[M]:
        """The records one after the other, page by page, none of them kept.

        A cursor that it may hold is closed at the end; who leaves early closes it with
        `close()` or a `with` block (a plain ``for`` that ends does so, too).
        """
        return RecordIterator(self._stream())

    def get(self, *args: Q, **kwargs: Any) -> M:
        """The one record that satisfies the conditions, in one request.

        Raises the model's DoesNotExist or MultipleObjectsReturned.
        """
        narrowed = self.filter(*args, **kwargs) if args or kwargs else self._clone()
        if narrowed._stop is None:
            narrowed = narrowed._sliced(0, 2)
        found = list(narrowed._stream())
        if len(found) == 1:
            return found[0]
        wanted = f"{self.model.__name__} with {narrowed._said()}"
        if not found:
            raise self.model.DoesNotExist(f"There is no {wanted}.")
        raise self.model.MultipleObjectsReturned(f"There is more than one {wanted}.")

    def first(self) -> M | None:
        """The first record, by id if no order is given; None if there is none."""
        return next(iter(self._cache if self._cache is not None else self[:1]), None)

    def last(self) -> M | None:
        """The last record, by id if no order is given; None if there is none."""
        if self._cache is not None:
            return self._cache[-1] if self._cache else None
        return self.reverse().first()

    def count(self) -> int:
        """How many records there are, in one request that carries none of them."""
        if self._cache is not None:
            return len(self._cache)
        if self._condition == NOTHING:
            return 0
        connection = self._connection()
        total = count(connection, self.model._meta.app_id(connection), self._condition)
        stop = total if self._stop is None else min(self._stop, total)
        return max(0, stop - self._start)

    def exists(self) -> bool:
        """Whether there is a record, in one request for one id."""
        if self._cache is not None:
            return bool(self._cache)
        return any(True for _ in self._sliced(0, 1)._pages(["$id"]))

    def in_bulk(self, ids: Iterable[Any] | None = None, *, field_name: str = "pk") -> dict[Any, M]:
        """The records by id, or by another unique field: ``{5: <City ...>}``.

        One request for 499 of them; those that do not exist are left out.
        MultipleObjectsReturned if the field allows duplicates in the app, and has them.
        """
        self._refuse_slice("use in_bulk() on")
        field = self.model._meta.get_field(field_name)
        if field is not self.model._meta.id_field and not field.unique:
            raise FieldError(f"in_bulk() needs a unique field, which {field} is not.")
        parts = [self.order_by()]
        if ids is not None:
            wanted = dict.fromkeys(ids)
            if None in wanted or "" in wanted:
                raise FieldError(f"in_bulk() finds no blanks, which are not unique: {field}.")
            # Room for one record more than there are values shows that they are not unique.
            parts = [
                self.filter(**{f"{field_name}__in": part}).order_by()[: len(part) + 1]
                for part in cut(wanted, RECORDS_PER_PAGE - 1)
            ]
        found: dict[Any, M] = {}
        for each in chain.from_iterable(part._stream() for part in parts):
            if found.setdefault(getattr(each, field.name), each) is not each:
                raise self.model.MultipleObjectsReturned(
                    f"{field} is not unique in the app: {found[getattr(each, field.name)]!r}, "
                    f"{each!r}."
                )
        return found

    # -- writing ------------------------------------------------------------------------------

    def create(self, **kwargs: Any) -> M:
        """A new record with these values, saved."""
        connection = self._connection()
        with connections.override(connection):  # naive datetimes are in its time zone
            instance = self.model(**kwargs)
        instance.save(using=connection)
        return instance

    def modify(self, pk: Any, change: Callable[[M], Any], *, attempts: int = 3) -> M:
        """The record `pk`, changed by ``change(instance)`` and saved; two requests.

        If somebody else writes it in between, it is read and changed again, up to `attempts`
        times; then the model's Conflict is raised. The revision is always checked. What `change`
        raises is raised, and nothing is saved. Raises the model's DoesNotExist.
        """
        return modify(self, pk, change, attempts=attempts)

    def bulk_create(self, objs: Iterable[M]) -> list[M]:
        """The new records, added in hundreds, twenty hundreds in a request that is atomic.

        They learn their id and revision. All are checked before the first request
        (ValidationError); BulkWriteError says what was written when a request fails half way.
        """
        instances = list(objs)
        for instance in instances:
            if not isinstance(instance, self.model) or not instance._state.adding:
                raise ValueError(f"bulk_create() takes new {self.model.__name__}s, not {instance}.")
        if len({id(instance) for instance in instances}) < len(instances):
            raise ValueError("bulk_create() was given the same object twice: it is one record.")
        insert_all(self.model._meta, instances, self._connection())
        return instances

    def update(self, **kwargs: Any) -> int:
        """How many records got these values; the last write wins.

        The ids are read first, then written, in hundreds, twenty hundreds in a request that is
        atomic. So a record that somebody changes in between is written all the same, and more
        than 2,000 records are not written all or nothing. BulkWriteError says what
        was written when a request fails half way.
        """
        self._refuse_slice("update")
        values = {name: self._assignable(name, value) for name, value in kwargs.items()}
        if not values:
            raise FieldError("update() needs at least one field=value.")
        ids = self._ids()
        update_all(self.model._meta, ids, values, self._connection())
        return len(ids)

    def delete(self) -> tuple[int, dict[str, int]]:
        """How many records were deleted, in all and by model, as Django says it.

        As `update`. `objects.delete()` does not exist: write `objects.all().delete()`.
        """
        if self._as_manager:
            raise AttributeError(
                f"To delete every record write {self.model.__name__}.objects.all().delete()."
            )
        self._refuse_slice("delete")
        ids = self._ids()
        delete_all(self.model._meta, ids, self._connection())
        return len(ids), ({self.model._meta.label: len(ids)} if ids else {})

    # -- about itself -------------------------------------------------------------------------

    @property
    def query(self) -> str:
        """The query that kintone is sent; the limit and the offset of pages come on top."""
        if self._condition == NOTHING:
            return "(no record: nothing is sent)"
        limit = None if self._stop is None else self._stop - self._start
        return compile_query(
            self._condition, order=self._total_order(), limit=limit, offset=self._start
        )

    @property
    def ordered(self) -> bool:
        """Whether there is an order besides the id's."""
        return bool(self._order if self._order is not None else self.model._meta.ordering)

    def __repr__(self) -> str:
        name = f"<QuerySet of {self.model.__name__}"
        if self._cache is None:
            return f"{name}: {self.query} (not fetched)>"
        shown = ", ".join(map(repr, self._cache[:_SHOWN]))
        more = ", ..." if len(self._cache) > _SHOWN else ""
        return f"{name}: [{shown}{more}]>"

    # -- inside -------------------------------------------------------------------------------

    def _clone(self, *, condition: Condition | None = None) -> QuerySet[M]:
        clone = type(self)(self.model)
        clone._using = self._using
        clone._condition = self._condition if condition is None else condition
        clone._order = self._order
        clone._backwards = self._backwards
        clone._start = self._start
        clone._stop = self._stop
        return clone

    def _sliced(self, start: int, stop: int | None) -> QuerySet[M]:
        clone = self._clone()
        clone._start = self._start + start
        ends = [self._stop, None if stop is None else self._start + max(start, stop)]
        clone._stop = min((end for end in ends if end is not None), default=None)
        return clone

    def _narrowed(self, q: Q, *, negated: bool) -> QuerySet[M]:
        self._refuse_slice("filter")
        if not q:
            return self._clone()
        condition = resolve(q, self.model._meta.find, zone=self._zone, negated=negated)
        require_other_tables(self._condition, condition)
        return self._clone(condition=all_of([self._condition, condition]))

    def _refuse_slice(self, what: str) -> None:
        if self._start or self._stop is not None:
            raise TypeError(f"Cannot {what} a query once a slice has been taken.")

    def _connection(self) -> Connection:
        return connections.resolve(self._using, default=self.model._meta.using)

    def _zone(self) -> tzinfo | None:
        return self._connection().timezone

    def _total_order(self) -> tuple[OrderKey, ...]:
        order = self.model._meta.default_order if self._order is None else self._order
        return total_order(order, backwards=self._backwards)

    def _pages(self, codes: list[str]) -> Iterator[list[dict[str, Any]]]:
        empty = self._stop is not None and self._stop <= self._start
        if self._condition == NOTHING or empty:
            return iter(())
        connection = self._connection()
        selection = Selection(
            app=self.model._meta.app_id(connection),
            condition=self._condition,
            order=self._total_order(),
            fields=codes,
            start=self._start,
            stop=self._stop,
        )
        return read(connection, selection)

    def _stream(self) -> Iterator[M]:
        connection = self._connection()
        for page in self._pages(self.model._meta.codes):
            yield from decode(self.model, page, connection)

    def _stream_and_keep(self) -> Iterator[M]:
        # Looked at only now: list() asks for an iterator first, and then for the length.
        if self._cache is not None:
            yield from self._cache
            return
        kept = []
        for instance in self._stream():
            kept.append(instance)
            yield instance
        self._cache = kept

    def _fetched(self) -> list[M]:
        if self._cache is None:
            self._cache = list(self._stream())
        return self._cache

    def _ids(self) -> list[int]:
        by_id = self.order_by()
        return [int(r["$id"]["value"]) for page in by_id._pages(["$id"]) for r in page]

    def _assignable(self, name: str, value: Any) -> Any:
        field = self.model._meta.get_field(name)
        if not field.writable:
            raise FieldError(field.why_read_only())
        return field.coerce(value, self._zone)

    def _said(self) -> str:
        return compile_query(self._condition) or "any value"
