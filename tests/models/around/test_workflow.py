"""Records taken through their app's process, against the emulator."""

from __future__ import annotations

import pytest
from support.process_of import CREATOR, action, entity, states
from support.workflows import set_process, signed_in

from kintone_orm import Model, fields
from kintone_orm.api.status import update_status
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
    WorkflowError,
)
from kintone_orm.fields import Group, User
from kintone_orm.models.around.process_settings import Action
from kintone_orm.testing import assert_requests


class Expense(Model):
    purpose = fields.SingleLineTextField()
    amount = fields.NumberField()
    changed_by = fields.ModifierField("Updated_by")


class Claim(Model):
    """The same app, its state and assignees declared, one of them under a name of its own."""

    amount = fields.NumberField()
    state = fields.StatusField("Status")
    assignees = fields.StatusAssigneeField("Assignee")

    class Meta:
        app = "expense"


class Memo(Model):
    """An app without a process."""

    text = fields.SingleLineTextField()


STATES = states(
    Draft=("ONE", CREATOR),
    Review=("ONE", entity("USER", "kato"), entity("USER", "mori")),
    Done=("ANY",),
)
ACTIONS = [
    action("Submit", "Draft", "Review"),
    action("Submit large", "Draft", "Review", "amount > 100"),
    action("Approve", "Review", "Done"),
    action("Reject", "Review", "Draft"),
]


@pytest.fixture
def app(kintone):
    return kintone.apps["expense"]


@pytest.fixture
def kato(kintone):
    return signed_in(kintone, "kato", name="Kato")


@pytest.fixture
def process(kintone, app, kato):
    signed_in(kintone, "mori")
    set_process(kintone, app, states=STATES, actions=ACTIONS)
    return kintone


@pytest.fixture
def expense(process):
    return Expense.objects.create(purpose="train", amount=5)


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


# -- what can be done ----------------------------------------------------------------------------


def test_available_actions_are_those_of_the_records_state(expense):
    assert expense.available_actions() == [
        Action("Submit", "Draft", "Review"),
        Action("Submit large", "Draft", "Review", "amount > 100"),
    ]
    assert [str(each) for each in expense.available_actions()] == ["Submit", "Submit large"]


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


@pytest.fixture
def claim(expense):
    return Claim.objects.get()


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


def test_a_known_state_is_not_asked_for(claim):
    with assert_requests(1):
        assert [each.name for each in claim.available_actions()] == ["Submit", "Submit large"]
    with assert_requests(0):
        claim.available_actions()


def test_a_refusal_tells_the_state_as_it_is_now(claim):
    Claim.objects.all().transition("Submit", assignee="kato")

    with pytest.raises(ActionNotAvailable) as caught:
        Claim.objects.using("kato").get().transition("Submit", check_revision=False)
    assert caught.value.record_status == "Review"


def test_a_state_that_is_declared_under_another_name_is_pointed_at(claim):
    with pytest.raises(
        AttributeError, match="declares this field under another name: use Claim.state"
    ):
        claim.status  # noqa: B018


# -- many records --------------------------------------------------------------------------------


@pytest.fixture
def expenses(process):
    return Expense.objects.bulk_create([Expense(amount=n) for n in range(250)])


def test_a_queryset_is_taken_on_in_hundreds(process, expenses):
    with assert_requests(2) as sent:
        done = Expense.objects.filter(amount__lt=230).transition("Submit", assignee="kato")

    assert done == 230
    assert [len(each["payload"]["records"]) for each in sent[1].params["requests"]] == [
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

    assert {each.revision for each in expenses} == {3}
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
    assert expenses[0].amount == 1_000  # what the other one wrote is fetched


def test_what_cannot_be_taken_on_together_is_refused_before_a_request(process, kato, expenses):
    theirs = Expense.objects.using(kato).first()
    again = Expense.objects.first()
    with assert_requests(0):
        for wrong, said in [
            ([Memo()], "takes Expenses, not"),
            ([Expense()], "has not been saved"),
            ([expenses[0], expenses[0]], "the same record twice"),
            ([expenses[0], again], "the same record twice"),
            ([theirs], "lives on"),
        ]:
            with pytest.raises(ValueError, match=said):
                Expense.objects.bulk_transition(wrong, "Submit")


# -- status and assignees as attributes ----------------------------------------------------------


def test_a_model_that_does_not_declare_its_status_says_how_to(expense):
    with pytest.raises(AttributeError, match=r"status = fields.StatusField\("):
        expense.status  # noqa: B018
    with pytest.raises(AttributeError, match=r"assignees = fields.StatusAssigneeField\("):
        expense.assignees  # noqa: B018


def test_a_status_is_not_assigned(expense):
    with pytest.raises(AttributeError, match=r'Use order.transition\("Approve"\)'):
        expense.status = "Done"


def test_a_model_may_have_a_field_called_status_of_its_own():
    class Parcel(Model):
        status = fields.DropDownField(choices=["sent"])

        class Meta:
            app = 1

    assert Parcel(status="sent").status == "sent"
