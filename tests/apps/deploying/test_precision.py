from __future__ import annotations

import pytest

from kintone_orm import Model
from kintone_orm.api.apps import get_app_settings, update_app_settings
from kintone_orm.apps import deploy
from kintone_orm.emulator import Fault
from kintone_orm.exceptions import DeployError, ImproperlyConfigured, TransportError
from kintone_orm.testing import emulate


@pytest.fixture
def empty():
    """A domain without an app."""
    with emulate() as connection:
        yield connection


def test_the_apps_precision_is_set(empty):
    class Exact(Model):
        class Meta:
            number_precision = {"digits": 12, "decimal_places": 5, "rounding_mode": "DOWN"}

    deploy(Exact)

    settings = get_app_settings(empty, app=empty.apps["exact"])
    assert settings["numberPrecision"] == {
        "digits": "12",
        "decimalPlaces": "5",
        "roundingMode": "DOWN",
    }


def test_two_precisions_for_one_app_are_refused(empty):
    class One(Model):
        class Meta:
            app = "shared"
            number_precision = {"decimal_places": 5}

    class Two(Model):
        class Meta:
            app = "shared"
            number_precision = {"decimal_places": 6}

    with pytest.raises(ImproperlyConfigured, match="an app has only one"):
        deploy(One, Two)


class Rough(Model):
    class Meta:
        app = "sums"


class Fine(Model):
    class Meta:
        app = "sums"
        number_precision = {"decimal_places": 6}


def decimal_places(connection):
    return get_app_settings(connection, app=connection.apps["sums"])["numberPrecision"][
        "decimalPlaces"
    ]


def test_a_deploy_that_was_interrupted_after_setting_it_is_completed(empty):
    deploy(Rough)
    empty.emulator.faults.add(Fault.LOST_REQUEST, endpoint="preview/app/deploy", times=6)
    with pytest.raises(TransportError):
        deploy(Fine)
    empty.emulator.faults.clear()
    assert decimal_places(empty) == "4"

    deploy(Fine)
    assert decimal_places(empty) == "6"


def test_with_somebody_elses_settings_it_is_not_made_live(empty):
    deploy(Rough)
    fine = {"digits": "16", "decimalPlaces": "6", "roundingMode": "HALF_EVEN"}
    settings = {"numberPrecision": fine, "name": "Draft"}
    update_app_settings(empty, app=empty.apps["sums"], settings=settings)

    with pytest.raises(DeployError, match="has changes of its settings that are not live"):
        deploy(Fine)


def test_another_precision_than_the_declared_one_is_not_made_live(empty):
    deploy(Rough)
    coarse = {"digits": "16", "decimalPlaces": "0", "roundingMode": "HALF_EVEN"}
    update_app_settings(empty, app=empty.apps["sums"], settings={"numberPrecision": coarse})

    with pytest.raises(DeployError, match="has changes of its settings that are not live"):
        deploy(Fine)
