"""The messages of validators are reported under the field's name, in whatever form they come."""

from __future__ import annotations

import marshmallow
import pytest
from marshmallow.validate import Length

from kintone_orm import fields
from kintone_orm.exceptions import FieldError, ImproperlyConfigured, ValidationError

UNEXPLAINED = ["A validator refuses the value without a reason."]


@pytest.mark.parametrize(
    ("raised", "texts"),
    [
        (ValidationError("ours"), ["ours"]),
        (ValidationError({"a": "one", "b": ["two", "three"]}), ["one", "two", "three"]),
        (marshmallow.ValidationError("theirs"), ["theirs"]),
        (marshmallow.ValidationError({"a": ["bad"]}), ["bad"]),
        (marshmallow.ValidationError({"a": {"0": {"b": ["deep"]}}}), ["deep"]),
        (marshmallow.ValidationError([]), UNEXPLAINED),
        (marshmallow.ValidationError({}), UNEXPLAINED),
        (marshmallow.ValidationError({"a": []}), UNEXPLAINED),
        (ValueError("no such person"), ["no such person"]),
        (ValueError(), UNEXPLAINED),
    ],
)
def test_whatever_a_validator_raises_is_told(raised, texts):
    def refuse(value):
        raise raised

    assert fields.NumberField(validators=[refuse]).all_problems(5) == texts


@pytest.mark.parametrize("given", [Length(max=3), ["x"], "x", 5, None])
def test_what_are_no_validators_is_refused_at_once(given):
    with pytest.raises(ImproperlyConfigured, match=r"validators=.* is not a list of functions"):
        fields.SingleLineTextField(validators=given)


def test_validators_may_come_from_a_generator():
    assert len(fields.SingleLineTextField(validators=(each for each in [len])).validators) == 1


@pytest.mark.parametrize(
    ("old", "new", "argument"),
    [
        ("clean", "all_problems", None),
        ("complaints", "problems_by_place", None),
        ("contradictions", "form_problems", {"unique": False}),
    ],
)
def test_what_is_wrong_is_still_found_under_its_old_names(old, new, argument):
    field = fields.NumberField("price", required=True, unique=True)
    with pytest.warns(DeprecationWarning, match=f"{old} is deprecated.*{new}"):
        answer = getattr(field, old)(argument)
    assert list(answer) == list(getattr(field, new)(argument)) != []


def test_an_operand_is_still_checked_under_its_old_name():
    field = fields.DropDownField("rank", choices=["A"])
    with (
        pytest.warns(DeprecationWarning, match="operand_problem"),
        pytest.raises(FieldError, match="'B' is not among the choices"),
    ):
        field.check_operand("B")


def test_an_override_of_an_old_name_is_warned_about_where_it_is_written():
    with pytest.warns(DeprecationWarning, match="EvenField.clean is deprecated") as warned:

        class EvenField(fields.IntegerField):
            def clean(self, value):
                raise NotImplementedError

    assert warned[0].filename == __file__


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_an_override_of_an_old_name_still_counts():
    class EvenField(fields.IntegerField):
        def clean(self, value):
            return super().clean(value) + (["odd"] if value == 1 else [])

        def contradictions(self, there):
            yield from super().contradictions(there)
            yield "odd"

        def check_operand(self, value):
            super().check_operand(value)
            if value == 1:
                raise FieldError("odd")

    field = EvenField("n", required=True, unique=True)
    assert field.all_problems(1) == ["odd"]
    assert field.problems_by_place(None) == {"": ["Required: kintone refuses a blank here."]}
    assert len(list(field.form_problems({"unique": False}))) == 2
    assert field.operand("exact", 2, None) == '"2"'
    with pytest.raises(FieldError, match="^odd$"):
        field.operand("exact", 1, None)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_an_override_of_an_old_name_reaches_those_above_it():
    class Graded(fields.DropDownField):
        def check_operand(self, value):
            super().check_operand(value)

        def complaints(self, value, loaded=fields.UNSET):
            return {"": [*super().complaints(value, loaded)[""], "graded"]}

    class Mixin:
        def complaints(self, value, loaded=fields.UNSET):
            return {"": [*super().complaints(value, loaded)[""], "mixed"]}

    class Mixed(Mixin, Graded):
        pass

    field = Mixed("rank", choices=["A"])
    assert field.problems_by_place("B")[""][1:] == ["graded", "mixed"]
    with pytest.raises(FieldError, match="'B' is not among the choices"):
        field.operand("exact", "B", None)


def test_a_class_that_has_both_names_is_not_warned_about():
    class Both(fields.IntegerField):
        def all_problems(self, value):
            return ["new"]

        def clean(self, value):
            return ["old"]

    assert Both("n").all_problems(1) == ["new"]
