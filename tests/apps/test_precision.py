from __future__ import annotations

import pytest

from kintone_orm import Model
from kintone_orm.api.apps import get_app_settings
from kintone_orm.apps import deploy
from kintone_orm.exceptions import ImproperlyConfigured
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
