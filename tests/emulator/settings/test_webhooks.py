"""Webhooks: the events that are posted, and their content."""

from __future__ import annotations

import re
from contextlib import closing

import pytest
from support.plain_kintone import Kintone, cells, password

from kintone_orm.emulator import Emulator

PROCESS = {
    "enable": True,
    "states": {
        name: {"name": name, "index": index, "assignee": {"type": "ONE", "entities": []}}
        for index, name in enumerate(["Open", "Done"])
    },
    "actions": [{"name": "Finish", "from": "Open", "to": "Done", "filterCond": ""}],
}


@pytest.fixture
def app(kintone, emulator, receiver):
    """An app with a process, a title and a webhook for all events."""
    app = kintone.new_app({"name": {"type": "SINGLE_LINE_TEXT", "unique": True}}, name="Cases")
    kintone.ok("PUT", "preview/app/status.json", {"app": app, **PROCESS})
    kintone.deploy(app)
    emulator.webhooks.add(app, receiver.url)
    return app


# Events that are posted


def test_an_added_record_is_posted_with_its_title_and_its_page(kintone, app, posted):
    kintone.add(app, name="x")
    (body,) = posted()
    assert re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", body.pop("id"))
    record = kintone.ok("GET", "record.json", {"app": app, "id": 1})["record"]
    assert body == {
        "type": "ADD_RECORD",
        "app": {"id": str(app), "name": "Cases"},
        "record": record,
        "recordTitle": "x",
        "url": f"https://example.cybozu.com/k/{app}/show#record=1",
    }


def test_an_edited_record_is_posted_with_its_new_values(kintone, app, posted):
    kintone.add(app, name="x")
    kintone.put(app, 1, name="y")
    body = posted()[1]
    del body["id"]
    assert body == {
        "type": "UPDATE_RECORD",
        "app": {"id": str(app), "name": "Cases"},
        "record": kintone.ok("GET", "record.json", {"app": app, "id": 1})["record"],
        "recordTitle": "y",
        "url": f"https://example.cybozu.com/k/{app}/show#record=1",
    }
    assert body["record"]["$revision"]["value"] == "2"


def test_a_deleted_record_is_posted_without_its_content(kintone, app, posted, clock):
    kintone.add(app)
    posted()
    kintone.ok("DELETE", "records.json", {"app": app, "ids": [1]})
    (body,) = posted()
    del body["id"]
    assert body == {
        "type": "DELETE_RECORD",
        "app": {"id": str(app), "name": "Cases"},
        "recordId": "1",
        "deletedBy": {"code": "sato", "name": "sato"},
        "deletedAt": f"{clock.now:%Y-%m-%dT%H:%M:%SZ}",
    }


def test_a_comment_is_posted_with_its_place(kintone, app, posted, clock):
    kintone.add(app)
    comment = {"text": "look", "mentions": [{"code": "kato", "type": "USER"}]}
    kintone.ok("POST", "record/comment.json", {"app": app, "record": 1, "comment": comment})
    body = posted()[1]
    del body["id"]
    assert body == {
        "type": "ADD_RECORD_COMMENT",
        "app": {"id": str(app), "name": "Cases"},
        "recordId": "1",
        "comment": {
            "id": "1",
            "text": "kato \nlook ",
            "createdAt": f"{clock.now:%Y-%m-%dT%H:%M:%SZ}",
            "creator": {"code": "sato", "name": "sato"},
            "mentions": comment["mentions"],
        },
        "url": f"https://example.cybozu.com/k/{app}/show#record=1&comment=1",
    }


def test_a_change_of_status_posts_only_update_status(kintone, app, posted):
    kintone.add(app)
    posted()
    kintone.ok("PUT", "record/status.json", {"app": app, "id": 1, "action": "Finish"})
    (body,) = posted()
    del body["id"]
    assert body == {
        "type": "UPDATE_STATUS",
        "app": {"id": str(app), "name": "Cases"},
        "record": kintone.ok("GET", "record.json", {"app": app, "id": 1})["record"],
        "recordTitle": "1",
        "url": f"https://example.cybozu.com/k/{app}/show#record=1",
    }
    assert body["record"]["Status"]["value"] == "Done"


def test_in_a_guest_space_the_page_is_on_its_path(emulator, receiver):
    space = emulator.add_guest_space()
    kintone = Kintone(emulator, password("sato", "secret"))

    def send(method, path, body):
        url = f"https://example.cybozu.com/k/guest/{space.id}/v1/{path}"
        return kintone.session.request(method, url, json=body).json()

    app = send("POST", "preview/app.json", {"name": "x", "space": space.id, "thread": space.thread})
    app = int(app["app"])
    send("POST", "preview/app/deploy.json", {"apps": [{"app": app}]})
    send("GET", "preview/app/deploy.json", {"apps": [app]})
    emulator.webhooks.add(app, receiver.url)
    send("POST", "record.json", {"app": app})
    emulator.webhooks.wait()
    page = f"https://example.cybozu.com/k/guest/{space.id}/{app}/show#record=1"
    assert receiver.bodies[0]["url"] == page


# Events that are not posted


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "records.json", {"records": [{}]}),
        ("PUT", "records.json", {"records": [{"id": 1, "record": {}}]}),
        ("DELETE", "records.json", {"ids": [1, 2]}),
        ("PUT", "records/status.json", {"records": [{"id": 1, "action": "Finish"}]}),
        ("POST", "record.json", {"record": cells({"name": "a"})}),
    ],
    ids=["add records", "update records", "delete records", "statuses", "refused"],
)
def test_requests_for_many_records_and_failures_post_no_webhook(
    kintone, app, posted, method, path, body
):
    kintone.add(app, name="a")
    kintone.add(app)
    posted()
    kintone.send(method, path, {"app": app, **body})
    assert posted() == []


def test_a_bulk_request_posts_no_webhook(kintone, app, posted):
    request = {"method": "POST", "api": "/k/v1/record.json", "payload": {"app": app}}
    kintone.ok("POST", "bulkRequest.json", {"requests": [request]})
    assert posted() == []


def test_only_the_events_that_were_asked_for_are_posted(kintone, emulator, receiver, posted):
    app = kintone.new_app({})
    emulator.webhooks.add(app, receiver.url, events=["UPDATE_RECORD"])
    kintone.add(app)
    kintone.put(app, 1)
    assert [body["type"] for body in posted()] == ["UPDATE_RECORD"]


def test_an_app_has_ten_webhooks(emulator, app, receiver):
    """limits.md 9."""
    for _ in range(9):
        emulator.webhooks.add(app, receiver.url)
    with pytest.raises(ValueError, match="already has 10 webhooks"):
        emulator.webhooks.add(app, receiver.url)


# URLs


@pytest.mark.parametrize(
    "url", ["https://example.com/hook", "http://192.168.0.1/", "http://localhost.example.com/"]
)
def test_notifications_go_to_this_computer_only(emulator, app, url):
    with pytest.raises(ValueError, match="Notifications go to this computer only"):
        emulator.webhooks.add(app, url)


@pytest.mark.parametrize(
    "url", ["ftp://localhost/", "hook", "http://u:p@localhost/", "http://[::1"]
)
def test_an_address_is_one_of_http(emulator, app, url):
    with pytest.raises(ValueError, match="needs an address such as http://localhost"):
        emulator.webhooks.add(app, url)


def test_another_host_can_be_allowed(kintone):
    with closing(Emulator(webhook_hosts=["hooks.example.com"])) as emulator:
        emulator.webhooks.add(1, "https://hooks.example.com/hook")


def test_an_unknown_event_is_a_mistake(emulator, app, receiver):
    with pytest.raises(ValueError, match="There is no event 'ADD'"):
        emulator.webhooks.add(app, receiver.url, events=["ADD"])


def test_a_copy_has_webhooks_of_its_own(emulator, kintone, app, receiver):
    with closing(emulator.copy()) as twin:
        Kintone(twin, password("sato", "secret")).add(app)
        twin.webhooks.wait()
        assert receiver.kinds == ["ADD_RECORD"]


def test_a_domain_file_sets_them_up(receiver):
    file = {
        "users": {"sato": {"password": "secret"}},
        "apps": {"orders": {"webhooks": [{"url": receiver.url, "events": ["ADD_RECORD"]}]}},
    }
    with closing(Emulator.from_domain(file)) as emulator:
        kintone = Kintone(emulator, password("sato", "secret"))
        kintone.add(1)
        kintone.put(1, 1)
        emulator.webhooks.wait()
    assert receiver.kinds == ["ADD_RECORD"]
