"""ModelConverter, with a table of the marshmallow field for each type of field."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from marshmallow import fields as ma
from marshmallow.validate import Range

from kintone_orm import fields
from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.fields import Row
from kintone_orm.fields.base import UNSET, Field
from kintone_orm.fields.calc import DurationField
from kintone_orm.fields.entity import EntitiesField
from kintone_orm.fields.system import IdField
from kintone_orm.schema.validators import options_of, validators_of
from kintone_orm.schema.values import SCHEMAS_OF_ENTITIES, AttachmentSchema

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

    from kintone_orm.models import Model

    Keywords: TypeAlias = dict[str, Any]
    MaField: TypeAlias = ma.Field[Any]
    Maker: TypeAlias = Callable[["ModelConverter", Any, Keywords], MaField]

__all__ = ["ModelConverter", "fields_of"]


def fields_of(model: type[Model | Row]) -> dict[str, Field | None]:
    """Return the fields that a schema of a model or of a row's class can have, by name.

    A record's revision and a row's id are no fields of the model. In the dict, their value is None.
    """
    if issubclass(model, Row):
        return {"id": None, **model._fields}
    return {"id": model._meta.id_field, **model._meta.fields, "revision": None}


def _with(make: Callable[..., MaField], **defaults: object) -> Maker:
    """Return a maker with default keyword arguments. The arguments of a call override them."""
    return lambda _converter, _field, keywords: make(**defaults | keywords)


def _one_choice(_converter: ModelConverter, field: Any, keywords: Keywords) -> MaField:
    if field.members:
        return ma.Enum(type(next(iter(field.members.values()))), by_value=True, **keywords)
    return ma.String(**keywords)


def _several_choices(converter: ModelConverter, field: object, keywords: Keywords) -> MaField:
    return ma.List(_one_choice(converter, field, {"validate": options_of(field)}), **keywords)


def _entities(_converter: ModelConverter, field: Any, keywords: Keywords) -> MaField:
    return ma.Nested(SCHEMAS_OF_ENTITIES[field.entity], many=True, **keywords)


def _rows(converter: ModelConverter, field: Any, keywords: Keywords) -> MaField:
    return ma.Nested(converter.schema_class.for_rows(field.row), many=True, **keywords)


def _calculated(converter: ModelConverter, field: Any, keywords: Keywords) -> MaField:
    return converter.make(field.reader, keywords)


def _key(converter: ModelConverter, field: Any, keywords: Keywords) -> MaField:
    return converter.make(field.typed(), keywords)


_user = _with(partial(ma.Nested, SCHEMAS_OF_ENTITIES[fields.User]))


class ModelConverter:
    """A maker of a schema's fields from those of its model.

    `TYPE_MAPPING` maps each class of field to a marshmallow field class, or to a function that
    makes a marshmallow field from the converter, the field and the keyword arguments. A class that
    is missing in the table is treated like its nearest base class. Add your own::

        class HouseConverter(ModelConverter):
            TYPE_MAPPING = {**ModelConverter.TYPE_MAPPING, fields.RichTextField: CleanHtml}

    and name the converter as `Meta.model_converter` of your schemas. `schema_class` is the schema
    that the fields are for.
    """

    TYPE_MAPPING: ClassVar[Mapping[type[Field], type[MaField] | Maker]] = {
        fields.SingleLineTextField: ma.String,
        fields.MultiLineTextField: ma.String,
        fields.RichTextField: ma.String,
        fields.LinkField: ma.String,
        fields.NumberField: _with(ma.Decimal, as_string=True),
        fields.IntegerField: _with(ma.Integer, strict=True),
        fields.DateField: ma.Date,
        fields.TimeField: ma.Time,
        fields.DateTimeField: ma.AwareDateTime,
        fields.DropDownField: _one_choice,
        fields.RadioButtonField: _one_choice,
        fields.CheckBoxField: _several_choices,
        fields.MultiSelectField: _several_choices,
        EntitiesField: _entities,
        fields.FileField: _with(partial(ma.Nested, AttachmentSchema, many=True), dump_only=True),
        fields.SubtableField: _rows,
        fields.LookupField: _key,
        fields.CalcField: _calculated,
        DurationField: ma.TimeDelta,
        IdField: ma.Integer,
        fields.RecordNumberField: ma.String,
        fields.CreatorField: _user,
        fields.ModifierField: _user,
        fields.CreatedTimeField: ma.AwareDateTime,
        fields.UpdatedTimeField: ma.AwareDateTime,
        fields.StatusField: ma.String,
        fields.CategoryField: _with(partial(ma.List, ma.String)),
    }

    def __init__(self, schema_class: Any) -> None:
        self.schema_class = schema_class

    def field_for(self, model: type[Model | Row], name: str, **overrides: Any) -> MaField:
        """Return the marshmallow field for a model's field. `overrides` are keyword arguments."""
        field = fields_of(model)[name]
        if field is None:
            number: Keywords = {"strict": True, "validate": Range(min=1)}
            number["allow_none"] = not overrides.get("required", False)
            return ma.Integer(**number | overrides)
        return self.make(field, self.keywords(field) | overrides)

    def keywords(self, field: Field) -> Keywords:
        """Return the keyword arguments of the marshmallow field that follow from `field`."""
        if not field.writable:
            return {"dump_only": True}
        return {
            "required": field.needs_value and field.default is UNSET,
            "allow_none": field.empty_value() is None and not field.required,
            "validate": validators_of(field),
        }

    def make(self, field: Field, keywords: Keywords) -> MaField:
        """Return the marshmallow field for the type of `field`, with these keyword arguments."""
        maker = self.maker(field)
        return maker(**keywords) if isinstance(maker, type) else maker(self, field, keywords)

    def maker(self, field: Field) -> type[MaField] | Maker:
        """Return the entry of `TYPE_MAPPING` for `field`. ImproperlyConfigured if there is none."""
        for cls in type(field).__mro__:
            if cls in self.TYPE_MAPPING:
                return self.TYPE_MAPPING[cls]
        raise ImproperlyConfigured(
            f"{type(self).__name__} has no marshmallow field for {field}, a "
            f"{type(field).__name__}. Add one to a TYPE_MAPPING of your own and name the "
            f"converter as Meta.model_converter, or declare {field.name!r} in the schema."
        )
