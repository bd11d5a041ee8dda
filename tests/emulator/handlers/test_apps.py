"""app.json, apps.json and preview/app.json."""

from __future__ import annotations

import pytest


def test_an_app_is_described(kintone, clock):
    app = kintone.new_app({}, name="受注")
    person = {"code": "sato", "name": "sato"}
    assert kintone.ok("GET", "app.json", {"id": app}) == {
        "appId": "1",
        "code": "",
        "name": "受注",
        "description": "",
        "spaceId": None,
        "threadId": None,
        "createdAt": "2024-02-06T12:59:07.000Z",
        "creator": person,
        "modifiedAt": "2024-02-06T12:59:07.000Z",
        "modifier": person,
    }


def test_a_new_app_is_not_there_before_it_is_deployed(kintone):
    answer = kintone.ok("POST", "preview/app.json", {"name": "x"})
    assert answer == {"app": "1", "revision": "2"}
    not_found = (404, "GAIA_AP01", "The app (ID: 1) not found. The app may have been deleted.")
    assert kintone.error("GET", "app.json", {"id": 1}) == not_found
    assert kintone.error("GET", "records.json", {"app": 1}) == not_found
    assert kintone.error("POST", "record.json", {"app": 1}) == not_found
    assert kintone.ok("GET", "apps.json") == {"apps": []}


NAMES = ["Orders", "orders 2", "Stock", "受注"]


@pytest.mark.parametrize(
    ("parameters", "ids"),
    [
        ({}, ["1", "2", "3", "4"]),
        ({"name": "ORDER"}, ["1", "2"]),
        ({"name": "受"}, ["4"]),
        ({"name": ""}, ["1", "2", "3", "4"]),
        ({"ids": [4, 1, 99]}, ["1", "4"]),
        ({"ids": []}, ["1", "2", "3", "4"]),
        ({"ids": [1, 3], "name": "o"}, ["1", "3"]),
        ({"limit": 2}, ["1", "2"]),
        ({"limit": 2, "offset": 3}, ["4"]),
        ({"codes": ["X"]}, []),
        ({"spaceIds": [1]}, []),
    ],
)
def test_apps_are_found_by_every_filter_at_once(kintone, parameters, ids):
    for name in NAMES:
        kintone.new_app({}, name=name)
    apps = kintone.ok("GET", "apps.json", parameters)["apps"]
    assert [app["appId"] for app in apps] == ids


@pytest.mark.parametrize(
    ("path", "parameters", "errors"),
    [
        ("apps.json", {"limit": 0}, {"limit": ["must be greater than or equal to 1"]}),
        ("apps.json", {"limit": 101}, {"limit": ["must be less than or equal to 100"]}),
        ("apps.json", {"offset": -1}, {"offset": ["must be greater than or equal to 0"]}),
        (
            "apps.json",
            {"offset": 2147483648},
            {"offset": ["must be less than or equal to 2147483647"]},
        ),
        ("apps.json", {"ids": [1] * 101}, {"ids": ["size must be between 0 and 100"]}),
        ("app.json", {}, {"id": ["Required field."]}),
    ],
)
def test_parameters_of_reading_are_checked(kintone, path, parameters, errors):
    assert kintone.messages("GET", path, parameters) == errors


@pytest.mark.parametrize(
    ("parameters", "errors"),
    [
        ({}, {"name": ["Required field."]}),
        ({"name": "x" * 65}, {"name": ["Name must be between 1 and 64 characters."]}),
        (
            {"name": "x", "space": 1},
            {"thread": ["Thread parameter is required to create an app in space."]},
        ),
        (
            {"name": "x", "thread": 1},
            {"space": ["Space parameter is required to create an app in space."]},
        ),
    ],
)
def test_parameters_of_a_new_app_are_checked(kintone, parameters, errors):
    assert kintone.messages("POST", "preview/app.json", parameters) == errors


def test_there_are_no_spaces(kintone):
    body = {"name": "x", "space": 1, "thread": 2}
    assert kintone.error("POST", "preview/app.json", body)[:2] == (404, "OC_NO01")


@pytest.mark.parametrize("blank", [None, []])
def test_a_blank_filter_counts_as_left_out(kintone, blank):
    """kintone REST API, "Get Apps", 2025: null or an empty array, for `name` too."""
    kintone.new_app({})
    body = dict.fromkeys(["ids", "codes", "name", "spaceIds"], blank)
    assert len(kintone.ok("GET", "apps.json", body)["apps"]) == 1
