"""Permissions of two people on an expense report on its way."""

from __future__ import annotations

import pytest
from support.models.expenses import Expense, Item, office
from support.workflows import another

from kintone_orm.exceptions import PermissionDenied
from kintone_orm.testing import assert_requests


def rights(permissions):
    """The permissions as letters: "vw" may be viewed and written, not deleted."""
    granted = zip(
        "vwd", (permissions.viewable, permissions.editable, permissions.deletable), strict=True
    )
    return "".join(letter for letter, given in granted if given)


def test_permissions_change_with_the_state(office_kintone):
    sato, kato = office(office_kintone)
    mine = Expense.objects.using(sato).create(purpose="Taxi", items=[Item(what="there", cost=5)])
    theirs = Expense.objects.using(kato).get()

    with assert_requests(1, using=sato):
        assert rights(mine.permissions()) == "vwd"
    assert rights(theirs.permissions()) == "v"

    mine.transition("Submit", assignee="kato")
    assert (rights(mine.permissions()), rights(theirs.permissions())) == ("vw", "vw")

    theirs.refresh_from_db()
    theirs.transition("Approve")
    assert (rights(mine.permissions()), rights(theirs.permissions())) == ("v", "v")
    theirs.paid = ["paid"]
    with pytest.raises(PermissionDenied):
        theirs.save()


def test_each_field_has_permissions_of_its_own(office_kintone):
    sato, kato = office(office_kintone)
    mine = Expense.objects.using(sato).create(purpose="Taxi")

    found = mine.permissions().fields
    assert found["purpose"] == (True, True)
    assert found["items.cost"] == (True, True)
    assert found["paid"] == (True, False)
    assert "status" not in found
    mine.transition("Submit", assignee="kato")
    assert Expense.objects.using(kato).get().permissions().fields["paid"].editable


def test_permissions_of_a_month_of_reports(office_kintone):
    sato, _ = office(office_kintone)
    reports = [Expense(purpose=f"Taxi {n}") for n in range(130)]
    Expense.objects.using(sato).bulk_create(reports)
    Expense.objects.using(sato).bulk_transition(reports[:10], "Submit", assignee="kato")

    with assert_requests(3, using=sato):
        found = Expense.objects.using(sato).all().permissions()
    assert [id_ for id_, each in found.items() if not each.deletable] == list(range(1, 11))


def test_a_token_has_no_permissions_to_evaluate(office_kintone):
    sato, _ = office(office_kintone)
    Expense.objects.using(sato).create(purpose="Taxi")
    token = office_kintone.emulator.add_api_token(office_kintone.apps["expense"])
    program = another(office_kintone, api_token=token, alias="program")

    with assert_requests(1, using=program):
        report = Expense.objects.using(program).get()
        with pytest.raises(PermissionDenied, match="not of API tokens"):
            report.permissions()


def test_a_report_has_an_address(office_kintone):
    sato, _ = office(office_kintone)
    mine = Expense.objects.using(sato).create(purpose="Taxi")

    app = office_kintone.apps["expense"]
    assert mine.url == f"{office_kintone.base_url}/k/{app}/show#record={mine.pk}"
    assert Expense.app_info(using=sato).name == "Expense"
