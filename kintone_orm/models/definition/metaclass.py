"""The metaclass of models, which turns a class with fields into a model."""

from __future__ import annotations

from inspect import getattr_static
from typing import TYPE_CHECKING, Any

from kintone_orm.exceptions import (
    FieldError,
    ImproperlyConfigured,
    MultipleObjectsReturned,
    NotSupportedError,
    ObjectDoesNotExist,
)
from kintone_orm.fields.base import Field
from kintone_orm.fields.cached_properties import SLOT, keep_in_slot
from kintone_orm.fields.declaring.declarations import refuse_unmade, refuse_useless_defaults
from kintone_orm.fields.declaring.naming import check_name
from kintone_orm.fields.lookup import LookupField
from kintone_orm.fields.reference_table import ReferenceTableField
from kintone_orm.fields.related_record import RelatedRecord
from kintone_orm.fields.subtable import SubtableField
from kintone_orm.models.definition.base_manager import BaseManager
from kintone_orm.models.definition.options import Options
from kintone_orm.models.definition.proxy import concrete_of
from kintone_orm.models.definition.undeclared import Undeclared
from kintone_orm.models.ground.registry import find_model, register
from kintone_orm.models.record.conflict import Conflict
from kintone_orm.query.ordering import resolve_order

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ModelBase"]

# The types of the declarations in the body of a model.
_DECLARED = (Field, RelatedRecord)

_EXCEPTIONS = {
    "DoesNotExist": ObjectDoesNotExist,
    "MultipleObjectsReturned": MultipleObjectsReturned,
    "Conflict": Conflict,
}


class ModelBase(type):
    """The metaclass of models: it gives the class its `_meta`, its slots and its exceptions."""

    _meta: Options

    def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> ModelBase:
        """Return the model; ImproperlyConfigured for a declaration that cannot work."""
        root = not any(isinstance(base, ModelBase) for base in bases)
        declared = {"abstract": True} if root else _declared_options(bases, namespace)
        if declared.get("proxy"):
            return _proxy(mcs, name, bases, namespace, declared)
        abstract = declared.get("abstract", False)
        refuse_unmade(name, namespace)
        inherited = _inherited(name, bases)
        # Any other value under an inherited field's name, such as None, removes the field.
        own = {k: v for k, v in namespace.items() if isinstance(v, _DECLARED) or k in inherited}
        declarations = {k: v for k, v in (inherited | own).items() if isinstance(v, _DECLARED)}
        fields = {k: v for k, v in declarations.items() if isinstance(v, Field)}
        for field_name in declarations:
            check_name(name, field_name, set() if root else _reserved(bases), kind="model")

        # The slots of the fields come first: Python needs them to make the class, and the class is
        # needed to attach the fields.
        slots = []
        if not abstract:
            slots = ["_id", "_revision", "_state", SLOT]
            slots += [slot for k, v in fields.items() for slot in v.slots(k)]
            # A base class that defines no `__slots__` supports weak references already.
            has_weakref = any(base.__weakrefoffset__ for base in bases)
            if not has_weakref:
                slots.append("__weakref__")
        namespace["__slots__"] = tuple(slots)
        cls = super().__new__(mcs, name, bases, namespace)
        keep_in_slot(cls)
        cls._meta = Options(cls, declared)
        for field_name, field in fields.items():
            cls._meta.fields[field_name] = bound = field.attach(cls, field_name)
            setattr(cls, field_name, bound)
            if not abstract:
                bound.bind_slots()
        for relation_name, relation in declarations.items():
            if isinstance(relation, RelatedRecord):
                relation = relation if abstract else relation.attach(cls, relation_name)
                cls._meta.relations[relation_name] = relation
                setattr(cls, relation_name, relation)
        _check_options(cls)
        if root or not abstract:
            _make_exceptions(cls, _EXCEPTIONS)
        if not abstract:
            _connect_fields(cls)
            register(cls)
        return cls

    @property
    def _default_manager(cls) -> Any:
        """Return the manager named by `Meta.default_manager_name`, else `objects`, as in Django."""
        return getattr(cls, cls._meta.default_manager_name)

    def __repr__(cls) -> str:
        return f"<model {cls.__name__}>"


def _proxy(
    metaclass: type[ModelBase],
    name: str,
    bases: tuple[type, ...],
    namespace: dict[str, Any],
    declared: Mapping[str, object],
) -> ModelBase:
    """Return the proxy class, which shares the fields and slots of its model."""
    concrete = concrete_of(name, bases, namespace)
    namespace["__slots__"] = ()
    cls = type.__new__(metaclass, name, bases, namespace)
    keep_in_slot(cls)
    cls._meta = Options(cls, declared, concrete=concrete)
    _check_options(cls)
    _make_exceptions(cls, {kind: getattr(concrete, kind) for kind in _EXCEPTIONS})
    register(cls)
    return cls


def _declared_options(bases: tuple[type, ...], namespace: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of the class's Meta, or else of a base's Meta, as in Django."""
    meta = namespace.get("Meta")
    if meta is None:
        meta = next((base.__dict__["Meta"] for base in bases if "Meta" in vars(base)), None)
    if meta is None:
        return {}
    options = {
        k: v for cls in reversed(meta.__mro__) for k, v in vars(cls).items() if k[:2] != "__"
    }
    # A class does not inherit these two options.
    for option in ("abstract", "proxy"):
        if "Meta" not in namespace or option not in vars(meta):
            options.pop(option, None)
    return options


def _inherited(name: str, bases: tuple[type, ...]) -> dict[str, Field | RelatedRecord[Any]]:
    """Return the declarations of the bases in their order; the nearest base wins."""
    inherited: dict[str, Field | RelatedRecord[Any]] = {}
    for base in reversed(bases):
        if not isinstance(base, ModelBase):
            mixed_in = (vars(cls) for cls in reversed(base.__mro__))
            inherited |= {
                k: v for names in mixed_in for k, v in names.items() if isinstance(v, _DECLARED)
            }
        elif base._meta.abstract:
            inherited |= base._meta.fields
            inherited |= base._meta.relations
        else:
            raise ImproperlyConfigured(
                f"{name} cannot inherit from {base.__name__}, which has an app of its own. Move "
                "their common fields to a model with Meta.abstract = True. If it is another class "
                "for the same records, set Meta.proxy = True."
            )
    return inherited


def _reserved(bases: tuple[type, ...]) -> set[str]:
    return {
        name
        for base in bases
        if isinstance(base, ModelBase)
        for name in dir(base)
        if name not in base._meta.fields
        and name not in base._meta.relations
        and not isinstance(getattr(base, name, None), Undeclared)
    }


def _connect_fields(cls: Any) -> None:
    """Let the fields find models by name, and mark the fields that a lookup fills."""
    fields: Mapping[str, Field] = cls._meta.fields
    by_code: dict[str, Field] = {}
    for field in cls._meta.with_columns():
        if field.code in by_code:
            raise ImproperlyConfigured(
                f"{field} and {by_code[field.code]} have the same field code {field.code!r}. "
                "Remove one of them, or correct its code."
            )
        by_code[field.code] = field
    for relation in cls._meta.relations.values():
        relation.find_model = find_model
    for field in fields.values():
        if isinstance(field, SubtableField):
            _connect_rows(field)
        if isinstance(field, (LookupField, ReferenceTableField)):
            field.find_model = find_model
        if isinstance(field, LookupField):
            field.fill(fields)
    refuse_useless_defaults(fields.values())


def _connect_rows(table: SubtableField[Any]) -> None:
    """Let the columns of a subtable find models by name."""
    for field in (*table.columns.values(), *table.row._fields.values()):
        if isinstance(field, LookupField):
            field.find_model = find_model


def _check_options(cls: Any) -> None:
    """Raise an error for an order or a manager in Meta that the model does not have.

    The error is FieldError, NotSupportedError or ImproperlyConfigured.
    """
    meta = cls._meta

    def find(name: str) -> Field:
        # A lookup has the type of its key, which may be in a model that is not declared yet.
        # kintone can sort by each of the possible types, so the check can use any of these types.
        is_lookup = isinstance(meta.fields.get(name), LookupField)
        field: Field = meta.id_field if is_lookup else meta.find_to_sort(name)
        return field

    for option in ("ordering", "get_latest_by"):
        try:
            resolve_order(getattr(meta, option), find)
        except (FieldError, NotSupportedError) as error:
            raise type(error)(f"{meta.label}.Meta.{option}: {error}") from None
    if not isinstance(getattr_static(cls, meta.default_manager_name, None), BaseManager):
        raise ImproperlyConfigured(
            f"{meta.label}.Meta.default_manager_name: {meta.label} has no manager "
            f"{meta.default_manager_name!r}."
        )


def _make_exceptions(cls: Any, bases: Mapping[str, Any]) -> None:
    for kind, base in bases.items():
        where = {"__module__": cls.__module__, "__qualname__": f"{cls.__qualname__}.{kind}"}
        setattr(cls, kind, type(kind, (base,), where | {"__doc__": base.__doc__}))
