"""Model: the base class of models. A model is an app, and its instances are the records."""

from __future__ import annotations

import copy
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from kintone_orm.connection import connections
from kintone_orm.exceptions import (
    DecodeError,
    FieldError,
    KintoneORMError,
    MultipleObjectsReturned,
    ObjectDoesNotExist,
)
from kintone_orm.fields.base import UNSET, Field
from kintone_orm.fields.declaring.naming import list_of_names
from kintone_orm.models import writing
from kintone_orm.models.around.app_info import Identified
from kintone_orm.models.around.comments import Commented
from kintone_orm.models.around.permissions import Permitted
from kintone_orm.models.around.webhooks import WebhookEvent, instance_of, read_payload
from kintone_orm.models.around.workflow import Workflow
from kintone_orm.models.definition.metaclass import ModelBase
from kintone_orm.models.ground.refused import MODEL, refusing
from kintone_orm.models.manager import Manager
from kintone_orm.models.queryset import QuerySet
from kintone_orm.models.record.changes import changes, snapshot_of, with_old_values
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
from kintone_orm.models.record.state import (
    State,
    mark_mixed,
    put_default,
    start_anew,
    take_revision,
)
from kintone_orm.models.record.validation import cannot_decode
from kintone_orm.models.relations.backward import referring_records
from kintone_orm.models.relations.forward import related_record
from kintone_orm.outcomes import CarriedOut
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
    """The declaration of a kintone app: each field of the class is a field of the app.

    An instance is one record. ``City(name="Kobe").save()`` adds it. Saving it again sends only the
    changed fields, with the revision that was read. `City.objects` finds records.

    ``class Meta`` has these options:

    * `app`: the app's id, a key that each connection resolves, or a function of the connection; by
      default the name of the class in lower case.
    * `ordering`: the default order.
    * `using`: the connection to use.
    * `check_revision`: False to save without comparing revisions.
    * `get_latest_by`: the order of `latest()`.
    * `verbose_name` and `number_precision`: settings for `deploy`.
    * `abstract`: True for a base of models, without an app.
    * `proxy`: True for another class for the records of its base.
    """

    objects = Manager()

    # The type of `_meta` is narrower than in `Instance`. This is safe, because the attribute is
    # never set again.
    _meta: ClassVar[Options]  # pyright: ignore[reportIncompatibleVariableOverride]
    DoesNotExist: ClassVar[type[ObjectDoesNotExist]]
    MultipleObjectsReturned: ClassVar[type[MultipleObjectsReturned]]
    Conflict: ClassVar[type[Conflict[Self]]]

    _id: int | None
    _revision: int | None
    _state: State

    def __init__(self, **values: object) -> None:
        meta = type(self)._meta
        self._require_app()
        self._state = State()
        self._id = self._revision = None
        assigned = set()
        for name, value in values.items():
            if name in ("id", "pk", "revision"):
                raise TypeError(self._cannot_set(name))
            if name not in meta.fields and name not in meta.relations:
                hint = nearest(name, meta.fields) or f" It has {', '.join(meta.fields)}."
                raise TypeError(f"{meta.label} has no field {name!r}.{hint}")
            setattr(self, name, value)
            assigned.add(meta.relations[name].field if name in meta.relations else name)
        for name, field in meta.fields.items():
            if name not in assigned and (default := field.get_default()) is not UNSET:
                put_default(self, field, default)

    @classmethod
    def from_record(
        cls, record: Mapping[str, object], *, using: Connection | str | None = None
    ) -> Self:
        """Return the instance for a record in kintone's JSON; sends nothing.

        The instance counts as read on the model's connection, or on `using`. Fields that `record`
        lacks are deferred. DecodeError if `record` has no `$id` or no `$revision`. A value that
        cannot be decoded raises DecodeError when the attribute is read.
        """
        cls._require_app()
        return instance_of(cls, record, connections.resolve(using, default=cls._meta.using))

    @classmethod
    def from_webhook(
        cls, payload: Mapping[str, object], *, using: Connection | str | None = None
    ) -> WebhookEvent[Self]:
        """Return the event of a webhook's payload, given as parsed JSON; sends nothing.

        DecodeError for a payload of another app, of an unknown type, or of the wrong shape.
        kintone does not sign webhooks. Keep your URL secret, and read the record again with
        ``event.instance.refresh_from_db()`` before you trust the payload.
        """
        cls._require_app()
        return read_payload(cls, payload, connections.resolve(using, default=cls._meta.using))

    @property
    def id(self) -> int | None:
        """The record's `$id`, which kintone assigns; None until the record is saved."""
        return self._id

    @id.setter  # noqa: A003
    def id(self, _value: NoReturn) -> NoReturn:
        raise AttributeError(self._cannot_set("id"))

    @property
    def pk(self) -> int | None:
        """The same as `id`."""
        return self._id

    @pk.setter
    def pk(self, _value: NoReturn) -> NoReturn:
        raise AttributeError(self._cannot_set("pk"))

    @property
    def revision(self) -> int | None:
        """The record's revision when it was last read or saved; None until it is saved."""
        return self._revision

    @revision.setter
    def revision(self, _value: NoReturn) -> NoReturn:
        raise AttributeError(self._cannot_set("revision"))

    def save(
        self,
        *,
        using: Connection | str | None = None,
        update_fields: Iterable[str] | None = None,
        check_revision: bool | None = None,
        validate: bool = True,
        refresh: bool = False,
    ) -> None:
        """Save the record in one request.

        A new record is sent whole, a stored record with its changed fields.

        Without changes no request is sent. `update_fields` sends exactly those fields; an empty
        list sends nothing. The revision is sent as well, unless `check_revision` or the option of
        Meta is False: the model's Conflict is raised if somebody else wrote the record in between.
        Raises ValidationError for invalid values, found before the request (not with
        `validate=False`) by the model and the app's form, or by kintone, and DoesNotExist if the
        record is gone. If the answer was lost, the error of the network is raised, for a stored
        record as a LostSave.

        Values that kintone sets itself are fetched at their next access. `refresh` fetches them at
        once, in a second request, together with all other deferred fields.

        The signal `pre_save` is sent, and `post_save` if something was written. `clean()` is not
        called.
        """
        names = None if update_fields is None else self._writable(update_fields)
        connection = connection_of(self, using)
        if names == []:
            if refresh and not self._state.adding:
                fetch_all(self)
            return
        created = self._state.adding
        if created and names is not None:
            raise ValueError(f"{self!r} is new, so it is saved whole. Leave out update_fields.")
        signal = {
            "instance": self,
            "using": connection.alias,
            "update_fields": None if names is None else frozenset(names),
            "raw": False,
        }
        pre_save.send(type(self), **signal)
        if created:
            writing.saving.insert_one(self, connection, check_values=validate)
            is_sent = True
        else:
            check = must_check(self, check_revision)
            is_sent = writing.saving.update_one(
                self, connection, names=names, check=check, check_values=validate
            )
        if is_sent:
            post_save.send(type(self), created=created, **signal)
        if refresh:
            try:
                fetch_all(self)
            except KintoneORMError as error:
                if is_sent:
                    error.carried_out = CarriedOut.YES  # the read failed, but not the save
                raise

    def delete(
        self, *, using: Connection | str | None = None, check_revision: bool | None = None
    ) -> tuple[int, dict[str, int]]:
        """Delete the record in one request; return Django's answer, ``(1, {"City": 1})``.

        The revision is sent as in `save`, with the same exceptions. Afterwards the instance counts
        as new. Values that were not loaded are lost: reading or saving them raises DoesNotExist
        until a value is assigned. The signals `pre_delete` and `post_delete` are sent. If the
        answer was lost, a deletion with the revision is sent again, and is done if the record is
        gone.
        """
        connection = connection_of(self, using)
        signal = {"instance": self, "using": connection.alias, "origin": self}
        require_id(self)
        pre_delete.send(type(self), **signal)
        writing.saving.delete_one(self, connection, check=must_check(self, check_revision))
        try:
            post_delete.send(type(self), **signal)
        finally:
            start_anew(self)
            self._id = self._revision = None
        return 1, {self._meta.label: 1}

    def refresh_from_db(
        self, *, using: Connection | str | None = None, fields: Iterable[str] | None = None
    ) -> None:
        """Read the record again in one request, and drop unsaved changes.

        With `fields`, only these fields are read. The revision of the instance stays the same, so
        that a later save still notices the changes of others. Raises DoesNotExist if the record is
        gone.
        """
        if fields is None:
            record = read_again(self, self._meta.fields, using)
            self._state.related = None
            take_revision(self, int(record["$revision"]["value"]))
        elif names := list_of_names(fields, "fields"):
            record = read_again(self, names, using)
            if int(record["$revision"]["value"]) != self._revision:
                mark_mixed(self, names)

    def changed_fields(self) -> dict[str, tuple[Any, Any]]:
        """Return the unsaved changes, as name -> (old value, new value); sends nothing.

        The old value is a copy. It is `UNSET` if the field was assigned before it was loaded.
        """
        return with_old_values(self, changes(self))

    def get_deferred_fields(self) -> set[str]:
        """Return the names of the fields that are fetched at their next access."""
        return deferred_names(self)

    def duplicate(self, **changes: object) -> Self:
        """Return a new record with the same values except for `changes`; it is not saved yet.

        The new record has no id, no revision, no values that kintone sets itself and no ids of
        rows. Saving the record copies each attachment in two requests. Deferred fields are fetched
        in one request; otherwise nothing is sent. Give unique fields other values in `changes`.
        FieldDoesNotExist for an unknown name; DecodeError for a field that cannot be decoded.
        """
        return duplicate(self, changes)

    def clean_fields(self, *, exclude: Iterable[str] | None = None) -> None:
        """Raise ValidationError for invalid values of loaded or assigned fields; sends nothing.

        If the app's form is known already, new and changed values are checked by its rules as well.
        """
        clean_fields(self, exclude)

    def clean(self) -> None:
        """Check values against each other; for a subclass to override.

        `full_clean` calls it and `save` does not, as in Django. It may raise
        ``ValidationError("a text")`` or ``ValidationError({"name": "a text"})``.
        """

    def full_clean(self, *, exclude: Iterable[str] | None = None) -> None:
        """Call `clean_fields` and `clean`; raise one ValidationError with the problems of both.

        No request is sent. Only `validate_unique` asks kintone about unique values.
        """
        full_clean(self, [partial(self.clean_fields, exclude=exclude), self.clean])

    def validate_unique(self, *, exclude: Iterable[str] | None = None) -> None:
        """Raise UniqueViolation if another record has one of the unique values; one request.

        The method is meant for forms. kintone makes the same check at each save, and only that
        check is safe against other writers. Without unique values no request is sent.
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

    if not TYPE_CHECKING:  # type checkers must not allow undeclared attributes

        def __getattr__(self, name: str) -> Any:
            """Return the related records of ``Prefetch(to_attr=name)``."""
            try:
                return object.__getattribute__(self, "_state").related[name][1]
            except (AttributeError, TypeError, KeyError):
                return object.__getattribute__(self, name)  # this raises the usual AttributeError

    def __copy__(self) -> Self:
        return copy.deepcopy(self)  # a copy must not share its snapshots with the original

    # -- called by fields and by `Options` ------------------------------------------------------

    @classmethod
    def _require_app(cls) -> None:
        if cls._meta.abstract:
            label = cls._meta.label
            raise TypeError(f"{label} is abstract and has no instances. Use a model made from it.")

    @classmethod
    def _records(cls, using: Connection | str | None) -> QuerySet[Self]:
        """Return all records, including those that a manager of the model leaves out."""
        return QuerySet(cls).using(using)

    def _supply(self, field: Field) -> Any:
        """Return the value of a field that is not loaded: fetched, or empty in a new record."""
        undecoded = self._state.undecoded or {}
        if field.name in undecoded:
            raise DecodeError(cannot_decode(self, field, undecoded[field.name])) from None
        if self._state.adding:
            require_not_lost(self, [field.name])
            value = field.empty_value()
            if field.mutable:
                # Keep the new value in the record: the caller may change it in place.
                field.put(self, value)
            return value
        fetch_deferred(self, field)
        return field.__get__(self, type(self))

    def _supply_related(self, relation: RelatedRecord[Any]) -> Any:
        """Return the record of another app that a field of this record refers to."""
        return related_record(self, relation)

    def _supply_referring(self, field: ReferenceTableField) -> Any:
        """Return the records of another app that refer to this record."""
        return referring_records(self, field)

    def _require_same_home(self, other: Model) -> None:
        """Raise ValueError if the two records belong to different connections."""
        require_same_home(self, other)

    def _remember(self, field: Field) -> None:
        """Keep the snapshot of a field before it is assigned."""
        self._state.remember(field.name, snapshot_of(self, field))

    def _zone(self) -> tzinfo | None:
        return zone_of(self)

    def _cannot_set(self, name: str) -> str:
        return (
            f"{self._meta.label}.{name} cannot be set, because kintone assigns it. duplicate() "
            "makes a new record like this one; save(check_revision=False) ignores the revision."
        )

    def _writable(self, names: Iterable[str]) -> list[str]:
        writable = list_of_names(names, "update_fields")
        for name in writable:
            field = self._meta.get_field(name)
            if not field.writable:
                raise FieldError(field.why_read_only())
        return writable
