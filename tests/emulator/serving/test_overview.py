from __future__ import annotations


def test_an_app_is_listed_with_its_fields_the_built_in_ones_at_the_end(kintone, emulator):
    fields = {"title": {"type": "SINGLE_LINE_TEXT", "label": "件名"}}
    app = kintone.new_app(fields, name="Orders")
    kintone.add(app)
    kintone.add(app)
    (orders,) = emulator.overview().apps
    assert (orders.id, orders.name, orders.deployed, orders.records) == (app, "Orders", True, 2)
    assert orders.fields[0] == ("title", "SINGLE_LINE_TEXT", "件名")
    assert "RECORD_NUMBER" in [kind for _, kind, _ in orders.fields[1:]]


def test_an_app_that_is_not_in_service_is_listed_with_its_settings_so_far(kintone, emulator):
    kintone.ok("POST", "preview/app.json", {"name": "Draft"})
    (draft,) = emulator.overview().apps
    assert (draft.name, draft.deployed, draft.records) == ("Draft", False, 0)


def test_the_latest_requests_come_first(kintone, emulator):
    kintone.ok("GET", "apps.json", {})
    kintone.error("GET", "record.json", {"app": 1, "id": 1})
    latest, before = emulator.overview().exchanges[:2]
    assert (latest.path, before.path) == ("/k/v1/record.json", "/k/v1/apps.json")
