"""The changes of a deploy are found by reading alone."""

from __future__ import annotations

import pytest

from kintone_orm import Model, fields
from kintone_orm.apps import deploy
from kintone_orm.apps.deploying.preparing import prepare_deployment
from kintone_orm.apps.deploying.unfinished import find_unfinished
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import TransportError
from kintone_orm.testing import capture_requests, emulate


class Shop(Model):
    code = fields.SingleLineTextField(unique=True)


class Visit(Model):
    shop = fields.LookupField(Shop, key="code")


class Longer(Model):
    note = fields.MultiLineTextField()
    shops = fields.LookupField(Shop, "見出し", key="code")

    class Meta:
        app = "visit"
        number_precision = {"decimal_places": 3}


@pytest.fixture
def kintone():
    with emulate(Shop) as connection:
        yield connection


def prepare(connection, *models, add=()):
    """Find the changes, and check that they were only read."""
    with capture_requests(connection) as sent:
        deployment = prepare_deployment(
            connection, models, timeout=60, add=add, find=find_unfinished
        )
    assert {request.method for request in sent} <= {"GET"}
    return deployment


def test_an_app_that_fits_needs_no_change(kintone):
    assert not prepare(kintone, Shop)


def test_a_model_without_an_app_needs_one(kintone):
    deployment = prepare(kintone, Shop, Visit)
    assert {key: new.models for key, new in deployment.new_apps.items()} == {"visit": [Visit]}
    assert "visit" not in kintone.apps


def test_missing_fields_come_by_round_and_the_precision_with_them(kintone):
    deploy(Visit)
    (changes,) = prepare(kintone, Longer).apps
    assert [*changes.form.now.added] == ["note"]
    assert [[*later.added] for later in changes.form.later.values()] == [["見出し"]]
    assert changes.sets_precision


def test_an_app_of_an_interrupted_deploy_is_not_yet_taken_up(kintone):
    kintone.emulator.faults.add(Fault.LOST_REQUEST, endpoint="preview/app/deploy", times=6)
    with pytest.raises(TransportError):
        deploy(Visit)
    kintone.emulator.faults.clear()
    app = kintone.apps.pop("visit")

    deployment = prepare(kintone, Visit)
    assert (deployment.new_apps, deployment.unfinished) == ({}, {"visit": app})
    assert "visit" not in kintone.apps


def test_near_codes_are_found_unless_they_are_to_be_added(kintone):
    Shop.objects.create(code="a")

    class Other(Model):
        codes = fields.SingleLineTextField()

        class Meta:
            app = "shop"

    (changes,) = prepare(kintone, Other).apps
    assert [near.code for near in changes.near_codes] == ["codes"]
    (changes,) = prepare(kintone, Other, add=["codes"]).apps
    assert not changes.near_codes
