"""Protocols of a model's `_meta` and of its querysets, for the packages that those classes import.

The packages that `definition` imports cannot import `Options` or `QuerySet`. They use these
protocols, and know a record as an `Instance` (`kintone_orm.models.record.instance`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import tzinfo

    from typing_extensions import Self

    from kintone_orm.connection import Connection
    from kintone_orm.fields.base import Field
    from kintone_orm.fields.list_field import ListField
    from kintone_orm.fields.related_record import RelatedRecord
    from kintone_orm.models.ground.fetch_modes import FetchMode

__all__ = ["Meta", "Records", "RelatedRecords"]


class Meta(Protocol):
    """A model's `_meta`: its app, its fields and its records."""

    # Caches of `record.decoding`, `writing.server_fields` and `ground.form_rules` for this model.
    decoders: dict[tuple[int, object], tuple[tzinfo | None, Any]]
    made_there: tuple[Any, Any] | None
    form_rules: tuple[Any, Any] | None

    @property
    def model(self) -> Any:
        """The model that has this `_meta`."""
        ...

    @property
    def concrete_model(self) -> Any:
        """The model that has the app: the model itself, or the base model of a proxy."""
        ...

    @property
    def label(self) -> str:
        """The model's name, for messages."""
        ...

    @property
    def using(self) -> str | None:
        """The alias of the model's own connection, if it has one."""
        ...

    @property
    def number_precision(self) -> Any:
        """The declared `NumberPrecision` of the app, or None."""
        ...

    @property
    def check_revision(self) -> bool:
        """True if a save sends the revision by default."""
        ...

    @property
    def fields(self) -> Mapping[str, Field]:
        """The fields by name."""
        ...

    @property
    def relations(self) -> Mapping[str, RelatedRecord[Any]]:
        """The relations to single records by name."""
        ...

    @property
    def lists(self) -> Sequence[ListField]:
        """The writable fields whose values are lists."""
        ...

    @property
    def codes(self) -> list[str]:
        """The field codes to read for whole records."""
        ...

    def get_field(self, name: str) -> Field:
        """Return the field called `name`; FieldDoesNotExist if there is no such field."""
        ...

    def find(self, name: str) -> Field:
        """Return the field that a filter by `name` compares; FieldDoesNotExist if unknown."""
        ...

    def find_to_sort(self, name: str) -> Field:
        """Return the field that `name` sorts by; NotSupportedError for a field of another app."""
        ...

    def by_field(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values by field name: a related record becomes its key."""
        ...

    def with_columns(self) -> Iterator[Field]:
        """Yield the fields and the columns of the subtables among them."""
        ...

    def app_id(self, connection: Connection) -> int:
        """Return the app's id on the connection; ImproperlyConfigured if it is unknown there."""
        ...

    def records(self, using: Connection | str | None) -> Records:
        """Return all records, including those that a manager of the model leaves out."""
        ...

    def raw_records(
        self,
        connection: Connection,
        codes: Sequence[str],
        *,
        limit: int | None = None,
        **conditions: Any,
    ) -> Iterator[dict[str, Any]]:
        """Yield the records that satisfy the conditions, in kintone's JSON, with these fields."""
        ...


class Records(Protocol):
    """A queryset: records that can be narrowed and read."""

    def filter(self, *args: Any, **kwargs: Any) -> Self:
        """Return the records that satisfy the conditions."""
        ...

    def order_by(self, *names: str) -> Self:
        """Return the records in another order; without names in the order of their ids."""
        ...

    def only(self, *names: str) -> Self:
        """Return the records with only these fields; the others are deferred."""
        ...

    def using(self, using: Connection | str | None) -> Self:
        """Return the records of another connection."""
        ...

    def fetch_mode(self, mode: FetchMode) -> Self:
        """Return the records with this fetch mode."""
        ...

    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Return the one record that satisfies the conditions."""
        ...

    def iterator(self) -> Iterator[Any]:
        """Yield the records, read page by page."""
        ...

    def in_bulk(self, id_list: Iterable[Any], *, field_name: str) -> Mapping[Any, Any]:
        """Return the records with these keys, by key."""
        ...

    def __getitem__(self, key: slice) -> Iterable[Any]:
        """Return a slice of the records."""
        ...


class RelatedRecords(Records, Protocol):
    """A queryset, with the methods that relations need."""

    _query: Any

    @property
    def model(self) -> Any:
        """The model of the records."""
        ...

    def none(self) -> Self:
        """Return a queryset without records, which sends no request."""
        ...

    def raw(self, where: str) -> Self:
        """Return the records that satisfy a condition in kintone's query language."""
        ...

    def select_related(self, *names: str | None) -> Self:
        """Return the records with these related records; None drops all relations."""
        ...

    def prefetch_related(self, *lookups: Any) -> Self:
        """Return the records with these prefetched relations; None drops them all."""
        ...

    def _asking(self, query: Any) -> Self:
        """Return a queryset like this one for another query."""
        ...

    def _handed_out(self, owner: Any) -> Self:
        """Return the queryset as the manager of a record's relation; `owner` is that record."""
        ...

    def _without_rows(self) -> Self:
        """Return the queryset without the records that it has read."""
        ...
