from __future__ import annotations

import pytest
from support.domain_files import form, shop
from support.token_connection import connect_by_token

from kintone_orm.api.apps import get_apps
from kintone_orm.apps.description import AppDescription, read_app
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import NotFound, TransportError
from kintone_orm.testing import assert_requests, emulate


@pytest.fixture
def kintone():
    with emulate(domain=shop()) as connection:
        yield connection


def test_an_app_is_read_with_four_requests(kintone):
    with assert_requests(4, using=kintone) as sent:
        read_app(kintone, 12)
    assert {request.method for request in sent} == {"GET"}


def test_an_app_that_was_listed_needs_no_request_for_its_name(kintone):
    about = get_apps(kintone, ids=[12])["apps"][0]
    with assert_requests(3, using=kintone):
        app = read_app(kintone, 12, about=about)
    assert app == read_app(kintone, 12)


def test_it_has_the_form_and_the_settings(kintone):
    app = read_app(kintone, 12)
    assert (app.id, app.code, app.name) == (12, "ORD", "orders")
    assert app.fields["lines"]["fields"]["qty"]["type"] == "NUMBER"
    assert app.settings["numberPrecision"]["digits"] == "16"
    assert {row["type"] for row in app.layout} == {"ROW", "SUBTABLE"}


def test_an_api_token_that_may_only_view_reads_the_form(kintone):
    app = read_app(connect_by_token(kintone, 12, "view"), 12)
    assert app.fields == read_app(kintone, 12).fields


def test_a_part_that_may_not_be_read_is_a_remark(kintone):
    app = read_app(connect_by_token(kintone, 12, "add"), 12)
    assert app.name == "orders"
    assert app.code == ""
    assert len(app.remarks) == 1
    assert app.remarks[0].startswith("App 12: its app code cannot be read. ")


def test_a_network_that_fails_is_no_remark(kintone):
    kintone.emulator.faults.add(Fault.LOST_REQUEST, endpoint="app/settings", times=9)
    with pytest.raises(TransportError):
        read_app(kintone, 12)


def test_the_error_for_an_app_that_does_not_exist_names_it(kintone):
    with pytest.raises(NotFound, match=r"^App 999: "):
        read_app(kintone, 999)


@pytest.mark.parametrize(("domain", "app", "answer"), [(shop(), 12, True), (form(), 1, False)])
def test_the_form_says_whether_a_process_is_on(domain, app, answer):
    with emulate(domain=domain) as connection:
        assert read_app(connection, app).has_process is answer


def test_a_form_without_a_status_does_not_say_whether_a_process_is_on():
    assert AppDescription(id=None, fields={}).has_process is None
