"""QuerySet: which records, chained, then read or written: Django's, put together here."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, cast

from kintone_orm.connection import connections
from kintone_orm.exceptions import (
    FieldError,
    InvalidInput,
    NotSupportedError,
    UniqueViolation,
    ValidationError,
)
from kintone_orm.fields.naming import list_of_names
from kintone_orm.limits import RECORDS_PER_WRITE
from kintone_orm.models.around.permissions import PermittedOfMany
from kintone_orm.models.around.workflow import WorkflowOfMany
from kintone_orm.models.definition.base_manager import BaseManager
from kintone_orm.models.ground.chunks import part_size
from kintone_orm.models.ground.refused import QUERYSET, refusing
from kintone_orm.models.reading.chain import M, R
from kintone_orm.models.reading.results import Results
from kintone_orm.models.record.fetching import fetch_unready
from kintone_orm.models.record.peers import make_peers
from kintone_orm.models.record.row_shapes import Instances
from kintone_orm.models.writing.bulk import (
    check_values,
    delete_all,
    insert_all,
    update_all,
    update_each,
)
from kintone_orm.models.writing.modify import modify
from kintone_orm.models.writing.taken_values import mention_hidden_records
from kintone_orm.models.writing.upsert import (
    fits_one_upsert,
    require_key,
    upsert_all,
    upsert_one,
    usable_key,
)
from kintone_orm.query.conditions import EVERYTHING, NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from typing_extensions import Self

    from kintone_orm.fields.base import Field

__all__ = ["QuerySet"]

_logger = logging.getLogger("kintone_orm")


@refusing(QUERYSET)
class QuerySet(Results[M, R], WorkflowOfMany[M], PermittedOfMany):
    """The records of a model that satisfy conditions, in an order: Django's QuerySet.

    Every method that narrows, orders or picks returns a new queryset and sends nothing. Records
    are read when the queryset is iterated, indexed, or asked for its length or truth; those that
    were read to the end are kept. Names, lookups and values are checked at the call: FieldError.
    """

    __slots__ = ()

    @classmethod
    def as_manager(cls) -> BaseManager[Self]:
        """A manager that hands out querysets of this class: ``objects = Books.as_manager()``."""
        return BaseManager.from_queryset(cls)()

    def create(self, **kwargs: Any) -> M:
        """A new record with these values, saved; of related records it refers to their record."""
        connection = self._connection()
        referring = {} if self._referred is None else self._referred.values()
        with connections.override(connection):  # naive datetimes are in its time zone
            instance = self.model(**{**referring, **kwargs})
        self._forget_prefetched()
        instance.save(using=connection)
        return instance

    def get_or_create(
        self, defaults: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> tuple[M, bool]:
        """The record that satisfies the conditions, or a new one, and whether it is new.

        One request if there is one, two if not. The new one has the values of the conditions
        without a lookup, and of `defaults`, of which functions are called. If somebody else adds
        it in between, and a unique field says so, theirs is read: a third request, seldom a fourth.
        What kintone writes itself, such as the `pk`, finds a record but adds none:
        NotSupportedError. A `pk` of None is that of a new record.
        """
        self._instances("get_or_create")
        plain = {name: value for name, value in kwargs.items() if "__" not in name}
        given = {name: value for name, value in plain.items() if self._can_be_set(name)}
        values = given | dict(defaults or {})
        self._check(values)
        records = cast("QuerySet[M]", self)
        try:
            return records.get(**kwargs), False
        except self.model.DoesNotExist as missing:
            for name in plain.keys() - given.keys():
                if name not in ("id", "pk") or plain[name] is not None:
                    raise NotSupportedError(
                        f"{missing} A new one cannot be given it, as kintone writes {name!r} "
                        "itself: leave it out of the conditions, or ask get() for what must exist."
                    ) from None
        try:
            return self.create(**_called(values)), True
        except UniqueViolation as refused:
            if len(kwargs) == 1 and self._is_whole():
                for found in map(refused.taken_by.get, plain):
                    if found is not None:
                        return found, False
            try:
                return records.get(**kwargs), False
            except self.model.DoesNotExist:
                raise refused from None  # another record has another of the values
        except ValidationError as refused:
            if isinstance(refused.__cause__, InvalidInput):
                for name, value in plain.items():
                    mention_hidden_records(refused, name, value)
            raise

    def update_or_create(
        self,
        defaults: Mapping[str, Any] | None = None,
        create_defaults: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> tuple[M, bool]:
        """The record that satisfies the conditions, with `defaults` written, and whether it is new.

        A new one has the values of the conditions, and of `create_defaults`, or else `defaults`.
        One request, kintone's upsert, if the only condition is the value of a unique text or
        number field and what is written is the same in both cases: no `create_defaults`, nothing
        that a new record needs besides, no filter before, no `save` of the model's own and nobody
        who listens to its signals, no lookup, whose source would be copied again. Otherwise two: a
        lookup's key that is there is not sent. Of others' changes, those of the fields in
        `defaults` are overwritten.
        """
        self._instances("update_or_create")
        given = defaults or {}
        self._check(given)
        self._check(create_defaults or {})
        if create_defaults is None and self._is_one_upsert(kwargs, given):
            (name,) = kwargs
            connection = self._connection()
            with connections.override(connection):
                instance = self.model(**kwargs, **_called(given))
            self._forget_prefetched()
            return instance, upsert_one(instance, name, connection)
        attempts = 3
        while True:
            instance, created = self.get_or_create(
                given if create_defaults is None else create_defaults, **kwargs
            )
            if created:
                break
            with connections.override(self._connection()):
                for name, value in _called(given).items():
                    setattr(instance, name, value)
            self._forget_prefetched()
            attempts -= 1
            try:
                instance.save(check_revision=False)
            except self.model.DoesNotExist:  # somebody has deleted it meanwhile
                if not attempts:
                    raise
            else:
                break
        return instance, created

    def modify(self, pk: Any, change: Callable[[M], Any], *, attempts: int = 3) -> M:
        """The record `pk`, changed by ``change(instance)`` and saved; two requests.

        If somebody else writes it in between, or at the same moment, it is read and changed again,
        up to `attempts` times; then the model's Conflict, or ServerBusy, is raised. The revision is
        always checked. What `change` raises is raised, and nothing is saved. Each attempt sends the
        new files that `change` puts into the record. Raises the model's DoesNotExist.
        """
        self._forget_prefetched()
        return modify(cast("QuerySet[M]", self), pk, change, attempts=attempts)

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
        """The new records, added in hundreds, twenty hundreds in a request that is atomic.

        They learn their id and revision. All are checked before the first request
        (ValidationError); BulkWriteError says what was written when a request fails half way.
        With `update_conflicts`, objects whose value of the one field in `unique_fields` a record
        has are written into that record, and the others are added. A record that is there gets what
        was assigned, so no `default=` of the model, or the `update_fields`, assigned or not; what
        it did not get is read again. One request for 2,000, kintone's upsert, if both get the same
        and no lookup is among it; otherwise the keys are looked up first (a request for each 499,
        which takes the right to view the records), and one writes 1,900.
        `batch_size` makes the hundreds smaller. Of related records they refer to their record;
        ValueError for one that refers to another.
        """
        instances = self._distinct(objs, "bulk_create")
        for instance in instances:
            if not instance._state.adding:
                raise ValueError(f"bulk_create() takes new {self.model.__name__}s, not {instance}.")
        if self._referred is not None:
            self._referred.let_refer(instances)
        if ignore_conflicts:
            raise NotSupportedError(
                "bulk_create(ignore_conflicts=True) is not supported: a refused record refuses "
                'its whole request. Leave out what exists: in_bulk(codes, field_name="code").'
            )
        meta, connection, size = self.model._meta, self._connection(), _size(batch_size)
        self._forget_prefetched()
        if not update_conflicts:
            insert_all(meta, instances, connection, size=size)
            make_peers(instances)
            return instances
        key = require_key(meta, unique_fields)
        wanted = None if update_fields is None else list_of_names(update_fields, "update_fields")
        if wanted == []:
            raise ValueError("bulk_create(update_fields=[]) would change nothing: leave it out.")
        for name in wanted or ():
            self._writable(name)
        upsert_all(meta, instances, key, connection, size=size, update_fields=wanted)
        make_peers(instances)
        return instances

    def bulk_update(
        self,
        objs: Iterable[M],
        fields: Iterable[str] | None = None,
        batch_size: int | None = None,
        *,
        check_revision: bool = False,
    ) -> int:
        """How many of the records were written, each with its own values, a hundred at a time.

        Of each object go the `fields`, or what changed; one that has nothing to send is left out.
        With `check_revision`, a hundred in which somebody else wrote a record is refused. All are
        checked before the first request (ValidationError); BulkWriteError says what was written
        when a request fails half way.
        """
        instances = self._distinct(objs, "bulk_update")
        names = None if fields is None else list_of_names(fields, "fields")
        if names == []:
            raise ValueError("Field names must be given to bulk_update().")
        for name in names or ():
            self._writable(name)
        connection = self._connection()
        for instance in instances:
            if instance.pk is None:
                raise ValueError("All bulk_update() objects must have a primary key set.")
            instance._connection(connection)  # not the same record elsewhere
        size = _size(batch_size)
        self._forget_prefetched()
        sent = self.model._meta.fields.keys() if names is None else set(names)
        fetch_unready(instances, sent)
        return update_each(
            self.model._meta, instances, names, connection, size=size, check=check_revision
        )

    def update(self, *, check_revision: bool = False, **kwargs: Any) -> int:
        """How many records got these values; the last write wins.

        The ids are read first, then written, in hundreds, twenty hundreds in a request that is
        atomic. So a record that somebody changes in between is written all the same, unless
        `check_revision` is said: that refuses its request. More than 2,000 records are not written
        all or nothing: BulkWriteError says what was written when a request fails half way.
        Without a filter, a warning with their number is logged before they are written.
        """
        self._refuse_slice("update")
        given = self.model._meta.by_field(kwargs)
        values = {name: self._assignable(name, value) for name, value in given.items()}
        if not values:
            raise FieldError("update() needs at least one field=value.")
        check_values(self.model._meta, values)
        if self._condition == NOTHING:
            return 0
        found = self._found("update", check_revision)
        update_all(self.model._meta, found, values, self._connection())
        return len(found)

    def delete(self, *, check_revision: bool = False) -> tuple[int, dict[str, int]]:
        """How many records were deleted, in all and by model, as Django says it.

        As `update`. `objects.delete()` does not exist: write `objects.all().delete()`.
        """
        if self._as_manager:
            raise AttributeError(
                "Related records have no delete(): write .all().delete() for all of them."
                if self._referred is not None
                else f"To delete every record write {self.model.__name__}.objects.all().delete()."
            )
        self._refuse_slice("delete")
        self._instances("delete")
        found = self._found("delete", check_revision)
        delete_all(self.model._meta, found, self._connection())
        return len(found), ({self.model._meta.label: len(found)} if found else {})

    # -- inside -------------------------------------------------------------------------------

    def _forget_prefetched(self) -> None:
        """Records are written now: those that were prefetched for the one they refer to are old."""
        if self._referred is not None:
            self._referred.forget_prefetched()

    def _found(self, method: str, check_revision: bool) -> list[tuple[int, int | None]]:
        """The records to write: their ids, and the revisions that they must still have."""
        self._forget_prefetched()
        codes = ["$id", "$revision"] if check_revision else ["$id"]
        found = [
            (int(r["$id"]["value"]), int(r["$revision"]["value"]) if check_revision else None)
            for page in self.order_by()._pages(codes, exactly_by=f"{method}()")
            for r in page
        ]
        if found and self._condition == EVERYTHING:
            _logger.warning(
                "%s.objects.%s() without a filter: all records, %s of them.",
                self.model._meta.label,
                method,
                f"{len(found):,}",
            )
        return found

    def _distinct(self, objs: Iterable[M], method: str) -> list[M]:
        """The objects in a list; ValueError if two of them are, or stand for, the same record."""
        instances = list(objs)
        seen: dict[object, int] = {}
        for index, instance in enumerate(instances):
            if not isinstance(instance, self.model):
                raise ValueError(f"{method}() takes {self.model.__name__}s, not {instance!r}.")
            record = id(instance) if instance.pk is None else (instance.pk,)
            if (before := seen.setdefault(record, index)) != index:
                raise ValueError(
                    f"{method}() was given the same record twice, as [{before}] and [{index}]: "
                    f"{instance!r}."
                )
        return instances

    def _is_whole(self) -> bool:
        """True if these are all records, with all their fields, and without related records."""
        whole = self._condition == EVERYTHING and not self._start and self._stop is None
        return whole and self._shape == Instances() and not self._related

    def _is_one_upsert(self, kwargs: Mapping[str, Any], defaults: Mapping[str, Any]) -> bool:
        if self._condition != EVERYTHING or self._start or self._stop is not None:
            return False
        given = self.model._meta.by_field(defaults)
        return len(kwargs) == 1 and all(
            fits_one_upsert(self.model._meta, name, given)
            and usable_key(self.model._meta.fields[name], self._assignable(name, value))
            for name, value in kwargs.items()
        )

    def _can_be_set(self, name: str) -> bool:
        return name in self.model._meta.relations or self.model._meta.get_field(name).writable

    def _check(self, values: Mapping[str, Any]) -> None:
        for name, value in self.model._meta.by_field(values).items():
            if callable(value):
                self._writable(name)
            else:
                self._assignable(name, value)

    def _assignable(self, name: str, value: Any) -> Any:
        return self._writable(name).coerce(value, self._zone)

    def _writable(self, name: str) -> Field[Any, Any]:
        field = self.model._meta.get_field(name)
        if not field.writable:
            raise FieldError(field.why_read_only())
        return field


def _called(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value() if callable(value) else value for name, value in values.items()}


def _size(batch_size: int | None) -> int:
    return part_size(batch_size, most=RECORDS_PER_WRITE, name="batch_size")
