"""The actions of a record, from the settings of its app's process."""

from __future__ import annotations

import pytest
from support.models.claims import ACTIONS, STATES, Claim, Expense, Memo
from support.process_of import CREATOR, action, states
from support.workflows import set_process

from kintone_orm.api.status import update_status
from kintone_orm.exceptions import (
    ProcessDisabled,
)
from kintone_orm.models.around.process_settings import Action
from kintone_orm.testing import assert_requests


def state_of(connection, expense):
    record = connection.request(
        "GET", "record", {"app": connection.apps["expense"], "id": expense.pk}
    )
    return record["record"]["Status"]["value"]


# -- what can be done ----------------------------------------------------------------------------


def test_available_actions_are_those_of_the_records_state(expense):
    assert expense.available_actions() == [
        Action("Submit", "Draft", "Review"),
        Action("Submit large", "Draft", "Review", "amount > 100"),
    ]
    assert [str(action) for action in expense.available_actions()] == ["Submit", "Submit large"]


def test_an_available_action_can_be_run(process, expense):
    submit, _ = expense.available_actions()
    expense.transition(submit, assignee="kato")

    assert state_of(process, expense) == "Review"


def test_the_settings_are_read_once(expense):
    with assert_requests(2):
        expense.available_actions()
    with assert_requests(1):
        expense.available_actions()


def test_a_state_that_was_added_later_is_noticed(process, app, expense):
    expense.available_actions()
    later = [action("Pay", "Draft", "Paid"), action("Take back", "Paid", "Draft")]
    more = STATES | states(Draft=("ONE", CREATOR), Paid=("ANY",))
    more = {name: state | {"index": str(i)} for i, (name, state) in enumerate(more.items())}
    set_process(process, app, states=more, actions=[*ACTIONS, *later])
    update_status(process, app=app, id=expense.pk, action="Pay")

    assert expense.available_actions() == [Action("Take back", "Paid", "Draft")]


def test_an_app_without_a_process_has_no_actions_to_offer(kintone):
    memo = Memo.objects.create(text="x")

    with assert_requests(1), pytest.raises(ProcessDisabled, match="Memo: process management is of"):
        memo.available_actions()


def test_a_declared_status_does_not_hide_that_there_is_no_process(kintone):
    claim = Claim.objects.create(amount=5)

    with assert_requests(1), pytest.raises(ProcessDisabled):
        claim.available_actions()


def test_a_record_that_is_gone_has_no_actions_to_offer(expense):
    Expense.objects.all().delete()

    with pytest.raises(Expense.DoesNotExist):
        expense.available_actions()


def test_a_process_that_was_switched_off_and_on_again(process, app, expense):
    set_process(process, app, enable=False)
    with pytest.raises(ProcessDisabled):
        expense.available_actions()
    set_process(process, app, enable=True)

    assert expense.available_actions() != []


# -- status and assignees declared ---------------------------------------------------------------


def test_a_known_state_is_not_asked_for(claim):
    with assert_requests(1):
        assert [action.name for action in claim.available_actions()] == ["Submit", "Submit large"]
    with assert_requests(0):
        claim.available_actions()
