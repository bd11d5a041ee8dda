"""A running deploy, ours or somebody else's, is waited for."""

from __future__ import annotations

import math

import pytest
from support.faults.forged import forged

from kintone_orm import Model, fields
from kintone_orm.api.deploy import deploy_apps
from kintone_orm.api.form import add_form_fields, get_form_fields
from kintone_orm.apps import deploy
from kintone_orm.apps.deploying.deploy_status import is_deploying, wait_for_deploy
from kintone_orm.connection import Connection
from kintone_orm.exceptions import DeployError, ImproperlyConfigured
from kintone_orm.testing import capture_requests, emulate


class Small(Model):
    title = fields.SingleLineTextField()

    class Meta:
        app = "small"


class Longer(Model):
    title = fields.SingleLineTextField()
    note = fields.MultiLineTextField()

    class Meta:
        app = "small"
        number_precision = {"decimal_places": 3}


@pytest.fixture
def kintone():
    with emulate(Small) as connection:
        yield connection


def with_status(status):
    def forge(answer):
        return {"apps": [{**app, "status": status} for app in answer["apps"]]}

    return forge


def start_before(kintone, method, endpoint):
    """Have another program start a deploy right before our first such request."""
    other = Connection(kintone._arguments, adapter=kintone.emulator.adapter())
    waiting = [kintone.apps["small"]]

    def wrapper(send, request):
        if waiting and (request.method, request.path) == (method, f"/k/v1/{endpoint}.json"):
            deploy_apps(other, apps=[{"app": waiting.pop()}])
        return send(request)

    return kintone.wrap(wrapper)


def test_a_deploy_is_running_until_its_end(kintone):
    apps = [kintone.apps["small"]]
    assert not is_deploying(kintone, apps)
    deploy_apps(kintone, apps=[{"app": apps[0]}])

    assert is_deploying(kintone, apps)
    assert wait_for_deploy(kintone, apps, 60) == {str(apps[0]): "SUCCESS"}


def test_of_more_apps_than_kintone_takes_at_once_the_status_is_read_in_groups(kintone, monkeypatch):
    monkeypatch.setattr("kintone_orm.apps.deploying.deploy_status.APPS_PER_DEPLOY", 1)
    app = kintone.apps["small"]
    with capture_requests(kintone) as sent:
        assert wait_for_deploy(kintone, [app, app], 60) == {str(app): "SUCCESS"}

    assert [request.params["apps"] for request in sent] == [[app], [app]]


def test_a_wait_ends_after_its_timeout(kintone):
    with (
        forged(kintone, with_status("PROCESSING"), endpoint="preview/app/deploy", method="GET"),
        pytest.raises(DeployError, match=r"did not deploy the apps \d+ within 0.01 seconds"),
    ):
        wait_for_deploy(kintone, [kintone.apps["small"]], 0.01)


def test_deploy_waits_for_unfinished_settings_that_are_being_deployed(kintone):
    """Even if they are somebody else's: after the deploy, they are in use."""
    app = kintone.apps["small"]
    definition = {"type": "NUMBER", "code": "price", "label": "price"}
    add_form_fields(kintone, app=app, properties={"price": definition})
    deploy_apps(kintone, apps=[{"app": app}])

    deploy(Longer)
    assert {"price", "note"} <= get_form_fields(kintone, app=app)["properties"].keys()


@pytest.mark.parametrize(
    ("method", "endpoint"),
    [
        ("POST", "preview/app/form/fields"),
        ("PUT", "preview/app/settings"),
        ("POST", "preview/app/deploy"),
    ],
)
def test_a_change_that_is_refused_during_a_deploy_is_sent_again_after_it(kintone, method, endpoint):
    with start_before(kintone, method, endpoint), capture_requests(kintone) as sent:
        deploy(Longer)

    requests = [(r.method, r.path) for r in sent]
    assert requests.count((method, f"/k/v1/{endpoint}.json")) == 2
    assert "note" in get_form_fields(kintone, app=kintone.apps["small"])["properties"]


def test_a_deploy_that_does_not_end_is_waited_for_no_longer_than_the_timeout(kintone):
    with (
        start_before(kintone, "POST", "preview/app/form/fields"),
        forged(kintone, with_status("PROCESSING"), endpoint="preview/app/deploy", method="GET"),
        pytest.raises(DeployError, match=r"^Longer \(app \d+\): kintone did not deploy the apps"),
    ):
        deploy(Longer, timeout=0.01)


@pytest.mark.parametrize("timeout", [0, -1, "5", True, None, math.nan, math.inf])
def test_a_timeout_that_is_no_number_of_seconds_is_refused_before_any_request(kintone, timeout):
    with (
        capture_requests(kintone) as sent,
        pytest.raises(ImproperlyConfigured, match="'timeout' must be a number of seconds above 0"),
    ):
        deploy(Longer, timeout=timeout)
    assert not sent
