"""apps/statistics.json: the counts of an app."""

from __future__ import annotations

import pytest
from support.plain_kintone import cells, password

PATH = "apps/statistics.json"


def test_an_app_is_counted(kintone, emulator, clock):
    """kintone REST API, "Get App Statistics": keys since 2024-08-15, and since 2026-02."""
    app = kintone.new_app({"name": {"type": "SINGLE_LINE_TEXT"}, "file": {"type": "FILE"}})
    emulator.add_api_token(app)
    clock.move(days=1)
    files = {"file": ("a.txt", b"hello")}
    url = "https://example.cybozu.com/k/v1/file.json"
    key = kintone.session.post(url, files=files).json()["fileKey"]
    kintone.add(app, file=[{"fileKey": key}])
    clock.move(minutes=1)
    (statistics,) = kintone.ok("GET", PATH)["apps"]
    creator = {"code": "sato", "name": "sato"}
    assert statistics == {
        "id": str(app),
        "name": "An app",
        "space": None,
        "appGroup": "Public",
        "status": "ACTIVATED",
        "recordUpdatedAt": "2024-02-07",
        "recordCount": "1",
        "fieldCount": "10",
        "dailyRequestCount": "1",
        "apiTokenCount": "1",
        "webhookCount": "0",
        "storageUsage": "5",
        "customized": False,
        "creator": creator,
        "createdAt": "2024-02-06T12:59:07.000Z",
        "modifier": creator,
        "modifiedAt": "2024-02-06T12:59:07.000Z",
    }


def test_an_app_is_activated_once_it_is_deployed(kintone):
    app = int(kintone.ok("POST", "preview/app.json", {"name": "x"})["app"])

    def status():
        return kintone.ok("GET", PATH)["apps"][0]["status"]

    assert status() == "NOT_ACTIVATED"
    kintone.deploy(app)
    assert status() == "ACTIVATED"
    kintone.ok("PUT", "preview/app/settings.json", {"app": app, "name": "y"})
    assert status() == "CHANGED"


def test_a_bulk_request_counts_for_the_apps_in_it(kintone, clock):
    """The product help, as kSQL quotes it (fact sheet "limits", section 5)."""
    apps = [kintone.new_app({}), kintone.new_app({})]
    clock.move(days=1)
    requests = [
        {"method": "POST", "api": "/k/v1/record.json", "payload": {"app": app, "record": cells({})}}
        for app in (apps[0], apps[1], apps[1])
    ]
    kintone.ok("POST", "bulkRequest.json", {"requests": requests})
    statistics = kintone.ok("GET", PATH)["apps"]
    assert [app["dailyRequestCount"] for app in statistics] == ["1", "2"]


def test_apps_come_in_pages(kintone):
    for _ in range(3):
        kintone.new_app({})
    page = kintone.ok("GET", PATH, {"limit": 1, "offset": 1})["apps"]
    assert [app["id"] for app in page] == ["2"]


def test_an_app_is_left_out_for_users_who_do_not_manage_it(kintone, caller):
    app = kintone.new_app({})
    rights = [{"entity": {"type": "USER", "code": "sato"}, "appEditable": True}]
    kintone.ok("PUT", "app/acl.json", {"app": app, "rights": rights})
    assert caller(**password("kato", "other")).ok("GET", PATH)["apps"] == []


@pytest.mark.parametrize("right", ["view", "manage"])
def test_tokens_are_refused(kintone, emulator, caller, right):
    token = emulator.add_api_token(kintone.new_app({}), permissions=[right])
    assert caller(X_Cybozu_API_Token=token).error("GET", PATH)[:2] == (403, "GAIA_NO01")
