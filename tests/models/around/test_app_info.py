"""The URL of a record, and the information about its app."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from support.workflows import another

from kintone_orm import Model, fields
from kintone_orm.api.apps import add_app
from kintone_orm.apps import deploy
from kintone_orm.exceptions import NotFound
from kintone_orm.fields import User
from kintone_orm.models.around.app_info import AppInfo
from kintone_orm.testing import assert_requests, emulate, freeze

NOON = datetime(2026, 2, 6, 12, 0, tzinfo=timezone.utc)


class Device(Model):
    name = fields.SingleLineTextField()

    class Meta:
        verbose_name = "Our devices"


def test_the_address_of_a_record_is_its_page_on_the_domain(kintone):
    device = Device.objects.create(name="a")

    with assert_requests(0):
        assert device.url == f"https://kintone.invalid/k/{kintone.apps['device']}/show#record=1"


def test_a_new_record_has_no_address(kintone):
    with pytest.raises(ValueError, match="has not been saved"):
        Device().url  # noqa: B018


@pytest.fixture
def inside(kintone):
    """A connection to a guest space with an app for devices."""
    username, password = kintone.emulator.credentials
    space = kintone.emulator.add_guest_space()
    settings = {"username": username, "password": password, "guest_space": space.id}
    connection = another(kintone, alias="guests", **settings)
    app = add_app(connection, name="Shared", space=space.id, thread=space.thread)["app"]
    connection.apps["device"] = int(app)
    deploy(Device, using=connection)
    return connection


def test_the_address_in_a_guest_space(inside):
    device = Device.objects.using(inside).create(name="a")

    app, space = inside.apps["device"], inside.guest_space
    assert device.url == f"https://kintone.invalid/k/guest/{space}/{app}/show#record=1"


def test_what_is_known_of_the_app():
    with emulate() as connection, freeze(NOON):
        deploy(Device)
        connection.emulator.set_app_code(connection.apps["device"], "DEV")
        with assert_requests(1):
            found = Device.app_info()

        administrator = User("Administrator")
        assert found == AppInfo(
            id=connection.apps["device"],
            code="DEV",
            name="Our devices",
            description="",
            space=None,
            thread=None,
            created_at=NOON,
            creator=administrator,
            modified_at=NOON,
            modifier=administrator,
        )


def test_an_app_in_a_space(inside):
    found = Device.app_info(using=inside)

    assert (found.name, found.space) == ("Shared", inside.guest_space)
    assert isinstance(found.thread, int)


def test_an_app_that_does_not_exist(kintone):
    class Lost(Model):
        class Meta:
            app = 999

    with pytest.raises(NotFound, match="GAIA_AP01"):
        Lost.app_info()
