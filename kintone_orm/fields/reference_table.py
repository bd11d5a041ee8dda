"""ReferenceTableField: the records of another app that refer to a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, overload

from kintone_orm.fields.base import UNSET, Field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import tzinfo

    from typing_extensions import Self, TypeVar

    from kintone_orm.fields.base import Unset

    Q = TypeVar("Q", default=Any)
else:
    from typing import TypeVar

    Q = TypeVar("Q")

__all__ = ["ReferenceTableField"]


# The value is a queryset of the other model. Its type is a type variable, because this package
# imports no models.
class ReferenceTableField(Field[Q, NoReturn]):
    """The related records of another app, as a queryset.

    `to` is the other model or its name. The related records are those whose field `related` equals
    this record's field `key` and that satisfy `filter_cond`, a condition in kintone's query
    language. A record with a blank `key` has no related records. The queryset begins as the other
    model's default manager does, with its filter and order. A record that the queryset creates
    refers to this record. kintone stores no value for the field: filters can use the field
    (``orders__amount__gt=5``), but a save sends no value for it. Three arguments are for the app's
    form only: `display` names the other model's fields to show (`related` by default), `sort` is
    the order as in a query string, and `size` is the number of rows on a page.
    For a type checker: ``ReferenceTableField["QuerySet[Order]"]("Order", ...)``.

    Source: kintone REST API, "Get Form Fields", referenceTable.
    """

    kintone_type = "REFERENCE_TABLE"
    has_value = False
    read_only = True
    fits_in_table = False

    find_model: Callable[[Any, Any], Any]  # kintone_orm.models sets this function

    def __init__(
        self,
        to: object,
        code: str | None = None,
        *,
        key: str,
        related: str,
        display: Iterable[str] = (),
        filter_cond: str = "",
        sort: str = "",
        size: int = 5,
        verbose_name: str | None = None,
    ) -> None:
        super().__init__(code, verbose_name=verbose_name)
        self.to = to
        self.key = key
        self.related = related
        self.display = tuple(display) or (related,)
        self.filter_cond = filter_cond
        self.sort = sort
        self.size = size
        self._columns: dict[str, Field] | None = None

    def bind(self) -> None:
        self._columns = None

    @property
    def target(self) -> Any:
        """The other model; ImproperlyConfigured if there is no model of that name."""
        return self.find_model(self.model, self.to)

    @property
    def key_name(self) -> str:
        """The name of the field whose value the `related` field of the other model holds.

        It is `key`, or "pk" if `key` is a record number and `related` is a number field.
        """
        key, theirs = self.model._meta.get_field(self.key), self.target._meta
        if key.kintone_type == "RECORD_NUMBER":
            return "pk" if theirs.get_field(self.related).kintone_type == "NUMBER" else self.key
        return self.key

    @property
    def columns(self) -> Mapping[str, Field]:
        """The other model's fields by name, with "id" and "pk", as columns of this field."""
        if self._columns is None:
            meta = self.target._meta
            theirs = {"id": meta.id_field, "pk": meta.id_field, **meta.fields}
            self._columns = {
                name: field.column_of(self, f"{self.code}.{field.code}")
                for name, field in theirs.items()
                if field.has_value
            }
        return self._columns

    def slots(self, name: str) -> list[str]:
        del name
        return []

    def bind_slots(self) -> None:
        """Do nothing: the field has no slots."""

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> Q: ...
    def __get__(self, instance: Any, owner: type) -> Self | Q:
        if instance is None:
            return self
        records: Q = instance._supply_referring(self)
        return records

    def peek(self, instance: object) -> Unset:
        del instance
        return UNSET

    def to_python(self, raw: object, zone: tzinfo | None = None) -> Any:
        raise NotImplementedError("kintone sends no value of related records")

    def definition(self) -> dict[str, Any]:
        """Return the field's definition without the id of the other app, which `deploy` adds."""
        theirs = self.target._meta
        return super().definition() | {
            "referenceTable": {
                "condition": {
                    "field": self.model._meta.get_field(self.key).code,
                    "relatedField": theirs.get_field(self.related).code,
                },
                "filterCond": self.filter_cond,
                "displayFields": [theirs.get_field(name).code for name in self.display],
                "sort": self.sort,
                "size": str(self.size),
            }
        }

    def why_read_only(self) -> str:
        return f"{self} cannot be set. Change {self.related!r} of the related records."
