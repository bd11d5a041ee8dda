"""LookupField: a key of another app's record, and the values that kintone copies from it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic

from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.fields.base import Field
from kintone_orm.fields.declaring.bounds import checked_text
from kintone_orm.fields.declaring.naming import checked_names
from kintone_orm.fields.number import IntegerField
from kintone_orm.fields.related_record import Refers, id_of
from kintone_orm.fields.wire_values import text_or_none

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import tzinfo

    from typing_extensions import TypeVar, Unpack

    from kintone_orm.fields.base import FieldOptions
    from kintone_orm.query.comparable import Zone

    V = TypeVar("V", default=str)
else:
    from typing import TypeVar

    V = TypeVar("V")

__all__ = ["LookupField"]

_KEY_TYPES = frozenset(["SINGLE_LINE_TEXT", "NUMBER", "LINK"])


class _NumberOfRecord(IntegerField[Any]):
    """The key of a lookup by record number, read as the number alone.

    A text field may store the number with the app code before it.
    """

    decode_expression = None  # type: ignore[assignment]  # by to_python

    def to_python(self, raw: object, zone: tzinfo | None = None) -> int | None:
        del zone
        text = text_or_none(raw)
        if text is None:
            return None
        if (number := id_of(text)) is None:
            raise ValueError(f"{text!r:.80} is not a record number")
        return number


class LookupField(Field[V, str | float | Decimal | None], Refers, Generic[V]):
    """The key of a record of another model, from which kintone copies values at a save.

    `to` is the other model or its name. `key` names its key field: a unique field, or its
    `RecordNumberField`. With a record number as the key, the value is that number, an `int`.
    `deploy` creates a NUMBER field for it; an existing single line text field works as well.
    `copies` maps fields of this model to fields of the other model. At a save with a new key,
    kintone fills the fields of this model; a program cannot assign them. The copies are a
    snapshot: kintone does not follow later changes of the other record. A key that no record has is
    refused (`LookupSourceNotFound`). Three arguments are for the list in which a person picks a
    record: `display` names the other model's fields to show, `filter_cond` is a condition in
    kintone's query language, and `sort` is the order as in a query string. kintone does not check
    a saved key by them. Reading the field never fetches the other record; reading a
    `RelatedRecord` does. For a type checker the value is a `str`, as for most keys. For another
    key, name its type: ``LookupField[Decimal | None]("Item", key="number")``, or ``[int | None]``
    for a record number.

    Source: kintone REST API, "Field Types", lookup.
    """

    def __init__(
        self,
        to: object,
        code: str | None = None,
        *,
        key: str,
        copies: Mapping[str, str] | None = None,
        filter_cond: str = "",
        sort: str = "",
        display: Iterable[str] = (),
        required: bool = False,
        **options: Unpack[FieldOptions],
    ) -> None:
        super().__init__(code, required=required, **options)
        label = type(self).__name__
        self.to = to
        self.key = key
        self.copies = dict(copies or {})
        self.filter_cond = checked_text(label, "filter_cond", filter_cond)
        self.sort = checked_text(label, "sort", sort)
        self.display = checked_names(label, "display", display)
        self._typed: Field | None = None

    has_default_setting = False

    def bind(self) -> None:
        self._typed, self.refers_to = None, self

    def fill(self, beside: Mapping[str, Field]) -> None:
        """Set `filled_by` to this lookup in each field that the lookup copies into.

        `beside` has the fields of the same model or row class by name.

        ImproperlyConfigured for a missing field, or a field that kintone cannot copy into.
        """
        for copied in self.copies:
            target = beside.get(copied)
            if target is None:
                why = "but there is no such field beside it"
            elif isinstance(target, LookupField):
                why = "which is itself a lookup: copy into a plain field"
            elif target.read_only or target.built_in:
                why = "which kintone sets itself"
            elif target.columns is not None or target.kintone_type == "FILE":
                why = f"a {target.kintone_type}, into which kintone cannot copy"
            elif target.filled_by not in (None, self.name):
                why = f"which the lookup {target.filled_by!r} already fills"
            else:
                target.filled_by = self.name
                continue
            raise ImproperlyConfigured(f"{self} copies into {copied!r}, {why}.")

    @property
    def kintone_type(self) -> str:  # type: ignore[override]  # pyright: ignore[reportIncompatibleVariableOverride]
        """The type of the key field, which is known once the other model is defined."""
        return self.typed().kintone_type

    def typed(self) -> Field:
        """Return a field of the key's type, with this field's name, code and validators."""
        typed = self._typed
        if typed is None:
            source: Field = self.target._meta.get_field(self.key)
            if source.kintone_type == "RECORD_NUMBER":
                source = _NumberOfRecord()
            elif not source.unique or source.kintone_type not in _KEY_TYPES:
                raise ImproperlyConfigured(
                    f"{self} cannot copy {source}: the key of a lookup must be a "
                    "unique SingleLineTextField, NumberField, IntegerField or LinkField, or the "
                    "RecordNumberField."
                )
            typed = source.attach(self.model, self.name)
            typed.code, typed.table, typed.message_name = self.code, self.table, self.message_name
            typed.required = self.required
            typed.bounds = None  # a lookup has no bounds of its own: its key exists in the source
            typed.validators = self.validators
            typed.refers_to = self
            self._typed = typed
        return typed

    @property
    def held_as(self) -> str:
        return self.kintone_type

    def is_kept_as(self, kintone_type: str) -> bool:
        as_text = kintone_type == "SINGLE_LINE_TEXT" and self.by_number
        return as_text or super().is_kept_as(kintone_type)

    def to_python(self, raw: object, zone: tzinfo | None = None) -> V:
        value: V = self.typed().to_python(raw, zone)
        return value

    def to_api(self, value: V) -> Any:
        return self.typed().to_api(value)

    def coerce(self, value: object, zone: Zone) -> V:
        coerced: V = self.typed().coerce(value, zone)
        return coerced

    def empty_value(self) -> V:
        value: V = self.typed().empty_value()
        return value

    def problems(self, value: V) -> list[str]:
        return self.typed().problems(value)

    def form_problems(self, definition: Mapping[str, object]) -> Iterable[str]:
        yield from super().form_problems(definition)
        if "lookup" not in definition:
            yield f"is a lookup, but the app's field {self.code!r} is not"

    def definition(self) -> dict[str, Any]:
        """Return the field's definition without the id of the source app, which `deploy` adds."""
        theirs = self.target._meta
        ours = self.model._meta.fields if self.table is None else self._siblings()
        shown = [theirs.get_field(name).code for name in self.display]
        picker = {
            "lookupPickerFields": shown,
            "filterCond": self.filter_cond,
            "sort": self.sort,
        }
        return {
            "type": self.typed().kintone_type,
            "code": self.code,
            "label": self.verbose_name or self.code,
            "required": self.required,
            "lookup": {
                "relatedKeyField": theirs.get_field(self.key).code,
                "fieldMappings": [
                    {
                        "field": ours[our].code,
                        "relatedField": theirs.get_field(their).code,
                    }
                    for our, their in self.copies.items()
                ],
                **{name: setting for name, setting in picker.items() if setting},
            },
        }

    def _siblings(self) -> Mapping[str, Field]:
        """Return the columns of the subtable that the lookup belongs to."""
        fields = self.model._meta.fields.values()
        return next(field.columns for field in fields if field.code == self.table and field.columns)
