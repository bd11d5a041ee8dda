"""A mistake in a schema is an error when its class is made."""

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
    """Make a schema class with this Meta."""
    return type(base)(name, (base,), {"Meta": type("Meta", (), meta)} | (declared or {}))


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

    threads = [threading.Thread(target=load, args=(order,)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [order.number for order in orders] == [str(id(order)) for order in orders]
