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
