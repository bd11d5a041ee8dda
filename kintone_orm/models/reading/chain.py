"""Chain: which records, and in which order; nothing here sends a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic

from kintone_orm.connection import connections
from kintone_orm.exceptions import FieldError
from kintone_orm.models.reading.exact_texts import require_possible
from kintone_orm.models.record.row_shapes import Instances, Shape
from kintone_orm.query.compiler import compile_query
from kintone_orm.query.conditions import EVERYTHING, NOTHING, all_of, any_of
from kintone_orm.query.ordering import resolve_order, total_order
from kintone_orm.query.q import Q, Raw
from kintone_orm.query.resolve import resolve
from kintone_orm.query.table_conditions import require_other_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import tzinfo
    from weakref import ref

    from typing_extensions import Self, TypeVar

    from kintone_orm.connection import Connection
    from kintone_orm.models.base import Model
    from kintone_orm.models.relations.backward import Referred
    from kintone_orm.models.relations.prefetch import Prefetch
    from kintone_orm.query.compiler import OrderKey
    from kintone_orm.query.conditions import Condition

    M = TypeVar("M", bound="Model")
    R = TypeVar("R", default=M)
else:
    from typing import TypeVar

    M = TypeVar("M")
    R = TypeVar("R")

__all__ = ["Chain", "M", "R"]

_WHOLE = Instances()


class Chain(Generic[M, R]):
    """The part of a queryset that narrows and orders: each call gives a new queryset."""

    __slots__ = (
        "__weakref__",
        "_as_manager",
        "_backwards",
        "_cache",
        "_condition",
        "_handed_out",
        "_order",
        "_prefetched",
        "_referred",
        "_selected",
        "_shape",
        "_start",
        "_stop",
        "_using",
        "_zones",
        "model",
    )

    def __init__(self, model: type[M], *, using: Connection | str | None = None) -> None:
        self.model = model
        self._using = using
        self._as_manager = False
        self._handed_out: ref[Any] | None = None  # of a manager: what iterates over it now
        self._condition: Condition = EVERYTHING
        self._order: tuple[OrderKey, ...] | None = None  # None: Meta.ordering
        self._backwards = False
        self._start = 0
        self._stop: int | None = None
        self._shape: Shape = _WHOLE
        self._selected: tuple[str, ...] = ()
        self._prefetched: tuple[str | Prefetch, ...] = ()
        self._referred: Referred | None = None
        self._zones: tuple[tzinfo | None, ...] = ()  # that conditions were made for
        self._cache: list[R] | None = None

    def __class_getitem__(cls, item: Any) -> type[Self]:
        return cls  # the row's type may be left out, which Generic does not know before 3.13

    # -- which records ------------------------------------------------------------------------

    def all(self) -> Self:
        """The same records, to be read afresh; of prefetched ones, those that were read."""
        clone = self._clone()
        clone._cache = self._kept() if self._as_manager else None
        return clone

    def none(self) -> Self:
        """No records, and no request ever."""
        clone = self._clone()
        clone._condition = NOTHING
        return clone

    def using(self, using: Connection | str | None) -> Self:
        """The same records of another connection, given itself or by its alias."""
        clone = self._clone()
        clone._using = using
        return clone

    def filter(self, *args: Q | Raw, **kwargs: Any) -> Self:
        """The records that satisfy all of the conditions, as in ``filter(rank="A", n__lt=3)``.

        A comparison is never true of a blank: ``n__lt=3`` does not find blank numbers, ``n=None``
        does. `contains` is kintone's word search: whole words, or two characters of Japanese.
        """
        return self._narrowed(Q(*args, **kwargs), negated=False)

    def exclude(self, *args: Q | Raw, **kwargs: Any) -> Self:
        """The records that `filter` would not find: each record is in exactly one of the two."""
        return self._narrowed(Q(*args, **kwargs), negated=True)

    def raw(self, where: str) -> Self:
        """The records that satisfy a condition in kintone's own language: ``filter(Raw(where))``.

        Anything but a condition, and values that are quoted: see `Raw`.
        """
        return self.filter(Raw(where))

    def complex_filter(self, conditions: Q | Raw | Mapping[str, Any]) -> Self:
        """`filter` by a Q or a Raw, or by a mapping of conditions."""
        if isinstance(conditions, Mapping):
            return self.filter(**conditions)
        return self.filter(conditions)

    def __and__(self, other: Self) -> Self:
        if not isinstance(other, Chain):
            return NotImplemented
        require_other_tables(self._condition, other._condition)
        return self._combined(other, all_of)

    def __or__(self, other: Self) -> Self:
        return self._combined(other, any_of) if isinstance(other, Chain) else NotImplemented

    # -- in which order -----------------------------------------------------------------------

    def order_by(self, *names: str) -> Self:
        """The records in the order of the fields, ``"-due"`` downwards; "id" decides ties.

        It replaces the order before; without names, the order is by id.
        """
        self._refuse_slice("reorder")
        clone = self._clone()
        clone._order = resolve_order(names, self.model._meta.find_to_sort)
        clone._backwards = False
        return clone

    def reverse(self) -> Self:
        """The records in exactly the reverse order."""
        self._refuse_slice("reverse")
        clone = self._clone()
        clone._backwards = not self._backwards
        return clone

    @property
    def ordered(self) -> bool:
        """Whether there is an order besides the id's."""
        return bool(self._order if self._order is not None else self.model._meta.ordering)

    # -- about itself -------------------------------------------------------------------------

    @property
    def query(self) -> str:
        """The query that kintone is sent; the limit and the offset of pages come on top.

        Of a queryset that no record can satisfy, which sends nothing, it is one that finds none.
        """
        limit = None if self._stop is None else self._stop - self._start
        return compile_query(
            self._condition, order=self._total_order(), limit=limit, offset=self._start
        )

    @property
    def db(self) -> str:
        """The alias of the connection that is meant."""
        return self._connection().alias

    def __copy__(self) -> Self:
        return self._clone()

    def __deepcopy__(self, memo: object) -> Self:
        return self._clone()

    # -- inside -------------------------------------------------------------------------------

    def _clone(self) -> Self:
        clone = object.__new__(type(self))
        clone.model = self.model
        clone._using = self._using
        clone._as_manager = False
        clone._handed_out = None
        clone._condition = self._condition
        clone._order = self._order
        clone._backwards = self._backwards
        clone._start = self._start
        clone._stop = self._stop
        clone._shape = self._shape
        clone._selected = self._selected
        clone._prefetched = self._prefetched
        clone._referred = self._referred
        clone._zones = self._zones
        clone._cache = None
        return clone

    def _kept(self) -> list[R] | None:
        """The rows that are there already: of a manager, those that its record was given."""
        if not self._as_manager:
            return self._cache
        return None if self._referred is None else self._referred.prefetched()

    def _sliced(self, start: int, stop: int | None) -> Self:
        clone = self._clone()
        clone._start = self._start + start
        ends = [self._stop, None if stop is None else self._start + stop]
        end = min((end for end in ends if end is not None), default=None)
        clone._stop = None if end is None else max(clone._start, end)
        return clone

    def _narrowed(self, q: Q, *, negated: bool) -> Self:
        self._refuse_slice("filter")
        clone = self._clone()
        if q:
            zones = list(self._zones)

            def zone() -> tzinfo | None:
                zones.append(self._zone())
                return zones[-1]

            condition = resolve(q, self.model._meta.find, zone=zone, negated=negated)
            require_other_tables(self._condition, condition)
            require_possible(condition, self.model._meta, self._connection)
            clone._condition = all_of([self._condition, condition])
            clone._zones = tuple(zones)
        return clone

    def _combined(self, other: Self, join: Callable[[Iterable[Condition]], Condition]) -> Self:
        if self.model is not other.model:
            raise TypeError(
                "Cannot combine queries on two different models: "
                f"{self.model.__name__} and {other.model.__name__}."
            )
        for side in (self, other):
            side._refuse_slice("combine")
        if self._using != other._using and self._connection() is not other._connection():
            raise TypeError(
                f"Cannot combine queries on two connections: {self.db!r} and {other.db!r}."
            )
        clone = self._clone()
        clone._condition = join([self._condition, other._condition])
        require_possible(clone._condition, self.model._meta, self._connection)
        clone._zones = self._zones + other._zones
        if other._order is not None:
            clone._order, clone._backwards = other._order, other._backwards
        return clone

    def _refuse_slice(self, what: str) -> None:
        if self._start or self._stop is not None:
            raise TypeError(f"Cannot {what} a query once a slice has been taken.")

    def _connection(self) -> Connection:
        return connections.resolve(self._using, default=self.model._meta.using)

    def _connection_to_read(self) -> Connection:
        """The connection; FieldError if its days are not those that a filter was made for."""
        connection = self._connection()
        for zone in self._zones:
            if zone != connection.timezone:
                raise FieldError(
                    f"A filter of {self.model.__name__} was made for days and naive datetimes in "
                    f"{zone or 'UTC'}, but the timezone of {connection!r} is "
                    f"{connection.timezone or 'UTC'}: filter after using(), inside override(), or "
                    "by aware datetimes."
                )
        return connection

    def _zone(self) -> tzinfo | None:
        return self._connection().timezone

    def _total_order(self) -> tuple[OrderKey, ...]:
        order = self.model._meta.default_order if self._order is None else self._order
        return total_order(order, backwards=self._backwards)
