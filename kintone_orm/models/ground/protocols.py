"""The classes above the rooms, as the rooms know them: a model's `_meta`, and its querysets.

The rooms below the definition of models name neither `Options` nor `QuerySet`. How they know a
record is `kintone_orm.models.record.instance`.
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
    """A model's `_meta`: its app, its fields, and how to read more of its records."""

    # Kept by `record.decoding` and by `writing.server_fields`, for this model.
    decoders: dict[tuple[int, tuple[str, ...] | None, bool], tuple[tzinfo | None, Any, Any]]
    made_there: tuple[Any, Any] | None

    @property
    def model(self) -> Any:
        """The model."""
        ...

    @property
    def concrete_model(self) -> Any:
        """The model that has the app: `model`, or the one that it is a proxy of."""
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
    def check_revision(self) -> bool:
        """True if a save compares revisions when nobody says otherwise."""
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
        """The codes that a read of whole records asks for."""
        ...

    def get_field(self, name: str) -> Field:
        """The field called `name`; FieldDoesNotExist if there is none."""
        ...

    def find(self, name: str) -> Field:
        """The field to filter by under `name`; FieldDoesNotExist if there is none."""
        ...

    def find_to_sort(self, name: str) -> Field:
        """The field to sort by under `name`; NotSupportedError for a related record's."""
        ...

    def by_field(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values by field name, with the key in place of a related record."""
        ...

    def with_columns(self) -> Iterator[Field]:
        """The fields, and the columns of the subtables among them."""
        ...

    def app_id(self, connection: Connection) -> int:
        """The id of the app there; ImproperlyConfigured if the connection has none."""
        ...

    def records(self, using: Connection | str | None) -> Records:
        """All records, whatever a manager of the model leaves out."""
        ...

    def raw_records(
        self,
        connection: Connection,
        codes: Sequence[str],
        *,
        limit: int | None = None,
        **conditions: Any,
    ) -> Iterator[dict[str, Any]]:
        """The records that satisfy the conditions, as kintone sends them, with these fields."""
        ...


class Records(Protocol):
    """A queryset: records that can be narrowed and read."""

    def filter(self, *args: Any, **kwargs: Any) -> Self:
        """The records that satisfy the conditions."""
        ...

    def order_by(self, *names: str) -> Self:
        """The records in another order; without names in that of their ids."""
        ...

    def only(self, *names: str) -> Self:
        """The records with these fields alone; the others are deferred."""
        ...

    def using(self, using: Connection | str | None) -> Self:
        """The records of another connection."""
        ...

    def fetch_mode(self, mode: FetchMode) -> Self:
        """The records, which fetch what they lack in this way."""
        ...

    def get(self, *args: Any, **kwargs: Any) -> Any:
        """The one record that satisfies the conditions."""
        ...

    def iterator(self) -> Iterator[Any]:
        """The records, read page by page."""
        ...

    def in_bulk(self, id_list: Iterable[Any], *, field_name: str) -> Mapping[Any, Any]:
        """The records with these keys, by key."""
        ...

    def __getitem__(self, key: slice) -> Iterable[Any]:
        """A slice of the records."""
        ...


class RelatedRecords(Records, Protocol):
    """A queryset, as a relation narrows it and hands it out."""

    _query: Any

    @property
    def model(self) -> Any:
        """The model of the records."""
        ...

    def none(self) -> Self:
        """No records."""
        ...

    def raw(self, where: str) -> Self:
        """The records that satisfy a condition in kintone's query language."""
        ...

    def select_related(self, *names: str | None) -> Self:
        """The records with these related ones; None for none."""
        ...

    def prefetch_related(self, *lookups: Any) -> Self:
        """The records with these lists of related ones; None for none."""
        ...

    def _asking(self, query: Any) -> Self:
        """The same for another query."""
        ...

    def _handed_out(self, owner: Any) -> Self:
        """The same, as a manager hands it out for the record that owns them."""
        ...

    def _without_rows(self) -> Self:
        """The same without records."""
        ...
