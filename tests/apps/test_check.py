"""check() reads the forms of apps, and nothing else."""

from __future__ import annotations

import pytest
from support.changed_forms import change_field, delete_fields
from support.models.deals import Customer, Deal
from support.workflows import another

from kintone_orm import Model, fields
from kintone_orm.apps import check
from kintone_orm.apps.check import compare_with_apps
from kintone_orm.connection import connections
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import (
    APIError,
    AuthenticationError,
    ImproperlyConfigured,
    NotFound,
    PermissionDenied,
    ServerBusy,
)
from kintone_orm.testing import assert_requests, emulate


@pytest.fixture(scope="module")
def made():
    with emulate(Customer, Deal) as connection:
        yield connection.snapshot()


@pytest.fixture
def kintone(made):
    with emulate(like=made) as connection:
        yield connection


class Exact(Model):
    amount = fields.NumberField("金額")

    class Meta:
        app = "deal"
        number_precision = {"digits": 16, "decimal_places": 4}


class Brief(Model):
    title = fields.SingleLineTextField("件名")

    class Meta:
        app = "deal"


def test_each_app_takes_one_request_for_its_form(kintone):
    with assert_requests(2) as sent:
        check(Deal, Customer, Brief)
    assert [(request.method, request.path, request.params) for request in sent] == [
        ("GET", "/k/v1/app/form/fields.json", {"app": kintone.apps["deal"]}),
        ("GET", "/k/v1/app/form/fields.json", {"app": kintone.apps["customer"]}),
    ]


def test_a_declared_precision_takes_one_more_request(kintone):
    with assert_requests(2) as sent:
        check(Deal, Exact)
    assert [request.path for request in sent] == [
        "/k/v1/app/form/fields.json",
        "/k/v1/app/settings.json",
    ]


def test_no_request_can_change_anything(kintone):
    delete_fields(kintone, kintone.apps["deal"], "件名")
    with assert_requests(3) as sent:
        assert check(Deal, Customer, Exact)
    assert {request.method for request in sent} == {"GET"}


def test_no_model_takes_no_request(kintone):
    with assert_requests(0):
        assert check() == ()


def test_the_findings_are_in_the_order_of_the_models_and_their_fields(kintone):
    app = kintone.apps
    change_field(kintone, app["customer"], "会社名", required=True)
    change_field(kintone, app["deal"], "期日", unique=True)
    change_field(kintone, app["deal"], "件名", label="題名")
    assert [(finding.model, finding.field) for finding in check(Deal, Customer)] == [
        ("Deal", "title"),
        ("Deal", "due"),
        ("Customer", "name"),
    ]


def test_each_model_of_an_app_is_compared_by_itself(kintone):
    change_field(kintone, kintone.apps["deal"], "件名", required=True)
    findings = check(Deal, Brief)
    assert [(finding.model, finding.kind) for finding in findings] == [
        ("Deal", "required"),
        ("Brief", "required"),
    ]


class Late(Deal):
    class Meta:
        proxy = True


def test_a_proxy_is_compared_as_its_model_and_only_once(kintone):
    change_field(kintone, kintone.apps["deal"], "件名", required=True)
    with assert_requests(1):
        assert [finding.model for finding in check(Late, Deal, Late)] == ["Deal"]


def test_a_finding_says_where_and_what_and_what_to_do(kintone):
    change_field(kintone, kintone.apps["deal"], "件名", maxLength="20")
    (finding,) = check(Deal)
    assert finding.app == kintone.apps["deal"]
    assert (finding.model, finding.field, finding.code) == ("Deal", "title", "件名")
    assert finding.message == (
        "Deal.title: the model has no maximum length, but the app's field '件名' allows at most 20 "
        "characters. Change 'max_length' in the model, or change the app."
    )


def test_the_connection_can_be_named(kintone):
    other = another(kintone, alias="other", username="sato", password="pass")
    kintone.emulator.add_user("sato", "pass")
    try:
        with assert_requests(0), assert_requests(1, using=other):
            check(Deal, using="other")
    finally:
        del connections["other"]


def test_an_app_that_does_not_exist_is_named_with_its_model(kintone):
    class Gone(Model):
        title = fields.SingleLineTextField()

        class Meta:
            app = 999

    with pytest.raises(NotFound, match=r"^Gone \(app 999\): "):
        check(Gone)


def test_a_form_that_may_not_be_seen_is_named_with_its_models(kintone):
    token = kintone.emulator.add_api_token(kintone.apps["deal"], permissions=("edit",))
    connection = another(kintone, alias="token", api_token=token)
    app = kintone.apps["deal"]
    with pytest.raises(PermissionDenied, match=rf"^Deal, Brief \(app {app}\): "):
        check(Deal, Brief, using=connection)


def test_a_token_of_another_app_is_an_error(kintone):
    token = kintone.emulator.add_api_token(kintone.apps["deal"])
    connection = another(kintone, alias="token", api_token=token)
    assert check(Deal, using=connection) == ()
    with pytest.raises(APIError, match="^Customer"):
        check(Deal, Customer, using=connection)


def test_a_wrong_password_is_an_error(kintone):
    connection = another(kintone, alias="wrong", username="nobody", password="wrong")
    with pytest.raises(AuthenticationError):
        check(Deal, using=connection)


def test_a_key_without_an_app_is_an_error(kintone):
    class Keyless(Model):
        title = fields.SingleLineTextField()

    with pytest.raises(ImproperlyConfigured, match="Keyless"):
        check(Keyless)


def test_a_report_goes_on_after_an_app_that_cannot_be_read(kintone):
    class Gone(Model):
        title = fields.SingleLineTextField()

        class Meta:
            app = 999

    change_field(kintone, kintone.apps["deal"], "件名", required=True)
    report = compare_with_apps([Gone, Deal])
    assert [type(error) for error in report.errors] == [NotFound]
    assert [finding.kind for finding in report.findings] == ["required"]


def test_a_report_does_not_ask_again_a_domain_that_fails(kintone):
    kintone.emulator.faults.add(Fault.SERVICE_UNAVAILABLE, times=2)
    with assert_requests(1):
        report = compare_with_apps([Deal, Customer])
    (error,) = report.errors
    assert isinstance(error, ServerBusy)
    assert str(error).startswith(f"Deal (app {kintone.apps['deal']}): ")
    assert "Customer was not compared." in str(error)


def test_a_report_sends_a_wrong_password_once(kintone):
    """kintone locks a user after some wrong passwords."""
    connection = another(kintone, alias="wrong", username="nobody", password="wrong")
    with assert_requests(1, using=connection):
        (error,) = compare_with_apps([Deal, Customer], using=connection).errors
    assert "Customer was not compared." in str(error)


def test_a_report_tries_a_token_for_each_app(kintone):
    token = kintone.emulator.add_api_token(kintone.apps["customer"], permissions=["view"])
    connection = another(kintone, alias="token", api_token=token)
    report = compare_with_apps([Deal, Customer], using=connection)
    assert [type(error) for error in report.errors] == [AuthenticationError]
    assert "Customer" not in str(report.errors)


def test_an_error_names_the_app_once(kintone):
    class Gone(Model):
        title = fields.SingleLineTextField()

        class Meta:
            app = 999

    (error,) = compare_with_apps([Gone]).errors
    assert str(error).startswith("Gone (app 999): The app (ID: 999) not found.")


def test_an_error_of_the_settings_keeps_the_findings_of_the_form(kintone):
    change_field(kintone, kintone.apps["deal"], "金額", required=True)
    kintone.emulator.faults.add(Fault.SERVICE_UNAVAILABLE, endpoint="app/settings")
    report = compare_with_apps([Exact])
    assert [type(error) for error in report.errors] == [ServerBusy]
    assert ("required", "amount") in [(one.kind, one.field) for one in report.findings]
