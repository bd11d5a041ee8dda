"""preview/app/deploy.json: the time of its effect, and its effect on records."""

from __future__ import annotations

import pytest
from support.plain_kintone import described

TEXT = {"type": "SINGLE_LINE_TEXT"}
DEPLOY = "preview/app/deploy.json"
FIELDS = "preview/app/form/fields.json"


def status(kintone, *apps):
    answer = kintone.ok("GET", DEPLOY, {"apps": list(apps)})
    return [app["status"] for app in answer["apps"]]


def start(kintone, *apps, **parameters):
    body = {"apps": [{"app": app} for app in apps], **parameters}
    assert kintone.ok("POST", DEPLOY, body) == {}


def change(kintone, app, **properties):
    kintone.ok("PUT", FIELDS, {"app": app, "properties": properties})


def test_a_deploy_is_processing_once_and_then_done(kintone):
    app = int(kintone.ok("POST", "preview/app.json", {"name": "x"})["app"])
    start(kintone, app)
    assert kintone.error("GET", "records.json", {"app": app})[1] == "GAIA_AP01"
    assert status(kintone, app) == ["PROCESSING"]
    assert kintone.find(app) == []
    assert status(kintone, app) == ["SUCCESS"]


def test_settings_cannot_be_written_while_a_deploy_runs(kintone):
    app = kintone.new_app({"name": TEXT})
    start(kintone, app)
    refused = {
        "app": [
            "The settings are being deployed. Read the deploy status until it is not PROCESSING."
        ]
    }
    for method, path, body in (
        ("PUT", FIELDS, {"app": app, "properties": {}}),
        ("PUT", "preview/app/settings.json", {"app": app}),
        ("POST", DEPLOY, {"apps": [{"app": app}]}),
    ):
        assert kintone.messages(method, path, body) == refused


def test_records_get_new_fields_empty_and_find_them(kintone):
    app = kintone.new_app({"name": TEXT})
    number = kintone.add(app, name="x")
    new = {"n": {"type": "NUMBER", "defaultValue": "5"}, "d": {"type": "DATE"}}
    kintone.ok("POST", FIELDS, {"app": app, "properties": described(new)})
    assert kintone.deploy(app) == "SUCCESS"
    read = kintone.read(app, number)
    assert (read["n"], read["d"], read["$revision"]) == ("", None, "1")
    assert kintone.find(app, 'n = ""') == [number]


def test_a_field_becomes_unique(kintone):
    app = kintone.new_app({"name": TEXT})
    number = kintone.add(app, name="x")
    change(kintone, app, name={"unique": True})
    assert kintone.deploy(app) == "SUCCESS"
    assert kintone.find(app, 'name = "x"') == [number]
    body = {"app": app, "record": {"name": {"value": "x"}}}
    assert list(kintone.messages("POST", "record.json", body)) == ["record.name.value"]


@pytest.mark.parametrize("setting", [{"unique": True}, {"maxLength": "2"}, {"minLength": "4"}])
def test_a_deploy_fails_when_records_do_not_fit_and_its_siblings_are_cancelled(kintone, setting):
    app = kintone.new_app({"name": TEXT})
    other = kintone.new_app({"name": TEXT})
    for _ in range(2):
        kintone.add(app, name="abc")
    kintone.add(other, name="x")
    change(kintone, app, name=setting)
    change(kintone, other, name={"code": "renamed"})
    start(kintone, other, app)
    assert status(kintone, app, other) == ["PROCESSING", "PROCESSING"]
    assert status(kintone, app, other) == ["FAIL", "CANCEL"]
    assert kintone.find(app, 'name = "abc"') == [2, 1]
    assert kintone.read(other, 1)["name"] == "x"
    assert kintone.add(app, name="abc") == 3


def test_reverting_brings_the_live_settings_back(kintone):
    app = kintone.new_app({"name": TEXT})
    kintone.ok("DELETE", FIELDS, {"app": app, "fields": ["name"]})
    start(kintone, app, revert=True)
    answer = kintone.ok("GET", FIELDS, {"app": app})
    assert "name" in answer["properties"]
    kintone.add(app, name="x")
    assert kintone.deploy(app) == "SUCCESS"
    assert kintone.read(app, 1)["name"] == "x"


@pytest.mark.parametrize(
    ("parameters", "errors"),
    [
        ({}, {"apps": ["Required field."]}),
        ({"apps": [{}]}, {"apps[0].app": ["Required field."]}),
        ({"apps": [{"app": 1}, {"app": 1}]}, {"apps[1].app": ["App ID is duplicated."]}),
    ],
)
def test_parameters_are_checked(kintone, parameters, errors):
    kintone.new_app({})
    assert kintone.messages("POST", DEPLOY, parameters) == errors


def test_more_than_three_hundred_apps_are_too_many(kintone):
    apps = [{"app": number} for number in range(1, 302)]
    assert kintone.error("POST", DEPLOY, {"apps": apps}) == (
        400,
        "GAIA_TO03",
        "The number of parameters exceeds the limit. - apps[300]",
    )
    assert kintone.messages("GET", DEPLOY, {"apps": list(range(1, 302))}) == {
        "apps": ["size must be between 0 and 300"]
    }


def test_an_unknown_app_and_a_stale_revision_are_refused(kintone):
    app = kintone.new_app({})
    assert kintone.error("POST", DEPLOY, {"apps": [{"app": 99}]})[1] == "GAIA_AP01"
    assert kintone.error("GET", DEPLOY, {"apps": [99]})[1] == "GAIA_AP01"
    stale = {"apps": [{"app": app, "revision": 2}]}
    assert kintone.error("POST", DEPLOY, stale)[:2] == (409, "GAIA_CO03")
