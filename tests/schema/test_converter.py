"""The marshmallow field for each field of a model."""

from __future__ import annotations

import enum
import sys
from subprocess import run

import marshmallow
import pytest
from marshmallow import fields as ma
from marshmallow.validate import Length, OneOf
from support.models.one_of_each import Thing

from kintone_orm import Model, Row, fields
from kintone_orm.schema import ModelConverter, ModelSchema, auto_field


class Rank(enum.Enum):
    HIGH = "A"


class LineOfTheRest(Row):
    item = fields.SingleLineTextField()


class Rest(Model):
    rank = fields.DropDownField(choices=Rank)
    marks = fields.MultiSelectField(choices=Rank)
    free = fields.DropDownField()
    users = fields.UserSelectField()
    organizations = fields.OrganizationSelectField()
    groups = fields.GroupSelectField()
    lines = fields.SubtableField(LineOfTheRest)
    papers = fields.FileField()
    sum = fields.CalcField(expression="1")
    day = fields.CalcField(format="DATE", expression="1")
    span = fields.CalcField(format="HOUR_MINUTE", expression="1")
    label = fields.SingleLineTextField(expression="free")
    status = fields.StatusField()
    assignee = fields.StatusAssigneeField()
    category = fields.CategoryField()
    later = fields.LookupField("DeclaredLater", key="floor", copies={"copied": "name"})
    copied = fields.SingleLineTextField()


class ThingSchema(ModelSchema):
    class Meta:
        model = Thing


class RestSchema(ModelSchema):
    class Meta:
        model = Rest


class DeclaredLater(Model):
    floor = fields.IntegerField(unique=True)
    name = fields.SingleLineTextField()


def field(name):
    schema = ThingSchema() if name in ThingSchema().fields else RestSchema()
    return schema.fields[name]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("title", ma.String),
        ("site", ma.String),
        ("memo", ma.String),
        ("body", ma.String),
        ("price", ma.Decimal),
        ("count", ma.Integer),
        ("rank", ma.String),
        ("size", ma.String),
        ("tags", ma.List),
        ("days", ma.List),
        ("due", ma.Date),
        ("opens", ma.Time),
        ("start", ma.AwareDateTime),
        ("shop", ma.String),
        ("level", ma.Integer),
        ("users", ma.Nested),
        ("organizations", ma.Nested),
        ("groups", ma.Nested),
        ("lines", ma.Nested),
        ("later", ma.Integer),
    ],
)
def test_a_writable_field_is_loaded_and_dumped(name, kind):
    found = field(name)
    assert (type(found), found.dump_only, found.load_only) == (kind, False, False)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("id", ma.Integer),
        ("number", ma.String),
        ("creator", ma.Nested),
        ("modifier", ma.Nested),
        ("created", ma.AwareDateTime),
        ("updated", ma.AwareDateTime),
        ("papers", ma.Nested),
        ("sum", ma.Decimal),
        ("day", ma.Date),
        ("span", ma.TimeDelta),
        ("label", ma.String),
        ("status", ma.String),
        ("assignee", ma.Nested),
        ("category", ma.List),
        ("copied", ma.String),
    ],
)
def test_what_kintone_writes_itself_is_only_dumped(name, kind):
    found = field(name)
    assert (type(found), found.dump_only) == (kind, True)


def test_every_type_of_field_has_its_place():
    kinds = {kind for name in fields.__all__ if isinstance(kind := getattr(fields, name), type)}
    fields_ = {
        kind for kind in kinds if issubclass(kind, fields.Field) and kind is not fields.Field
    }
    converter = ModelConverter(ThingSchema)
    without = {kind for kind in fields_ if not kind.has_value}
    placed = {kind for kind in fields_ if any(c in converter.TYPE_MAPPING for c in kind.__mro__)}
    assert placed == fields_ - without


@pytest.mark.parametrize("name", ["UserSchema", "AttachmentSchema", "LineOfTheRestSchema"])
def test_a_program_may_have_schemas_called_like_those_of_ours(name):
    RestSchema()
    with pytest.raises(marshmallow.exceptions.RegistryError):
        marshmallow.class_registry.get_class(name)


def test_choices_are_one_of_a_list_which_other_libraries_can_see():
    (options,) = [each for each in field("size").validators if isinstance(each, OneOf)]
    assert options.choices == ("S", "M", "L")
    (options,) = field("tags").inner.validators
    assert options.choices == ("red", "green", "blue")


def test_choices_of_an_enum_are_its_values():
    enum_field = RestSchema().fields["rank"]
    assert (type(enum_field), enum_field.enum, enum_field.by_value) == (ma.Enum, Rank, True)
    assert type(RestSchema().fields["marks"].inner) is ma.Enum


def test_without_choices_any_text_is_let_through():
    assert RestSchema().load({"free": "x"}) == {"free": "x"}


@pytest.mark.parametrize("value", [5, 5.5, "C"])
def test_an_option_is_text(value):
    with pytest.raises(marshmallow.ValidationError):
        RestSchema().load({"rank": value})


def test_required_is_what_the_field_says_unless_it_has_a_default():
    class Both(Model):
        name = fields.SingleLineTextField(required=True)
        rank = fields.DropDownField(choices=["A"], required=True, default="A")

    class Schema(ModelSchema):
        class Meta:
            model = Both

    found = Schema().fields
    assert (found["name"].required, found["name"].allow_none) == (True, False)
    assert (found["rank"].required, found["rank"].allow_none) == (False, False)


def test_validators_are_carried_over_as_they_are():
    length = Length(max=3)

    class Named(Model):
        name = fields.SingleLineTextField(required=True, validators=[length])

    class Schema(ModelSchema):
        class Meta:
            model = Named

    assert length in Schema().fields["name"].validators


def test_a_program_has_its_own_field_for_a_type():
    class Shout(ma.String):
        def _serialize(self, value, *args, **kwargs):
            return value.upper()

    def exclaimed(converter, field, keywords):
        return Shout(metadata={"was": field.name}, **keywords)

    class Converter(ModelConverter):
        TYPE_MAPPING = {
            **ModelConverter.TYPE_MAPPING,
            fields.SingleLineTextField: Shout,
            fields.LinkField: exclaimed,
        }

    class Schema(ModelSchema):
        class Meta:
            model = Thing
            fields = ("title", "site")
            model_converter = Converter

    schema = Schema()
    assert schema.dump(Thing(title="a", site="b")) == {"title": "A", "site": "B"}
    assert schema.fields["site"].metadata == {"was": "site"}


def test_rows_are_made_by_the_same_converter():
    class Converter(ModelConverter):
        TYPE_MAPPING = {**ModelConverter.TYPE_MAPPING, fields.SingleLineTextField: ma.Email}

    class Schema(ModelSchema):
        class Meta:
            model = Rest
            model_converter = Converter

    assert type(Schema().fields["lines"].schema.fields["item"]) is ma.Email


def test_a_class_made_from_a_field_class_is_treated_like_it():
    class Title(fields.SingleLineTextField):
        pass

    class Book(Model):
        title = Title()

    class Schema(ModelSchema):
        title = auto_field(data_key="Title")

        class Meta:
            model = Book

    assert type(Schema().fields["title"]) is ma.String


SAVES = """
import sys
from kintone_orm import Model, fields
from kintone_orm.testing import emulate
assert "kintone_orm.schema" not in sys.modules

class Order(Model):
    number = fields.SingleLineTextField(required=True)

import marshmallow
made = []
marshmallow.Schema.__init__ = lambda self, **options: made.append(self)
with emulate(Order):
    for n in range(100):
        Order(number=str(n)).save()
assert made == []
assert "kintone_orm.schema" not in sys.modules
"""


def test_a_hundred_saves_build_no_schema():
    done = run([sys.executable, "-c", SAVES], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
