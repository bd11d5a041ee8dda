from __future__ import annotations

import pytest

from kintone_orm import Model, fields
from kintone_orm.apps import deploy
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
    monkeypatch.setattr("kintone_orm.apps.preview.APPS_PER_DEPLOY", 2)
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
