"""The error of a refused transition has the record's status and the possible actions."""

from __future__ import annotations

import pytest
from support.models.claims import Claim, Expense, Memo

from kintone_orm.exceptions import (
    ActionNotAvailable,
    APIError,
    AssigneeNotTaken,
    AssigneeRequired,
    BulkWriteError,
    NotAssignee,
    PermissionDenied,
    ProcessDisabled,
    ValidationError,
)
from kintone_orm.testing import assert_requests

# -- refusals -----------------------------------------------------------------------------------


def test_an_action_of_another_state_is_refused_with_those_that_there_are(process, expense):
    with assert_requests(3), pytest.raises(ActionNotAvailable) as caught:
        expense.transition("Approve")

    error = caught.value
    assert (error.record_status, error.actions) == ("Draft", ("Submit", "Submit large"))
    assert "Expense id=1: " in str(error)
    assert "The record's status is 'Draft', which has the actions 'Submit', 'Submit large'." in str(
        error
    )
    assert error.code == "GAIA_IL03"


def test_an_action_at_the_end_of_the_process(process, kato, expense):
    expense.transition("Submit", assignee="kato")
    theirs = Expense.objects.using(kato).get()
    theirs.transition("Approve")

    with pytest.raises(ActionNotAvailable, match="'Done', which is an end"):
        theirs.transition("Approve")


def test_an_action_whose_condition_is_not_met_is_refused_with_the_condition(expense):
    with pytest.raises(ActionNotAvailable, match="The record must satisfy: amount > 100"):
        expense.transition("Submit large", assignee="kato")


def test_who_does_not_work_on_a_record_is_told_who_does(process, kato, expense):
    theirs = Expense.objects.using(kato).get()

    with pytest.raises(NotAssignee, match="Its assignees: Administrator") as caught:
        theirs.transition("Submit", assignee="kato")
    assert isinstance(caught.value, PermissionDenied)
    assert caught.value.record_status == "Draft"


def test_a_missing_assignee_is_refused_with_those_who_may_be_chosen(expense):
    with pytest.raises(AssigneeRequired, match="possible assignees: user kato, user mori"):
        expense.transition("Submit")


def test_an_assignee_that_the_action_does_not_take(process, kato, expense):
    expense.transition("Submit", assignee="kato")
    theirs = Expense.objects.using(kato).get()

    with pytest.raises(AssigneeNotTaken, match="Leave out assignee="):
        theirs.transition("Approve", assignee="mori")


def test_an_assignee_who_cannot_be_chosen(process, expense):
    with pytest.raises(ValidationError, match="assignee"):
        expense.transition("Submit", assignee="Administrator")
    with pytest.raises(ValidationError, match="Expense id=1: .*nobody.*not found"):
        expense.transition("Submit", assignee="nobody")


def test_an_app_without_a_process(kintone):
    memo = Memo.objects.create(text="x")

    with assert_requests(1), pytest.raises(ProcessDisabled, match="Memo id=1: .*Switch process"):
        memo.transition("Submit")
    with pytest.raises(ProcessDisabled):
        memo.assign(["Administrator"])


def test_a_refusal_that_cannot_be_explained_is_still_that_refusal(process, expense):
    def no_settings(send, request):
        if request.path.endswith("/app/status.json"):
            raise APIError("lost")
        return send(request)

    with process.wrap(no_settings), pytest.raises(ActionNotAvailable) as caught:
        expense.transition("Approve")

    assert (caught.value.record_status, caught.value.actions) == ("", ())
    assert "Expense id=1: Failed to update the status." in str(caught.value)


# -- status and assignees declared ---------------------------------------------------------------


def test_a_refusal_tells_the_state_as_it_is_now(claim):
    Claim.objects.all().transition("Submit", assignee="kato")

    with pytest.raises(ActionNotAvailable) as caught:
        Claim.objects.using("kato").get().transition("Submit", check_revision=False)
    assert caught.value.record_status == "Review"


# -- many records --------------------------------------------------------------------------------


def test_of_many_records_those_that_do_not_satisfy_the_condition_are_named(process, expenses):
    with assert_requests(3), pytest.raises(BulkWriteError) as caught:
        Expense.objects.bulk_transition(expenses[:2], "Submit large", assignee="kato")
    assert "Status 'Draft', must satisfy: amount > 100: id 1, 2." in str(caught.value)


def test_of_many_records_those_that_need_an_assignee_are_named_with_whom_to_choose(
    process, expenses
):
    with assert_requests(4), pytest.raises(BulkWriteError) as caught:
        Expense.objects.filter(pk__lte=2).transition("Submit")
    assert isinstance(caught.value.__cause__, AssigneeRequired)
    assert "'Review', possible assignees user kato, user mori: id 1, 2." in str(caught.value)


def test_of_many_records_those_that_take_no_assignee_are_named(process, kato, expenses):
    Expense.objects.filter(pk__lte=2).transition("Submit", assignee="kato")
    with pytest.raises(BulkWriteError) as caught:
        Expense.objects.using(kato).filter(pk__lte=2).transition("Approve", assignee="mori")
    assert isinstance(caught.value.__cause__, AssigneeNotTaken)
    assert "leads to 'Done', which has no assignee to choose: id 1, 2." in str(caught.value)


def test_the_state_of_many_records_is_told_if_it_is_that_of_all(process, expenses):
    with pytest.raises(BulkWriteError) as caught:
        Expense.objects.filter(pk__lte=2).transition("Submit")
    assert caught.value.__cause__.record_status == "Draft"
    assert caught.value.__cause__.actions == ("Submit", "Submit large")

    expenses[0].transition("Submit", assignee="kato")
    with pytest.raises(BulkWriteError) as caught:
        Expense.objects.filter(pk__lte=2).transition("Submit", assignee="kato")
    assert (caught.value.__cause__.record_status, caught.value.__cause__.actions) == ("", ())


def test_of_many_records_those_that_others_work_on_are_named(process, expenses):
    expenses[3].assign(["kato"])

    with pytest.raises(BulkWriteError, match="Assignees kato: id 4.") as caught:
        Expense.objects.bulk_transition(expenses[:10], "Submit", assignee="kato")
    assert isinstance(caught.value.__cause__, NotAssignee)
    assert "Assignees Administrator: id 1, 2, 3, 5, 6 and 4 more." in str(caught.value)
