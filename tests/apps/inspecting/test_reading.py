from __future__ import annotations

import pytest
from support.domain_files import app, shop

from kintone_orm.apps.inspecting.reading import (
    AppToRead,
    find_apps,
    list_apps,
    read_apps,
    read_listed_apps,
)
from kintone_orm.connection import Connection
from kintone_orm.exceptions import ImproperlyConfigured, NotFound
from kintone_orm.settings import parse_settings
from kintone_orm.testing import assert_requests, emulate


@pytest.fixture
def kintone():
    with emulate(domain=shop()) as connection:
        yield connection


def by_tokens(kintone, **rights):
    """A connection with an API token for each app, which is named "app_<id>"."""
    secrets = [
        kintone.emulator.add_api_token(int(app.removeprefix("app_")), permissions=[right])
        for app, right in rights.items()
    ]
    settings = parse_settings(base_url="https://kintone.invalid", api_token=secrets)
    return Connection(settings, alias="tokens", adapter=kintone.emulator.adapter())


@pytest.fixture
def token(kintone):
    return by_tokens(kintone, app_12="view")


def many(number):
    names = (f"app {index}" for index in range(number))
    return {"apps": {name: {"form": {"properties": {}}} for name in names}}


def ids(apps):
    return [app.id for app in apps]


def test_ids_and_keys_need_no_request(token):
    with assert_requests(0, using=token):
        found = find_apps(token, [12, "customers"], {"customers": 1})
    assert found == [AppToRead(12), AppToRead(1)]


def test_app_codes_are_looked_up_with_one_request(kintone):
    with assert_requests(1, using=kintone):
        found = find_apps(kintone, [1, "ORD"], {})
    assert ids(found) == [1, 12]


def test_an_app_that_is_named_twice_is_read_once(kintone):
    assert ids(find_apps(kintone, ["ORD", 12, 1, "orders"], {"orders": 12})) == [12, 1]


def test_a_key_is_found_before_an_app_code(kintone):
    assert ids(find_apps(kintone, ["ORD"], {"ORD": 1})) == [1]


def test_an_unknown_app_code_is_named(kintone):
    with pytest.raises(ImproperlyConfigured, match="'受注', 'x'"):
        find_apps(kintone, ["ORD", "受注", "x"], {})


def test_an_app_code_is_not_looked_up_with_a_token(token):
    with (
        assert_requests(0, using=token),
        pytest.raises(ImproperlyConfigured, match="not to API tokens. Give the ids"),
    ):
        find_apps(token, ["ORD"], {})


@pytest.mark.parametrize(("number", "requests"), [(99, 1), (100, 2), (101, 2)])
def test_all_apps_are_listed_a_hundred_at_a_time(number, requests):
    with emulate(domain=many(number)) as kintone, assert_requests(requests, using=kintone):
        assert len(list(list_apps(kintone))) == number


def test_apps_are_listed_by_a_part_of_their_name(kintone):
    assert [app["appId"] for app in list_apps(kintone, name="CUST")] == ["1"]


def test_apps_are_listed_by_their_space():
    file = {**app(space="crm"), "spaces": {"crm": {"id": 3}}}
    file["apps"]["other"] = {"form": {"properties": {}}}
    with emulate(domain=file) as kintone:
        assert [app["name"] for app in list_apps(kintone, space=3)] == ["orders"]


def test_an_app_is_read_with_four_requests_and_a_listed_one_with_three(kintone):
    found = find_apps(kintone, [1, "ORD"], {})
    with assert_requests(7, using=kintone):
        read_apps(kintone, found)


def test_an_app_that_was_named_and_does_not_exist_is_an_error(kintone):
    with pytest.raises(NotFound, match="App 99: "):
        read_apps(kintone, [AppToRead(12), AppToRead(99)])


def test_a_listed_app_in_a_guest_space_is_left_out_with_a_remark():
    file = {**app(space="shared"), "spaces": {"shared": {"guest": True}}}
    file["apps"]["other"] = {"space": "shared", "form": {"properties": {}}}
    file["apps"]["plain"] = {"form": {"properties": {}}}
    with emulate(domain=file) as kintone:
        listed = list(list_apps(kintone))
        with assert_requests(1 + 3, using=kintone):
            apps, remarks = read_listed_apps(kintone, listed)
    assert [app.name for app in apps] == ["plain"]
    assert remarks == [
        f"The app {name!r} ({number}) is left out: it is in the guest space 1, whose apps need a "
        "connection of their own."
        for number, name in enumerate(["orders", "other"], 1)
    ]


def test_a_listed_app_that_may_not_be_read_is_left_out_with_a_remark(kintone):
    listed = list(list_apps(kintone))
    apps, remarks = read_listed_apps(by_tokens(kintone, app_1="edit", app_12="view"), listed)
    assert ids(apps) == [12]
    assert len(remarks) == 1
    assert remarks[0].startswith("The app 'Customers' is left out. App 1: ")
