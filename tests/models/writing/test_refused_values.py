"""A user, a group or an organization that does not exist is a wrong value of its field."""

from __future__ import annotations

import pytest

from kintone_orm import Model, Row, fields
from kintone_orm.exceptions import BulkWriteError, InvalidInput, ValidationError


class Shift(Row):
    guard = fields.UserSelectField()
    hours = fields.NumberField()


class Duty(Model):
    title = fields.SingleLineTextField()
    chiefs = fields.UserSelectField()
    others = fields.UserSelectField()
    team = fields.GroupSelectField()
    office = fields.OrganizationSelectField()
    shifts = fields.SubtableField(Shift)


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"chiefs": ["nobody"], "others": []}, "chiefs"),
        ({"team": ["nobody"]}, "team"),
        ({"office": ["nobody"]}, "office"),
        ({"shifts": [Shift(hours=1), Shift(guard=["nobody"])]}, "shifts[1].guard"),
    ],
)
def test_a_save_names_the_field(kintone, values, place):
    with pytest.raises(ValidationError, match="nobody.* not found") as caught:
        Duty(title="a", **values).save()

    assert list(caught.value.errors) == [place]
    assert isinstance(caught.value.__cause__, InvalidInput)


def test_two_fields_with_that_user_are_both_named(kintone):
    with pytest.raises(ValidationError) as caught:
        Duty(title="a", chiefs=["nobody"], others=["Administrator", "nobody"]).save()

    assert list(caught.value.errors) == ["chiefs", "others"]


def test_a_write_of_many_records_names_the_field(kintone):
    duties = [Duty(title="a", others=[]), Duty(title="b", others=["nobody"])]
    with pytest.raises(ValidationError, match=r"none of 2 records is .*\[1\]\.others: ") as caught:
        Duty.objects.bulk_create(duties)

    assert isinstance(caught.value, BulkWriteError)
    assert list(caught.value.errors) == [(1, "others")]


def test_an_update_of_many_records_names_the_field_and_says_it_once(kintone):
    Duty.objects.bulk_create([Duty(title=str(n)) for n in range(9)])
    with pytest.raises(ValidationError) as caught:
        Duty.objects.filter(pk__lt=99).update(chiefs=["nobody"])

    assert list(caught.value.errors) == [(n, "chiefs") for n in range(9)]
    assert str(caught.value).count("not found") == 1
    assert "[3].chiefs, [4].chiefs and 4 more: The specified user" in str(caught.value)


def test_a_comment_is_no_field(kintone):
    duty = Duty.objects.create(title="a")
    duty.chiefs = ["nobody"]
    with pytest.raises(ValidationError) as refused:
        duty.comments.create("hello", mentions=[fields.User("nobody")])
    assert list(refused.value.errors) == [""]
