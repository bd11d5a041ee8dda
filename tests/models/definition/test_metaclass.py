"""Declaring a model, and the errors of a wrong declaration."""

from __future__ import annotations

import pytest

from kintone_orm import Model, Row, fields
from kintone_orm.exceptions import (
    ImproperlyConfigured,
)
from kintone_orm.testing import emulate


class Stamped(Model):
    created = fields.CreatedTimeField("Created_datetime")

    class Meta:
        abstract = True


class Named:
    """A plain mixin."""

    name = fields.SingleLineTextField("Name")


class Part(Named, Stamped):
    price = fields.NumberField()


class Node(Model):
    label = fields.SingleLineTextField(unique=True)
    parent = fields.LookupField("Node", key="label", copies={"parent_label": "label"})
    parent_label = fields.SingleLineTextField()


def test_fields_come_from_mixins_and_abstract_models_in_order():
    assert list(Part._meta.fields) == ["created", "name", "price"]


def test_an_inherited_field_belongs_to_the_model():
    assert str(Part.name) == "Part.name"
    assert str(Part.created) == "Part.created"


def test_none_removes_an_inherited_field():
    class Bare(Stamped):
        created = None

    assert list(Bare._meta.fields) == []


def test_the_class_attribute_is_the_field():
    assert isinstance(Part.price, fields.NumberField)


def test_the_code_is_the_attributes_name_unless_given():
    assert (Part.price.code, Part.name.code) == ("price", "Name")


@pytest.mark.parametrize("what", [lambda: Stamped.objects, lambda: Model.objects])
def test_an_abstract_model_has_no_objects(what):
    with pytest.raises(AttributeError, match="is abstract and has no records"):
        what()


def test_an_abstract_model_has_no_instances():
    with pytest.raises(TypeError, match="Stamped is abstract"):
        Stamped()


def test_an_instance_has_no_objects():
    with pytest.raises(AttributeError, match=r"A record has no manager. Use Part\.objects"):
        _ = Part().objects


def test_a_model_with_an_app_cannot_be_inherited_from():
    with pytest.raises(ImproperlyConfigured, match="common fields to a model with Meta.abs"):

        class Wheel(Part):
            pass


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("文字列__1行_", "double underscore separates lookups"),
        ("_private", "are reserved for kintone_orm"),
        ("save", "every model already has 'save'. Name it 'save_'"),
        ("objects", "every model already has 'objects'"),
        ("pk", "every model already has 'pk'"),
        ("DoesNotExist", "every model already has 'DoesNotExist'"),
    ],
)
def test_a_name_that_cannot_be_a_fields_is_refused_with_the_fix(name, message):
    with pytest.raises(ImproperlyConfigured, match=message):
        type(Model)("Bad", (Model,), {name: fields.NumberField("n")})


def test_two_fields_of_one_code_are_refused():
    with pytest.raises(ImproperlyConfigured, match="Bad.b and Bad.a have the same field code 'x'"):

        class Bad(Model):
            a = fields.NumberField("x")
            b = fields.NumberField("x")


def test_a_copy_into_no_field_is_refused():
    with pytest.raises(ImproperlyConfigured, match="Bad.node copies into 'nothing'"):

        class Bad(Model):
            node = fields.LookupField("Node", key="label", copies={"nothing": "label"})


class Labelled(Model):
    label = fields.SingleLineTextField(unique=True)


class Bit(Row):
    part_label = fields.SingleLineTextField()


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (fields.LookupField(Labelled, key="label"), "itself a lookup: copy into a plain field"),
        (fields.CalcField(expression="1"), "which kintone sets itself"),
        (fields.SingleLineTextField(expression='"a"'), "which kintone sets itself"),
        (fields.CreatedTimeField("Created_datetime"), "which kintone sets itself"),
        (fields.FileField(), "a FILE, into which kintone cannot copy"),
        (fields.SubtableField(Bit), "a SUBTABLE, into which kintone cannot copy"),
    ],
)
def test_a_copy_into_what_no_lookup_can_fill_is_refused_before_there_is_an_app(target, message):
    with pytest.raises(ImproperlyConfigured, match=f"Bad.node copies into 'copy', .*{message}"):

        class Bad(Model):
            node = fields.LookupField(Labelled, key="label", copies={"copy": "label"})
            copy = target


def test_a_field_that_two_lookups_fill_is_refused_in_rows_as_well():
    with pytest.raises(ImproperlyConfigured, match="Bad.b copies into 'copy', .*'a' already fills"):

        class Bad(Row):
            a = fields.LookupField(Labelled, key="label", copies={"copy": "label"})
            b = fields.LookupField(Labelled, key="label", copies={"copy": "label"})
            copy = fields.SingleLineTextField()


def test_a_subclass_may_have_another_lookup_fill_a_field():
    class Abstract(Model):
        a = fields.LookupField(Labelled, key="label", copies={"copy": "label"})
        copy = fields.SingleLineTextField()

        class Meta:
            abstract = True

    class Line(Row):
        a = fields.LookupField(Labelled, key="label", copies={"copy": "label"})
        copy = fields.SingleLineTextField()

    class Other(Line):
        a = fields.LookupField(Labelled, key="label")
        b = fields.LookupField(Labelled, key="label", copies={"copy": "label"})

    class Concrete(Abstract):
        a = fields.LookupField(Labelled, key="label")
        b = fields.LookupField(Labelled, key="label", copies={"copy": "label"})

    assert Other._fields["copy"].filled_by == Concrete._meta.fields["copy"].filled_by == "b"


def test_a_default_for_what_cannot_be_set_is_refused():
    with pytest.raises(
        ImproperlyConfigured, match="Bad.label cannot be set.*have a default either"
    ):

        class Bad(Model):
            node = fields.LookupField("Node", key="label", copies={"label": "label"})
            label = fields.SingleLineTextField(default="x")


def test_a_lookup_names_a_model_that_does_not_exist():
    class Bad(Model):
        other = fields.LookupField("Nowhere", key="code")

    with pytest.raises(ImproperlyConfigured, match="names the model 'Nowhere', but no model"):
        Bad.objects.filter(other="x")


def test_a_lookup_of_a_key_that_is_not_unique_is_refused():
    class Bad(Model):
        part = fields.LookupField(Part, key="name")

    with pytest.raises(
        ImproperlyConfigured, match=r"cannot copy Part\.name: the key of a lookup must"
    ):
        Bad.objects.filter(part="x")


def test_a_model_can_look_itself_up():
    with emulate(Node):
        Node.objects.create(label="root")
        assert Node.objects.create(label="leaf", parent="root").parent_label == "root"
