"""Model: one app, declared; its records are the instances."""

from __future__ import annotations

import copy
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from kintone_orm.connection import connections
from kintone_orm.exceptions import (
    DecodeError,
    FieldError,
    MultipleObjectsReturned,
    ObjectDoesNotExist,
)
from kintone_orm.fields.base import UNSET, Field
from kintone_orm.fields.naming import list_of_names
from kintone_orm.models.around.app_info import Identified
from kintone_orm.models.around.comments import Commented
from kintone_orm.models.around.permissions import Permitted
from kintone_orm.models.around.webhooks import WebhookEvent, instance_of, read_payload
from kintone_orm.models.around.workflow import Workflow
from kintone_orm.models.definition.metaclass import ModelBase
from kintone_orm.models.ground.refused import MODEL, refusing
from kintone_orm.models.manager import Manager
from kintone_orm.models.queryset import QuerySet
from kintone_orm.models.record.changes import changes, restored, snapshot_of
from kintone_orm.models.record.cleaning import clean_fields, full_clean, validate_unique
from kintone_orm.models.record.duplicate import duplicate
from kintone_orm.models.record.fetching import deferred_names, fetch_all, read_again
from kintone_orm.models.record.home import (
    connection_of,
    must_check,
    require_id,
    require_same_home,
    zone_of,
)
from kintone_orm.models.record.instance import Instance
from kintone_orm.models.record.lost_values import require_not_lost
from kintone_orm.models.record.peers import fetch_deferred
from kintone_orm.models.record.state import State, mix, put_default, start_anew, unmixed
from kintone_orm.models.record.validation import cannot_decode
from kintone_orm.models.relations.backward import referring
from kintone_orm.models.relations.forward import supply_related
from kintone_orm.models.writing.saving import delete_one, insert_one, update_one
from kintone_orm.query.resolve import nearest
from kintone_orm.signals import post_delete, post_save, pre_delete, pre_save

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import tzinfo
    from typing import NoReturn

    from typing_extensions import Self

    from kintone_orm.connection import Connection
    from kintone_orm.fields.reference_table import ReferenceTableField
    from kintone_orm.fields.related_record import RelatedRecord
    from kintone_orm.models.definition.options import Options
    from kintone_orm.models.record.conflict import Conflict

__all__ = ["Model"]


@refusing(MODEL)
class Model(Workflow, Commented, Permitted, Identified, Instance, metaclass=ModelBase):
    """A kintone app, declared: each field of the class is a field of the app.

    An instance is one record. ``City(name="Kobe").save()`` adds it, changing an attribute and
    saving sends that field alone, with the revision that was read. `City.objects` finds records.
    ``class Meta`` names the app (`app`: its id, a key that each connection resolves, or a function
    of the connection; the class's name in small letters if left out), the default `ordering`, the
    connection to use (`using`), whether to compare revisions (`check_revision`), what `latest()`
    goes by (`get_latest_by`), and what `deploy` sets (`verbose_name`, `number_precision`).
    `abstract` makes a base of models, `proxy` another class for the records of its base.
    """

    objects = Manager()

    # The rooms below know less of it, and nobody sets it.
    _meta: ClassVar[Options]  # pyright: ignore[reportIncompatibleVariableOverride]
    DoesNotExist: ClassVar[type[ObjectDoesNotExist]]
    MultipleObjectsReturned: ClassVar[type[MultipleObjectsReturned]]
    Conflict: ClassVar[type[Conflict[Self]]]

    _id: int | None
    _revision: int | None
    _state: State

    def __init__(self, **values: Any) -> None:
        meta = type(self)._meta
        self._require_app()
        self._state = State()
        self._id = self._revision = None
        given = set()
        for name, value in values.items():
            if name in ("id", "pk", "revision"):
                raise TypeError(self._given_by_kintone(name))
            if name not in meta.fields and name not in meta.relations:
                hint = nearest(name, meta.fields) or f" It has {', '.join(meta.fields)}."
                raise TypeError(f"{meta.label} has no field {name!r}.{hint}")
            setattr(self, name, value)
            given.add(meta.relations[name].field if name in meta.relations else name)
        for name, field in meta.fields.items():
            if name not in given and (default := field.get_default()) is not UNSET:
                put_default(self, field, default)

    @classmethod
    def from_record(
        cls, record: Mapping[str, Any], *, using: Connection | str | None = None
    ) -> Self:
        """The instance that a record stands for, as kintone's JSON has it; sends nothing.

        It counts as read on the connection that is meant, or on `using`. Fields that `record`
        lacks are deferred: they are fetched when they are read. DecodeError if it has no `$id`
        or no `$revision`; a value that cannot be read raises it when the attribute is read.
        """
        cls._require_app()
        return instance_of(cls, record, connections.resolve(using, default=cls._meta.using))

    @classmethod
    def from_webhook(
        cls, payload: Mapping[str, Any], *, using: Connection | str | None = None
    ) -> WebhookEvent[Self]:
        """What one of kintone's webhooks tells, given as parsed JSON; sends nothing.

        DecodeError for a payload of another app, of an unknown type, or of the wrong shape.
        kintone signs no webhook: keep your URL secret, and read the record again
        (``event.instance.refresh_from_db()``) before you act on what it says.
        """
        cls._require_app()
        return read_payload(cls, payload, connections.resolve(using, default=cls._meta.using))

    @property
    def id(self) -> int | None:
        """The record's `$id`; None until it is saved. kintone gives it out."""
        return self._id

    @id.setter  # noqa: A003
    def id(self, _value: NoReturn) -> NoReturn:
        raise AttributeError(self._given_by_kintone("id"))

    @property
    def pk(self) -> int | None:
        """The same as `id`."""
        return self._id

    @pk.setter
    def pk(self, _value: NoReturn) -> NoReturn:
        raise AttributeError(self._given_by_kintone("pk"))

    @property
    def revision(self) -> int | None:
        """How often the record has been written, as far as this instance knows."""
        return self._revision

    @revision.setter
    def revision(self, _value: NoReturn) -> NoReturn:
        raise AttributeError(self._given_by_kintone("revision"))

    def save(
        self,
        *,
        using: Connection | str | None = None,
        update_fields: Iterable[str] | None = None,
        check_revision: bool | None = None,
        validate: bool = True,
        refresh: bool = False,
    ) -> None:
        """Send what changed: a new record whole, a known one's changed fields; one request.

        Nothing changed, no request. `update_fields` sends just those, and an empty list nothing.
        The revision goes along (`check_revision=False`, or the Meta option, leaves it out): the
        model's Conflict is raised if somebody else wrote the record in between. Raises
        ValidationError for values that may not be saved, found here (`validate=False` does not
        look) or by kintone; DoesNotExist if the record is gone. What kintone writes itself is
        fetched when it is next read, or with `refresh` at once, in a second request; so is what is
        deferred if there was nothing to send.

        Sends `pre_save` and, if something was written, `post_save`. `clean()` is not called.
        """
        names = None if update_fields is None else self._writable(update_fields)
        connection = connection_of(self, using)
        if names == []:
            if refresh and not self._state.adding:
                fetch_all(self)
            return
        created = self._state.adding
        if created and names is not None:
            raise ValueError(f"{self!r} is new: it is saved whole, without update_fields.")
        told = {
            "instance": self,
            "using": connection.alias,
            "update_fields": None if names is None else frozenset(names),
            "raw": False,
        }
        pre_save.send(type(self), **told)
        if created:
            insert_one(self, connection, check_values=validate)
            sent = True
        else:
            check = must_check(self, check_revision)
            sent = update_one(self, connection, names=names, check=check, check_values=validate)
        if sent:
            post_save.send(type(self), created=created, **told)
        if refresh:
            fetch_all(self)

    def delete(
        self, *, using: Connection | str | None = None, check_revision: bool | None = None
    ) -> tuple[int, dict[str, int]]:
        """Delete the record, in one request; the answer is Django's, ``(1, {"City": 1})``.

        The revision goes along as in `save`, with the same exceptions. Afterwards the instance is
        as if it had never been saved; what was not loaded is lost: to read or save it raises
        DoesNotExist until a value is assigned. Sends `pre_delete` and `post_delete`.
        """
        connection = connection_of(self, using)
        told = {"instance": self, "using": connection.alias, "origin": self}
        require_id(self)
        pre_delete.send(type(self), **told)
        delete_one(self, connection, check=must_check(self, check_revision))
        try:
            post_delete.send(type(self), **told)
        finally:
            start_anew(self)
            self._id = self._revision = None
        return 1, {self._meta.label: 1}

    def refresh_from_db(
        self, *, using: Connection | str | None = None, fields: Iterable[str] | None = None
    ) -> None:
        """Read the record again, in one request; your unsaved changes are dropped.

        With `fields`, only those, and the revision stays: a later save still notices what others
        wrote. Raises DoesNotExist if the record is gone.
        """
        if fields is None:
            record = read_again(self, self._meta.fields, using)
            self._state.related = None
            unmixed(self, int(record["$revision"]["value"]))
        elif names := list_of_names(fields, "fields"):
            record = read_again(self, names, using)
            if int(record["$revision"]["value"]) != self._revision:
                mix(self, names)

    def changed_fields(self) -> dict[str, tuple[Any, Any]]:
        """The fields that a save would send, as name -> (old, new); sends nothing.

        The old value is a copy; of a field that was assigned before it was loaded it is `UNSET`.
        """
        return restored(self, changes(self))

    def get_deferred_fields(self) -> set[str]:
        """The names of the fields that are fetched when they are next read."""
        return deferred_names(self)

    def duplicate(self, **changes: Any) -> Self:
        """A new record like this one, with these values instead; it is not saved yet.

        It has no id, no revision, nothing that kintone writes itself and no ids of rows; a save
        copies its attachments, in two requests each. Sends nothing, unless a field is deferred:
        those are fetched, in one request. A unique value must be among `changes`.
        FieldDoesNotExist for an unknown name; DecodeError for a field that cannot be read.
        """
        return duplicate(self, changes)

    def clean_fields(self, *, exclude: Iterable[str] | None = None) -> None:
        """Check every field that is loaded or assigned; ValidationError. Sends nothing."""
        clean_fields(self, exclude)

    def clean(self) -> None:
        """For a subclass to override: check values against each other; ValidationError.

        `full_clean` calls it, `save` does not, as in Django. It may raise
        ``ValidationError("a text")`` or ``ValidationError({"name": "a text"})``.
        """

    def full_clean(self, *, exclude: Iterable[str] | None = None) -> None:
        """`clean_fields`, then `clean`: one ValidationError for what both complain about.

        Sends nothing. Whether unique values are free is asked by `validate_unique` alone.
        """
        full_clean(self, [partial(self.clean_fields, exclude=exclude), self.clean])

    def validate_unique(self, *, exclude: Iterable[str] | None = None) -> None:
        """Ask kintone, in one request, whether unique values are free; UniqueViolation if not.

        kintone asks the same at each save, without a gap in between, so this is for forms. No
        request if there is nothing to ask.
        """
        validate_unique(self, exclude)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Model):
            return NotImplemented
        if self._meta.concrete_model is not other._meta.concrete_model:
            return False
        return self is other if self._id is None else self._id == other._id

    def __hash__(self) -> int:
        if self._id is None:
            raise TypeError(f"{self!r} has no hash: it has no id until it is saved.")
        return hash((self._meta.concrete_model, self._id))

    def __repr__(self) -> str:
        shown = f"id={self._id} rev={self._revision}" if self._id is not None else "new"
        for field in self._meta.fields.values():
            value = field.peek(self)
            if isinstance(value, str) and value:
                return f"<{type(self).__name__} {shown} {field.name}={value!r:.60}>"
        return f"<{type(self).__name__} {shown}>"

    if not TYPE_CHECKING:  # who checks types knows the fields

        def __getattr__(self, name: str) -> Any:
            """What `Prefetch(to_attr=name)` has put there."""
            try:
                return object.__getattribute__(self, "_state").related[name][1]
            except (AttributeError, TypeError, KeyError):
                return object.__getattribute__(self, name)  # raises what made Python ask here

    def __copy__(self) -> Self:
        return copy.deepcopy(self)  # two records must not share what they know of their changes

    # -- what fields and querysets ask ---------------------------------------------------------

    @classmethod
    def _require_app(cls) -> None:
        if cls._meta.abstract:
            label = cls._meta.label
            raise TypeError(f"{label} is abstract: make instances of a model made from it.")

    @classmethod
    def _records(cls, using: Connection | str | None) -> QuerySet[Self]:
        """All records, whatever a manager of the model's own leaves out."""
        return QuerySet(cls).using(using)

    def _supply(self, field: Field[Any, Any]) -> Any:
        """The value of a field that is not loaded: fetched, or empty in a new record."""
        undecoded = self._state.undecoded or {}
        if field.name in undecoded:
            raise DecodeError(cannot_decode(self, field, undecoded[field.name])) from None
        if self._state.adding:
            require_not_lost(self, [field.name])
            value = field.empty_value()
            if field.mutable:
                field.put(self, value)  # so that a change in place is seen
            return value
        fetch_deferred(self, field)
        return field.__get__(self, type(self))

    def _supply_related(self, relation: RelatedRecord[Any]) -> Any:
        """The record of another app that one of the fields has the key of."""
        return supply_related(self, relation)

    def _supply_referring(self, field: ReferenceTableField) -> Any:
        """The records of another app that refer to this one."""
        return referring(self, field)

    def _require_same_home(self, other: Model) -> None:
        """Raise ValueError if the two records live on different connections."""
        require_same_home(self, other)

    def _remember(self, field: Field[Any, Any]) -> None:
        """Keep what a field holds before it is assigned."""
        self._state.remember(field.name, snapshot_of(self, field))

    def _zone(self) -> tzinfo | None:
        return zone_of(self)

    def _given_by_kintone(self, name: str) -> str:
        return (
            f"{self._meta.label}.{name} cannot be set: kintone gives it out. duplicate() makes a "
            "new record like this one, save(check_revision=False) writes whatever the revision."
        )

    def _writable(self, names: Iterable[str]) -> list[str]:
        found = list_of_names(names, "update_fields")
        for name in found:
            field = self._meta.get_field(name)
            if not field.writable:
                raise FieldError(field.why_read_only())
        return found
