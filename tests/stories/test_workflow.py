"""An expense report is handed in, rejected, amended and approved."""

from __future__ import annotations

import pytest
from support.models.expenses import Expense, Item, office

from kintone_orm.exceptions import (
    ActionNotAvailable,
    AssigneeNotTaken,
    AssigneeRequired,
    BulkWriteError,
    NotAssignee,
    PermissionDenied,
    ProcessDisabled,
)
from kintone_orm.fields import User
from kintone_orm.testing import assert_requests

SATO, KATO = User("sato"), User("kato")


def names(actions):
    return [action.name for action in actions]


def test_an_expense_report_is_approved_in_the_end(office_kintone):
    sato, kato = office(office_kintone)

    # Sato writes it down. The first write of a connection looks at the app's form.
    with assert_requests(2, using=sato):
        mine = Expense.objects.using(sato).create(
            purpose="Visit to Osaka", items=[Item(what="train", cost=28_000)]
        )
    with assert_requests(1, using=sato):
        assert (mine.status, mine.assignees) == ("Draft", [SATO])
    with assert_requests(1, using=sato):
        assert names(mine.available_actions()) == ["Submit"]

    # He forgets to say who is to look at it, and is told who can.
    with assert_requests(3, using=sato), pytest.raises(AssigneeRequired, match="user kato"):
        mine.transition("Submit")
    with assert_requests(1, using=sato):
        mine.transition("Submit", assignee=KATO)
    with assert_requests(1, using=sato):
        assert (mine.status, mine.assignees, mine.revision) == ("Review", [KATO], 3)

    # It is not his to approve, nor to pay.
    with pytest.raises(NotAssignee, match="Its assignees: kato"):
        mine.transition("Approve")
    again = Expense.objects.using(sato).get()
    again.paid = ["paid"]
    with pytest.raises(PermissionDenied, match="paid"):
        again.save()

    # Kato rejects it, to the man who wrote it.
    theirs = Expense.objects.using(kato).get(pk=mine.pk)
    with assert_requests(1, using=kato):
        assert names(theirs.available_actions()) == ["Approve", "Reject"]
    with assert_requests(3, using=kato), pytest.raises(ActionNotAvailable) as caught:
        theirs.transition("Submit")
    assert (caught.value.record_status, caught.value.actions) == ("Review", ("Approve", "Reject"))
    with pytest.raises(AssigneeRequired, match="possible assignees: field Created_by"):
        theirs.transition("Reject")
    with assert_requests(1, using=kato):
        theirs.transition("Reject", assignee=theirs.handed_in_by)
    assert (theirs.status, theirs.assignees) == ("Draft", [SATO])

    # Sato's copy is older than that; he reads it again, amends it and hands it in.
    mine.purpose = "A day in Osaka"
    with pytest.raises(Expense.Conflict):
        mine.save()
    mine.refresh_from_db()
    mine.items[0].cost = 14_000
    mine.save()
    mine.transition("Submit", assignee="kato")

    # Kato approves it, and notes what only he may note.
    theirs.refresh_from_db()
    assert theirs.items[0].cost == 14_000
    theirs.paid = ["paid"]
    theirs.save()
    with pytest.raises(AssigneeNotTaken, match="Leave out assignee="):
        theirs.transition("Approve", assignee="sato")
    with assert_requests(1, using=kato):
        theirs.transition("Approve")

    # That was the end of it.
    assert (theirs.status, theirs.changed_by) == ("Done", KATO)
    assert theirs.available_actions() == []


def test_a_month_of_reports_is_approved_at_once(office_kintone):
    sato, kato = office(office_kintone)
    reports = [Expense(purpose=f"Taxi {n}") for n in range(1, 231)]
    Expense.objects.using(sato).bulk_create(reports)

    with assert_requests(1, using=sato):
        Expense.objects.using(sato).bulk_transition(reports, "Submit", assignee=KATO)
    reports[0].purpose = "Taxi 1, there and back"
    reports[0].save()  # no conflict: the revision is known

    # One is with Sato again; the others of its group wait until it is left out.
    Expense.objects.using(kato).get(pk=7).transition("Reject", assignee="sato")
    with pytest.raises(BulkWriteError) as caught:
        Expense.objects.using(kato).all().transition("Approve")
    assert isinstance(caught.value.__cause__, PermissionDenied)
    assert len(caught.value.failed) == 230
    rest = Expense.objects.using(kato).exclude(pk=7)
    with assert_requests(2, using=kato):
        assert rest.transition("Approve") == 229

    assert Expense.objects.using(kato).get(pk=8).status == "Done"
    assert Expense.objects.using(kato).get(pk=7).status == "Draft"


def test_a_report_is_handed_to_a_deputy(office_kintone):
    sato, kato = office(office_kintone)
    report = Expense.objects.using(sato).create(purpose="Taxi")
    report.transition("Submit", assignee="kato")
    theirs = Expense.objects.using(kato).get()

    with assert_requests(1, using=kato):
        theirs.assign([User("Administrator")])
    with assert_requests(1, using=kato):
        assert theirs.assignees == [User("Administrator")]
    with pytest.raises(NotAssignee):
        theirs.transition("Approve")
    Expense.objects.using(office_kintone).get().transition("Approve")


def test_before_there_is_a_process(office_kintone):
    report = Expense.objects.create(purpose="Taxi")

    with pytest.raises(ProcessDisabled):
        report.transition("Submit", assignee="kato")
    with pytest.raises(ProcessDisabled):
        Expense.objects.using(office_kintone).get().assign(["kato"])
