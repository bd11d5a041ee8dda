from __future__ import annotations

import marshmallow
import pytest
from marshmallow import validate
from support.models.one_of_each import Thing

from kintone_orm import Model, fields
from kintone_orm.exceptions import FieldError, ImproperlyConfigured
from kintone_orm.fields import Field
from kintone_orm.fields.base import UNSET

UNIQUE = [fields.SingleLineTextField, fields.NumberField, fields.IntegerField, fields.LinkField]
UNIQUE += [fields.DateField, fields.DateTimeField]
NOT_UNIQUE = [fields.MultiLineTextField, fields.RichTextField, fields.TimeField]
NOT_UNIQUE += [fields.DropDownField, fields.RadioButtonField, fields.CheckBoxField]


@pytest.mark.parametrize("kind", UNIQUE)
def test_types_that_can_prohibit_duplicates(kind):
    assert kind("c", unique=True).definition()["unique"] is True


@pytest.mark.parametrize("kind", [*NOT_UNIQUE, fields.MultiSelectField])
def test_types_that_cannot_prohibit_duplicates(kind):
    with pytest.raises(ImproperlyConfigured) as refused:
        kind(unique=True)
    assert str(refused.value) == (
        f"{kind.__name__} cannot be unique: kintone prohibits duplicates only in single line text, "
        "number, link, date and datetime fields."
    )


@pytest.mark.parametrize("default", [[], ["red"], {}, {"red"}])
def test_a_default_that_records_would_share_is_refused(default):
    with pytest.raises(ImproperlyConfigured, match=f"Write default={type(default).__name__} or a"):
        fields.CheckBoxField(default=default)


class Form(Model):
    name = fields.SingleLineTextField(required=True, validators=[validate.Length(max=5)])
    amount = fields.NumberField(
        default=0, validators=[validate.Range(min=0), validate.Range(min=-5)]
    )
    tags = fields.CheckBoxField(default=list, required=True)
    note = fields.SingleLineTextField()
    copied = fields.SingleLineTextField()
    source = fields.LookupField("Thing", key="title", copies={"copied": "title"})


def test_defaults_are_coerced_made_anew_and_may_be_absent():
    first, second = Form(), Form()
    assert first.amount == 0
    assert first.tags == second.tags == []
    assert first.tags is not second.tags
    assert Form.note.get_default() is UNSET


REQUIRED = "Required: kintone refuses a blank here."


@pytest.mark.parametrize(
    ("name", "value", "problems"),
    [
        ("name", "", [REQUIRED]),
        ("name", "short", []),
        ("name", "too long", ["Longer than maximum length 5."]),
        ("amount", None, []),
        ("amount", 0, []),
        (
            "amount",
            -9,
            [
                "Must be greater than or equal to 0.",
                "Must be greater than or equal to -5.",
            ],
        ),
        ("tags", [], [REQUIRED]),
        ("tags", ["x"], []),
        ("note", "", []),
    ],
)
def test_all_problems_of_a_value_are_given(name, value, problems):
    assert Form._meta.get_field(name).all_problems(value) == problems


def test_a_validator_may_complain_about_several_things():
    def complain(value):
        raise marshmallow.ValidationError(["No.", f"Not {value}."])

    assert fields.NumberField(validators=[complain]).all_problems(5) == ["No.", "Not 5."]


def test_an_assignment_is_coerced_or_refused_at_once():
    form = Form(amount="1.50")
    assert str(form.amount) == "1.50"
    with pytest.raises(FieldError, match=r"Form\.amount takes a number, not str 'x'\.") as refused:
        form.amount = "x"
    assert isinstance(refused.value, TypeError)
    assert str(form.amount) == "1.50"


def test_what_a_lookup_copies_cannot_be_assigned():
    with pytest.raises(AttributeError) as refused:
        Form().copied = "x"
    assert str(refused.value) == (
        "Form.copied cannot be set: the lookup 'source' copies its value."
    )
    assert not Form.copied.writable


@pytest.mark.parametrize("name", ["number", "creator", "modifier", "created", "updated"])
def test_what_kintone_writes_cannot_be_assigned(name):
    with pytest.raises(AttributeError) as refused:
        setattr(Thing(), name, "x")
    assert str(refused.value) == f"Thing.{name} cannot be set: kintone sets it itself."


def test_on_the_model_it_is_the_field_and_on_a_record_the_value():
    assert isinstance(Thing.title, Field)
    assert Thing(title="a").title == "a"
    assert (str(Thing.title), repr(Thing.title)) == (
        "Thing.title",
        "<SingleLineTextField Thing.title>",
    )


@pytest.mark.parametrize(
    ("name", "blank"),
    [
        *[(name, "") for name in ("title", "site", "memo", "body", "shop")],
        *[(name, None) for name in ("price", "count", "rank", "size", "due", "opens", "start")],
        *[(name, []) for name in ("tags", "days")],
        ("level", None),
    ],
)
def test_the_blank_of_each_type(name, blank):
    thing = Thing()
    assert getattr(thing, name) == blank
    setattr(thing, name, None)
    assert getattr(thing, name) == blank
    assert Thing._meta.get_field(name).empty_value() == blank
