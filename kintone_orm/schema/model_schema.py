"""ModelSchema: records of a model to JSON, and JSON to values for records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar, overload

from marshmallow import Schema, ValidationError, pre_load, validates_schema
from marshmallow.schema import SchemaMeta

from kintone_orm.fields import Row
from kintone_orm.models import Model
from kintone_orm.schema.automatic import AutoField
from kintone_orm.schema.options import (
    ModelSchemaOptions,
    automatic_names,
    check_schema,
    declared_fields,
)
from kintone_orm.schema.records import assign, make_instance, make_row, value_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence, Set
    from typing import TypeAlias

    from marshmallow import fields

    Data: TypeAlias = Mapping[str, Any] | Sequence[Mapping[str, Any]]
    Partial: TypeAlias = bool | Sequence[str] | Set[str] | None
    Unknown: TypeAlias = Literal["exclude", "include", "raise"] | None
    AnyField: TypeAlias = fields.Field[Any]

__all__ = ["ModelSchema"]

M = TypeVar("M", bound=Model)

# The options that the schema of a subtable's rows takes over from the schema with the subtable.
_SHARED = ("model_converter", "unknown", "dateformat", "datetimeformat", "timeformat")


class ModelSchemaMeta(SchemaMeta):
    """The metaclass of schemas. It checks the Meta of each class."""

    opts: ModelSchemaOptions

    def __init__(cls, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> None:  # noqa: N805
        if any(isinstance(base, ModelSchemaMeta) for base in bases):
            check_schema(cls)
        super().__init__(name, bases, attrs)  # type: ignore[no-untyped-call]


class ModelSchema(Schema, metaclass=ModelSchemaMeta):
    """A marshmallow schema whose fields are those of a model.

    ``class Meta`` names the `model`, or the class of a subtable's rows. It takes marshmallow's
    options, such as `fields`, `exclude`, `dump_only`, `load_only` and `unknown`, and three more.
    With `load_instance`, `load` returns instances instead of dicts. `model_converter` makes the
    fields (`ModelConverter`). `abstract` declares a base for other schemas. A misspelled option
    raises ImproperlyConfigured when the class is created.

    A schema also has the fields `id` and `revision`. Values that kintone makes are dumped,
    but ignored in input. Neither `load` nor `dump` sends a request: dumping a field that is
    not loaded, or a related record that was not fetched, raises FieldFetchBlocked. Threads may
    share a schema.
    """

    class Meta:
        """The default options of marshmallow."""

    OPTIONS_CLASS = ModelSchemaOptions
    _made: ClassVar[dict[str, AnyField]]

    def __init__(self, **options: Any) -> None:
        # marshmallow makes each schema's fields as copies of these declared fields.
        self._declared_fields = self._all_fields()
        super().__init__(**options)

    @overload
    def load(
        self,
        data: Data,
        *,
        instance: M,
        many: bool | None = ...,
        partial: Partial = ...,
        unknown: Unknown = ...,
    ) -> M: ...
    @overload
    def load(
        self,
        data: Data,
        *,
        instance: None = ...,
        many: bool | None = ...,
        partial: Partial = ...,
        unknown: Unknown = ...,
    ) -> Any: ...
    def load(
        self,
        data: Data,
        *,
        instance: object = None,
        many: bool | None = None,
        partial: Partial = None,
        unknown: Unknown = None,
    ) -> Any:
        """Return the checked values of `data`: a dict, or with `Meta.load_instance` a record.

        With `instance`, assign all values to the instance, or none if there is an error. No request
        is sent before you save the instance. A `revision` in `data` becomes the instance's
        revision. If kintone stores another revision, the save raises the model's Conflict. A
        required `revision` stays required with `partial`.

        marshmallow.ValidationError for invalid values, with messages by the names in `data`.
        `many`, `partial` and `unknown` are as in marshmallow.
        """
        several = self.many if many is None else many
        model = self.opts.model
        if instance is not None and (several or not isinstance(instance, model)):
            raise TypeError(
                f"{type(self).__name__}: 'instance' must be one {model.__name__}, without "
                f"many=True, not {instance!r:.80}."
            )
        loaded: Any = super().load(data, many=many, partial=partial, unknown=unknown)
        if several:
            return [self._result(values, None) for values in loaded]
        return self._result(loaded, instance)

    @overload
    def loads(
        self,
        s: str | bytes | bytearray,
        /,
        *,
        instance: M,
        many: bool | None = ...,
        partial: Partial = ...,
        unknown: Unknown = ...,
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
        partial: Partial = ...,
        unknown: Unknown = ...,
        **options: Any,
    ) -> Any: ...
    def loads(
        self,
        s: str | bytes | bytearray,
        /,
        *,
        instance: Any = None,
        many: bool | None = None,
        partial: Partial = None,
        unknown: Unknown = None,
        **options: Any,
    ) -> Any:
        """Load a JSON text, as `load` does. `options` are those of the JSON module's `loads`."""
        data = self.opts.render_module.loads(s, **options)
        return self.load(data, instance=instance, many=many, partial=partial, unknown=unknown)

    def get_attribute(self, obj: object, attr: str, default: object) -> Any:
        """Return the value to dump: a loaded or assigned value, never a fetched one."""
        if not isinstance(obj, (Model, Row)):
            return super().get_attribute(obj, attr, default)
        name, _, rest = attr.partition(".")
        value = value_of(obj, name, default)
        return self.get_attribute(value, rest, default) if rest else value

    @classmethod
    def for_rows(cls, row: type[Row]) -> type[ModelSchema]:
        """Return the schema of a subtable's rows. It takes over options of this schema."""
        shared = {name: getattr(cls.opts, name) for name in _SHARED}
        meta = type("Meta", (), {"model": row, "register": False} | shared)
        return type(f"{row.__name__}Schema", (ModelSchema,), {"Meta": meta})

    @pre_load
    def _drop_dump_only(self, data: object, **_options: object) -> Any:
        """Drop values that are only dumped, so that a client may send back what it received."""
        if not isinstance(data, Mapping):
            # marshmallow refuses data that are not a mapping.
            return data
        dump_only = {
            name if field.data_key is None else field.data_key
            for name, field in self.fields.items()
            if field.dump_only
        }
        return {name: value for name, value in data.items() if name not in dump_only}

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def _require_revision(
        self, _data: object, original: object, *, partial: Partial, **_options: object
    ) -> None:
        """Require the revision even if `partial` exempts the values."""
        if partial is not True or issubclass(self.opts.model, Row):
            return
        if not isinstance(original, Mapping):
            # marshmallow has already refused the input, which is not a mapping.
            return
        for name, field in self.fields.items():
            key = name if field.data_key is None else field.data_key
            is_revision = (field.attribute or name) == "revision"
            if is_revision and field.required and key not in original:
                raise ValidationError(field.error_messages["required"], key)

    def _result(self, values: Any, instance: Any) -> Any:
        if not isinstance(values, Mapping):
            # A post_load method of the program has made another object from the values.
            return values
        values = dict(values)
        if issubclass(self.opts.model, Row):
            return make_row(self.opts.model, values)
        if instance is not None:
            assign(instance, values)
            return instance
        if self.opts.load_instance:
            return make_instance(self.opts.model, values)
        # A dict of values has no revision to compare; only an instance has one.
        values.pop("revision", None)
        return values

    @classmethod
    def _all_fields(cls) -> dict[str, AnyField]:
        """Return the fields by name.

        The first use makes them, because a lookup's model may be declared after the schema.
        """
        if "_made" not in vars(cls):
            cls._made = dict(_made_fields(cls))
        return cls._made


def _made_fields(schema: type[ModelSchema]) -> Iterable[tuple[str, AnyField]]:
    options = schema.opts
    if options.model is None:
        raise TypeError(f"{schema.__name__} has no model. Use a subclass that has one.")
    for name in options.exclude:
        # marshmallow requires that a schema has the fields that it excludes.
        yield name, AutoField(None, {})
    converter = options.model_converter(schema)
    for name in automatic_names(schema):
        yield name, converter.field_for(options.model, name)
    for name, field in declared_fields(schema).items():
        if isinstance(field, AutoField):
            source = field.attribute or name
            yield name, converter.field_for(options.model, source, **field.overrides)
        else:
            yield name, field
