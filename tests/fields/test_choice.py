from __future__ import annotations

import enum

import pytest
from support.models.one_of_each import Thing

from kintone_orm import fields
from kintone_orm.exceptions import FieldError, ImproperlyConfigured


@pytest.mark.parametrize("name", ["rank", "size"])
@pytest.mark.parametrize(
    ("wire", "value", "written", "literal"),
    [
        ("A", "A", "A", '"A"'),
        ('"', '"', '"', r'"\""'),
        (None, None, None, '""'),
        ("", None, None, '""'),
    ],
)
def test_the_forms_of_one_option(name, wire, value, written, literal):
    field = Thing._meta.get_field(name)
    assert field.to_python(wire) == value
    assert field.to_api(value) == written
    assert field.to_literal(value) == literal


@pytest.mark.parametrize("name", ["tags", "days"])
@pytest.mark.parametrize(
    ("wire", "value", "written"),
    [
        (["red", "blue"], ["red", "blue"], ["red", "blue"]),
        (["red"], ["red"], ["red"]),
        ([], [], []),
    ],
)
def test_the_forms_of_several_options(name, wire, value, written):
    field = Thing._meta.get_field(name)
    assert field.to_python(wire) == value
    assert field.to_api(value) == written


@pytest.mark.parametrize("name", ["rank", "size"])
@pytest.mark.parametrize("wire", [5, ["A"]])
def test_what_is_no_option_cannot_be_read(name, wire):
    with pytest.raises(TypeError, match="not a text"):
        Thing._meta.get_field(name).to_python(wire)


@pytest.mark.parametrize("name", ["tags", "days"])
@pytest.mark.parametrize("wire", [None, "red", 5])
def test_what_is_no_list_of_options_cannot_be_read(name, wire):
    with pytest.raises(TypeError, match="not a list"):
        Thing._meta.get_field(name).to_python(wire)


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("rank", "A", "A"),
        ("rank", None, None),
        ("rank", "", None),
        ("size", "S", "S"),
        ("tags", ["red"], ["red"]),
        ("tags", ("red", "blue"), ["red", "blue"]),
        ("tags", (tag for tag in ["red"]), ["red"]),
        ("tags", None, []),
        ("days", [], []),
    ],
)
def test_assigning(name, given, value):
    assert getattr(Thing(**{name: given}), name) == value


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("rank", 5, "one of its choices, not int 5."),
        ("rank", ["A"], "one of its choices, not list ['A']."),
        ("tags", "red", "a list of its choices, not str 'red'."),
        ("tags", 5, "a list of its choices, not int 5."),
        ("tags", ["red", 5], "a list of its choices, not int 5."),
    ],
)
def test_assigning_another_type_is_refused(name, given, message):
    with pytest.raises(FieldError) as refused:
        Thing(**{name: given})
    assert str(refused.value) == f"Thing.{name} takes {message}"


def test_the_list_assigned_is_copied():
    tags = ["red"]
    thing = Thing(tags=tags)
    tags.append("blue")
    assert thing.tags == ["red"]


@pytest.mark.parametrize(
    ("name", "value", "problems"),
    [
        ("rank", "A", []),
        ("rank", None, []),
        ("rank", "a", ["'a' is not among the choices 'A', 'B', 'C'."]),
        ("tags", ["red", "blue"], []),
        ("tags", [], []),
        (
            "tags",
            ["rad", "x"],
            [
                "'rad' is not among the choices 'red', 'green', 'blue'. Did you mean 'red'?",
                "'x' is not among the choices 'red', 'green', 'blue'.",
            ],
        ),
        ("size", None, ["A radio button cannot be blank. Choose one of its options."]),
        ("size", "XL", ["'XL' is not among the choices 'S', 'M', 'L'. Did you mean 'L'?"]),
    ],
)
def test_all_problems_of_a_value_are_given(name, value, problems):
    assert Thing._meta.get_field(name).all_problems(value) == problems


def test_without_choices_any_option_passes():
    assert fields.DropDownField().all_problems("anything") == []
    assert fields.CheckBoxField().all_problems(["anything"]) == []


@pytest.mark.parametrize("choices", ["AB", [("A", "Grade A")], [1, 2], [None]])
def test_choices_that_are_no_list_of_names_are_refused(choices):
    with pytest.raises(ImproperlyConfigured) as refused:
        fields.DropDownField(choices=choices)
    assert str(refused.value) == (
        f"DropDownField(choices={choices!r}): choices must be a list of the names of the app's "
        "options, or an Enum with these names as values. kintone has no separate labels."
    )


class Nothing(enum.Enum):
    pass


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"choices": Nothing}, "DropDownField: Nothing has no members"),
        ({"choices": ["a", "b", "a"]}, "DropDownField: 'a' is among the choices twice"),
        ({"choices": {"a", "b"}}, "choices must be a list of the names"),
        ({"choices": {"a": "A"}}, "choices must be a list of the names"),
        ({"choices": ["a"], "default": "Z"}, r"DropDownField\(default='Z'\): 'Z' is not among"),
        ({"choices": ["a"], "default": 5}, r"DropDownField\(default=5\): An option must be a text"),
    ],
)
def test_choices_that_no_form_can_have_are_refused(options, message):
    with pytest.raises(ImproperlyConfigured, match=message):
        fields.DropDownField(**options)


def test_an_option_is_still_checked_under_its_old_name():
    field = fields.DropDownField("rank", choices=["A"])
    with pytest.warns(DeprecationWarning, match=r"unknown is deprecated.*option_problem"):
        problem = field.unknown("B")
    assert problem == field.option_problem("B") is not None
