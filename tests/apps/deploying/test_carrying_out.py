"""The changes that were found are made, and the connection learns new apps."""

from __future__ import annotations

import logging

import pytest

from kintone_orm import Model, fields
from kintone_orm.api.form import add_form_fields, get_form_fields
from kintone_orm.apps import deploy
from kintone_orm.apps.deploying.carrying_out import carry_out
from kintone_orm.apps.deploying.preparing import prepare_deployment
from kintone_orm.apps.deploying.unfinished import find_unfinished
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import ConflictError, TransportError
from kintone_orm.testing import capture_requests, emulate


class Shop(Model):
    code = fields.SingleLineTextField(unique=True)


class Visit(Model):
    shop = fields.LookupField(Shop, key="code")


class Longer(Model):
    note = fields.MultiLineTextField()

    class Meta:
        app = "shop"


@pytest.fixture
def kintone():
    with emulate(Shop) as connection:
        yield connection


def prepare(connection, *models):
    return prepare_deployment(connection, models, timeout=60, add=(), find=find_unfinished)


def test_it_returns_the_ids_that_are_new_to_the_connection(kintone):
    ids = carry_out(kintone, prepare(kintone, Shop, Visit))
    assert ids == {"visit": kintone.apps["visit"]}


def test_without_changes_it_sends_no_request(kintone):
    deployment = prepare(kintone, Shop)
    with capture_requests(kintone) as sent:
        assert carry_out(kintone, deployment) == {}
    assert not sent


def test_a_form_that_was_changed_in_the_meantime_is_a_conflict(kintone):
    app = kintone.apps["shop"]
    deployment = prepare(kintone, Longer)
    number = {"type": "NUMBER", "code": "number", "label": "number"}
    add_form_fields(kintone, app=app, properties={"number": number})

    with pytest.raises(ConflictError):
        carry_out(kintone, deployment)
    assert "note" not in get_form_fields(kintone, app=app, preview=True)["properties"]


def test_an_app_of_an_interrupted_deploy_is_completed_with_a_warning(kintone, caplog):
    kintone.emulator.faults.add(Fault.LOST_REQUEST, endpoint="preview/app/deploy", times=6)
    with pytest.raises(TransportError):
        deploy(Visit)
    kintone.emulator.faults.clear()
    app = kintone.apps.pop("visit")

    with caplog.at_level(logging.WARNING, "kintone_orm"):
        assert carry_out(kintone, prepare(kintone, Visit)) == {"visit": app}
    assert f"The app {app} is in preparation under the name of Visit." in caplog.text
    assert "shop" in get_form_fields(kintone, app=app)["properties"]
