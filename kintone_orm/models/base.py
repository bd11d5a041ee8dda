"""Model: one app, declared; its records are the instances."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, ClassVar

from kintone_orm.connection import connections
from kintone_orm.exceptions import (
    DecodeError,
    FieldError,
    MultipleObjectsReturned,
    ObjectDoesNotExist,
)
from kintone_orm.fields.base import UNSET, Field
from kintone_orm.models.manager import Manager
from kintone_orm.models.metaclass import ModelBase
from kintone_orm.models.refused import MODEL, refusing
from kintone_orm.models.rows import fill
from kintone_orm.models.state import State, changes
from kintone_orm.models.validation import cannot_decode
from kintone_orm.models.writer import delete_one, insert_one, update_one
from kintone_orm.query.resolve import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from typing_extensions import Self

    from kintone_orm.connection import Connection
    from kintone_orm.models.conflict import Conflict
    from kintone_orm.models.options import Options

__all__ = ["Model"]


@refusing(MODEL)
class Model(metaclass=ModelBase):
    """A kintone app, declared: each field of the class is a field of the app.

    An instance is one record. ``City(name="Kobe").save()`` adds it, changing an attribute and
    saving sends that field alone, with the revision that was read. `City.objects` finds records.
    ``class Meta`` names the app (`app`: its id, a key that each connection resolves, or a function
    of the connection; the class's name in small letters if left out), the default `ordering`, the
    connection to use (`using`), whether to compare revisions (`check_revision`), and what
    `deploy` sets (`verbose_name`, `number_precision`).
    """

    objects = Manager()

    _meta: ClassVar[Options]
    DoesNotExist: ClassVar[type[ObjectDoesNotExist]]
    MultipleObjectsReturned: ClassVar[type[MultipleObjectsReturned]]
    Conflict: ClassVar[type[Conflict]]

    _id: int | None
    _revision: int | None
    _state: State

    def __init__(self, **values: Any) -> None:
        meta = type(self)._meta
        if meta.abstract:
            raise TypeError(f"{meta.label} is abstract: make instances of a model made from it.")
        self._state = State()
        self._id = self._revision = None
        for name, value in values.items():
            if name not in meta.fields:
                hint = nearest(name, meta.fields) or f" It has {', '.join(meta.fields)}."
                raise TypeError(f"{meta.label} has no field {name!r}.{hint}")
            setattr(self, name, value)
        for name, field in meta.fields.items():
            if name not in values and (default := field.get_default()) is not UNSET:
                setattr(self, name, default)

    @property
    def id(self) -> int | None:
        """The record's `$id`; None until it is saved. kintone gives it out."""
        return self._id

    @property
    def pk(self) -> int | None:
        """The same as `id`."""
        return self._id

    @property
    def revision(self) -> int | None:
        """How often the record has been written, as far as this instance knows."""
        return self._revision

    def save(
        self,
        *,
        using: Connection | str | None = None,
        update_fields: Iterable[str] | None = None,
        check_revision: bool | None = None,
    ) -> None:
        """Send what changed: a new record whole, a known one's changed fields; one request.

        Nothing changed, no request. `update_fields` sends just those. The revision goes along
        (`check_revision=False`, or the Meta option, leaves it out): the model's Conflict is
        raised if somebody else wrote the record in between. Raises ValidationError for values
        that may not be saved, found here or by kintone; DoesNotExist if the record is gone.
        What kintone writes itself is fetched when it is next read.
        """
        names = None if update_fields is None else self._writable(update_fields)
        connection = self._connection(using)
        if self._state.adding:
            if names is not None:
                raise ValueError(f"{self!r} is new: it is saved whole, without update_fields.")
            insert_one(self, connection)
        else:
            update_one(self, connection, names=names, check=self._check(check_revision))

    def delete(
        self, *, using: Connection | str | None = None, check_revision: bool | None = None
    ) -> tuple[int, dict[str, int]]:
        """Delete the record, in one request; the answer is Django's, ``(1, {"City": 1})``.

        The revision goes along as in `save`, with the same exceptions.
        """
        delete_one(self, self._connection(using), check=self._check(check_revision))
        return 1, {self._meta.label: 1}

    def refresh_from_db(
        self, *, using: Connection | str | None = None, fields: Iterable[str] | None = None
    ) -> None:
        """Read the record again, in one request; your unsaved changes are dropped.

        With `fields`, only those, and the revision stays: a later save still notices what others
        wrote. Raises DoesNotExist if the record is gone.
        """
        record = self._fetch(self._meta.fields if fields is None else fields, using)
        if fields is None:
            self._revision = int(record["$revision"]["value"])

    def changed_fields(self) -> dict[str, tuple[Any, Any]]:
        """The fields that a save would send, as name -> (old, new); sends nothing."""
        return changes(self)

    def get_deferred_fields(self) -> set[str]:
        """The names of the fields that are fetched when they are next read."""
        known = self._state.undecoded or {}
        if self._state.adding:
            return set()
        return {
            name
            for name, field in self._meta.fields.items()
            if name not in known and field.peek(self) is UNSET
        }

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Model) or type(self) is not type(other):
            return NotImplemented
        return self is other if self._id is None else self._id == other._id

    def __hash__(self) -> int:
        if self._id is None:
            raise TypeError(f"{self!r} has no hash: it has no id until it is saved.")
        return hash((type(self), self._id))

    def __repr__(self) -> str:
        shown = f"id={self._id} rev={self._revision}" if self._id is not None else "new"
        for field in self._meta.fields.values():
            value = field.peek(self)
            if isinstance(value, str) and value:
                return f"<{type(self).__name__} {shown} {field.name}={value!r:.60}>"
        return f"<{type(self).__name__} {shown}>"

    def __copy__(self) -> Self:
        return copy.deepcopy(self)  # two records must not share what they know of their changes

    # -- what fields and querysets ask ---------------------------------------------------------

    def _fetch(self, names: Iterable[str], using: Connection | str | None = None) -> dict[str, Any]:
        """Read the fields `names`, in one request, and give back what kintone sent."""
        meta = self._meta
        wanted = [meta.get_field(name) for name in names if name not in ("id", "pk")]
        codes = ["$id", "$revision", *(field.code for field in wanted)]
        found = type(self).objects.using(self._connection(using)).filter(pk=self._require_id())
        record = next((r for page in found[:1]._pages(codes) for r in page), None)
        if record is None:
            raise type(self).DoesNotExist(f"{self!r} does not exist any more.")
        fill(self, record, wanted)
        for field in wanted:
            (self._state.originals or {}).pop(field.name, None)
        return record

    def _supply(self, field: Field[Any, Any]) -> Any:
        """The value of a field that is not loaded: fetched, or empty in a new record."""
        undecoded = self._state.undecoded or {}
        if field.name in undecoded:
            raise DecodeError(cannot_decode(self, field, undecoded[field.name]))
        if self._state.adding:
            value = field.empty_value()
            if field.mutable:
                field.put(self, value)  # so that a change in place is seen
            return value
        record = self._fetch(self.get_deferred_fields())
        if int(record["$revision"]["value"]) != self._revision and not changes(self):
            # Somebody wrote in between: half of one revision and half of another is no record.
            self.refresh_from_db()
        return field.__get__(self, type(self))

    def _zone(self) -> tzinfo | None:
        return self._connection(None).timezone

    def _connection(self, using: Connection | str | None) -> Connection:
        home = self._state.connection
        found = connections.resolve(using or home, default=self._meta.using)
        if not self._state.adding and found is not home:
            raise ValueError(
                f"{self!r} lives on {home!r}; on {found!r} its id is another record's. "
                f"Make a new {self._meta.label} to save it there."
            )
        return found

    def _check(self, check_revision: bool | None) -> bool:
        return self._meta.check_revision if check_revision is None else check_revision

    def _require_id(self) -> int:
        if self._id is None:
            raise ValueError(f"{self!r} has not been saved, so kintone does not have it.")
        return self._id

    def _writable(self, names: Iterable[str]) -> list[str]:
        if isinstance(names, str):
            raise TypeError(f"update_fields is a list of names, not {names!r}.")
        found = list(names)
        for name in found:
            field = self._meta.get_field(name)
            if not field.writable:
                raise FieldError(field.why_read_only())
        return found
