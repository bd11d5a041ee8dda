"""Options: what a model's Meta says, and the fields it has."""

from __future__ import annotations

from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import (
    FieldDoesNotExist,
    FieldError,
    ImproperlyConfigured,
    NotSupportedError,
)
from kintone_orm.fields.list_field import ListField
from kintone_orm.fields.number import NumberPrecision
from kintone_orm.fields.subtable import SubtableField
from kintone_orm.fields.system import IdField
from kintone_orm.models.ground.refused import META
from kintone_orm.models.reading.destination import Destination
from kintone_orm.models.reading.query import Query
from kintone_orm.query.ordering import resolve_order
from kintone_orm.query.resolve import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import tzinfo

    from kintone_orm.connection import Connection
    from kintone_orm.fields.base import Field
    from kintone_orm.fields.related_record import RelatedRecord
    from kintone_orm.models.ground.protocols import Records
    from kintone_orm.query.compiler import OrderKey

__all__ = ["Options"]

_KNOWN = (
    "abstract",
    "app",
    "check_revision",
    "default_manager_name",
    "get_latest_by",
    "number_precision",
    "ordering",
    "proxy",
    "using",
    "verbose_name",
    "verbose_name_plural",
)

_FLAGS = ("abstract", "check_revision", "proxy")

# What a proxy has of its model: the first always, the others if its Meta does not say.
_OF_THE_APP = ("app", "number_precision")
_PASSED_ON = (*_OF_THE_APP, "check_revision", "get_latest_by", "ordering", "using")


class Options:
    """A model's `_meta`: its app, its fields by name, and the other settings of its Meta."""

    def __init__(self, model: Any, declared: Mapping[str, Any], *, concrete: Any = None) -> None:
        self.model = model
        self.label: str = model.__name__
        _refuse_unknown(self.label, declared)
        _refuse_wrong_types(self.label, declared)
        if concrete is not None:
            _refuse_of_the_app(self.label, declared, concrete.__name__)
            passed_on = {name: getattr(concrete._meta, name) for name in _PASSED_ON}
            declared = {**passed_on, **declared}
        self.proxy = concrete is not None
        self.concrete_model: Any = model if concrete is None else concrete
        self.abstract: bool = declared.get("abstract", False)
        self.app: int | str | Callable[[Connection], int] = declared.get("app", self.label.lower())
        self.using: str | None = declared.get("using")
        self.verbose_name: str = declared.get("verbose_name", self.label)
        self.verbose_name_plural: str = declared.get("verbose_name_plural", f"{self.verbose_name}s")
        self.default_manager_name: str = declared.get("default_manager_name", "objects")
        self.check_revision: bool = declared.get("check_revision", True)
        self.number_precision = _number_precision(self.label, declared.get("number_precision"))
        self.ordering = _ordering(self.label, declared.get("ordering", ()))
        self.get_latest_by = _latest_by(declared.get("get_latest_by", ()))
        self.id_field = IdField().attach(model, "id")
        self.fields: dict[str, Field[Any, Any]] = {} if concrete is None else concrete._meta.fields
        self.relations: dict[str, RelatedRecord[Any]] = (
            {} if concrete is None else concrete._meta.relations
        )
        # Kept by models.record.decoding: by the id of the zone (not every tzinfo has a hash), the
        # fields, and whether they are read the slow way.
        self.decoders: dict[
            tuple[int, tuple[str, ...] | None, bool], tuple[tzinfo | None, Any, Any]
        ] = {}
        self._default_order: tuple[OrderKey, ...] | None = None
        # Kept by models.writing.server_fields: the form that was looked at, and what it says.
        self.made_there: tuple[Any, Any] | None = None
        self._lists: tuple[ListField[Any, Any], ...] | None = None

    def get_field(self, name: str) -> Field[Any, Any]:
        """The field called `name`; FieldDoesNotExist with the nearest names if there is none."""
        if name in ("id", "pk"):
            return self.id_field
        try:
            return self.fields[name]
        except KeyError:
            if relation := self.relations.get(name):
                raise FieldError(
                    f"{relation} is a record of another app, found by the field "
                    f"{relation.field!r} of this one: name that."
                ) from None
            hint = nearest(name, self.fields) or f" It has {', '.join(['id', *self.fields])}."
            raise FieldDoesNotExist(f"{self.label} has no field {name!r}.{hint}") from None

    def find(self, name: str) -> Field[Any, Any]:
        """The field to filter by under `name`, with its type's rules."""
        if name in self.fields:
            return self.fields[name].typed()
        if relation := self.relations.get(name):
            return relation.comparable()
        return self.get_field(name).typed()

    def find_to_sort(self, name: str) -> Field[Any, Any]:
        """The field to sort by under `name`; NotSupportedError for a related record's."""
        if name in self.fields:
            return self.fields[name].typed()
        outer = name.partition("__")[0]
        for relation in self.relations.values():
            if outer in (relation.name, relation.field):
                raise NotSupportedError(
                    f"{relation} is a record of another app, and a query is sorted by its own: "
                    f"write {relation.field!r}, or "
                    f"sorted(queryset.select_related({relation.name!r}), key=...)."
                )
        return self.get_field(name).typed()

    def by_field(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values by the names of fields: of a related record the key, functions as they are."""
        found = {}
        for name, value in values.items():
            relation = self.relations.get(name)
            if relation is not None and value is not None and not callable(value):
                value = relation.key_of(value)
            found[name if relation is None else relation.field] = value
        return found

    def with_columns(self) -> Iterator[Field[Any, Any]]:
        """The fields, and behind each subtable those in it: an app's codes are one for them all."""
        for field in self.fields.values():
            yield field
            if isinstance(field, SubtableField):
                yield from field.columns.values()

    @property
    def lists(self) -> tuple[ListField[Any, Any], ...]:
        """The fields that can be saved and whose value, a list, can change in place."""
        if self._lists is None:  # asked for when the class is complete
            self._lists = tuple(
                field
                for field in self.fields.values()
                if isinstance(field, ListField) and field.mutable and field.writable
            )
        return self._lists

    @property
    def default_order(self) -> tuple[OrderKey, ...]:
        """`ordering` as order keys."""
        if self._default_order is None:
            self._default_order = resolve_order(self.ordering, self.find_to_sort)
        return self._default_order

    @property
    def codes(self) -> list[str]:
        """The codes that a read asks for: the declared fields, `$id` and `$revision`."""
        return ["$id", "$revision", *(f.code for f in self.fields.values() if f.has_value)]

    @cached_property
    def everything(self) -> Query[Any]:
        """The query of every record, with which each queryset of the model begins."""
        return Query(self.model)

    @cached_property
    def destination(self) -> Destination:
        """The connection of a queryset that names none."""
        return Destination(self)

    def app_id(self, connection: Connection) -> int:
        """The id that the app has there; ImproperlyConfigured if the connection has none."""
        if callable(self.app):
            return self.app(connection)
        try:
            return connection.app_id(self.app)
        except ImproperlyConfigured as error:
            message = f"{self.label} has no app there: {error}; or deploy({self.label}) makes one."
            raise ImproperlyConfigured(message) from None

    def records(self, using: Connection | str | None) -> Records:
        """All records, whatever a manager of the model leaves out."""
        records: Records = self.model._records(using)
        return records

    def raw_records(
        self,
        connection: Connection,
        codes: Sequence[str],
        *,
        limit: int | None = None,
        **conditions: Any,
    ) -> Iterator[dict[str, Any]]:
        """The records that satisfy the conditions, as kintone sends them, with these fields.

        Without a `limit` they come in the order of their ids.
        """
        found: Any = self.records(connection).filter(**conditions)
        found = found.order_by() if limit is None else found[:limit]
        return chain.from_iterable(found._pages(codes))

    def __repr__(self) -> str:
        return f"<Options of {self.label}>"


def _refuse_unknown(label: str, declared: Mapping[str, Any]) -> None:
    for name in declared:
        if name in META:
            raise ImproperlyConfigured(META[name].sentence(f"{label}.Meta.{name}"))
        if name not in _KNOWN:
            hint = nearest(name, _KNOWN) or f" Known are {', '.join(_KNOWN)}."
            raise ImproperlyConfigured(f"{label}.Meta has no option {name!r}.{hint}")


def _refuse_wrong_types(label: str, declared: Mapping[str, Any]) -> None:
    for name in _FLAGS:
        if not isinstance(declared.get(name, False), bool):
            raise ImproperlyConfigured(
                f"{label}.Meta.{name} is True or False, not {declared[name]!r:.80}."
            )
    if declared.get("abstract") and declared.get("proxy"):
        raise ImproperlyConfigured(
            f"{label}.Meta is abstract and a proxy: a model without an app, or another class for "
            "the records of one. Say one of them."
        )
    app = declared.get("app", label)
    is_id = isinstance(app, int) and not isinstance(app, bool) and app > 0
    if not (is_id or (isinstance(app, str) and app) or callable(app)):
        raise ImproperlyConfigured(
            f"{label}.Meta.app is the app's id, a key that each connection resolves, or a function "
            f"of the connection, not {app!r:.80}."
        )


def _refuse_of_the_app(label: str, declared: Mapping[str, Any], concrete: str) -> None:
    for name in _OF_THE_APP:
        if name in declared:
            raise ImproperlyConfigured(f"{label}.Meta.{name}: a proxy has that of {concrete}.")


def _ordering(label: str, given: Any) -> tuple[str, ...]:
    if isinstance(given, str):
        raise ImproperlyConfigured(f"{label}.Meta.ordering is a list of names, not {given!r}.")
    return tuple(given)


def _latest_by(given: Any) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _number_precision(label: str, given: Any) -> NumberPrecision | None:
    if given is None or isinstance(given, NumberPrecision):
        return given
    try:
        return NumberPrecision(**given)
    except TypeError:
        raise ImproperlyConfigured(
            f"{label}.Meta.number_precision is a mapping of digits, decimal_places and "
            f"rounding_mode, not {given!r}."
        ) from None
    except ValueError as error:
        raise ImproperlyConfigured(f"{label}.Meta.number_precision: {error}") from None
