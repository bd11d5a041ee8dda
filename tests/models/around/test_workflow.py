"""Records taken through their app's process, against the emulator."""

from __future__ import annotations

import pytest
from support.models.claims import Expense, Memo

from kintone_orm import Retry, override
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import (
    ActionNotAvailable,
    BulkWriteError,
    TransportError,
    WorkflowError,
)
from kintone_orm.fields import Group, User
from kintone_orm.outcomes import CarriedOut
from kintone_orm.testing import assert_requests, capture_requests


def state_of(connection, expense):
    record = connection.request(
        "GET", "record", {"app": connection.apps["expense"], "id": expense.pk}
    )
    return record["record"]["Status"]["value"]


def workers(connection, expense):
    record = connection.request(
        "GET", "record", {"app": connection.apps["expense"], "id": expense.pk}
    )
    return [each["code"] for each in record["record"]["Assignee"]["value"]]


# -- one record ---------------------------------------------------------------------------------


def test_a_transition_is_one_request(process, expense):
    with assert_requests(1):
        expense.transition("Submit", assignee="kato")

    assert state_of(process, expense) == "Review"
    assert workers(process, expense) == ["kato"]


def test_an_assignee_may_be_a_user(process, expense):
    expense.transition("Submit", assignee=User("mori"))

    assert workers(process, expense) == ["mori"]


def test_after_a_transition_the_next_save_does_not_conflict(expense):
    expense.transition("Submit", assignee="kato")
    assert expense.revision == 3

    expense.amount = 6
    with assert_requests(1):
        expense.save()
    assert expense.revision == 4


def test_unsaved_changes_outlive_a_transition(expense):
    expense.amount = 7
    expense.transition("Submit", assignee="kato")

    assert set(expense.changed_fields()) == {"amount"}
    expense.save()
    assert Expense.objects.get().amount == 7


def test_who_wrote_last_is_fetched_again_after_a_transition(process, kato, expense):
    expense.transition("Submit", assignee="kato")
    theirs = Expense.objects.using(kato).get()
    assert theirs.changed_by == User("Administrator")

    theirs.transition("Approve")

    assert theirs.get_deferred_fields() == {"changed_by"}
    assert theirs.changed_by == User("kato")


def test_a_transition_of_a_stale_record_is_a_conflict(process, expense):
    theirs = Expense.objects.get()
    theirs.amount = 6
    theirs.save()

    with pytest.raises(Expense.Conflict):
        expense.transition("Submit", assignee="kato")
    assert state_of(process, expense) == "Draft"


def test_a_transition_that_compares_no_revision_fetches_what_others_wrote(process, expense):
    theirs = Expense.objects.get()
    theirs.purpose = "bus"
    theirs.save()

    expense.transition("Submit", assignee="kato", check_revision=False)

    assert (expense.revision, expense.purpose) == (4, "bus")


def test_a_transition_that_compares_no_revision_does_not_hide_the_conflict(process, expense):
    theirs = Expense.objects.get()
    theirs.amount = 7
    theirs.save()

    expense.amount = 9
    expense.transition("Submit", assignee="kato", check_revision=False)
    with pytest.raises(Expense.Conflict):
        expense.save()

    assert Expense.objects.get().amount == 7


def test_a_new_record_has_no_transition(process):
    with assert_requests(0), pytest.raises(ValueError, match="has not been saved"):
        Expense(purpose="x").transition("Submit")


def test_a_transition_of_a_deleted_record(process, expense):
    Expense.objects.all().delete()

    with pytest.raises(Expense.DoesNotExist):
        expense.transition("Submit", assignee="kato")


# -- assignees -----------------------------------------------------------------------------------


def test_a_record_is_handed_to_somebody_else(process, expense):
    with assert_requests(1):
        expense.assign([User("kato")])

    assert workers(process, expense) == ["kato"]
    assert expense.revision == 2
    assert expense.get_deferred_fields() == {"changed_by"}
    expense.amount = 6
    expense.save()


def test_nobody_works_on_a_record_whose_assignees_are_cleared(process, expense):
    expense.assign([])

    assert workers(process, expense) == []


def test_two_assignees_where_one_is_wanted(process, expense):
    with pytest.raises(WorkflowError, match="Only one assignee"):
        expense.assign(["kato", "mori"])


def test_assign_takes_a_list(expense):
    with assert_requests(0), pytest.raises(TypeError, match="a list of users, not 'kato'"):
        expense.assign("kato")


def test_handing_on_a_stale_record_is_a_conflict(expense):
    theirs = Expense.objects.get()
    theirs.amount = 6
    theirs.save()

    with pytest.raises(Expense.Conflict):
        expense.assign(["kato"])
    expense.assign(["kato"], check_revision=False)
    assert expense.revision == 3


@pytest.mark.parametrize("who", [Group("kato"), ["kato"], 3])
def test_only_a_user_can_be_an_assignee(expense, who):
    every = Expense.objects.all()
    for call in (
        lambda: expense.transition("Submit", assignee=who),
        lambda: expense.assign([who]),
        lambda: every.transition("Submit", assignee=who),
        lambda: Expense.objects.bulk_transition([expense], "Submit", assignee=who),
    ):
        with assert_requests(0), pytest.raises(TypeError, match="a User or a login name"):
            call()


def test_what_is_no_list_is_not_assigned(expense):
    for who in (None, User("kato")):
        with assert_requests(0), pytest.raises(TypeError, match="a list of users"):
            expense.assign(who)


def test_what_is_no_action_is_not_sent(expense):
    for call in (expense.transition, Expense.objects.all().transition):
        with assert_requests(0), pytest.raises(TypeError, match="one of available_actions"):
            call(None)


# -- status and assignees declared ---------------------------------------------------------------


def test_state_and_assignees_are_read_with_the_record(claim):
    with assert_requests(0):
        assert (claim.state, claim.assignees) == ("Draft", [User("Administrator")])


def test_state_and_assignees_are_fetched_again_after_a_transition(claim):
    claim.transition("Submit", assignee="kato")

    assert claim.get_deferred_fields() == {"state", "assignees"}
    with assert_requests(1):
        assert (claim.state, claim.assignees) == ("Review", [User("kato")])
    assert claim.revision == 3


def test_assignees_are_fetched_again_after_they_were_assigned(claim):
    claim.assign(["mori"])

    assert claim.assignees == [User("mori")]


# -- many records --------------------------------------------------------------------------------


def test_a_queryset_is_taken_on_in_hundreds(process, expenses):
    with assert_requests(2) as sent:
        done = Expense.objects.filter(amount__lt=230).transition("Submit", assignee="kato")

    assert done == 230
    assert [len(request["payload"]["records"]) for request in sent[1].params["requests"]] == [
        100,
        100,
        30,
    ]
    assert state_of(process, expenses[229]) == "Review"
    assert state_of(process, expenses[230]) == "Draft"


def test_a_queryset_without_records_is_one_request(process):
    with assert_requests(1):
        assert Expense.objects.filter(amount=-1).transition("Submit") == 0


def test_a_queryset_compares_revisions_if_asked_for(process, expenses):
    def somebody_is_faster(send, request):
        if request.path.endswith("/records/status.json"):
            process.request("PUT", "record", {"app": process.apps["expense"], "id": 1})
        return send(request)

    with process.wrap(somebody_is_faster):
        with pytest.raises(BulkWriteError, match="revision"):
            Expense.objects.filter(pk__lt=9).transition(
                "Submit", assignee="kato", check_revision=True
            )
        assert Expense.objects.filter(pk__lt=9).transition("Submit", assignee="kato") == 8


def test_a_slice_is_not_taken_on(process):
    with assert_requests(0), pytest.raises(TypeError, match="once a slice has been taken"):
        Expense.objects.all()[:5].transition("Submit")


def test_objects_are_taken_on_together_and_learn_their_revision(process, expenses):
    with assert_requests(1):
        assert Expense.objects.bulk_transition(expenses, "Submit", assignee=User("kato")) == 250

    assert {expense.revision for expense in expenses} == {3}
    expenses[249].amount = 1
    expenses[249].save()


def test_one_refused_record_stops_its_group_and_is_named(process, expenses):
    expenses[120].transition("Submit", assignee="kato")
    expenses[120].assign(["Administrator"])
    assert expenses[120].pk == 121

    with assert_requests(3), pytest.raises(BulkWriteError) as caught:
        Expense.objects.bulk_transition(expenses, "Submit", assignee="kato")

    error = caught.value
    assert (error.done, error.failed, error.pending) == ([], expenses, [])
    assert isinstance(error.__cause__, ActionNotAvailable)
    assert "Status 'Review', which has the actions 'Approve', 'Reject': id 121." in str(error)
    assert "'Draft'" not in str(error)
    assert state_of(process, expenses[0]) == "Draft"
    assert expenses[0].revision == 1


def test_more_than_an_atomic_group_stops_half_way(process):
    expenses = Expense.objects.bulk_create([Expense(amount=n) for n in range(2_150)])
    expenses[2_000].transition("Submit", assignee="kato")

    with pytest.raises(BulkWriteError) as caught:
        Expense.objects.bulk_transition(expenses, "Submit", assignee="kato")

    assert (len(caught.value.done), len(caught.value.failed)) == (2_000, 150)
    assert {each.revision for each in caught.value.done} == {3}
    rest = [each for each in caught.value.failed if each.pk != 2_001]
    assert Expense.objects.bulk_transition(rest, "Submit", assignee="kato") == 149


def test_revisions_are_compared_if_asked_for(process, expenses):
    theirs = Expense.objects.get(pk=expenses[0].pk)
    theirs.amount = 1_000
    theirs.save()

    with pytest.raises(BulkWriteError, match="revision"):
        Expense.objects.bulk_transition(expenses, "Submit", assignee="kato", check_revision=True)
    Expense.objects.bulk_transition(expenses, "Submit", assignee="kato")
    assert expenses[0].revision == 4
    assert expenses[0].amount == 1_000  # the other program's change is fetched


def test_what_cannot_be_taken_on_together_is_refused_before_a_request(process, kato, expenses):
    theirs = Expense.objects.using(kato).first()
    again = Expense.objects.first()
    with assert_requests(0):
        for wrong, said in [
            ([Memo()], "takes Expenses, not"),
            ([Expense()], "has not been saved"),
            ([expenses[0], expenses[0]], "the same record twice"),
            ([expenses[0], again], "the same record twice"),
            ([theirs], "belongs to"),
        ]:
            with pytest.raises(ValueError, match=said):
                Expense.objects.bulk_transition(wrong, "Submit")


# -- lost answers ---------------------------------------------------------------------------------


def lose(connection, endpoint, fault=Fault.LOST_ANSWER, method="PUT"):
    connection.emulator.faults.add(fault, method=method, endpoint=endpoint)


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.LOST_REQUEST])
def test_an_action_whose_answer_was_lost_is_never_run_again(process, expense, fault):
    lose(process, "record/status", fault)
    patient = override(retry=Retry(repeat_unversioned=True))
    with patient, capture_requests(process) as sent, pytest.raises(TransportError) as caught:
        expense.transition("Submit", assignee="kato")
    assert len(sent) == 1
    assert caught.value.carried_out is CarriedOut.UNKNOWN
    assert "read the status before you run the action again" in str(caught.value)
    assert "the next status may have an action of this name, too" in str(caught.value)
    assert expense.revision == 1


def test_an_action_that_was_refused_for_now_is_sent_again(process, expense):
    lose(process, "record/status", Fault.DATABASE_LOCKED)
    with override(retry=True):
        expense.transition("Submit", assignee="kato")
    assert state_of(process, expense) == "Review"


@pytest.mark.parametrize(
    ("endpoint", "method"), [("records/status", "PUT"), ("bulkRequest", "POST")]
)
def test_an_action_of_many_is_never_run_again(process, expenses, endpoint, method):
    chosen = expenses[:3] if method == "PUT" else expenses
    lose(process, endpoint, method=method)
    patient = override(retry=True)
    with patient, capture_requests(process) as sent, pytest.raises(BulkWriteError) as caught:
        Expense.objects.bulk_transition(chosen, "Submit", assignee="kato", check_revision=True)
    assert len(sent) == 1
    assert caught.value.unknown == chosen
    assert caught.value.carried_out is CarriedOut.UNKNOWN
    assert "read the status before you run the action again" in str(caught.value)


def test_an_assignment_whose_answer_was_lost_is_never_a_conflict(process, expense):
    lose(process, "record/assignees")
    patient = override(retry=True)
    with patient, capture_requests(process) as sent, pytest.raises(TransportError) as caught:
        expense.assign(["kato"])
    assert len(sent) == 2
    assert caught.value.carried_out is CarriedOut.UNKNOWN
    assert workers(process, expense) == ["kato"]


def test_an_assignment_that_did_not_arrive_is_sent_again(process, expense):
    lose(process, "record/assignees", Fault.LOST_REQUEST)
    with override(retry=True):
        expense.assign(["kato"])
    assert (expense.revision, workers(process, expense)) == (2, ["kato"])
