from __future__ import annotations

import pytest
from support.domain_files import shop
from support.token_connection import connect_by_token

from kintone_orm.apps.description import AppDescription
from kintone_orm.apps.inspecting.reading import read_apps
from kintone_orm.exceptions import ImproperlyConfigured, NotFound
from kintone_orm.testing import assert_requests, emulate


@pytest.fixture
def kintone():
    with emulate(domain=shop()) as connection:
        yield connection


@pytest.fixture
def token(kintone):
    return connect_by_token(kintone, 12, "view")


def ids(apps):
    return [app.id for app in apps]


def test_an_id_or_a_key_takes_four_requests(kintone):
    with assert_requests(8, using=kintone):
        apps = read_apps(kintone, [12, "customers"])
    assert ids(apps) == [12, 1]


def test_app_codes_take_three_requests_each_and_one_for_all(kintone):
    with assert_requests(4 + 3 + 1, using=kintone):
        apps = read_apps(kintone, [1, "ORD"])
    assert ids(apps) == [1, 12]


def test_an_app_that_is_named_twice_is_read_once(kintone):
    with assert_requests(1 + 3 + 4, using=kintone):
        apps = read_apps(kintone, ["ORD", 12, 1, "orders"])
    assert ids(apps) == [12, 1]


def test_a_key_is_found_before_an_app_code(kintone):
    kintone.apps["ORD"] = 1
    assert ids(read_apps(kintone, ["ORD"])) == [1]


def test_a_description_stands_for_its_app(kintone):
    form = AppDescription(id=None, name="form", fields={})
    customers = AppDescription(id=1, fields={})
    with assert_requests(4, using=kintone):
        apps = read_apps(kintone, [form, customers, 12, 1])
    assert apps[:2] == [form, customers]
    assert ids(apps) == [None, 1, 12]


def test_unknown_app_codes_are_named(kintone):
    with pytest.raises(ImproperlyConfigured, match="'受注', 'x'"):
        read_apps(kintone, ["ORD", "受注", "x"])


def test_an_app_code_is_not_looked_up_with_a_token(token):
    with (
        assert_requests(0, using=token),
        pytest.raises(ImproperlyConfigured, match="^The app code 'ORD' needs the list of apps, "),
    ):
        read_apps(token, ["ORD"])


def test_an_app_that_does_not_exist_is_an_error_that_names_it(kintone):
    with pytest.raises(NotFound, match="App 99: "):
        read_apps(kintone, [12, 99])
