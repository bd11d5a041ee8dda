"""ModelSchema: a model's records as JSON, and JSON as values for a model's records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, overload

from marshmallow import Schema, ValidationError, pre_load, validates_schema
from marshmallow.schema import SchemaMeta

from kintone_orm.fields import Row
from kintone_orm.models import Model
from kintone_orm.schema.automatic import AutoField
from kintone_orm.schema.options import ModelSchemaOptions, automatic_names, check_schema
from kintone_orm.schema.records import assign, make_instance, make_row, value_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marshmallow import fields

__all__ = ["ModelSchema"]

M = TypeVar("M", bound=Model)

# A generated schema of rows follows its table's schema in these.
_SHARED = ("model_converter", "unknown", "dateformat", "datetimeformat", "timeformat")


class ModelSchemaMeta(SchemaMeta):
    """What makes a class with a Meta.model a schema: its Meta is checked."""

    opts: ModelSchemaOptions

    def __init__(cls, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> None:  # noqa: N805
        if any(isinstance(base, ModelSchemaMeta) for base in bases):
            check_schema(cls)
        super().__init__(name, bases, attrs)  # type: ignore[no-untyped-call]


class ModelSchema(Schema, metaclass=ModelSchemaMeta):
    """A marshmallow schema whose fields are those of a model.

    ``class Meta`` names the `model`, or the class of a subtable's rows. It has marshmallow's
    options, `fields`, `exclude`, `dump_only`, `load_only`, `unknown` and so on, and: with
    `load_instance`, `load` gives instances instead of dicts; `model_converter` makes the fields
    (`ModelConverter`); `abstract` makes a schema for others to be made from. A misspelled name is
    ImproperlyConfigured, when the class is made.

    Besides the model's fields there are `id` and `revision`. What kintone writes itself is only
    dumped, and left out when it comes back. Neither `load` nor `dump` sends a request: dumping a
    field that is not loaded, or a related record that was not fetched, is FieldFetchBlocked. A
    schema may be shared between threads.
    """

    class Meta:
        """marshmallow's defaults."""

    OPTIONS_CLASS = ModelSchemaOptions
    _made: ClassVar[dict[str, fields.Field[Any]]]

    def __init__(self, **options: Any) -> None:
        self._declared_fields = self._all_fields()  # marshmallow makes copies of them
        super().__init__(**options)

    @overload
    def load(
        self,
        data: Any,
        *,
        instance: M,
        many: bool | None = ...,
        partial: Any = ...,
        unknown: Any = ...,
    ) -> M: ...
    @overload
    def load(
        self,
        data: Any,
        *,
        instance: None = ...,
        many: bool | None = ...,
        partial: Any = ...,
        unknown: Any = ...,
    ) -> Any: ...
    def load(
        self,
        data: Any,
        *,
        instance: Any = None,
        many: bool | None = None,
        partial: Any = None,
        unknown: Any = None,
    ) -> Any:
        """The values that `data` holds, checked: a dict or, with `Meta.load_instance`, a record.

        Given an `instance`, they are assigned to it: all, or with an error none. Nothing is sent
        until you save it. A `revision` in `data` becomes the instance's, so that the save is
        refused as the model's Conflict if the client has not seen the latest. One that the schema
        requires is required even if the rest is `partial`.

        Raises marshmallow.ValidationError, by the names in `data`. `many`, `partial` and
        `unknown` are marshmallow's.
        """
        several = self.many if many is None else many
        model = self.opts.model
        if instance is not None and (several or not isinstance(instance, model)):
            wanted = f"one {model.__name__}"
            raise TypeError(f"{type(self).__name__} loads into {wanted}, not {instance!r:.80}.")
        loaded: Any = super().load(data, many=many, partial=partial, unknown=unknown)
        if several:
            return [self._result(each, None) for each in loaded]
        return self._result(loaded, instance)

    @overload
    def loads(
        self,
        s: str | bytes | bytearray,
        /,
        *,
        instance: M,
        many: bool | None = ...,
        partial: Any = ...,
        unknown: Any = ...,
        **options: Any,
    ) -> M: ...
    @overload
    def loads(
        self,
        s: str | bytes | bytearray,
        /,
        *,
        instance: None = ...,
        many: bool | None = ...,
        partial: Any = ...,
        unknown: Any = ...,
        **options: Any,
    ) -> Any: ...
    def loads(
        self,
        s: str | bytes | bytearray,
        /,
        *,
        instance: Any = None,
        many: bool | None = None,
        partial: Any = None,
        unknown: Any = None,
        **options: Any,
    ) -> Any:
        """As `load`, of JSON text; `options` are those of the JSON module's `loads`."""
        data = self.opts.render_module.loads(s, **options)
        return self.load(data, instance=instance, many=many, partial=partial, unknown=unknown)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """What is dumped of `obj`: what is loaded or assigned, and never anything fetched."""
        if not isinstance(obj, (Model, Row)):
            return super().get_attribute(obj, attr, default)
        name, _, rest = attr.partition(".")
        value = value_of(obj, name, default)
        return self.get_attribute(value, rest, default) if rest else value

    @classmethod
    def for_rows(cls, row: type[Row]) -> type[ModelSchema]:
        """The schema of a subtable's rows, for a field of this schema."""
        said = {name: getattr(cls.opts, name) for name in _SHARED}
        meta = type("Meta", (), {"model": row, "register": False} | said)
        return type(f"{row.__name__}Schema", (ModelSchema,), {"Meta": meta})

    @pre_load
    def _leave_out_what_is_only_dumped(self, data: Any, **_options: Any) -> Any:
        """A client may send back what it got, as Django REST framework's may."""
        if not isinstance(data, Mapping):
            return data  # marshmallow says what is wrong with it
        only_dumped = {
            name if field.data_key is None else field.data_key
            for name, field in self.fields.items()
            if field.dump_only
        }
        return {name: value for name, value in data.items() if name not in only_dumped}

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def _insist_on_the_revision(
        self, _data: Any, original: Any, *, partial: Any, **_options: Any
    ) -> None:
        """`partial` is for values; a client that must say what it has seen must always."""
        if partial is not True or issubclass(self.opts.model, Row):
            return
        if not isinstance(original, Mapping):
            return  # the error that there is says so
        for name, field in self.fields.items():
            key = name if field.data_key is None else field.data_key
            is_revision = (field.attribute or name) == "revision"
            if is_revision and field.required and key not in original:
                raise ValidationError(field.error_messages["required"], key)

    def _result(self, values: Any, instance: Any) -> Any:
        if not isinstance(values, Mapping):
            return values  # made by a post_load of the program's own
        given = dict(values)
        if issubclass(self.opts.model, Row):
            return make_row(self.opts.model, given)
        if instance is not None:
            assign(instance, given)
            return instance
        if self.opts.load_instance:
            return make_instance(self.opts.model, given)
        given.pop("revision", None)  # it means something to an instance only
        return given

    @classmethod
    def _all_fields(cls) -> dict[str, fields.Field[Any]]:
        """The schema's fields by name. Made late: a lookup's model may be declared after it."""
        if "_made" not in vars(cls):
            cls._made = dict(_made_fields(cls))
        return cls._made


def _made_fields(schema: type[ModelSchema]) -> Iterable[tuple[str, fields.Field[Any]]]:
    options = schema.opts
    if options.model is None:
        raise TypeError(f"{schema.__name__} has no model: make a schema from it that has one.")
    for name in options.exclude:
        yield name, AutoField(None, {})  # for marshmallow to take away
    converter = options.model_converter(schema)
    for name in automatic_names(schema):
        yield name, converter.field_for(options.model, name)
    for name, field in schema._declared_fields.items():
        if isinstance(field, AutoField):
            source = field.attribute or name
            yield name, converter.field_for(options.model, source, **field.overrides)
        else:
            yield name, field
