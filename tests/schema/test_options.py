"""A schema's Meta is checked when the class is made."""

from __future__ import annotations

import marshmallow
import pytest

from kintone_orm import Model, Row, fields
from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.schema import ModelSchema


class Base(Model):
    number = fields.SingleLineTextField()

    class Meta:
        abstract = True


class Line(Row):
    item = fields.SingleLineTextField()


class Order(Base):
    total = fields.NumberField()
    lines = fields.SubtableField(Line)
    others = fields.ReferenceTableField("Order", key="number", related="number")


def made(name="OrderSchema", *, declared=None, base=ModelSchema, **meta):
    """Make a schema class with this Meta."""
    return type(base)(name, (base,), {"Meta": type("Meta", (), meta)} | (declared or {}))


@pytest.mark.parametrize(
    ("meta", "message"),
    [
        ({}, r"OrderSchema has no model. Write class Meta: model = Order, or abstract = True"),
        ({"model": "Order"}, r"OrderSchema\.Meta\.model must be a model or a Row, not 'Order'"),
        ({"model": Base}, r"Meta\.model is Base, which is abstract"),
        (
            {"fields": ("nubmer",)},
            r"Meta\.fields: Order has no field 'nubmer'\. Did you mean 'number'",
        ),
        (
            {"exclude": ("x1",)},
            r"Meta\.exclude: Order has no field 'x1'\. It has id, number, total",
        ),
        ({"dump_only": ["totl"]}, r"Meta\.dump_only: .*Did you mean 'total'"),
        ({"load_only": ["totl"]}, r"Meta\.load_only: .*Did you mean 'total'"),
        ({"fields": "number"}, r"fields must be a list of names, not 'number'"),
        ({"exclude": "number"}, r"exclude must be a list of names, not 'number'"),
        ({"exlude": ("number",)}, r"Meta has no option 'exlude'\. Did you mean 'exclude'"),
        ({"laod_instance": True}, r"Meta has no option 'laod_instance'\. Did you mean 'load_in"),
        (
            {"fields": ("others",)},
            r"cannot include Order\.others without a schema.*Nested\(OtherSchema",
        ),
    ],
)
def test_a_mistake_in_meta_is_refused_with_the_fix(meta, message):
    given = {} if not meta else {"model": Order} | meta
    with pytest.raises(ImproperlyConfigured, match=message):
        made(**given)


def test_a_schema_that_is_refused_is_not_known_to_marshmallow():
    with pytest.raises(ImproperlyConfigured):
        made("NeverMade", model=Order, fields=("nubmer",))
    with pytest.raises(marshmallow.exceptions.RegistryError):
        marshmallow.class_registry.get_class("NeverMade")


def test_options_of_other_libraries_are_let_through():
    assert made(model=Order, type_="orders", self_view="order").opts.model is Order


def test_names_of_declared_fields_and_of_fields_in_rows_may_stand_in_meta():
    extra = {"extra": marshmallow.fields.String()}
    schema = made(model=Order, declared=extra, fields=("extra", "lines"), dump_only=("lines.item",))
    assert set(schema().fields) == {"extra", "lines"}


def test_a_base_of_schemas_needs_no_model_and_makes_no_schema():
    base = made("Base", abstract=True)
    child = made(model=Order, base=base)
    assert "total" in child().fields
    with pytest.raises(TypeError, match=r"Base has no model"):
        base()


def test_being_abstract_is_not_inherited():
    class House(ModelSchema):
        class Meta:
            abstract = True

    with pytest.raises(ImproperlyConfigured, match=r"Child has no model"):

        class Child(House):
            pass

    with pytest.raises(ImproperlyConfigured, match=r"Child has no model"):

        class Child(House):
            class Meta(House.Meta):
                pass
