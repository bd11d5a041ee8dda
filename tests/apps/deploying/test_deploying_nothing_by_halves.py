"""A deploy() that must fail makes and changes no app, and its error names the model and the app."""

from __future__ import annotations

import pytest
from support.faults.forged import forged, nothing, with_

from kintone_orm import Model, fields
from kintone_orm.api.apps import get_app
from kintone_orm.api.form import add_form_fields, update_form_fields
from kintone_orm.apps import deploy
from kintone_orm.apps.deploying.preview import deploy_previews
from kintone_orm.apps.deploying.settings_writes import SettingsWrites
from kintone_orm.connection import Connection, connections
from kintone_orm.exceptions import (
    APIError,
    DeployError,
    FieldError,
    ImproperlyConfigured,
    NotFound,
    TransportError,
)
from kintone_orm.settings import parse_settings
from kintone_orm.testing import assert_requests, capture_requests, emulate


class Fresh(Model):
    title = fields.SingleLineTextField()


class Known(Model):
    title = fields.SingleLineTextField()

    class Meta:
        verbose_name = "What is known"


class Wrong(Model):
    title = fields.NumberField()

    class Meta:
        app = "known"


@pytest.fixture
def kintone():
    """A domain with one app in service, which Known fits and Wrong does not."""
    with emulate() as connection:
        deploy(Known)
        yield connection


def reached(kintone, username, password, **settings):
    """Another connection to the same kintone."""
    said = parse_settings(
        base_url=kintone.base_url, username=username, password=password, **settings
    )
    connection = Connection(said, adapter=kintone.emulator.adapter(), retry=False)
    connection.apps.update(kintone.apps if "guest_space" not in settings else {})
    return connection


def refused(error, *models, match, requests):
    """Check that deploy() is refused after reads only, the first time and the second."""
    connection = connections.resolve()
    for _ in range(2):
        with capture_requests(connection) as sent, pytest.raises(error, match=match):
            deploy(*models)
        assert {request.method for request in sent} <= {"GET"}
        assert len(sent) == requests


@pytest.mark.parametrize("models", [(Fresh, Wrong), (Wrong, Fresh)])
def test_the_forms_of_known_apps_are_checked_before_an_app_is_made(kintone, models):
    sentence = rf"Wrong \(app {kintone.apps['known']}\): Wrong.title is a NUMBER, but the app's"
    refused(DeployError, *models, match=sentence, requests=2)
    assert "fresh" not in kintone.apps


def test_so_are_changes_that_somebody_else_prepared(kintone):
    app = kintone.apps["known"]
    definition = {"type": "NUMBER", "code": "draft", "label": "draft"}
    add_form_fields(kintone, app=app, properties={"draft": definition})
    sentence = rf"Known \(app {app}\): the app has changes of 'draft' that are not live"
    refused(DeployError, Fresh, Known, match=sentence, requests=3)


def test_an_app_whose_name_is_taken_is_found_out_before_another_is_made(kintone):
    class Taken(Model):
        class Meta:
            verbose_name = "What is known"

    refused(
        DeployError,
        Fresh,
        Taken,
        match="^Taken: An app called 'What is known' exists already",
        requests=1,
    )


def test_so_is_a_lookup_of_a_model_without_an_app(kintone):
    class Source(Model):
        code = fields.SingleLineTextField(unique=True)

    class Order(Model):
        source = fields.LookupField(Source, key="code")

    refused(DeployError, Fresh, Order, match="Pass Source to the same deploy", requests=0)
    deploy(Order, Source)


def test_so_is_a_field_that_cannot_be_made(kintone):
    class Ranked(Model):
        rank = fields.DropDownField()

    class Ordered(Model):
        order = fields.NumberField()

    class Precise(Model):
        class Meta:
            app = "precise"
            number_precision = {"decimal_places": 5}

    class Vague(Model):
        class Meta:
            app = "precise"
            number_precision = {"decimal_places": 6}

    refused(ImproperlyConfigured, Fresh, Ranked, match="has no choices", requests=0)
    refused(FieldError, Fresh, Ordered, match="its code 'order' is a keyword of", requests=0)
    refused(ImproperlyConfigured, Fresh, Precise, Vague, match="an app has only one", requests=0)


def test_two_models_of_a_new_app_make_one_app(kintone):
    class Part(Model):
        note = fields.SingleLineTextField()

        class Meta:
            app = "fresh"

    with capture_requests(kintone) as sent:
        deploy(Fresh, Part)
    assert [r.path for r in sent].count("/k/v1/preview/app.json") == 1
    with assert_requests(2):
        deploy(Fresh, Part)


def test_kintones_refusal_names_the_models_and_the_app(kintone):
    class Sum(Model):
        total = fields.CalcField(expression="nothing + 1")

    with pytest.raises(APIError, match=r"^Sum \(app \d+\): "):
        deploy(Sum)


def test_an_app_that_is_not_there_names_the_model(kintone):
    class Lost(Model):
        class Meta:
            app = 99

    with pytest.raises(NotFound, match=r"^Lost \(app 99\): "):
        deploy(Fresh, Lost)
    assert "fresh" not in kintone.apps


def test_what_kintone_fills_in_is_no_difference(kintone):
    """A unique text reads `maxLength: "64"`, and a radio button `required: true`."""

    class Asset(Model):
        code = fields.SingleLineTextField(unique=True)
        kind = fields.RadioButtonField(choices=["a", "b"])

    app = deploy(Asset)["asset"]
    filled_in = {
        "code": {"type": "SINGLE_LINE_TEXT", "maxLength": "64"},
        "kind": {"type": "RADIO_BUTTON", "required": True},
    }
    update_form_fields(kintone, app=app, properties=filled_in)
    deploy_previews(SettingsWrites(kintone, timeout=60), [app])
    with assert_requests(2):
        deploy(Asset)


def test_over_a_connection_to_a_guest_space_apps_are_made_in_it(kintone):
    space = kintone.emulator.add_guest_space("Partners")
    inside = reached(kintone, *kintone.emulator.credentials, guest_space=space.id)
    deploy(Fresh, Known, using=inside)
    Fresh.objects.using(inside).create(title="x")
    assert Fresh.objects.using(inside).get().title == "x"
    assert get_app(inside, id=inside.apps["fresh"])["spaceId"] == str(space.id)
    with assert_requests(4, using=inside):
        deploy(Fresh, Known, using=inside)


@pytest.mark.parametrize("forge", [nothing, with_(None, "defaultThread")])
def test_an_answer_about_the_guest_space_that_is_none_names_the_models(kintone, forge):
    space = kintone.emulator.add_guest_space("Partners")
    inside = reached(kintone, *kintone.emulator.credentials, guest_space=space.id)
    with (
        forged(inside, forge, endpoint="space"),
        pytest.raises(TransportError, match="^Fresh, Known: .*not kintone's"),
    ):
        deploy(Fresh, Known, using=inside)
    assert not inside.apps
