"""Query: a description of the records to read and of the way to read them.

A query is an immutable value. It holds the condition, the order, the slice, and the shape of a row.
It sends no request and knows no connection. The time zone, the app's id and the domain are
arguments of the methods that need them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, Protocol

from kintone_orm.exceptions import FieldError, NotSupportedError
from kintone_orm.limits import RECORDS_PER_PAGE
from kintone_orm.models.ground.fetch_modes import FetchMode
from kintone_orm.models.reading.exact_texts import require_possible
from kintone_orm.models.reading.projection import stored_fields
from kintone_orm.models.reading.selection import Selection
from kintone_orm.models.record.row_shapes import Instances, Values
from kintone_orm.models.relations.prefetch import holders, plan, require_single
from kintone_orm.query.compiler import compile_query
from kintone_orm.query.conditions import EVERYTHING, NOTHING, all_of, is_nothing
from kintone_orm.query.ordering import resolve_order, total_order
from kintone_orm.query.resolve import resolve
from kintone_orm.query.table_conditions import require_other_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import tzinfo

    from typing_extensions import TypeVar

    from kintone_orm.models.record.instance import Instance
    from kintone_orm.models.record.row_shapes import Shape
    from kintone_orm.models.relations.prefetch import Branches, Prefetch
    from kintone_orm.query.compiler import OrderKey
    from kintone_orm.query.conditions import Condition
    from kintone_orm.query.planner import Paging
    from kintone_orm.query.q import Q

    M = TypeVar("M", bound="Instance", default=Any)
else:
    from typing import TypeVar

    M = TypeVar("M")

__all__ = ["Query", "Surroundings"]

WHOLE = Instances()


class Surroundings(Protocol):
    """Facts about the connection that a condition may depend on; asked for only when needed."""

    def zone(self) -> tzinfo | None:
        """Return the time zone of naive datetimes; None for UTC."""
        ...

    def may_be_short(self, code: str) -> bool:
        """Return True if the field may be so short that kintone compares its whole text."""
        ...


@dataclass(frozen=True, eq=False)
class Query(Generic[M]):
    """The records of `model` that satisfy `condition`, and how they are read.

    `order` is None for the order of the model's Meta; `backwards` reverses it. `start` and `stop`
    limit a slice. `shape` is the form of a row. `selected` and `prefetched` are the relations of
    `select_related` and `prefetch_related`. `zones` are the time zones for which conditions were
    made.

    Each method that changes the query returns a new one. Equal queries read the same records in the
    same way.
    """

    model: type[M]
    condition: Condition = EVERYTHING
    order: tuple[OrderKey, ...] | None = None
    backwards: bool = False
    start: int = 0
    stop: int | None = None
    shape: Shape = WHOLE
    selected: tuple[str, ...] = ()
    prefetched: tuple[str | Prefetch, ...] = ()
    zones: tuple[tzinfo | None, ...] = ()

    # -- about itself -------------------------------------------------------------------------

    @property
    def meta(self) -> Any:
        """The `_meta` of the model."""
        model: Any = self.model
        return model._meta

    @property
    def finds_nothing(self) -> bool:
        """True if no record can be in the result, so that reading needs no request."""
        is_empty_slice = self.stop is not None and self.stop <= self.start
        return is_empty_slice or is_nothing(self.condition)

    @property
    def is_sliced(self) -> bool:
        """True if the query is a slice."""
        return bool(self.start) or self.stop is not None

    @property
    def is_everything(self) -> bool:
        """True if the query finds every record of the model."""
        return self.condition == EVERYTHING and not self.is_sliced

    @property
    def is_whole(self) -> bool:
        """True if the query reads every record with every field, without related records."""
        return self.is_everything and self.shape == WHOLE and not self.related

    @property
    def is_ordered(self) -> bool:
        """True if an order is set, by the query or by the model's Meta."""
        return bool(self.meta.ordering if self.order is None else self.order)

    @property
    def total_order(self) -> tuple[OrderKey, ...]:
        """The keys of the order. The last key is `$id`, so the order is the same each time."""
        keys = self.meta.default_order if self.order is None else self.order
        return total_order(keys, backwards=self.backwards)

    @property
    def related(self) -> tuple[str | Prefetch, ...]:
        """The selected and prefetched relations."""
        return (*self.selected, *self.prefetched)

    def branches(self) -> Branches:
        """Return the relations to read after each page; only instances have relations."""
        return plan(self.model, self.related) if isinstance(self.shape, Instances) else {}

    def rows_to_read(self) -> tuple[Branches, Shape]:
        """Return the relations to read after each page, and the shape with their key fields."""
        branches, shape = self.branches(), self.shape
        if isinstance(shape, Instances):
            for name in holders(branches):
                shape = shape.including(name)
        return branches, shape

    def require_unsliced(self, action: str) -> None:
        """Raise TypeError if the query is a slice, on which `action` is impossible."""
        if self.start or self.stop is not None:
            raise TypeError(f"Cannot {action} a query once a slice has been taken.")

    def instances(self, method: str) -> Instances:
        """Return the shape of instances; TypeError, which names `method`, for another shape."""
        if not isinstance(self.shape, Instances):
            raise TypeError(f"Cannot call {method}() after .values() or .values_list().")
        return self.shape

    def condition_in_words(self) -> str:
        """Return the condition in words, as the end of "There is no City..."."""
        if is_nothing(self.condition):
            return ", as no record can satisfy the conditions: kintone was not asked"
        return f" with {compile_query(self.condition) or 'any value'}"

    # -- which records ------------------------------------------------------------------------

    def narrow(self, q: Q, at: Surroundings, *, negated: bool = False) -> Query[M]:
        """Return a query for the records of this query that also satisfy `q`.

        With `negated`, the records must not satisfy `q`. FieldError for names, lookups and values
        that do not fit the model; NotSupportedError for a condition that kintone cannot answer
        exactly; TypeError after a slice.
        """
        self.require_unsliced("filter")
        if not q:
            return self
        zones = self.zones

        def zone() -> tzinfo | None:
            nonlocal zones
            zones += (at.zone(),)
            return zones[-1]

        condition = resolve(q, self.model._meta.find, zone=zone, negated=negated)
        require_possible(condition, at.may_be_short)
        if self.condition is not EVERYTHING:
            require_other_tables(self.condition, condition)
            condition = all_of([self.condition, condition])
        return self._with(condition=condition, zones=zones)

    def nothing(self) -> Query[M]:
        """Return a query without records, with the same order and shape."""
        return self._with(condition=NOTHING)

    def combine(
        self,
        other: Query[M],
        join: Callable[[Iterable[Condition]], Condition],
        at: Surroundings,
    ) -> Query[M]:
        """Return a query for the records of both queries, joined by `all_of` or by `any_of`.

        The order is that of `other` if `other` sets an order, otherwise that of this query.
        TypeError for queries of two models and after a slice.
        """
        if self.model is not other.model:
            raise TypeError(
                "Cannot combine queries on two different models: "
                f"{self.model.__name__} and {other.model.__name__}."
            )
        self.require_unsliced("combine")
        other.require_unsliced("combine")
        if join is all_of:
            require_other_tables(self.condition, other.condition)
        condition = join([self.condition, other.condition])
        require_possible(condition, at.may_be_short)
        ordered = self if other.order is None else other
        return self._with(
            condition=condition,
            zones=self.zones + other.zones,
            order=ordered.order,
            backwards=ordered.backwards,
        )

    def slice(self, start: int, stop: int | None) -> Query[M]:
        """Return a query for this query's rows from `start` up to `stop` (None: to the end)."""
        first, end = self.start + start, self.stop
        if stop is not None and (end is None or self.start + stop < end):
            end = self.start + stop
        return self._with(start=first, stop=None if end is None else max(first, end))

    # -- in which order -----------------------------------------------------------------------

    def order_by(self, names: Iterable[str]) -> Query[M]:
        """Return a query ordered by these fields; without names, by id. TypeError after a slice."""
        self.require_unsliced("reorder")
        return self._with(
            order=resolve_order(names, self.model._meta.find_to_sort), backwards=False
        )

    def reverse(self) -> Query[M]:
        """Return a query in exactly the reverse order; TypeError after a slice."""
        self.require_unsliced("reverse")
        return self._with(backwards=not self.backwards)

    # -- what a row is ------------------------------------------------------------------------

    def only(self, names: Iterable[str]) -> Query[M]:
        """Return a query of instances that load these fields and defer the others."""
        shape = self.instances("only")
        return self._with(shape=shape.only(frozenset(stored_fields(self.meta, "only", names))))

    def defer(self, names: Sequence[str | None]) -> Query[M]:
        """Return a query of instances that defer these fields too; ``(None,)`` loads all fields."""
        shape = self.instances("defer")
        if tuple(names) == (None,):
            return self._with(shape=shape.whole())
        named = stored_fields(self.meta, "defer", (name for name in names if name is not None))
        return self._with(shape=shape.defer(frozenset(named)))

    def including(self, name: str) -> Query[M]:
        """Return a query of instances that load this field as well."""
        return self._with(shape=self.instances("prefetch_related").including(name))

    def fetch_mode(self, mode: FetchMode) -> Query[M]:
        """Return a query of instances that use this mode to fetch values that are not loaded."""
        if not isinstance(mode, FetchMode):
            raise TypeError(
                f"fetch_mode() takes FETCH_PEERS, FETCH_ONE or FETCH_RAISE, not {mode!r}."
            )
        return self._with(shape=replace(self.instances("fetch_mode"), fetch_mode=mode))

    def select_related(self, names: Sequence[str | None]) -> Query[M]:
        """Return a query that also reads the related record of each of the relations `names`."""
        self.instances("select_related")
        if tuple(names) == (None,):
            return self._with(selected=())
        if not names:
            relations = ", ".join(self.meta.relations) or "none"
            raise NotSupportedError(
                "select_related() needs the names of relations, because each relation costs "
                f"requests. The relations of {self.model.__name__}: {relations}."
            )
        paths: Any = tuple(names)
        require_single(self.model, paths)
        return self._with(selected=(*self.selected, *paths))

    def prefetch_related(self, lookups: Sequence[str | Prefetch | None]) -> Query[M]:
        """Return a query of instances with all related records of these relations."""
        self.instances("prefetch_related")
        if tuple(lookups) == (None,):
            return self._with(prefetched=())
        added: Any = tuple(lookups)
        wider = self._with(prefetched=(*self.prefetched, *added))
        wider.branches()  # this raises FieldError for an unknown relation
        return wider

    def values(self, method: str, names: Iterable[str], form: str) -> Query[M]:
        """Return a query of these fields' values instead of instances.

        Without names, the values are the id and every field. `form` is one of "dict", "tuple",
        "named" and "flat"; `method` is named in errors.
        """
        chosen = stored_fields(self.meta, method, names) or [
            "id",
            *(name for name, field in self.meta.fields.items() if field.has_value),
        ]
        return self._with(shape=Values(tuple(chosen), form))

    # -- as requests --------------------------------------------------------------------------

    def compile(self) -> str:
        """Return the query in kintone's language; reading adds each page's limit and offset.

        An inner query that is not read yet appears as a placeholder. A query that no record can
        satisfy compiles to a text that finds no records.
        """
        limit = None if self.stop is None else self.stop - self.start
        return compile_query(self.condition, order=self.total_order, limit=limit, offset=self.start)

    def plan(
        self,
        *,
        app: int,
        zone: tzinfo | None,
        domain: object,
        codes: Sequence[str] | None = None,
        size: int = RECORDS_PER_PAGE,
        paging: Paging | None = None,
        has_cursors: bool = True,
    ) -> Selection | None:
        """Return the selection to read from the app with the id `app`; None if it would be empty.

        `codes` are the fields to read, by default those of the shape. FieldError if the conditions
        were made for another time zone than `zone`, the time zone of `domain`. NotSupportedError
        for an impossible slice or `paging` (see `Selection`).
        """
        if self.finds_nothing:
            return None
        self.require_zone(zone, domain)
        return Selection(
            app=app,
            condition=self.condition,
            order=self.total_order,
            fields=self.rows_to_read()[1].codes(self.meta) if codes is None else codes,
            start=self.start,
            stop=self.stop,
            size=size,
            paging=paging,
            has_cursors=has_cursors,
        )

    def require_zone(self, zone: tzinfo | None, domain: object) -> None:
        """Raise FieldError if a condition was made for another time zone than that of `domain`."""
        for made_for in self.zones:
            if made_for != zone:
                raise FieldError(
                    f"A filter of {self.model.__name__} has days or naive datetimes in the time "
                    f"zone {made_for or 'UTC'}, but the time zone of {domain!r} is "
                    f"{zone or 'UTC'}. Call filter() after using() or inside override(), or use "
                    "aware datetimes."
                )

    # -- equality -----------------------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Query):
            return NotImplemented
        return self is other or (
            self._identity() == other._identity()
            and self.zones == other.zones
            and list(map(_followed, self.prefetched)) == list(map(_followed, other.prefetched))
        )

    def __hash__(self) -> int:
        return hash(self._identity())

    def _identity(self) -> tuple[object, ...]:
        """Return the parts for the hash, without `zones`: some time zones have no hash."""
        return (
            self.model,
            self.condition,
            self.order,
            self.backwards,
            self.start,
            self.stop,
            self.shape,
            self.selected,
        )

    # -- inside -------------------------------------------------------------------------------

    def _with(self, **changes: object) -> Query[M]:
        """Return a copy with these changes, made much faster than by `dataclasses.replace`."""
        copy: Query[M] = object.__new__(Query)
        object.__setattr__(copy, "__dict__", self.__dict__ | changes)
        return copy


def _followed(lookup: str | Prefetch) -> object:
    """Return a form of the lookup in which equal Prefetch objects compare as equal."""
    if isinstance(lookup, str):
        return lookup
    return (lookup.lookup, lookup.to_attr, lookup.query)
