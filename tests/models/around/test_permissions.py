"""Permissions on records and querysets, against the emulator."""

from __future__ import annotations

import pytest
from support.workflows import another, signed_in

from kintone_orm import Model, Row, fields
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import PermissionDenied, ServerBusy
from kintone_orm.models.around.permissions import FieldPermissions, Permissions
from kintone_orm.testing import assert_requests


class Line(Row):
    item = fields.SingleLineTextField("品名")


class Contract(Model):
    name = fields.SingleLineTextField("名称")
    price = fields.NumberField()
    lines = fields.SubtableField(Line, "明細")
    created = fields.CreatedTimeField("Created_datetime")


ALL = FieldPermissions(viewable=True, editable=True)


@pytest.fixture
def kato(kintone):
    return signed_in(kintone, "kato")


def restrict(kintone, part, rights):
    kintone.request("PUT", f"{part}/acl", {"app": kintone.apps["contract"], "rights": rights})


def user(code):
    return {"entity": {"type": "USER", "code": code}}


EVERYONE = {"entity": {"type": "GROUP", "code": "everyone"}}
MANAGER = {**user("Administrator"), "viewable": True, "editable": True, "deletable": True}


@pytest.fixture
def contract(kintone):
    return Contract.objects.create(name="a", lines=[Line(item="x")])


def test_permissions_are_told_under_our_names(contract):
    with assert_requests(1):
        found = contract.permissions()

    assert found == Permissions(
        viewable=True,
        editable=True,
        deletable=True,
        fields={"name": ALL, "price": ALL, "lines": ALL, "lines.item": ALL},
    )


def test_what_is_not_allowed_is_told(kintone, kato, contract):
    shown = {**EVERYONE, "viewable": True}
    restrict(kintone, "record", [{"filterCond": "", "entities": [MANAGER, shown]}])
    hidden = [{**user("kato"), "accessibility": "NONE"}, {**EVERYONE, "accessibility": "WRITE"}]
    restrict(kintone, "field", [{"code": "price", "entities": hidden}])

    found = Contract.objects.using(kato).get().permissions()

    assert (found.viewable, found.editable, found.deletable) == (True, False, False)
    assert found.fields["name"] == (True, False)
    assert found.fields["price"] == (False, False)
    assert contract.permissions().fields["price"].editable


def test_permissions_of_many_are_asked_for_in_hundreds(kintone):
    Contract.objects.bulk_create([Contract(price=n) for n in range(250)])

    with assert_requests(4):
        found = Contract.objects.order_by("-price").permissions()

    assert list(found) == list(range(250, 0, -1))
    assert found[7].fields["price"] == (True, True)


def test_permissions_of_records_that_were_read_take_no_request_for_ids(kintone):
    Contract.objects.bulk_create([Contract(price=n) for n in range(3)])
    contracts = Contract.objects.all()
    list(contracts)

    with assert_requests(1):
        assert list(contracts.permissions()) == [1, 2, 3]


def test_permissions_of_values_that_were_read(kintone):
    Contract.objects.bulk_create([Contract(price=n) for n in range(3)])
    prices = Contract.objects.values_list("price", flat=True)
    list(prices)

    assert list(prices.permissions()) == [1, 2, 3]


def test_permissions_of_a_slice(kintone):
    Contract.objects.bulk_create([Contract(price=n) for n in range(5)])

    with assert_requests(2):
        assert list(Contract.objects.all()[1:3].permissions()) == [2, 3]


def test_permissions_of_no_record(kintone):
    with assert_requests(1):
        assert Contract.objects.filter(price=5).permissions() == {}


def test_a_record_that_is_gone(contract):
    Contract.objects.all().delete()

    with pytest.raises(Contract.DoesNotExist, match="no longer exists"):
        contract.permissions()


def test_a_record_that_goes_while_permissions_are_asked_for(kintone, contract):
    contracts = Contract.objects.all()
    list(contracts)
    contract.delete()

    with pytest.raises(Contract.DoesNotExist, match="a record was deleted during the read"):
        contracts.permissions()


def test_a_refusal_for_many_names_the_model_and_the_app(kintone, contract):
    kintone.emulator.faults.add(Fault.DATABASE_LOCKED, endpoint="records/acl/evaluate")
    with pytest.raises(ServerBusy, match=r"^Contract \(app 1\): "):
        Contract.objects.all().permissions()


def test_permissions_leave_out_a_record_that_was_deleted_here(kintone):
    Contract.objects.bulk_create([Contract(price=n) for n in range(3)])
    contracts = Contract.objects.all()
    list(contracts)
    contracts[1].delete()

    with assert_requests(1):
        assert list(contracts.permissions()) == [1, 3]


def test_a_new_record_has_no_permissions(kintone):
    with assert_requests(0), pytest.raises(ValueError, match="has not been saved"):
        Contract().permissions()


def test_an_api_token_is_refused_before_anything_is_sent(kintone, contract):
    token = kintone.emulator.add_api_token(kintone.apps["contract"])
    tokens = another(kintone, api_token=token, alias="token")
    theirs = Contract.objects.using(tokens).get()

    with assert_requests(0, using=tokens):
        with pytest.raises(PermissionDenied, match="^Contract: .*Use a connection with"):
            theirs.permissions()
        with pytest.raises(PermissionDenied, match="not of API tokens"):
            Contract.objects.using(tokens).permissions()
