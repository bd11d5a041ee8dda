"""The refusal of a user that does not exist says which field names that user."""

from __future__ import annotations

import pytest

from kintone_orm import Model, Row, fields
from kintone_orm.exceptions import APIError, BulkWriteError


class Shift(Row):
    guard = fields.UserSelectField()
    hours = fields.NumberField()


class Duty(Model):
    title = fields.SingleLineTextField()
    chiefs = fields.UserSelectField()
    others = fields.UserSelectField()
    shifts = fields.SubtableField(Shift)


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"chiefs": ["nobody"], "others": []}, r"Duty\.chiefs"),
        ({"shifts": [Shift(hours=1), Shift(guard=["nobody"])]}, r"Duty\.shifts\[1\]\.guard"),
    ],
)
def test_a_save_names_the_field(kintone, values, place):
    with pytest.raises(
        APIError, match=rf"code：nobody.* It is in {place} of <Duty new title='a'>\."
    ):
        Duty(title="a", **values).save()


def test_a_write_of_many_records_names_the_field(kintone):
    duties = [Duty(title="a", others=[]), Duty(title="b", others=["nobody"])]
    with pytest.raises(BulkWriteError, match=r"It is in Duty\.others of <Duty new title='b'>\."):
        Duty.objects.bulk_create(duties)


def test_a_comment_is_no_field(kintone):
    duty = Duty.objects.create(title="a")
    duty.chiefs = ["nobody"]
    with pytest.raises(APIError) as refused:
        duty.comments.create("hello", mentions=[fields.User("nobody")])
    assert "It is in" not in str(refused.value)
