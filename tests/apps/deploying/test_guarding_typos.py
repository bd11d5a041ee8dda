"""deploy() adds no field to an app with records if its code looks like a typo of another code."""

from __future__ import annotations

import pytest

from kintone_orm import Model, Row, fields
from kintone_orm.api.form import get_form_fields
from kintone_orm.apps import deploy
from kintone_orm.connection import Connection
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import DeployError, ImproperlyConfigured, TransportError
from kintone_orm.settings import parse_settings
from kintone_orm.testing import assert_requests, capture_requests, emulate


class Line(Row):
    qty = fields.NumberField("数量")


class Client(Model):
    company = fields.SingleLineTextField("会社名")
    lines = fields.SubtableField(Line, "明細")

    class Meta:
        app = "customers"


class Misspelled(Model):
    company = fields.SingleLineTextField("会社")

    class Meta:
        app = "customers"


@pytest.fixture
def kintone():
    """A domain with one app, which has a record."""
    with emulate(Client) as connection:
        Client.objects.create(company="Acme")
        yield connection


def codes(connection):
    return get_form_fields(connection, app=connection.apps["customers"])["properties"]


def test_a_typo_is_refused_before_a_change(kintone):
    app = kintone.apps["customers"]
    sentence = (
        rf"^Misspelled \(app {app}\): the new code '会社' \(Misspelled.company\) may be a typo of "
        r"'会社名', which .* Correct the code in the model. If the field is new on purpose, call "
        r"deploy\(..., add=\['会社'\]\)\.$"
    )
    with capture_requests(kintone) as sent, pytest.raises(DeployError, match=sentence):
        deploy(Misspelled)
    assert {request.method for request in sent} == {"GET"}
    assert "会社" not in codes(kintone)


def test_it_is_refused_before_another_app_is_made(kintone):
    class Fresh(Model):
        title = fields.SingleLineTextField()

    with pytest.raises(DeployError, match="may be a typo"):
        deploy(Fresh, Misspelled)
    assert "fresh" not in kintone.apps


def test_a_field_that_is_new_on_purpose_is_added(kintone):
    deploy(Misspelled, add=["会社"])
    assert {"会社", "会社名"} <= codes(kintone).keys()


def test_the_same_call_can_be_repeated(kintone):
    deploy(Misspelled, add=["会社"])
    with assert_requests(2):
        deploy(Misspelled, add=["会社"])


def test_all_near_codes_are_in_one_error(kintone):
    class Wrong(Row):
        qty = fields.NumberField("数量1")

    class Other(Model):
        company = fields.SingleLineTextField("会社")
        lines = fields.SubtableField(Wrong, "明細")

        class Meta:
            app = "customers"

    sentence = (
        r"'会社' .* of '会社名'.*'明細.数量1' .* of '明細.数量'.* add=\['会社', '明細.数量1'\]"
    )
    with pytest.raises(DeployError, match=sentence):
        deploy(Other)
    with pytest.raises(DeployError, match=r"add=\['会社'\]"):
        deploy(Other, add=["明細.数量1"])
    deploy(Other, add=["会社", "明細.数量1"])
    assert codes(kintone)["明細"]["fields"].keys() == {"数量", "数量1"}


def test_an_app_without_records_needs_no_guard(kintone):
    Client.objects.all().delete()
    with capture_requests(kintone) as sent:
        deploy(Misspelled)
    assert [request.path for request in sent].count("/k/v1/records.json") == 1
    assert "会社" in codes(kintone)


def test_a_code_that_is_near_no_other_takes_no_request_more(kintone):
    class Bigger(Model):
        phone = fields.SingleLineTextField("電話番号")

        class Meta:
            app = "customers"

    with capture_requests(kintone) as sent:
        deploy(Bigger)
    assert "/k/v1/records.json" not in [request.path for request in sent]


def test_records_that_may_not_be_read_are_assumed(kintone):
    app = kintone.apps["customers"]
    Client.objects.all().delete()
    settings = parse_settings(
        base_url=kintone.base_url,
        api_token=kintone.emulator.add_api_token(app, permissions=["manage"]),
    )
    by_token = Connection(settings, adapter=kintone.emulator.adapter(), retry=False)
    by_token.apps.update(kintone.apps)
    with pytest.raises(DeployError, match="may be a typo"):
        deploy(Misspelled, using=by_token)


def test_a_code_to_add_that_no_model_declares_is_an_error(kintone):
    sentence = "'add' contains '会社名', but no model of this deploy.. declares .* mean '会社'"
    with capture_requests(kintone) as sent, pytest.raises(ImproperlyConfigured, match=sentence):
        deploy(Misspelled, add=["会社名"])
    assert not sent


def test_a_column_may_be_named_without_its_subtable(kintone):
    class Line(Row):
        qty = fields.NumberField("数量1")

    class Other(Model):
        lines = fields.SubtableField(Line, "明細")

        class Meta:
            app = "customers"

    deploy(Other, add=["数量1"])
    assert set(codes(kintone)["明細"]["fields"]) == {"数量", "数量1"}


@pytest.mark.parametrize("add", [None, 3, iter(["会社"]), [3], [None]])
def test_anything_but_a_list_of_codes_is_refused_before_a_request(kintone, add):
    with assert_requests(0), pytest.raises(ImproperlyConfigured, match="'add'"):
        deploy(Misspelled, add=add)


def test_a_single_text_is_no_list_of_codes(kintone):
    with pytest.raises(ImproperlyConfigured, match=r"add=\['会社'\]"):
        deploy(Misspelled, add="会社")


def test_an_interrupted_deploy_is_completed_without_the_list(kintone):
    """The field is in the preview by then, so it is not new."""
    kintone.emulator.faults.add(Fault.LOST_REQUEST, endpoint="preview/app/deploy", times=6)
    with pytest.raises(TransportError):
        deploy(Misspelled, add=["会社"])
    kintone.emulator.faults.clear()
    deploy(Misspelled)
    assert "会社" in codes(kintone)


def test_a_test_may_add_fields_to_a_copy_of_an_app(kintone):
    with emulate(Misspelled, like=kintone.snapshot()) as copy:
        assert "会社" in codes(copy)
