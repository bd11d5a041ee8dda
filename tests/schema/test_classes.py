"""What is wrong with a schema is told when its class is made."""

from __future__ import annotations

import threading

import marshmallow
import pytest

from kintone_orm import Model, Row, fields
from kintone_orm.exceptions import ImproperlyConfigured
from kintone_orm.schema import ModelConverter, ModelSchema, auto_field


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
    """The schema class that a program with this Meta would make."""
    return type(base)(name, (base,), {"Meta": type("Meta", (), meta)} | (declared or {}))


@pytest.mark.parametrize(
    ("meta", "message"),
    [
        ({}, r"OrderSchema has no model: say class Meta: model = Order, or abstract = True"),
        ({"model": "Order"}, r"OrderSchema\.Meta\.model is a model or a Row, not 'Order'"),
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
        ({"fields": "number"}, r"fields is a list of names, not 'number'"),
        ({"exclude": "number"}, r"exclude is a list of names, not 'number'"),
        ({"exlude": ("number",)}, r"Meta has no option 'exlude'\. Did you mean 'exclude'"),
        ({"laod_instance": True}, r"Meta has no option 'laod_instance'\. Did you mean 'load_in"),
        ({"fields": ("others",)}, r"cannot have Order\.others by itself: .*Nested\(OtherSchema"),
    ],
)
def test_a_mistake_in_meta_is_refused_with_the_fix(meta, message):
    given = {} if not meta else {"model": Order} | meta
    with pytest.raises(ImproperlyConfigured, match=message):
        made(**given)


def test_an_auto_field_of_nothing_is_refused_with_the_nearest_names():
    with pytest.raises(ImproperlyConfigured, match=r"OrderSchema\.sum: Order has no field 'totl'"):
        made(model=Order, declared={"sum": auto_field("totl")})
    with pytest.raises(ImproperlyConfigured, match=r"OrderSchema\.totl: .*Did you mean 'total'"):
        made(model=Order, declared={"totl": auto_field()})


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


def test_a_schema_made_from_another_has_the_fields_of_its_own_model():
    class Other(Model):
        size = fields.NumberField()

    parent = made(model=Order, declared={"sum": auto_field("total", load_only=True)})
    parent()
    assert set(made(model=Order, base=parent, exclude=("lines",))().fields) == {
        *("id", "number", "sum", "revision")
    }
    with pytest.raises(ImproperlyConfigured, match=r"sum: Other has no field 'total'"):
        made(model=Other, base=parent)
    assert set(made(model=Other, base=made(model=Order))().fields) == {"id", "size", "revision"}


def test_meta_chooses_the_fields():
    assert list(made(model=Order)().declared_fields) == [
        "id",
        "number",
        "total",
        "lines",
        "revision",
    ]
    assert set(made(model=Order, fields=("total",))().fields) == {"total"}
    assert set(made(model=Order, exclude=("id", "lines"))().fields) == {
        "number",
        "total",
        "revision",
    }


def test_a_type_without_a_marshmallow_field_is_told_when_the_class_is_made():
    class Colour(fields.Field):
        kintone_type = "SINGLE_LINE_TEXT"

    class Paint(Model):
        colour = Colour()

    with pytest.raises(
        ImproperlyConfigured, match=r"no marshmallow field for Paint\.colour, a Col"
    ):
        made(model=Paint)
    assert "colour" not in made(model=Paint, exclude=("colour",))().fields

    class Converter(ModelConverter):
        TYPE_MAPPING = {**ModelConverter.TYPE_MAPPING, Colour: marshmallow.fields.String}

    assert "colour" in made(model=Paint, model_converter=Converter)().fields


def test_schemas_of_one_row_in_several_tables_are_no_trouble_to_each_other():
    class Twice(Model):
        first = fields.SubtableField(Line)
        second = fields.SubtableField(type("Other", (Line,), {"item": fields.LinkField("link")}))

    loaded = made(model=Twice)().load({"first": [{"item": "a"}], "second": [{"item": "b"}]})
    assert [type(rows[0]).__name__ for rows in loaded.values()] == ["Line", "Other"]


def test_a_row_can_have_a_schema_of_its_own():
    line_schema = made("LineSchema", model=Line, declared={"name": auto_field("item")})
    nested = {"lines": marshmallow.fields.Nested(line_schema, many=True)}
    schema = made(model=Order, declared=nested, fields=("lines",))()
    (line,) = schema.load({"lines": [{"id": 3, "name": "pen"}]})["lines"]
    assert (line, line.id) == (Line(item="pen"), 3)
    order = Order(lines=[])
    order.lines.append(line)
    assert schema.dump(order) == {"lines": [{"id": 3, "name": "pen"}]}


def test_one_schema_serves_many_threads():
    schema = made(model=Order, load_instance=True)()
    orders = [Order() for _ in range(200)]

    def load(each):
        schema.load({"number": str(id(each))}, instance=each)

    threads = [threading.Thread(target=load, args=(each,)) for each in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.number for each in orders] == [str(id(each)) for each in orders]
