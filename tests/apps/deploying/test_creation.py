"""Creating apps. A request that may have made an app is never sent again."""

from __future__ import annotations

import pytest

from kintone_orm import Model, fields
from kintone_orm.api.apps import add_app
from kintone_orm.apps.deploying.creation import create_apps
from kintone_orm.apps.deploying.settings_writes import SettingsWrites
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import RateLimited, TransportError
from kintone_orm.testing import capture_requests, emulate


class Small(Model):
    title = fields.SingleLineTextField()


class Big(Model):
    title = fields.SingleLineTextField()


MODELS = {"small": [Small], "big": [Big]}


@pytest.fixture
def kintone():
    """A domain without an app."""
    with emulate() as connection:
        yield connection


def create(kintone, models=MODELS):
    return create_apps(SettingsWrites(kintone, timeout=60), models)


def additions(sent):
    return [r.params["name"] for r in sent if (r.method, r.path[-9:]) == ("POST", "/app.json")]


def test_it_yields_each_key_with_the_id(kintone):
    assert list(create(kintone)) == [("small", 1), ("big", 2)]


def test_an_app_is_known_before_the_next_one_is_created(kintone):
    kintone.emulator.faults.add(Fault.TOO_MANY_REQUESTS, endpoint="preview/app", after=1)
    apps = create(kintone)

    assert next(apps) == ("small", 1)
    with pytest.raises(RateLimited, match="^Big: "):
        next(apps)


def test_an_app_whose_id_was_lost_is_found(kintone):
    kintone.emulator.faults.add(Fault.LOST_ANSWER, endpoint="preview/app")
    with capture_requests(kintone) as sent:
        assert list(create(kintone)) == [("small", 1), ("big", 2)]

    assert additions(sent) == ["Small", "Big"]


def test_an_app_that_is_not_found_is_not_created_by_a_second_request(kintone):
    kintone.emulator.faults.add(Fault.LOST_REQUEST, endpoint="preview/app")
    sentence = r"^Small: .* If kintone has created the app, the next deploy\(\) finds it\."
    with capture_requests(kintone) as sent, pytest.raises(TransportError, match=sentence):
        list(create(kintone))

    assert additions(sent) == ["Small"]


def test_the_error_of_the_lost_answer_is_raised_if_the_app_cannot_be_looked_for(kintone):
    kintone.emulator.faults.add(Fault.LOST_ANSWER, endpoint="preview/app")
    kintone.emulator.faults.add(Fault.TOO_MANY_REQUESTS, endpoint="apps")

    with pytest.raises(TransportError, match="^Small: "):
        list(create(kintone))


def test_an_app_of_the_same_name_that_was_there_before_is_not_the_lost_one(kintone):
    kintone.apps["other"] = int(add_app(kintone, name="Small")["app"])
    kintone.emulator.faults.add(Fault.LOST_ANSWER, endpoint="preview/app")

    assert list(create(kintone, {"small": [Small]})) == [("small", 2)]
