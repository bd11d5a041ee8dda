from __future__ import annotations

import pytest
from support.models.claims import Claim, Expense

from kintone_orm import Model, fields


def test_a_state_that_is_declared_under_another_name_is_pointed_at():
    with pytest.raises(
        AttributeError, match="declares this field under another name: use Claim.state"
    ):
        Claim().status  # noqa: B018


def test_a_model_that_does_not_declare_its_status_says_how_to():
    with pytest.raises(AttributeError, match=r"status = fields.StatusField\("):
        Expense().status  # noqa: B018
    with pytest.raises(AttributeError, match=r"assignees = fields.StatusAssigneeField\("):
        Expense().assignees  # noqa: B018


def test_a_status_is_not_assigned():
    with pytest.raises(AttributeError, match=r'Use order.transition\("Approve"\)'):
        Expense().status = "Done"


def test_a_model_may_have_a_field_called_status_of_its_own():
    class Parcel(Model):
        status = fields.DropDownField(choices=["sent"])

        class Meta:
            app = 1

    assert Parcel(status="sent").status == "sent"
