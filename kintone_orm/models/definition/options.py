"""Options: the `_meta` of a model, with its Meta options and its fields."""

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
from kintone_orm.models.reading.running import read_pages
from kintone_orm.query.ordering import resolve_order
from kintone_orm.query.q import Q
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

# The options that a proxy always takes from its model.
_OF_THE_APP = ("app", "number_precision")
# The options that a proxy takes from its model unless the proxy's own Meta sets them.
_PASSED_ON = (*_OF_THE_APP, "check_revision", "get_latest_by", "ordering", "using")


class Options:
    """The `_meta` of a model: its app, its fields by name, and the other options of its Meta."""

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
        self.fields: dict[str, Field] = {} if concrete is None else concrete._meta.fields
        self.relations: dict[str, RelatedRecord[Any]] = (
            {} if concrete is None else concrete._meta.relations
        )
        # The decoders that `record.decoding` made. The key is the id() of the time zone (some zones
        # have no hash), the names of the fields, and the kind of the decoder.
        self.decoders: dict[tuple[int, object], tuple[tzinfo | None, Any]] = {}
        self._default_order: tuple[OrderKey, ...] | None = None
        # `writing.server_fields` keeps here the app's form and the fields that kintone fills in.
        self.made_there: tuple[Any, Any] | None = None
        # `ground.form_rules` keeps here the app's form and its rules for the model.
        self.form_rules: tuple[Any, Any] | None = None
        self._lists: tuple[ListField, ...] | None = None

    def get_field(self, name: str) -> Field:
        """Return the field called `name`; FieldDoesNotExist, with similar names, otherwise."""
        if name in ("id", "pk"):
            return self.id_field
        try:
            return self.fields[name]
        except KeyError:
            if relation := self.relations.get(name):
                raise FieldError(
                    f"{relation} is a record of another app, found by the field "
                    f"{relation.field!r} of this one. Use that name."
                ) from None
            hint = nearest(name, self.fields) or f" It has {', '.join(['id', *self.fields])}."
            raise FieldDoesNotExist(f"{self.label} has no field {name!r}.{hint}") from None

    def find(self, name: str) -> Field:
        """Return the field that a filter by `name` compares; a lookup has the type of its key."""
        if name in self.fields:
            return self.fields[name].typed()
        if relation := self.relations.get(name):
            return relation.comparable()
        return self.get_field(name).typed()

    def find_to_sort(self, name: str) -> Field:
        """Return the field to sort by `name`; NotSupportedError for a field of a related record."""
        if name in self.fields:
            return self.fields[name].typed()
        outer = name.partition("__")[0]
        for relation in self.relations.values():
            if outer in (relation.name, relation.field):
                raise NotSupportedError(
                    f"{relation} is a record of another app, and kintone sorts only by fields of "
                    f"the app that is read. Write {relation.field!r}, or "
                    f"sorted(queryset.select_related({relation.name!r}), key=...)."
                )
        return self.get_field(name).typed()

    def by_field(self, values: Mapping[str, object]) -> dict[str, Any]:
        """Return the values by field name: a related record becomes its key; functions stay."""
        by_name = {}
        for name, value in values.items():
            relation = self.relations.get(name)
            if relation is not None and value is not None and not callable(value):
                value = relation.key_of(value)
            by_name[name if relation is None else relation.field] = value
        return by_name

    def with_columns(self) -> Iterator[Field]:
        """Yield the fields, each subtable followed by its columns; no two have the same code."""
        for field in self.fields.values():
            yield field
            if isinstance(field, SubtableField):
                yield from field.columns.values()

    @property
    def lists(self) -> tuple[ListField, ...]:
        """The writable fields whose values are lists, which can change in place."""
        # The lists are computed at the first use, because only then the class is complete.
        if self._lists is None:
            self._lists = tuple(
                field
                for field in self.fields.values()
                if isinstance(field, ListField) and field.mutable and field.writable
            )
        return self._lists

    @property
    def default_order(self) -> tuple[OrderKey, ...]:
        """The option `ordering`, as order keys of a query."""
        if self._default_order is None:
            self._default_order = resolve_order(self.ordering, self.find_to_sort)
        return self._default_order

    @property
    def codes(self) -> list[str]:
        """The field codes of a read: the declared fields, `$id` and `$revision`."""
        return ["$id", "$revision", *[f.code for f in self.fields.values() if f.has_value]]

    @cached_property
    def everything(self) -> Query[Any]:
        """The query of every record, with which each queryset of the model begins."""
        return Query(self.model)

    @cached_property
    def destination(self) -> Destination:
        """The connection of a queryset without `using()`: the model's own, or the default."""
        return Destination(self)

    def app_id(self, connection: Connection) -> int:
        """Return the app's id on the connection; ImproperlyConfigured if it is unknown there."""
        try:
            app = self.app(connection) if callable(self.app) else connection.app_id(self.app)
        except ImproperlyConfigured as error:
            if callable(self.app):
                raise
            message = f"{self.label}: {error} Or call deploy({self.label}), which makes the app."
            raise ImproperlyConfigured(message) from None
        connection.model_names.add(app, self.label)
        return app

    def records(self, using: Connection | str | None) -> Records:
        """Return all records, including those that a manager of the model leaves out."""
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
        """Yield the records that satisfy the conditions, in kintone's JSON, with these fields.

        Without a `limit` the records come in the order of their ids.
        """
        destination = Destination(self, connection)
        query = self.everything.narrow(Q(**conditions), destination)
        query = query.order_by(()) if limit is None else query.slice(0, limit)
        return chain.from_iterable(read_pages(query, destination, codes))

    def __repr__(self) -> str:
        return f"<Options of {self.label}>"


def _refuse_unknown(label: str, declared: Mapping[str, object]) -> None:
    for name in declared:
        if name in META:
            raise ImproperlyConfigured(META[name].sentence(f"{label}.Meta.{name}"))
        if name not in _KNOWN:
            hint = nearest(name, _KNOWN) or f" The options are {', '.join(_KNOWN)}."
            raise ImproperlyConfigured(f"{label}.Meta has no option {name!r}.{hint}")


def _refuse_wrong_types(label: str, declared: Mapping[str, object]) -> None:
    for name in _FLAGS:
        if not isinstance(declared.get(name, False), bool):
            raise ImproperlyConfigured(
                f"{label}.Meta.{name} must be True or False, not {declared[name]!r:.80}."
            )
    if declared.get("abstract") and declared.get("proxy"):
        raise ImproperlyConfigured(
            f"{label}.Meta cannot be both abstract and a proxy. An abstract model has no app; a "
            "proxy is another class for the records of a model that has one."
        )
    app = declared.get("app", label)
    is_id = isinstance(app, int) and not isinstance(app, bool) and app > 0
    if not (is_id or (isinstance(app, str) and app) or callable(app)):
        raise ImproperlyConfigured(
            f"{label}.Meta.app must be the app's id, a key that each connection resolves, or a "
            f"function of the connection, not {app!r:.80}."
        )


def _refuse_of_the_app(label: str, declared: Mapping[str, object], concrete: str) -> None:
    for name in _OF_THE_APP:
        if name in declared:
            raise ImproperlyConfigured(
                f"{label}.Meta.{name}: a proxy has the {name} of {concrete}. Leave it out."
            )


def _ordering(label: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        raise ImproperlyConfigured(f"{label}.Meta.ordering must be a list of names, not {value!r}.")
    return tuple(value)


def _latest_by(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _number_precision(label: str, value: Any) -> NumberPrecision | None:
    if value is None or isinstance(value, NumberPrecision):
        return value
    try:
        return NumberPrecision(**value)
    except TypeError:
        raise ImproperlyConfigured(
            f"{label}.Meta.number_precision must be a mapping of digits, decimal_places and "
            f"rounding_mode, not {value!r}."
        ) from None
    except ValueError as error:
        raise ImproperlyConfigured(f"{label}.Meta.number_precision: {error}") from None
