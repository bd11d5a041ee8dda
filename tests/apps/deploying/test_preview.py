from __future__ import annotations

import pytest
from support.faults.forged import forged

from kintone_orm import Model, fields
from kintone_orm.api.apps import add_app
from kintone_orm.apps import deploy
from kintone_orm.apps.deploying.preview import deploy_previews
from kintone_orm.apps.deploying.settings_writes import SettingsWrites
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import DeployError
from kintone_orm.testing import assert_requests, capture_requests, emulate


class Known(Model):
    title = fields.SingleLineTextField()

    class Meta:
        verbose_name = "What is known"


class Wrong(Model):
    title = fields.NumberField()

    class Meta:
        app = "known"


@pytest.fixture
def kintone():
    """A domain with one app in service, which Known fits and Wrong does not."""
    with emulate() as connection:
        deploy(Known)
        yield connection


def test_more_apps_than_kintone_takes_at_once_are_served_in_groups(kintone, monkeypatch):
    monkeypatch.setattr("kintone_orm.apps.deploying.preview.APPS_PER_DEPLOY", 2)
    models = [type(Model)(f"Many{n}", (Model,), {"n": fields.NumberField()}) for n in range(5)]
    with capture_requests(kintone) as sent:
        ids = deploy(*models)
    deploys = [r for r in sent if (r.method, r.path[-12:]) == ("POST", "/deploy.json")]
    served = [r.params["apps"] for r in deploys]
    assert [len(apps) for apps in served] == [2, 2, 1]
    for model in models:
        model.objects.create(n=1)
    with assert_requests(10):
        assert deploy(*models) == ids


def deploys(sent):
    return [r.method for r in sent if r.path == "/k/v1/preview/app/deploy.json"]


def test_a_deploy_that_was_started_is_not_started_again_after_a_lost_answer(kintone):
    app = int(add_app(kintone, name="New")["app"])
    kintone.emulator.faults.add(Fault.LOST_ANSWER, method="POST")
    with capture_requests(kintone) as sent:
        deploy_previews(SettingsWrites(kintone, timeout=60), [app])

    assert deploys(sent) == ["POST", "GET", "GET"]


def test_a_deploy_that_was_not_started_is_started_again(kintone):
    app = int(add_app(kintone, name="New")["app"])
    kintone.emulator.faults.add(Fault.LOST_REQUEST, method="POST")
    with capture_requests(kintone) as sent:
        deploy_previews(SettingsWrites(kintone, timeout=60), [app])

    assert deploys(sent) == ["POST", "GET", "POST", "GET", "GET"]


def test_a_deploy_that_kintone_fails_is_an_error_with_the_statuses(kintone):
    app = kintone.apps["known"]

    def failed(answer):
        return {"apps": [{**status, "status": "FAIL"} for status in answer["apps"]]}

    with (
        forged(kintone, failed, method="GET", endpoint="preview/app/deploy"),
        pytest.raises(DeployError, match=rf"did not deploy the apps \({app}: FAIL\)"),
    ):
        deploy_previews(SettingsWrites(kintone, timeout=60), [app])
