from __future__ import annotations

import pytest
from support.domain_files import app, shop

from kintone_orm.apps.listing import list_apps
from kintone_orm.testing import assert_requests, emulate


@pytest.fixture
def kintone():
    with emulate(domain=shop()) as connection:
        yield connection


def many(number):
    names = (f"app {index}" for index in range(number))
    return {"apps": {name: {"form": {"properties": {}}} for name in names}}


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
