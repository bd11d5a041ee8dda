"""The options of a schema's Meta, and their checks when the class is created."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from marshmallow import Schema, SchemaOpts, fields

from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.fields import Row
from kintone_orm.models import Model
from kintone_orm.query.resolve import nearest
from kintone_orm.schema.automatic import AutoField
from kintone_orm.schema.converter import ModelConverter, fields_of

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["ModelSchemaOptions", "automatic_names", "check_schema", "declared_fields"]

_LISTS_OF_NAMES = ("fields", "exclude", "load_only", "dump_only")

# Only names similar to these are refused, because other libraries put their options into Meta too.
_KNOWN = {
    *("model", "load_instance", "model_converter", "abstract"),
    *vars(SchemaOpts(Schema.Meta)),
    *("ordered", "additional"),
}


class ModelSchemaOptions(SchemaOpts):
    """marshmallow's options, and `model`, `load_instance`, `model_converter` and `abstract`."""

    def __init__(self, meta: type, **options: object) -> None:
        for name in _LISTS_OF_NAMES:
            if isinstance(names := getattr(meta, name, ()), str):
                raise ImproperlyConfigured(
                    f"{meta.__qualname__}.{name} must be a list of names, not {names!r}."
                )
        super().__init__(meta, **options)
        self.model: Any = getattr(meta, "model", None)
        self.load_instance: bool = getattr(meta, "load_instance", False)
        self.model_converter: type[ModelConverter] = getattr(
            meta, "model_converter", ModelConverter
        )
        # Only this Meta counts, because a subclass of an abstract base is not abstract by itself.
        self.abstract: bool = vars(meta).get("abstract", False)


def declared_fields(schema: Any) -> dict[str, fields.Field[Any]]:
    """Return the fields that the schema's class and its bases declare, by name."""
    declared: dict[str, fields.Field[Any]] = schema._declared_fields  # noqa: SLF001, RUF100 - no public name
    return declared


def automatic_names(schema: Any) -> list[str]:
    """Return the names of the fields that the schema takes from its model unchanged."""
    options, known = schema.opts, fields_of(schema.opts.model)
    with_values = [name for name, field in known.items() if field is None or field.has_value]
    taken = {*declared_fields(schema), *_auto_fields(schema).values(), *options.exclude}
    return [name for name in options.fields or with_values if name in known and name not in taken]


def check_schema(schema: Any) -> None:
    """Raise ImproperlyConfigured, with what to correct, for a schema that cannot work."""
    _refuse_misspelled(schema.__name__, schema.Meta)
    if schema.opts.abstract and "Meta" in vars(schema):
        return
    _check_model(schema.__name__, schema.opts.model)
    _check_names(schema)
    _check_types(schema)


def _check_model(label: str, model: object) -> None:
    if model is None:
        raise ImproperlyConfigured(
            f"{label} has no model. Write class Meta: model = Order, or abstract = True if it is a "
            "base of other schemas."
        )
    if not (isinstance(model, type) and issubclass(model, (Model, Row))):
        raise ImproperlyConfigured(
            f"{label}.Meta.model must be a model or a Row, not {model!r:.80}."
        )
    if issubclass(model, Model) and model._meta.abstract:
        raise ImproperlyConfigured(
            f"{label}.Meta.model is {model.__name__}, which is abstract. Name a subclass of it."
        )


def _check_names(schema: Any) -> None:
    label, model, known = schema.__name__, schema.opts.model, fields_of(schema.opts.model)
    for option in _LISTS_OF_NAMES:
        for name in getattr(schema.opts, option):
            if name.partition(".")[0] not in {*known, *declared_fields(schema)}:
                candidates = [*known, *declared_fields(schema)]
                raise _unknown(f"{label}.Meta.{option}", model, name, candidates)
    for place, name in _auto_fields(schema).items():
        if name not in known:
            raise _unknown(f"{label}.{place}", model, name, known)


def _check_types(schema: Any) -> None:
    known = fields_of(schema.opts.model)
    converter = schema.opts.model_converter(schema)
    for name in (*automatic_names(schema), *_auto_fields(schema).values()):
        field = known[name]
        if field is not None and not field.has_value:
            raise ImproperlyConfigured(
                f"{schema.__name__} cannot include {field} without a schema of the other records. "
                f"Declare {name} = fields.Nested(OtherSchema, many=True), and read the records "
                f"with prefetch_related({name!r})."
            )
        if field is not None:
            converter.maker(field)


def _auto_fields(schema: object) -> dict[str, str]:
    """Return the model's name of each `auto_field`, by the name in the schema."""
    declared = declared_fields(schema)
    return {
        name: field.attribute or name
        for name, field in declared.items()
        if isinstance(field, AutoField)
    }


def _refuse_misspelled(label: str, meta: type) -> None:
    for name in (name for cls in meta.__mro__ for name in vars(cls) if name[0] != "_"):
        near = difflib.get_close_matches(name, _KNOWN, n=1, cutoff=0.8)
        if near and name not in _KNOWN:
            raise ImproperlyConfigured(
                f"{label}.Meta has no option {name!r}. Did you mean {near[0]!r}?"
            )


def _unknown(where: str, model: type, name: str, known: Iterable[str]) -> ImproperlyConfigured:
    hint = nearest(name, known) or f" It has {', '.join(known)}."
    return ImproperlyConfigured(f"{where}: {model.__name__} has no field {name!r}.{hint}")
