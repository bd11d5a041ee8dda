"""QuerySet: the records of a model, narrowed step by step, then read or written, as in Django.

This file is the whole interface. Each method calls the `Query` (`reading/query.py`), which says
which records to read, or a function of `reading/`, `writing/` or `around/`, which sends the
requests.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, overload

from kintone_orm.connection import connections
from kintone_orm.models import writing
from kintone_orm.models.around.permissions import permissions_of, require_user
from kintone_orm.models.around.workflow import Step, act, act_on_instances
from kintone_orm.models.definition.base_manager import BaseManager
from kintone_orm.models.ground.refused import QUERYSET, refusing
from kintone_orm.models.reading.destination import Destination
from kintone_orm.models.reading.in_bulk import read_in_bulk
from kintone_orm.models.reading.pages import RecordIterator
from kintone_orm.models.reading.pickling import STATE_NAMES, query_from, query_state
from kintone_orm.models.reading.planning.read_options import DEFAULTS, read_options, require_rows
from kintone_orm.models.reading.results import NOBODY, ManagerResults, Results
from kintone_orm.models.reading.running import (
    count_records,
    explain_query,
    has_record,
    ids_to_write,
    read_ids,
    read_rows,
    record_exists,
    settle,
)
from kintone_orm.models.reading.subqueries import Subquery, shown, subquery
from kintone_orm.models.record.row_shapes import Instances
from kintone_orm.query.conditions import Source, all_of, any_of, is_nothing
from kintone_orm.query.q import Q, Raw

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from typing import Literal

    from typing_extensions import Self, TypeVar

    from kintone_orm.connection import Connection
    from kintone_orm.fields import User
    from kintone_orm.models.around.permissions import Permissions
    from kintone_orm.models.around.process_settings import Action
    from kintone_orm.models.base import Model
    from kintone_orm.models.ground.fetch_modes import FetchMode
    from kintone_orm.models.reading.explain import Explanation
    from kintone_orm.models.reading.planning.read_options import ReadOptions
    from kintone_orm.models.reading.query import Query
    from kintone_orm.models.reading.results import Owner
    from kintone_orm.models.record.row_shapes import NamedRow
    from kintone_orm.models.relations.prefetch import Prefetch
    from kintone_orm.query.planner import Paging

    M = TypeVar("M", bound="Model")
    R = TypeVar("R", default=M)
else:
    from typing import TypeVar

    M = TypeVar("M")
    R = TypeVar("R")

__all__ = ["QuerySet"]

_SHOWN = 20  # a repr shows this many rows


@refusing(QUERYSET)
class QuerySet(Source, Generic[M, R]):
    """The records of a model that satisfy conditions, in an order: Django's QuerySet.

    Every method that narrows, orders or picks returns a new queryset and sends nothing. Records are
    read when the queryset is iterated, indexed, or asked for its length or truth. They are kept
    once they were read to the end. A wrong name, lookup or value raises FieldError at the call.

    A queryset that a manager handed out, such as `Order.objects` or ``customer.orders``, keeps no
    records: it reads them again each time.
    """

    __slots__ = ("__weakref__", "_owner", "_query", "_results", "_to")

    _query: Query[M]
    _to: Destination
    # The record that related records belong to, such as the customer of ``customer.orders``.
    _owner: Owner
    # The rows, or None until a row is asked for.
    _results: Results[R] | ManagerResults[R] | None

    def __init__(self, model: type[M], *, using: Connection | str | None = None) -> None:
        meta = model._meta
        self._query = meta.everything
        self._to = meta.destination if using is None else Destination(meta, using)
        self._owner = NOBODY
        self._results = None

    def __class_getitem__(cls, item: object) -> type[Self]:
        return cls  # allows QuerySet[Model]: before Python 3.13, Generic requires both types

    @classmethod
    def as_manager(cls) -> BaseManager[Self]:
        """Return a manager that hands out querysets of this class.

        Write ``objects = BookQuerySet.as_manager()`` in a model.
        """
        return BaseManager.from_queryset(cls)()

    @property
    def model(self) -> type[M]:
        """The model of the records."""
        return self._query.model

    # -- which records ------------------------------------------------------------------------

    def all(self) -> Self:
        """Return the same records, to be read again.

        Related records that were prefetched, such as ``customer.orders.all()``, are kept.
        """
        clone = self._clone()
        if self._results is not None:
            clone._results = self._results.anew()
        return clone

    def none(self) -> Self:
        """Return a queryset without records, which never sends a request."""
        return self._asking(self._query.nothing())

    def using(self, using: Connection | str | None) -> Self:
        """Return the same records of another connection, given as an object or by its alias."""
        clone = self._clone()
        clone._to = Destination(self.model._meta, using)
        return clone

    def filter(self, *args: Q | Raw, **kwargs: Any) -> Self:
        """Return the records that satisfy all conditions: ``filter(rank="A", n__lt=3)``.

        A comparison does not find blanks: ``n__lt=3`` does not find blank numbers, ``n=None`` does.
        `contains` is kintone's word search: whole words, or two characters of Japanese. FieldError
        for a name, a lookup or a value that does not fit; NotSupportedError for a condition that
        kintone cannot answer exactly; TypeError after a slice.
        """
        return self._asking(self._query.narrow(Q(*args, **kwargs), self._to))

    def exclude(self, *args: Q | Raw, **kwargs: Any) -> Self:
        """Return the records that `filter` would not find, with the same errors.

        With the same conditions, each record is in exactly one of the two querysets.
        """
        return self._asking(self._query.narrow(Q(*args, **kwargs), self._to, negated=True))

    def raw(self, where: str) -> Self:
        """Return the records that satisfy a condition in kintone's own query language.

        It does the same as ``filter(Raw(where))``; `Raw.format` quotes values. FieldError for a
        text that is not one whole condition.
        """
        return self.filter(Raw(where))

    def complex_filter(self, conditions: Q | Raw | Mapping[str, Any]) -> Self:
        """Return what `filter` returns for a Q, a Raw, or a mapping of names to values."""
        if isinstance(conditions, Mapping):
            return self.filter(**conditions)
        return self.filter(conditions)

    def __and__(self, other: Self) -> Self:
        """Return the records that both querysets find."""
        return self._combined(other, all_of) if isinstance(other, QuerySet) else NotImplemented

    def __or__(self, other: Self) -> Self:
        """Return the records that at least one of the two querysets finds."""
        return self._combined(other, any_of) if isinstance(other, QuerySet) else NotImplemented

    # -- in which order -----------------------------------------------------------------------

    def order_by(self, *names: str) -> Self:
        """Return the records in the order of the fields; ``"-due"`` sorts downwards.

        The id decides between equal records. The call replaces an earlier order; without names the
        order is by id. FieldError for a field that kintone cannot sort by; TypeError after a slice.
        """
        return self._asking(self._query.order_by(names))

    def reverse(self) -> Self:
        """Return the records in exactly the reverse order; TypeError after a slice."""
        return self._asking(self._query.reverse())

    @property
    def ordered(self) -> bool:
        """True if an order is set, by the queryset or by the model's Meta."""
        return self._query.is_ordered

    # -- what is read of them -----------------------------------------------------------------

    def only(self, *names: str) -> Self:
        """Return instances with these fields, `id` and `revision` loaded; the others are deferred.

        The first access to a deferred field fetches all deferred fields, for every record of the
        page, in one request. Another call replaces the names. FieldError for a name that is not a
        stored field.
        """
        return self._asking(self._query.only(names))

    def defer(self, *names: str | None) -> Self:
        """Return instances without these fields, which are fetched together at the first access.

        Another call adds names; ``defer(None)`` loads every field again. FieldError for a name that
        is not a stored field.
        """
        return self._asking(self._query.defer(names))

    def fetch_mode(self, mode: FetchMode) -> Self:
        """Return instances that fetch related records and deferred fields in this mode.

        ``FETCH_PEERS``, the default, fetches for every record of the page at the first access.
        ``FETCH_ONE`` fetches for the one record that is read. ``FETCH_RAISE`` does not fetch; the
        access raises FieldFetchBlocked. TypeError for any other value.
        """
        return self._asking(self._query.fetch_mode(mode))

    def select_related(self, *names: str | None) -> Self:
        """Return instances together with the records that their `RelatedRecord` fields lead to.

        kintone has no joins: each page of records is followed by one request for each hundred
        distinct keys that no earlier page had. A path such as ``"customer__region"`` follows
        further relations. Another call adds names; ``select_related(None)`` removes them all.
        NotSupportedError without names, because each relation costs requests; FieldError for a name
        that is not a relation to one record.
        """
        return self._asking(self._query.select_related(names))

    def prefetch_related(self, *lookups: str | Prefetch | None) -> Self:
        """Return instances together with the related records that the lookups name, one or many.

        A lookup is a name, a path such as ``"orders__lines"``, or a `Prefetch`. Each page of
        records is followed by one request for each hundred distinct keys, and by more requests if a
        hundred keys have over five hundred records. Another call adds lookups;
        ``prefetch_related(None)`` removes them all. FieldError for a name that is not a relation.
        """
        return self._asking(self._query.prefetch_related(lookups))

    def values(self, *names: str) -> QuerySet[M, dict[str, Any]]:
        """Return dicts of Python values instead of instances; only these fields are read.

        The names may include "id", "pk" and "revision". Without names, the dicts have the id and
        every field. FieldError for a name that is not a stored field.
        """
        return self._of_values("values", names, "dict")

    @overload
    def values_list(self, *names: str, flat: Literal[True]) -> QuerySet[M, Any]: ...
    @overload
    def values_list(
        self, *names: str, flat: Literal[False] = False, named: Literal[True]
    ) -> QuerySet[M, NamedRow]: ...
    @overload
    def values_list(
        self, *names: str, flat: Literal[False] = False, named: Literal[False] = False
    ) -> QuerySet[M, tuple[Any, ...]]: ...
    @overload
    def values_list(
        self, *names: str, flat: bool = False, named: bool = False
    ) -> QuerySet[M, Any]: ...
    def values_list(self, *names: str, flat: bool = False, named: bool = False) -> QuerySet[M, Any]:
        """Return tuples of Python values instead of instances, in the order of the names.

        With `named`, the tuples are named; with `flat`, and one name, the rows are the values
        themselves. TypeError for both options together, and for `flat` with several names;
        FieldError as for `values`.
        """
        if flat and named:
            raise TypeError("'flat' and 'named' can't be used together.")
        if flat and len(names) != 1:
            raise TypeError("values_list(flat=True) takes exactly one field.")
        form = "flat" if flat else "named" if named else "tuple"
        return self._of_values("values_list", names, form)

    # -- all of them --------------------------------------------------------------------------

    def __iter__(self) -> Iterator[R]:
        """Yield the records, read page by page. All are kept when the last record is delivered."""
        return self._rows().rows(self._read)

    def __len__(self) -> int:
        """Read every record and return their number; `count()` requests only the number."""
        return len(self._rows().all(self._read))

    def __bool__(self) -> bool:
        """Read every record and return True if there is one; `exists()` requests only one id."""
        return bool(self._rows().all(self._read))

    @overload
    def __getitem__(self, key: int) -> R: ...
    @overload
    def __getitem__(self, key: slice) -> Self: ...
    def __getitem__(self, key: int | slice) -> R | Self:
        """Return one record, read in one request, or a slice, which is read when it is needed.

        A slice with a step is read at once, and is a list. IndexError for a row that does not
        exist; ValueError for a negative index.
        """
        kept = self._kept()
        if isinstance(key, slice):
            start = 0 if key.start is None else _row_number(key.start, key)
            stop = None if key.stop is None else _row_number(key.stop, key)
            if key.step is not None:
                step = slice(None, None, key.step)
                step.indices(0)  # a wrong step raises its error here, before any request
                # As in Django, the result is a list, although the annotated types do not say so.
                stepped: Any = list(self[start:stop])[step]
                return stepped  # type: ignore[no-any-return]
            clone = self._asking(self._query.slice(start, stop))
            if kept is not None:
                clone._results = Results(kept[start:stop])
            return clone
        number = _row_number(key, key)
        if kept is None:
            rows = list(self._asking(self._query.slice(number, number + 1))._read())
        else:
            rows = kept[number : number + 1]
        if not rows:
            raise IndexError(f"{self.model.__name__}: there is no row {number}.")
        return rows[0]

    def iterator(
        self,
        chunk_size: int | None = None,
        *,
        paging: Paging | str | None = None,
        ahead: int = 1,
        workers: int = 1,
        in_order: bool = True,
    ) -> RecordIterator[R]:
        """Return an iterator that reads page by page and keeps no record.

        `chunk_size` makes the pages of 500 smaller. `paging`, a `Paging` or its name, forces a way
        of reading; NotSupportedError if it would not read exactly these records. The iterator may
        use a cursor, which it closes at its end. To stop early, call `close()` or use the iterator
        in a `with` block. A plain ``for`` over the call also closes it when the loop ends early.

        From the second page on, the next page is requested before a page is decoded. So the loop
        does not see what it writes into the next page. ``ahead=0`` requests each page when the one
        before it was used.

        ``workers=4`` reads by ranges of ids on 4 threads and network connections: a few times as
        fast if the network is slow. The records are the same as without it. They must be ordered by
        id, without a slice; NotSupportedError otherwise. At most 100 workers. About two pages for
        each worker wait for the loop. With ``in_order=False``, pages come as they arrive. An
        iterator that is closed early waits up to ten seconds for the answers under way.
        """
        options = read_options(
            chunk_size=chunk_size, paging=paging, ahead=ahead, workers=workers, in_order=in_order
        )
        return RecordIterator(self._read(options))

    def in_bulk(
        self, id_list: Iterable[Any] | None = None, *, field_name: str = "pk"
    ) -> dict[Any, M]:
        """Return the records by id, or by another unique field: ``{5: <City ...>}``.

        One request reads 499 records; records that do not exist are left out. A field that the
        model does not declare as unique is refused, with an error that is both a ValueError, as in
        Django, and a FieldError. MultipleObjectsReturned if the app allows duplicates in the field,
        and has some.
        """

        def find(**condition: Any) -> Query[M]:
            return self.filter(**condition)._query

        return read_in_bulk(self._query, find, self._to, self._owner, id_list, field_name)

    # -- one of them --------------------------------------------------------------------------

    def get(self, *args: Q | Raw, **kwargs: object) -> R:
        """Return the one record that satisfies the conditions; one request.

        kintone compares only the first 64 characters of a text. So a condition on a longer text may
        take one more request for each 500 records that share these characters. Raises the model's
        DoesNotExist or MultipleObjectsReturned.
        """
        records = self.filter(*args, **kwargs) if args or kwargs else self._clone()
        is_sliced = records._query.stop is not None
        rows = list(records._read() if is_sliced else records._read(most=2, in_any_order=True))
        if len(rows) == 1:
            return rows[0]
        description = f"{self.model.__name__}{records._query.condition_in_words()}"
        if not rows:
            raise self.model.DoesNotExist(f"There is no {description}.")
        raise self.model.MultipleObjectsReturned(f"There is more than one {description}.")

    def first(self) -> R | None:
        """Return the first record, by id if there is no order, or None; one request."""
        kept = self._kept()
        return next(self._read(most=1) if kept is None else iter(kept), None)

    def last(self) -> R | None:
        """Return the last record, by id if there is no order, or None; one request.

        TypeError after a slice, unless the slice was read.
        """
        kept = self._kept()
        if kept is not None:
            return kept[-1] if kept else None
        return self.reverse().first()

    def earliest(self, *names: str) -> R:
        """Return the first record in the order of the fields; one request.

        Without names, the order is `Meta.get_latest_by`; ValueError if that is missing. A record
        whose field is blank may be the first: leave it out with ``exclude(due=None)``. Raises the
        model's DoesNotExist.
        """
        return self._ordered_to_pick(names)[:1].get()

    def latest(self, *names: str) -> R:
        """Return the last record in the order of the fields; one request.

        Without names, the order is `Meta.get_latest_by`; ValueError if that is missing. Raises the
        model's DoesNotExist.
        """
        return self._ordered_to_pick(names).reverse()[:1].get()

    # -- about them ---------------------------------------------------------------------------

    def count(self) -> int:
        """Return the number of records, in one request that carries no record."""
        kept = self._kept()
        return count_records(self._query, self._to) if kept is None else len(kept)

    def exists(self) -> bool:
        """Return True if the queryset has a record. One request asks for one id."""
        kept = self._kept()
        return record_exists(self._query, self._to) if kept is None else bool(kept)

    def contains(self, obj: M) -> bool:
        """Return True if the queryset has the record.

        One request for one id; no request if the records are kept. ValueError for an object that
        was never saved; TypeError for an object that is not a record.
        """
        self._query.instances("contains")
        meta = getattr(type(obj), "_meta", None)
        if meta is None:
            raise TypeError("'obj' must be a model instance.")
        if meta.concrete_model is not self.model._meta.concrete_model:
            return False
        if obj.pk is None:
            raise ValueError("QuerySet.contains() cannot be used on unsaved objects.")
        if (kept := self._kept()) is not None:
            return obj in kept
        return has_record(self.filter(pk=obj.pk)._query, self._to)

    @property
    def query(self) -> str:
        """The query in kintone's language; reading adds the limit and the offset of each page.

        If no record can satisfy the conditions, the text is a query that finds no record; it is
        never sent.
        """
        return self._query.compile()

    @property
    def db(self) -> str:
        """The alias of the queryset's connection."""
        return self._connection().alias

    def explain(
        self,
        *,
        rows: int | None = None,
        chunk_size: int | None = None,
        paging: Paging | str | None = None,
        ahead: int = 1,
        workers: int = 1,
    ) -> Explanation:
        """Return the plan of reading, to be printed; nothing is sent.

        With `rows`, the plan has the `cost` of reading so many rows. The other options, and their
        errors, are those of `iterator()`. NotSupportedError for a slice that kintone cannot reach.
        """
        if rows is not None:
            require_rows(rows)
        options = read_options(chunk_size=chunk_size, paging=paging, ahead=ahead, workers=workers)
        return explain_query(self._query, self._to, options, rows=rows)

    def permissions(self) -> dict[int, Permissions]:
        """Return your rights on each record, by id, in the order of the queryset.

        The ids are read first, unless the records are kept; then one request is sent for each
        hundred. PermissionDenied, before any request, if the connection has API tokens; the model's
        DoesNotExist if a record was deleted in between.
        """
        meta, connection = self.model._meta, self._connection()
        require_user(meta, connection)
        kept: list[Any] | None = self._kept()
        if kept is not None and isinstance(self._query.shape, Instances):
            # Leave out records that the program has deleted since: they have no id.
            ids = [record.pk for record in kept if record.pk is not None]
        else:
            ids = read_ids(self._query, self._to)
        return permissions_of(meta, connection, ids)

    # -- records that are written -------------------------------------------------------------

    def create(self, **kwargs: object) -> M:
        """Save a new record with these values and return it; one request.

        Called on related records (``customer.orders.create(...)``), it makes the new record refer
        to the owner. The errors are those of `Model.save`.
        """
        owner, connection = self._owner, self._connection()
        values = {**owner.values(), **kwargs}
        with connections.override(connection):  # naive datetimes are in the connection's time zone
            instance = self.model(**values)
        owner.forget_prefetched()
        instance.save(using=connection)
        return instance

    def get_or_create(
        self, defaults: Mapping[str, object] | None = None, **kwargs: object
    ) -> tuple[M, bool]:
        """Return the record that satisfies the conditions, or a new one, and True if it is new.

        A new record has the values of the conditions without a lookup, and of `defaults`; functions
        in `defaults` are called. One request finds a record, and a second one adds it. If somebody
        else adds the record in between, and a unique field refuses the new record, a third request
        reads the record that was added. A fourth request is seldom needed.

        A condition on a value that kintone writes itself, such as `pk`, can only find a record.
        NotSupportedError is raised if no record satisfies the conditions. ``pk=None`` is allowed.
        """
        self._query.instances("get_or_create")
        return writing.find_or_create.get_or_create(
            self, defaults, kwargs, zone=self._to.zone, whole=self._query.is_whole
        )

    def update_or_create(
        self,
        defaults: Mapping[str, object] | None = None,
        create_defaults: Mapping[str, object] | None = None,
        **kwargs: object,
    ) -> tuple[M, bool]:
        """Return the record that satisfies the conditions, with `defaults` written, or a new one.

        The second value is True if the record is new. A new record has the values of the conditions
        and of `create_defaults` (or of `defaults`, if there is no `create_defaults`). Changes of
        others to the fields in `defaults` are overwritten.

        One request, kintone's upsert, is enough if new and existing records get the same values.
        This requires that the only condition is the value of a unique text or number field, and
        there is no `create_defaults`, no lookup field among the values and no earlier filter. The
        model has no other required field or default, no `save` of its own, and no receivers of its
        signals. Otherwise two requests are sent. They leave out a lookup's key that is already
        stored, because kintone would copy the source's values again. If the answer to the upsert
        was lost, it is never sent again, because the second answer would not tell whether the
        record is new. Then TransportError or ServerBusy is raised.
        """
        self._query.instances("update_or_create")
        return writing.find_or_create.update_or_create(
            self,
            defaults,
            create_defaults,
            kwargs,
            connection=self._connection,
            owner=self._owner,
            everything=self._query.is_everything,
        )

    def modify(self, pk: object, change: Callable[[M], Any], *, attempts: int = 3) -> M:
        """Read the record `pk`, call ``change(instance)``, save it and return it; two requests.

        If somebody else writes the record in between, or at the same moment, it is read and changed
        again, up to `attempts` times; then the model's Conflict, or ServerBusy, is raised. The
        waits before the next attempts are those of the connection's `retry`; a deadline that is
        given to `connect()` or `override()` ends them. If the answer to the save was lost, the
        change may be saved, so LostSave is raised at once.

        The revision is always checked. If `change` raises, its error is passed on and the record is
        not saved. Each attempt sends the new files that `change` puts into the record. Raises the
        model's DoesNotExist.
        """
        self._owner.forget_prefetched()
        return writing.modify.modify(
            self, pk, change, attempts=attempts, connection=self._connection()
        )

    def bulk_create(
        self,
        objs: Iterable[M],
        batch_size: int | None = None,
        *,
        ignore_conflicts: bool = False,
        update_conflicts: bool = False,
        update_fields: Iterable[str] | None = None,
        unique_fields: Iterable[str] | None = None,
    ) -> list[M]:
        """Add the new records, in hundreds, twenty hundreds in one atomic request, and return them.

        The objects get their id and revision. All objects are checked before the first request
        (ValidationError). If a request fails after others succeeded, BulkWriteError says which
        records were written. `batch_size` makes the hundreds smaller. Called on related records, it
        makes the objects refer to the owner; ValueError if one refers to another record.

        With `update_conflicts`, objects are matched with stored records by the one field in
        `unique_fields`. An object with a match is written into the stored record; the others are
        added. A stored record gets the `update_fields`, assigned or not, or else the assigned
        values, but no `default=` of the model. The other values are read again when they are
        needed. One request, kintone's upsert, writes 2,000 objects if new and stored records get
        the same values and these contain no lookup. Otherwise the keys are read first (a request
        for each 499, which needs the right to view the records), and one request writes 1,900.
        """
        owner = self._owner
        instances = writing.many.distinct_instances(self.model, objs, "bulk_create", new=True)
        owner.link(instances)
        writing.many.create_many(
            self.model._meta,
            instances,
            self._connection(),
            owner,
            batch_size=batch_size,
            ignore_conflicts=ignore_conflicts,
            update_conflicts=update_conflicts,
            update_fields=update_fields,
            unique_fields=unique_fields,
        )
        return instances

    def bulk_update(
        self,
        objs: Iterable[M],
        fields: Iterable[str] | None = None,
        batch_size: int | None = None,
        *,
        check_revision: bool = False,
    ) -> int:
        """Write each of the records with its own values and return how many were written.

        The records are sent in hundreds, twenty hundreds in one atomic request. Of each object the
        `fields` are sent, or without `fields` its unsaved changes; an object without changes is
        left out. With `check_revision`, a hundred in which somebody else wrote a record is refused.
        All objects are checked before the first request (ValidationError). If a request fails after
        others succeeded, BulkWriteError says which records were written. If an answer was lost, a
        request with revisions is sent again; if kintone refuses the second one, the records are
        `unknown`.
        """
        instances = writing.many.distinct_instances(self.model, objs, "bulk_update")
        return writing.many.update_many(
            self.model._meta,
            instances,
            self._connection(),
            self._owner,
            fields=fields,
            batch_size=batch_size,
            check_revision=check_revision,
        )

    def update(self, *, check_revision: bool = False, **kwargs: object) -> int:
        """Write these values into every record and return how many were written.

        The last write wins. The ids are read first, then the records are written, in hundreds,
        twenty hundreds in one atomic request. A record that somebody changes in between is written
        all the same, unless `check_revision` is True: then the request with this record is refused.
        If there are more than 2,000 records and a request fails after others succeeded,
        BulkWriteError says which records were written. Without a filter, a warning with the number
        of records is logged before they are written. TypeError after a slice.
        """
        self._query.require_unsliced("update")
        meta = self.model._meta
        connection = None if is_nothing(self._query.condition) else self._connection()
        values = writing.new_values.values_to_write(meta, kwargs, self._to.zone, connection)
        if connection is None:
            return 0
        items = self._ids_to_write("update", check_revision)
        writing.bulk.update_all(meta, items, values, connection)
        return len(items)

    def delete(self, *, check_revision: bool = False) -> tuple[int, dict[str, int]]:
        """Delete every record and return Django's answer: the total, and the numbers by model.

        The requests and errors are those of `update`. If the answer to a request was lost, the ids
        are read. If no record is left, the deletion goes on; otherwise BulkWriteError is raised,
        with the records that are left as `failed`. `objects.delete()` does not exist
        (AttributeError): write `objects.all().delete()`.
        """
        self._rows().require_deletable(self.model.__name__)
        self._query.require_unsliced("delete")
        self._query.instances("delete")
        items = self._ids_to_write("delete", check_revision)
        writing.bulk.delete_all(self.model._meta, items, self._connection())
        return len(items), ({self.model._meta.label: len(items)} if items else {})

    def transition(
        self,
        action: Action | str,
        *,
        assignee: User | str | None = None,
        check_revision: bool = False,
    ) -> int:
        """Run an action of the app's process on every record and return how many it moved.

        The ids are read first. Then the records are sent in hundreds that are all or nothing,
        twenty hundreds in one atomic request. With `check_revision`, a hundred is refused if
        somebody else wrote one of its records in between. If a request is refused, BulkWriteError
        says which records were moved; its ``__cause__`` is the WorkflowError. TypeError after a
        slice.

        Source: kintone REST API, "Update Statuses".
        """
        self._query.require_unsliced("run an action on")
        step = Step.of(action, assignee)
        items = self._ids_to_write("transition", check_revision)
        act(self.model._meta, items, self._connection(), step)
        return len(items)

    def bulk_transition(
        self,
        objs: Iterable[M],
        action: Action | str,
        *,
        assignee: User | str | None = None,
        check_revision: bool = False,
    ) -> int:
        """Run an action on these records, give each its new revision and return their number.

        The records are sent in hundreds, as by `transition`; with `check_revision`, a hundred is
        refused if somebody else wrote one of its records. Unsaved changes of the records stay
        unsaved, and are not sent.
        """
        step, connection = Step.of(action, assignee), self._connection()
        instances = writing.many.distinct_instances(self.model, objs, "bulk_transition")
        act_on_instances(
            self.model._meta,
            instances,
            connection,
            self._owner,
            step,
            check_revision=check_revision,
        )
        return len(instances)

    # -- as an object -------------------------------------------------------------------------

    def __repr__(self) -> str:
        kept = self._kept()
        if kept is None:
            return shown(self._query, type(self).__name__)
        rows = ", ".join(map(repr, kept[:_SHOWN]))
        more = ", ..." if len(kept) > _SHOWN else ""
        return f"<{type(self).__name__} of {self.model.__name__}: [{rows}{more}]>"

    def __copy__(self) -> Self:
        return self._clone()

    def __deepcopy__(self, memo: object) -> Self:
        return self._clone()

    def __getstate__(self) -> dict[str, Any]:
        """Return the query, the rows (read now) and the alias of the connection.

        After unpickling, a manager's queryset keeps its rows.
        """
        connection = self._connection()
        if connection.alias not in connections or connections[connection.alias] is not connection:
            raise TypeError(
                f"Cannot pickle a QuerySet of {connection!r}: a pickle holds only the alias, and "
                "this connection is not registered under it. Pickle list(queryset)."
            )
        # a pickle holds the values of an inner queryset, not the queryset
        query = settle(self._query, self._to)
        rows = self._rows().all(self._asking(query)._read)
        return {
            **getattr(self, "__dict__", {}),
            **query_state(query),
            "_using": self._to.using and connection.alias,
            "_referred": None if self._owner is NOBODY else self._owner,
            "_cache": rows,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._query = query_from(state)
        self._to = Destination(self.model._meta, state["_using"])
        self._owner = state["_referred"] or NOBODY
        self._results = Results(state["_cache"])
        for name in state.keys() - STATE_NAMES:  # the attributes that a subclass has added
            setattr(self, name, state[name])

    # -- as the operand of a filter -----------------------------------------------------------

    def picked_for(self, field: Any) -> Subquery:
        """Return the values that ``filter(field__in=self)`` compares with; nothing is sent."""
        return subquery(self._query, self._to, field, type(self).__name__)

    # -- inside -------------------------------------------------------------------------------

    def _clone(self) -> Self:
        clone = object.__new__(type(self))
        clone._query, clone._to, clone._owner = self._query, self._to, self._owner
        clone._results = None
        return clone

    def _asking(self, query: Query[M]) -> Self:
        """Return a queryset of this class for another query."""
        clone = self._clone()
        clone._query = query
        return clone

    def _without_rows(self) -> Self:
        """Return a copy without rows. It counts as read, so that pickling it reads nothing."""
        clone = self._clone()
        clone._results = Results([])
        return clone

    def _handed_out(self, owner: Owner = NOBODY) -> Self:
        """Return a copy for a manager, which keeps no rows that it reads.

        `owner` is the record that related rows belong to: the customer of ``customer.orders``.
        """
        clone = self._clone()
        clone._owner, clone._results = owner, ManagerResults(owner)
        return clone

    def _rows(self) -> Results[R] | ManagerResults[R]:
        if self._results is None:
            self._results = Results()
        return self._results

    def _kept(self) -> list[R] | None:
        """Return the rows if they are kept, else None."""
        return None if self._results is None else self._results.kept

    def _of_values(self, method: str, names: Iterable[str], form: str) -> QuerySet[M, Any]:
        clone: Any = self._asking(self._query.values(method, names, form))
        return clone  # type: ignore[no-any-return]

    def _combined(self, other: QuerySet[M, Any], join: Callable[..., Any]) -> Self:
        query = self._query.combine(other._query, join, self._to)
        if self._to != other._to and self._connection() is not other._connection():
            raise TypeError(
                f"Cannot combine queries on two connections: {self.db!r} and {other.db!r}."
            )
        return self._asking(query)

    def _ordered_to_pick(self, names: tuple[str, ...]) -> Self:
        """Return the records in the order that `earliest` and `latest` use."""
        self._query.require_unsliced("change")
        keys = names or self.model._meta.get_latest_by
        if not keys:
            raise ValueError(
                "earliest() and latest() require either fields as positional arguments or "
                "'get_latest_by' in the model's Meta."
            )
        return self.order_by(*keys)

    def _connection(self) -> Connection:
        return self._to.connection()

    def _read(
        self,
        options: ReadOptions = DEFAULTS,
        *,
        most: int | None = None,
        in_any_order: bool = False,
    ) -> Generator[R, None, None]:
        """Read the rows now, page by page: see `read_rows`."""
        return read_rows(
            self._query,
            self._to,
            options,
            owner=self._owner,
            most=most,
            in_any_order=in_any_order,
        )

    def _ids_to_write(self, method: str, check_revision: bool) -> list[tuple[int, int | None]]:
        self._owner.forget_prefetched()
        return ids_to_write(self._query, self._to, method, check_revision=check_revision)


def _row_number(bound: Any, key: object) -> int:
    """Return `bound` as a row number; errors name `key`, the index or slice."""
    try:
        number = operator.index(bound)
    except TypeError:
        raise TypeError(f"QuerySet indices must be integers or slices, not {key!r}.") from None
    if number < 0:
        raise ValueError("Negative indexing is not supported.")
    return number
