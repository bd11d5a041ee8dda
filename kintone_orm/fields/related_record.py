"""RelatedRecord: the record of another app to which a field refers."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any, Generic, overload

from kintone_orm.exceptions import FieldError, ImproperlyConfigured
from kintone_orm.fields.declaring.refused_options import refuse_options
from kintone_orm.query.long_texts import as_compared
from kintone_orm.query.resolve import nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self, TypeVar

    from kintone_orm.fields.base import Field
    from kintone_orm.query.comparable import Comparable

    T = TypeVar("T", default=Any)
else:
    from typing import TypeVar

    T = TypeVar("T")

__all__ = ["Refers", "RelatedRecord", "id_of"]

_HOLD_NUMBERS = ("NUMBER", "SINGLE_LINE_TEXT")
_RECORD_NUMBER = re.compile(r"(?:.*-)?([0-9]+)")


def id_of(number: Any) -> int | None:
    """Return the id in a record number, with or without an app code; None for other texts."""
    if not isinstance(number, str):
        return int(number) if number == int(number) else None
    match = _RECORD_NUMBER.fullmatch(number)
    return None if match is None else int(match[1])


class Refers:
    """A reference to records of another model, whose field `key` identifies them."""

    key: str
    model: Any
    find_model: Callable[[Any, Any], Any]  # kintone_orm.models sets this function
    to: Any

    @property
    def target(self) -> Any:
        """The other model; ImproperlyConfigured if there is no model of that name."""
        return self.find_model(self.model, self.to)

    @property
    def key_advice(self) -> str:
        """A sentence for a program that gives a key where a record belongs; "" for a lookup."""
        return ""

    @property
    def by_number(self) -> bool:
        """True if the key is the other record's number, which contains its id."""
        return bool(self.target._meta.get_field(self.key).kintone_type == "RECORD_NUMBER")

    def name_of_key(self, held_as: str) -> str:
        """Return the name of the other model's field whose value is the key.

        `held_as` is the type of the field that stores the key. If the key is a record number, a
        number field stores only its id, so the name is "pk".
        """
        return "pk" if held_as == "NUMBER" and self.by_number else self.key

    def key_of(self, record: Any) -> Any:
        """Return the key of a record.

        FieldError for another model's record, ValueError for a record without a key.
        """
        target = self.target
        meta = getattr(type(record), "_meta", None)
        if meta is None or meta.concrete_model is not target._meta.concrete_model:
            advice = f" {self.key_advice}" if meta is None and self.key_advice else ""
            raise FieldError(f"{self} takes a {target.__name__}, not {record!r:.80}.{advice}")
        if record._state.adding:
            raise ValueError(
                f"{self} cannot refer to {record!r}, which is not saved. Save it first."
            )
        key = getattr(record, self.name_of_key(self.held_as))
        if key is None or as_compared(key) == "":
            raise ValueError(
                f"{self} cannot refer to {record!r}, whose {self.key!r} is blank. Set it and save "
                "that record first."
            )
        return key

    @property
    def held_as(self) -> str:
        """The kintone type of the field that contains the key."""
        raise NotImplementedError

    def plain(self, value: object) -> object:
        """Return the key of `value` if it is a record; return any other value unchanged."""
        return self.key_of(value) if hasattr(type(value), "_meta") else value

    def elsewhere(self, field: Comparable, lookup: str) -> str:
        """Return advice on how to filter, if `lookup` names a field of the other model; else ""."""
        path, target = str(field).partition(".")[2].replace(".", "__"), self.target
        name, separator, rest = lookup.partition("__")
        if name == self.key:
            return f"{field} holds the {name!r} itself. Write filter({path}{separator}{rest}=...)."
        if name not in {"id", "pk", *target._meta.fields, *target._meta.relations}:
            return ""
        return (
            f"{field} is the key of a {target.__name__}, whose {name!r} is in another app, and a "
            f"query reads one app. Write "
            f"filter({path}__in={target.__name__}.objects.filter({lookup}=...))."
        )


class RelatedRecord(Refers, Generic[T]):
    """The record of another model whose key is in the field `field`; fetched at the first access.

    ``customer = RelatedRecord("customer_code")`` belongs to
    ``customer_code = LookupField("Customer", key="code")``, which names the model and the key. For
    a field that is not a lookup, `to` is the other model and `key` names its unique field or its
    record number (with or without an app code); without `key`, the field contains ids.
    For a type checker, name the model: ``to=Customer``, or ``RelatedRecord["Customer"](...)``.

    If the field is blank, the value is None, without a request. If no record has the key, or you
    may not view it, an access raises the other model's DoesNotExist, as a foreign key of Django
    does: the field keeps the key when the other record is deleted. Assigning a saved record sets
    the field to its key; an unsaved record raises ValueError. A `RelatedRecord` is no field of the
    app, so it is never sent.
    """

    model: Any = None
    name: str = ""

    if not TYPE_CHECKING:  # type checkers should read the signature of __init__ instead

        def __new__(cls, *_args: object, **options: object) -> Any:
            refuse_options(cls, options)
            return super().__new__(cls)

    def __init__(
        self, field: str, *, to: type[T] | str | None = None, key: str | None = None
    ) -> None:
        self.field = field
        self.to = to
        self._given_key = key
        self.key = key or "pk"
        self.comparable_field: Field | None = None

    def attach(self, model: Any, name: str) -> Self:
        """Return a copy that belongs to `model` under `name`; ImproperlyConfigured for mistakes."""
        bound = copy.copy(self)
        bound.model, bound.name, bound.comparable_field = model, name, None
        fields = model._meta.fields
        if self.field not in fields:
            hint = nearest(self.field, fields)
            raise ImproperlyConfigured(f"{bound}: there is no field {self.field!r}.{hint}")
        holder = fields[self.field]
        if isinstance(holder, Refers):
            bound.key = holder.key
            if self.to is not None and _name(self.to) != _name(holder.to):
                raise ImproperlyConfigured(
                    f"{bound}: `to` must be {_name(holder.to)}, the model that {holder} looks up."
                )
            if self._given_key not in (None, holder.key):
                raise ImproperlyConfigured(
                    f"{bound}: `key` must be {holder.key!r}, the key of {holder}."
                )
            bound.to = holder.to
        elif self.to is None:
            raise ImproperlyConfigured(
                f"{bound}: {holder} is not a lookup. Name the model of the key: to=Model, key=name."
            )
        return bound

    @property
    def key_advice(self) -> str:
        return f"Assign a key to {self.field!r}."

    @property
    def holder(self) -> Field:
        """The field of this model that contains the key."""
        field: Field = self.model._meta.fields[self.field]
        return field

    @property
    def key_field(self) -> Field:
        """The other model's field with which the record is found.

        ImproperlyConfigured if the field of this model cannot contain the values of that field.
        """
        holder = self.holder.typed()
        field: Field = self.target._meta.get_field(self.key).typed()
        if field.kintone_type == "RECORD_NUMBER" and holder.kintone_type in _HOLD_NUMBERS:
            id_field: Field = self.target._meta.id_field
            return id_field
        holder_type = "NUMBER" if field.kintone_type == "__ID__" else field.kintone_type
        is_unique = field.unique or field.kintone_type == "__ID__"
        if not is_unique or holder.kintone_type != holder_type:
            raise ImproperlyConfigured(
                f"{self}: {holder} ({holder.kintone_type}) cannot hold the key {field} "
                f"({field.kintone_type}). A key must be a unique field of the same type, or the id "
                "(in a number field), or the record number (in a number or a text field)."
            )
        return field

    @property
    def held_as(self) -> str:
        kind: str = self.holder.typed().kintone_type
        return kind

    def compared(self, key: object) -> Any:
        """Return the key in the form that is compared.

        This is the id for a record number, and a text without the spaces at its end. Any other key
        is unchanged.
        """
        return id_of(key) if self.by_number else as_compared(key)

    def comparable(self) -> Field:
        """Return the key's field for filters by this relation: a copy that also accepts records."""
        if self.comparable_field is None:
            field: Field = copy.copy(self.holder.typed())
            field.refers_to = self
            self.comparable_field = field
        return self.comparable_field

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T | None: ...
    def __get__(self, instance: Any, owner: type) -> Self | T | None:
        if instance is None:
            return self
        record: T | None = instance._supply_related(self)
        return record

    def __set__(self, instance: Any, value: T | None) -> None:
        key = None if value is None else self.key_of(value)
        if value is not None:
            instance._require_same_home(value)
        setattr(instance, self.field, key)
        instance._state.relate(self.name, self.holder.peek(instance), value)

    def __str__(self) -> str:
        owner = self.model.__name__ if self.model is not None else type(self).__name__
        return f"{owner}.{self.name}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}>"


def _name(model: Any) -> str:
    return model.rpartition(".")[2] if isinstance(model, str) else model.__name__
